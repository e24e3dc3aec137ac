"""What does it cost to follow who is in which segment, and how soon is it right? With the fifty that a shop has.

rate      the worker with the fifty of `segments50.json`, to its rate without any, on copies of one log, in turn
edges     100,000 people leave a window within one minute: from when on the worker knows it of all of them
event     from the moment at which an event is taken (202) to the membership that it makes
"""

import http.client
import json
import time
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree, rmtree
from time import perf_counter

from collector.log.entry import Entry
from collector.log.sqlite import SqliteLog
from collector.process.clock import wall_clock
from collector.store.sqlite.definitions.segments import SqliteSegments
from collector.store.sqlite.work.store import SqliteWorkStore
from collector.work.loop import BATCH_ROWS, Worker
from e2e.load.deployment import API_KEY, Folder, serving, until, working
from e2e.load.figure import Figure, Limit, middle, named
from e2e.load.mixed import stream
from e2e.load.segments import FIFTY
from e2e.load.traffic import entries, instant
from e2e.load.work import Worked, filled, work_through
from sessionizer.engine import Engine
from sessionizer.rules.assignments import RULES
from sessionizer.segments.condition import Definition, parse

EVENTS, RUNS = 60_000, 3
PEOPLE = 100_000
MINUTE_MS, DAY_MS = 60_000, 86_400_000
LOOKED, TIMEOUT_S = 40, 600
BOUGHT = {
    "type": "event",
    "category": "ecommerce",
    "key": "order_completed",
    "window": {"last": {"n": 1, "unit": "days"}},
}
MEMBERS = "SELECT count(*) FROM segment_members"


def measure(scratch: Path) -> list[Figure]:
    """All three."""
    logs = {
        "pages": filled(scratch / "pages", entries(EVENTS, ids="uuidv7")),
        "mixed": filled(scratch / "mixed", stream(EVENTS)),
    }
    figures = [_rate(scratch, name, log) for name, log in logs.items()]
    return [*figures, _edges(scratch / "edges"), _event(scratch / "event")]


def fifty() -> list[tuple[str, Definition]]:
    """The segments that a shop has."""
    return [(one["name"], parse({"where": one["where"]})) for one in json.loads(FIFTY.read_bytes())]


def made(path: Path, segments: list[tuple[str, Definition]]) -> None:
    """Segments in a data folder."""
    SqliteWorkStore(path / "store.db").close()
    store = SqliteSegments(path / "store.db")
    for name, definition in segments:
        store.create(name, definition, at=0)
    store.close()


# The rate -------------------------------------------------------------------------------------------------------------


def _rate(scratch: Path, name: str, log: Path) -> Figure:
    runs: dict[bool, list[Worked]] = {False: [], True: []}
    for turn in range(RUNS):
        for with_segments, done in runs.items():
            done.append(_run(log, scratch / f"{name}-{turn}", with_segments=with_segments))
    rates = {key: [run.events / run.cpu_s for run in done] for key, done in runs.items()}
    return Figure(
        name=named(f"members rate {name}"),
        what=f"work with fifty segments, {name}: to its rate without",
        figure=middle(rates[True]),
        unit="events/CPU s",
        ratio=middle([ours / bare for bare, ours in zip(*rates.values(), strict=True)]),
        limit=Limit("at least", 0.6, of="ratio"),
        ids="uuidv7",
        batch=BATCH_ROWS,
        worker=True,
        runs=rates[True],
        details={"without": rates[False], "derived": runs[True][0].derived},
    )


def _run(log: Path, path: Path, *, with_segments: bool) -> Worked:
    copytree(log, path)
    if with_segments:
        made(path, fifty())
    try:
        return work_through(path)
    finally:
        rmtree(path)


# Edges ----------------------------------------------------------------------------------------------------------------


def _edges(path: Path) -> Figure:
    """People who bought within one minute, a day ago all but some seconds: they are in the segment while it is made."""
    folder, ends_at = Folder(path), wall_clock() - DAY_MS - MINUTE_MS
    made(path, [("Bought since yesterday", parse({"where": BOUGHT}))])
    log, store = SqliteLog(path / "log.db"), SqliteWorkStore(path / "store.db")
    waiting = list(_orders(ends_at))
    for start in range(0, PEOPLE, 500):
        log.append(waiting[start : start + 500])
    worker = Worker(log, store, Engine(RULES), lambda: ends_at + MINUTE_MS, tombstone_key=b"")
    while any(worker.turn()):
        pass
    log.close()
    store.close()
    inside = folder.store.execute(MEMBERS).fetchone()[0]
    assert inside == PEOPLE, f"{inside} people are in the segment, not {PEOPLE}"
    start = perf_counter()
    with working(folder):
        until(lambda: folder.store.execute(MEMBERS).fetchone()[0] < PEOPLE, TIMEOUT_S, "nobody leaves", every_s=0.005)
        began = perf_counter()
        until(lambda: folder.store.execute(MEMBERS).fetchone()[0] == 0, TIMEOUT_S, "somebody stays", every_s=0.05)
        known_s = perf_counter() - began
        until(lambda: folder.backlog() == 0 and _is_said(folder), TIMEOUT_S, "something is not said", every_s=0.05)
    folder.close()
    return Figure(
        name="members_edges",
        what="100,000 edges within a minute: until each is known",
        figure=known_s,
        unit="s",
        limit=Limit("at most", 20),
        worker=True,
        runs=[known_s],
        details={"until_all_is_recorded_s": perf_counter() - start},
    )


def _is_said(folder: Folder) -> bool:
    return not folder.store.execute("SELECT count(*) FROM to_log").fetchone()[0]


def _orders(ends_at: int) -> Iterator[Entry]:
    for number in range(PEOPLE):
        at = ends_at + number * MINUTE_MS // PEOPLE
        yield Entry(
            door="api", source="api", site=1, id=f"order-{number}", category="ecommerce", key="order_completed",
            occurred_at=at, received_at=at + 80, identifiers={"ext_id": f"customer-{number}"},
        )  # fmt: skip


# From an event to the membership --------------------------------------------------------------------------------------


def _event(path: Path) -> Figure:
    """One person after another, on a deployment with the fifty as well."""
    folder = Folder(path)
    made(path, [*fifty(), ("Bought since yesterday", parse({"where": BOUGHT}))])
    with serving(folder, worker=True) as server:
        client = http.client.HTTPConnection("127.0.0.1", server.port)
        number = len(fifty()) + 1
        took = sorted(_until_in(client, folder, place, number) for place in range(LOOKED))
    folder.close()
    return Figure(
        name="members_event",
        what="from the 202 of an event to the membership, 95 of 100",
        figure=took[len(took) * 95 // 100] * 1_000,
        unit="ms",
        limit=Limit("at most", 1_000),
        worker=True,
        runs=[middle(took) * 1_000],
    )


def _until_in(client: http.client.HTTPConnection, folder: Folder, place: int, segment: int) -> float:
    who = {"ext_id": f"somebody-{place}"}
    event = {"id": f"o-{place}", "key": "order_completed", "occurred_at": instant(), "identifiers": who}
    body = json.dumps({"events": [event]})
    client.request("POST", "/api/events", body, {"api-key": API_KEY, "content-type": "application/json"})
    answer = client.getresponse()
    said = answer.read()
    assert b'"rejected":[]' in said, said
    start, before = time.perf_counter(), place
    sql = f"{MEMBERS} WHERE segment = ?"
    until(lambda: folder.store.execute(sql, (segment,)).fetchone()[0] > before, 30, "nobody comes", every_s=0.002)
    return time.perf_counter() - start
