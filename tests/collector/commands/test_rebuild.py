"""`sentiero sessionize --rebuild`: what came too late is heard, what is wrong is mended, with a worker or without."""

import subprocess
from collections.abc import Iterator

import pytest

from tests.collector.commands.terminal import Terminal
from tests.collector.commands.test_work import working
from tests.collector.work.deployment import MINUTE, T0, Deployment
from tests.killed.wait import until

USAGE = 2
DAY = 1_440
TWO = [(1, 0, 0, False), (1, 40, 40, False), (1, 9 * DAY, 9 * DAY, False)]
ONE = [(1, 0, 40, False), (1, 9 * DAY, 9 * DAY, False)]
DIFFERS = (
    "\n1 contact to mend: 2 derived events wrong, 1 derived event with other properties,"
    " 2 sessions that differ, 1 event too late to be heard\n"
)
FINE = "all sessions and derived events are what the events say"


@pytest.fixture
def shop(ready: Terminal) -> Iterator[Deployment]:
    """Two visits nine days ago that were one, as we hear too late."""
    here = Deployment(ready.data)
    here.say("a", 0)
    here.say("c", 40)
    here.say("now", 9 * DAY)
    here.work(9 * DAY + 60)
    here.say("b", 20, received_at=T0 + 9 * DAY * MINUTE)
    here.work(9 * DAY + 60)
    assert TWO == here.sessions()
    yield here
    here.store.close()
    here.log.close()


def test_a_dry_run_says_what_would_change_and_changes_nothing(ready: Terminal, shop: Deployment) -> None:
    """What is wrong of whom, with its time."""
    out = ready.done("sessionize", "--rebuild", "--dry-run")
    assert "looked at 10 events of 1 contact in " in out
    assert DIFFERS in out
    assert "contact 1: 2 sessions, 1 late event" in out
    assert "  - 2026-09-21T14:53:20.000Z push/push_session_started" in out
    assert "mended" not in out
    shop.work(9 * DAY + 61)
    assert TWO == shop.sessions()


def test_without_a_worker_it_mends_by_itself(ready: Terminal, shop: Deployment) -> None:
    """And finds nothing when it looks again."""
    out = ready.done("sessionize", "--rebuild")
    assert DIFFERS in out
    assert out.endswith("mended 1 contact\n")
    assert ONE == shop.sessions()
    assert FINE in ready.done("sessionize", "--rebuild")


def test_with_a_worker_it_leaves_it_to_the_worker(ready: Terminal, shop: Deployment) -> None:
    """Which goes on with what else there is."""
    with working(ready) as worker:
        out = ready.done("sessionize", "--rebuild")
        assert out.endswith("mended 1 contact\n")
        assert ONE == shop.sessions()
        shop.say("d", 9 * DAY + 120)
        until(lambda: 3 == len(shop.sessions()), 20)
        assert worker.poll() is None


def test_a_worker_that_is_killed_in_between_is_no_harm(ready: Terminal, shop: Deployment) -> None:
    """What was asked for stands in the store; the next worker does it."""
    with shop.store.transaction():
        shop.store.rebuilds.ask([1])
    with working(ready) as worker:
        until(lambda: ONE == shop.sessions(), 20)
        worker.kill()
        assert -9 == worker.wait()
    assert 0 == shop.store.rebuilds.left()
    assert FINE in ready.done("sessionize", "--rebuild")


def test_only_those_who_did_something_since(ready: Terminal, shop: Deployment) -> None:
    """A day, or an instant."""
    for since, contacts in (("2026-09-30", 1), ("2026-09-30T15:06:41Z", 0), ("2027-01-01", 0)):
        out = ready.done("sessionize", "--rebuild", "--dry-run", "--since", since)
        assert f" of {contacts} contact" in out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("--rebuild events.csv", "name no files"),
        ("--rebuild -o sessions.csv", "name no files"),
        ("--rebuild --since yesterday", "a day such as"),
        ("--rebuild --since 2026-02-30", "a day such as"),
        ("--dry-run events.csv -o sessions.csv", "only with --rebuild"),
        ("--since 2026-11-01 events.csv -o sessions.csv", "only with --rebuild"),
        ("", "name the files to read"),
        ("events.csv", "name the files to read"),
    ],
)
def test_what_makes_no_sense_is_said(here: Terminal, words: str, says: str) -> None:
    """Before anything is read or made."""
    said = here.run("sessionize", *words.split())
    assert (USAGE, True) == (said.code, says in said.all), said
    assert not here.data.exists()


def test_a_script_may_read_it(ready: Terminal, shop: Deployment) -> None:
    """No progress, no colour, in what is piped."""
    process = ready.start("sessionize", "--rebuild", "--dry-run", stderr=subprocess.STDOUT)
    out, _ = process.communicate(timeout=60)
    assert (0, 6) == (process.returncode, len(out.splitlines())), out
    assert "\x1b" not in out
