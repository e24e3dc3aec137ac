"""How fast does a segment say who is in it? `POST /api/segments/preview` at 10 million events of 100,000 contacts.

The demo's history; asked by one client on one connection, no worker, the answer whole. No question is asked twice:
windows and values differ from each to the next, so that nothing is answered from what was just read. Then fifty
segments as a shop would keep them (`segments50.json`), each once.
"""

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles
from typing import Any, NamedTuple

from e2e.load.deployment import API_KEY, ROOT, Folder, serving
from e2e.load.figure import Figure, Limit, named

EVENTS, CONTACTS, DAYS = 10_000_000, 100_000, 90
FILL_S = 1_800
ASKED, MATCHED = 24, 1_000_000
"""Different questions of a sort; events that each is about."""

DAY_MS, HOUR_MS = 86_400_000, 3_600_000
FIFTY = Path(__file__).with_name("segments50.json")
VIEWED, VISITED = ("ecommerce", "product_viewed"), ("website", "page_visited")
TESTS: tuple[tuple[str, str, Any], ...] = (
    ("product_id", "equals", "cengia-boots"), ("price", "more", 100), ("category", "in", ["camp", "carry"]),
    ("name", "contains", "scarponi"), ("url", "ends", "=rupe-poles"), ("price", "between", [20, 80]),
    ("currency", "differs", "EUR"), ("product_id", "equals", "never-sold"),
)  # fmt: skip

Where = dict[str, Any]


class Answered(NamedTuple):
    """An answer: after how long, with which status, and how many there were."""

    ms: float
    status: int
    count: int | None


def measure(scratch: Path) -> list[Figure]:
    """95 of 100 answers to each sort of question."""
    folder = Folder(scratch / "segments")
    _fill(folder)
    figures = asked(folder)
    folder.close()
    return figures


def asked(folder: Folder) -> list[Figure]:
    """All of them, over HTTP, of a folder that is filled."""
    sorts = (
        ("one event, about a million matching", simple(folder), 500),
        ("one event with a property filter", filtered(folder), 3_000),
        ("five conditions", five(), 1_500),
    )
    with serving(folder, worker=False) as server:
        client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        figures = [_figure(client, what, list(questions), at_most_ms) for what, questions, at_most_ms in sorts]
        figures += _of_fifty(client)
        client.close()
    return figures


def _fill(folder: Folder) -> None:
    """The demo's events, as `sentiero demo` writes them."""
    sizes = ["--events", str(EVENTS), "--contacts", str(CONTACTS), "--days", str(DAYS), "--seed", "1"]
    command = [sys.executable, "-m", "collector", "demo", *sizes, "--data", str(folder.path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=FILL_S)


# The questions --------------------------------------------------------------------------------------------------------


def simple(folder: Folder) -> Iterator[Where]:
    """Did this once, twice, three times in some weeks: of late, and of before."""
    for n, (kind, window) in enumerate(_windows(folder)):
        yield event(kind, window=window, count={"op": "at_least", "value": 1 + n // 2 % 3})


def filtered(folder: Folder) -> Iterator[Where]:
    """Looked at such a product: what many did, what few did, what nobody did."""
    for n, window in enumerate(window for kind, window in _windows(folder, (VIEWED,))):
        path, op, value = TESTS[n % len(TESTS)]
        yield event(VIEWED, window=window, where=[{"path": path, "test": {"op": op, "value": value}}])


def five() -> Iterator[Where]:
    """Known by name, here often of late, bought for much, opened a letter, has not been at the checkout since."""
    for n in range(ASKED + 1):
        dear = {"path": "total", "test": {"op": "more", "value": 60 + 10 * n}}
        yield {
            "type": "all",
            "of": [
                {"type": "attribute", "name": "FIRSTNAME", "test": {"op": "contains", "value": "aeio"[n % 4]}},
                event(VISITED, window=last(20 + n, "days"), count={"op": "at_least", "value": 5 + n}),
                event(("ecommerce", "order_completed"), window=last(40 + n, "days"), where=[dear]),
                event(("marketing_email", "Opened"), window=last(30 + n, "days")),
                {"type": "not", "of": event(("ecommerce", "checkout_started"), window=last(24 + n, "hours"))},
            ],
        }


def event(kind: tuple[str, str], **more: Any) -> Where:
    """The condition that it happened."""
    category, key = kind
    return {"type": "event", "category": category, "key": key, **more}


def last(n: int, unit: str) -> Where:
    """The window of the last so many."""
    return {"last": {"n": n, "unit": unit}}


def _windows(
    folder: Folder, kinds: tuple[tuple[str, str], ...] = (VIEWED, VISITED)
) -> Iterator[tuple[tuple[str, str], Where]]:
    """In turns of these kinds: windows with about MATCHED events in each, every one an hour longer than the last."""
    days = {kind: _days_with(folder, kind) for kind in kinds}
    for n in range(ASKED + 1):
        kind = kinds[n % len(kinds)]
        since, until = days[kind][n // len(kinds) % 4 % len(days[kind])]
        yield kind, {"after": _rfc3339(since - n * HOUR_MS), "before": _rfc3339(until)}


def _days_with(folder: Folder, kind: tuple[str, str]) -> list[tuple[int, int]]:
    """Spans of days, [since, until) in ms UTC, the latest first: in each such an event happened about MATCHED times."""
    rows = folder.store.execute(
        "SELECT day, events FROM kind_days d JOIN kinds k ON k.id = d.kind WHERE category = ? AND key = ? ORDER BY day",
        kind,
    ).fetchall()
    found = []
    while sum(events for _, events in rows) >= MATCHED:
        until, total = rows[-1][0] + 1, 0
        while total < MATCHED:
            since, events = rows.pop()
            total += events
        found.append((since * DAY_MS, until * DAY_MS))
    return found


def _rfc3339(at: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at // 1000))


# Asking ---------------------------------------------------------------------------------------------------------------


def _figure(client: http.client.HTTPConnection, what: str, questions: list[Where], at_most_ms: float) -> Figure:
    """The first question is asked for nothing: it opens what is opened once."""
    _, *answers = [_ask(client, where) for where in questions]
    took = [answer.ms for answer in answers]
    cuts = quantiles(took, n=100, method="inclusive")
    return Figure(
        name=f"segments_{named(what)}", what=f"segments: {what}, 95 of 100", figure=round(cuts[94], 1), unit="ms",
        limit=Limit("at most", at_most_ms), worker=False, runs=took,
        details={"p50_ms": round(cuts[49], 1), "asked": len(took), "given_up": given_up(answers),
                 "counts": [answer.count for answer in answers]},
    )  # fmt: skip


def _of_fifty(client: http.client.HTTPConnection) -> list[Figure]:
    """The slowest of them, and 95 of 100; each by its name in the details."""
    fifty = json.loads(FIFTY.read_bytes())
    answers = {one["name"]: _ask(client, one["where"]) for one in fifty}
    took = [answer.ms for answer in answers.values()]
    details = {name: answer._asdict() for name, answer in sorted(answers.items(), key=lambda one: -one[1].ms)}
    lost = given_up(list(answers.values()))
    slowest = "segments: the slowest of fifty" + (f", {lost} given up" if lost else "")
    return [
        Figure(name="segments_slowest", what=slowest, figure=round(max(took), 1), unit="ms", worker=False,
               details=details),
        Figure(name="segments_fifty", what="segments: fifty, each once, 95 of 100", unit="ms", worker=False, runs=took,
               figure=round(quantiles(took, n=100, method="inclusive")[94], 1)),
    ]  # fmt: skip


def _ask(client: http.client.HTTPConnection, where: Where) -> Answered:
    headers = {"api-key": API_KEY, "Content-Type": "application/json"}
    begun = time.perf_counter()
    client.request("POST", "/api/segments/preview", json.dumps({"where": where}), headers)
    answer = client.getresponse()
    body = answer.read()
    ms = (time.perf_counter() - begun) * 1000
    assert answer.status in (200, 503), f"{where} was answered with {answer.status}: {body[:500]!r}"
    return Answered(ms, answer.status, json.loads(body).get("count"))


def given_up(answers: list[Answered]) -> int:
    """How many took longer than the store lets a question take."""
    return sum(answer.status == 503 for answer in answers)
