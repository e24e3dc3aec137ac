"""What do automations cost, and how soon do they act? With the twenty of `automations20.json` and the fifty segments.

rate      the worker with both, to its rate with neither, on copies of one mixed log, in turn
outbox    200 events a second that each send a message: from the 202 to the row of the outbox
waiting   100,000 contacts wait: the worker's memory, to that with a thousandth of them; and how fast due steps are done
"""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from shutil import copytree, rmtree
from time import perf_counter
from typing import Any

import uvloop

from collector.process.clock import wall_clock
from collector.store.ports.automations.definitions import AutomationChange
from collector.store.ports.definitions.messages import Writing
from collector.store.sqlite.automations.definitions import SqliteAutomations
from collector.store.sqlite.definitions.messages import SqliteMessages
from collector.store.sqlite.work.store import SqliteWorkStore
from e2e.load.client import Connection
from e2e.load.deployment import API_KEY, Folder, Server, serving, until, working
from e2e.load.figure import Figure, Limit, middle
from e2e.load.members import fifty, made
from e2e.load.mixed import stream
from e2e.load.process import rss_mb
from e2e.load.traffic import instant
from e2e.load.work import Worked, filled, work_through
from sessionizer.automations.check import Known, faults
from sessionizer.automations.definition import Definition, parse
from sessionizer.automations.run import Occurrence, Passed, Run
from sessionizer.messages.message import Content

EVENTS, RUNS = 60_000, 3
TWENTY = Path(__file__).with_name("automations20.json")
A_SECOND, SECONDS = 200, 20
WAITING = 100_000
SETTLE_S, TIMEOUT_S = 5, 600
YEAR_MS = 31_536_000_000
LATER: dict[str, Any] = {
    "triggers": [{"type": "hand"}],
    "steps": [
        {"type": "wait", "id": "wait", "span": {"n": 1, "unit": "hours"}},
        {"type": "send", "id": "mail", "message": 1},
    ],
}


def measure(scratch: Path) -> list[Figure]:
    """All of them."""
    return [_rate(scratch), _outbox(scratch / "outbox"), *_waiting(scratch)]


def twenty() -> list[tuple[str, Definition]]:
    """The automations that a shop has."""
    return [(one["name"], parse(one["definition"])) for one in json.loads(TWENTY.read_bytes())]


def automated(path: Path, automations: Sequence[tuple[str, Definition]]) -> None:
    """Active ones in a data folder, with the messages that they send."""
    SqliteWorkStore(path / "store.db").close()
    messages, store = SqliteMessages(path / "store.db"), SqliteAutomations(path / "store.db")
    for name, purpose in (("Offer", "marketing"), ("Order", "transactional")):
        content = Content(channel="email", subject=name, html="<p>{{ event.total }}</p>")
        messages.create(name, Writing(purpose=purpose, content=content), at=0)  # type: ignore[arg-type]  # one of them
    for name, definition in automations:
        assert not [one for one in faults(definition, Known({1: "email", 2: "email"})) if one.code != "no_segment"], (
            name
        )
        store.change(store.create(name, definition, at=0).id, AutomationChange(status="active"), at=0)
    messages.close()
    store.close()


# The rate -------------------------------------------------------------------------------------------------------------


def _rate(scratch: Path) -> Figure:
    log = filled(scratch / "mixed", stream(EVENTS))
    runs: dict[bool, list[Worked]] = {False: [], True: []}
    done: dict[str, int] = {}
    for turn in range(RUNS):
        for with_all, several in runs.items():
            path = scratch / f"rate-{turn}"
            copytree(log, path)
            if with_all:
                made(path, fifty())
                automated(path, twenty())
            several.append(work_through(path))
            done = _done(path) if with_all else done
            rmtree(path)
    rates = {key: [run.events / run.cpu_s for run in several] for key, several in runs.items()}
    return Figure(
        name="automations_rate",
        what="work with twenty automations and fifty segments: to its rate without",
        figure=middle(rates[True]),
        unit="events/CPU s",
        ratio=middle([ours / bare for bare, ours in zip(*rates.values(), strict=True)]),
        limit=Limit("at least", 0.45, of="ratio"),
        ids="uuidv7",
        worker=True,
        runs=rates[True],
        details={"without": rates[False], "derived": runs[True][0].derived, **done},
    )


def _done(path: Path) -> dict[str, int]:
    """That they were not idle."""
    folder = Folder(path)
    names = ("@entered", "@ended", "@sent")
    sql = "SELECT coalesce(sum(number), 0) FROM automation_passed WHERE step = ?"
    found = {name[1:]: int(folder.store.execute(sql, (name,)).fetchone()[0]) for name in names}
    folder.close()
    return found


# From an event to the outbox ------------------------------------------------------------------------------------------


def _outbox(path: Path) -> Figure:
    folder = Folder(path)
    made(path, fifty())
    automated(path, twenty())
    with serving(folder, worker=True) as server:
        took = sorted(uvloop.run(_sent(folder, server)))
    folder.close()
    return Figure(
        name="automations_outbox",
        what=f"from the 202 of an event to the outbox, 99 of 100, at {A_SECOND} events/s",
        figure=took[len(took) * 99 // 100] * 1_000,
        unit="ms",
        limit=Limit("at most", 1_000),
        worker=True,
        runs=[took[len(took) // 2] * 1_000],
        details={"median_ms": took[len(took) // 2] * 1_000, "events": len(took)},
    )


async def _sent(folder: Folder, server: Server) -> list[float]:
    """Seconds from each answer until its row is seen: the events set going nothing else that sends."""
    connection, answered = await Connection.open(server.port), list[float]()
    seen: list[float] = []
    count = A_SECOND * SECONDS

    async def watch() -> None:
        while len(seen) < count:
            rows = folder.store.execute("SELECT count(*) FROM outbox WHERE message = 2").fetchone()[0]
            seen.extend([perf_counter()] * (rows - len(seen)))
            await asyncio.sleep(0.003)

    watching = asyncio.create_task(watch())
    start = perf_counter()
    for number in range(count):
        await asyncio.sleep(max(0.0, start + number / A_SECOND - perf_counter()))
        who = {"email_id": f"buyer{number}@mail.example"}
        event = {"id": f"o-{number}", "key": "order_completed", "occurred_at": instant(), "identifiers": who}
        status, body = await connection.send(_request(json.dumps({"events": [event]}).encode(), server.port))
        assert status == 202, body
        answered.append(perf_counter())
    async with asyncio.timeout(60):
        await watching
    connection.close()
    return [max(0.0, there - said) for said, there in zip(answered, seen, strict=True)]


def _request(body: bytes, port: int) -> bytes:
    head = (
        f"POST /api/events HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\napi-key: {API_KEY}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


# Many that wait -------------------------------------------------------------------------------------------------------


def _waiting(scratch: Path) -> Iterator[Figure]:
    many, few = _memory(scratch / "many", WAITING), _memory(scratch / "few", WAITING // 1_000)
    yield Figure(
        name="automations_memory",
        what="the worker while 100,000 contacts wait: to its memory while 100 do",
        figure=many,
        unit="MB",
        ratio=many / few,
        limit=Limit("at most", 1.1, of="ratio"),
        worker=True,
        runs=[many],
        details={"few_mb": few},
    )
    rate = _due(scratch / "due")
    yield Figure(
        name="automations_due",
        what="100,000 that are due at once: a wait ends, a message is asked for",
        figure=rate,
        unit="steps/s",
        limit=Limit("at least", 2_000),
        worker=True,
        runs=[rate],
    )


def _memory(path: Path, waiting: int) -> float:
    folder = Folder(path)
    _wait(path, waiting, wall_clock() + YEAR_MS)
    with working(folder) as pid:
        until(lambda: folder.position() >= folder.log_end(), TIMEOUT_S, "the worker does not begin")
        time.sleep(SETTLE_S)  # what it takes when it has nothing to do
        found = rss_mb(pid)
    folder.close()
    return found


def _due(path: Path) -> float:
    """Steps a second, from the first to the last."""
    folder = Folder(path)
    _wait(path, WAITING, wall_clock() - 1)
    sql = "SELECT coalesce(sum(number), 0) FROM automation_passed WHERE step = '@sent'"
    with working(folder):
        until(lambda: folder.store.execute(sql).fetchone()[0] > 0, TIMEOUT_S, "nothing is due", every_s=0.005)
        first, start = folder.store.execute(sql).fetchone()[0], perf_counter()
        until(lambda: folder.store.execute(sql).fetchone()[0] >= WAITING, TIMEOUT_S, "some stay", every_s=0.05)
        took = perf_counter() - start
    folder.close()
    return (WAITING - first) / took


def _wait(path: Path, number: int, wake_at: int) -> None:
    """So many known contacts within an automation, all of whom go on at that instant."""
    automated(path, [("Later", parse(LATER))])
    store = SqliteWorkStore(path / "store.db")
    at = wake_at - 3_600_000
    with store.transaction():
        for n in range(number):
            contact = store.people.new_contact(anonymous=False, at=0)
            store.people.identify(contact, "email_id", f"reader{n}@mail.example", verified=True, at=0)
            run = Run(
                f"{n:026}", 1, 1, contact, "", Occurrence(f"ask {n}", at), at, "wait", at, wake_at, waits=True,
                path=(Passed("", at, "entered", "hand"), Passed("wait", at, "waits")),
            )  # fmt: skip
            store.automations.save([run])
        store.people.flush()
    store.close()
