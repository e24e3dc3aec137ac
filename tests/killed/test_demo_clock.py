"""The clock of a demo is moved on while its processes run: what is due there happens, and no clock goes back."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collector.instant import parse_instant
from collector.process.clock import wall_clock
from sessionizer.wall_clock import text_of
from tests.killed.process import API_KEY, WRITE_KEY, Deployment, run
from tests.killed.wait import until

HOUR_MS = 3_600_000
SOON_S = 20.0
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Deployment]:
    """Up, with its worker and courier."""
    demo = Deployment(tmp_path, flags=("--demo",))
    demo.start()
    yield demo
    demo.close()


def visit(demo: Deployment, id: str) -> None:
    """A browser looks at a page, by the time of this machine."""
    at = text_of(wall_clock())
    page = {"url": "https://shop.example/", "title": "Shop"}
    event = {"id": id, "category": "website", "key": "page_visited", "occurred_at": at, "page": page}
    body = {"write_key": WRITE_KEY, "sent_at": at, "visitor": None, "nonce": "6f1c2b52-7f1d-4c55-9d0a-1f1f6f0d7a11"}
    answer = demo.post(json.dumps({**body, "events": [event]}).encode(), user_agent=BROWSER)
    assert 202 == answer.status, answer.body


def events(demo: Deployment, key: str, count: int) -> list[Any]:
    """Wait until there are so many of that key; the oldest first."""

    def found() -> list[Any] | None:
        there: list[Any] = demo.get(f"/api/events?key={key}&bots=include").json()["events"]
        return sorted(there, key=lambda one: str(one["occurred_at"])) if len(there) == count else None

    return until(found, SOON_S, lambda: f"{count} of {key} expected: {demo.output}")


def at(event: Any) -> int:
    """When it happened, ms UTC."""
    found = parse_instant(event["occurred_at"])
    assert found is not None
    return found


def ahead_ms(demo: Deployment) -> int:
    """What the demo itself says."""
    return int(demo.get("/demo/clock").json()["ahead_ms"])


def test_a_session_ends_when_the_clock_is_moved_on(demo: Deployment) -> None:
    """The worker sees it without being told; what comes afterwards happens by the moved clock."""
    visit(demo, "first")
    (first,) = events(demo, "page_visited", 1)
    assert (0, "2h ahead") == _moved_on(demo, "2h")
    (ended,) = events(demo, "session_ended", 1)
    assert at(first) + HOUR_MS // 2 == at(ended)
    before = wall_clock()
    visit(demo, "second")
    _, second = events(demo, "page_visited", 2)
    assert before - 1 <= at(second) - 2 * HOUR_MS <= wall_clock()
    assert (0, "2h 20m ahead") == _moved_on(demo, "20m")
    before = wall_clock()
    visit(demo, "third")
    *_, third = events(demo, "page_visited", 3)
    assert before - 1 <= at(third) - 140 * 60_000 <= wall_clock()


def test_a_message_that_waits_for_tomorrow_goes(demo: Deployment) -> None:
    """The courier is a process of its own, and sees it as well."""
    mail = {"sender": {"email": "a@b.co"}, "to": [{"email": "c@d.co"}], "subject": "Later", "htmlContent": "<p>Hi</p>"}
    content = json.dumps({**mail, "scheduledAt": text_of(wall_clock() + 20 * HOUR_MS)}).encode()
    answer = demo.request("POST", "/v3/smtp/email", content, api_key=API_KEY, content_type="application/json")
    assert answer.status in (201, 202), answer.body
    assert 200 == demo.request("POST", "/demo/clock/1d").status
    until(lambda: demo.get("/demo/mailbox/letters").json()["count"], SOON_S, lambda: demo.output)


def test_a_demo_that_is_started_again_is_as_far_ahead(demo: Deployment) -> None:
    """Also without `--demo`, and after a kill: else what comes would be before what has happened."""
    assert 200 == demo.request("POST", "/demo/clock/1d").status
    demo.kill()
    demo.start()
    assert 24 * HOUR_MS == ahead_ms(demo)
    demo.kill()
    plain = Deployment(demo.data.parent)
    plain.start()
    try:
        assert 404 == plain.get("/demo/clock").status
        visit(plain, "later")
        (later,) = events(plain, "page_visited", 1)
        assert 0 <= wall_clock() + 24 * HOUR_MS - at(later) < HOUR_MS
    finally:
        plain.close()


def _moved_on(demo: Deployment, span: str) -> tuple[int, str]:
    """By the command, in a process of its own: (its exit code, the end of what it says)."""
    code, said = run("demo", demo.data, "--fast-forward", span)
    return code, said.strip().rpartition(": ")[2]
