"""What would be other if histories were folded anew? Nothing, unless something came too late or a row is wrong."""

import random
from datetime import UTC
from pathlib import Path

import pytest

from collector.event_id import unpack_id
from collector.store.sqlite.rebuild import SqliteWholes
from collector.work import review as reviewing
from collector.work.review import Difference, Task, review
from tests.collector.work.deployment import MINUTE, T0, Deployment

DAY = 1_440


def look(here: Deployment, *, since: int = 0) -> list[Difference]:
    """Who differs."""
    path = here.folder / "store.db"
    wholes = SqliteWholes(path)
    contacts = wholes.contacts(since)
    wholes.close()
    looked = list(review(Task(path, UTC, here.now), contacts))
    assert len(contacts) == sum(some.contacts for some in looked)
    return [one for some in looked for one in some.differences]


def mend(here: Deployment, minute: float) -> None:
    """Ask for all who differ, and let the worker do it."""
    with here.store.transaction():
        here.store.rebuilds.ask([one.contact for one in look(here)])
    here.work(minute)
    assert 0 == here.store.rebuilds.left()


def came_too_late(here: Deployment) -> None:
    """A visit nine days ago, of which we hear only now: between two that it makes one."""
    here.say("a", 0)
    here.say("c", 40)
    here.say("now", 9 * DAY)
    here.work(9 * DAY)
    here.say("b", 20, received_at=T0 + 9 * DAY * MINUTE)
    here.work(9 * DAY)
    assert [(1, 0, 0, False), (1, 40, 40, False), (1, 9 * DAY, 9 * DAY, True)] == here.sessions()


def test_what_came_too_late_is_heard_and_the_sessions_are_mended(here: Deployment) -> None:
    """Two visits become one, what was said wrongly is superseded, the old id leads on, nothing is late any more."""
    came_too_late(here)
    old = here.ask("SELECT id FROM sessions WHERE started_at = ?", T0 + 40 * MINUTE)[0][0]
    (one,) = look(here)
    assert (1, 0, ["push_session_started", "session_ended"], 1) == (
        one.contact, len(one.added), sorted(event.key for event in one.retracted)[:2], one.late,
    )  # fmt: skip
    mend(here, 9 * DAY + 1)
    assert [(1, 0, 40, False), (1, 9 * DAY, 9 * DAY, True)] == here.sessions()
    assert [] == here.ask("SELECT 1 FROM events WHERE flags & 2")
    (first,) = here.ask("SELECT id FROM sessions WHERE started_at = ?", T0)
    assert [(old, *first)] == here.ask("SELECT id, replaced_by FROM replaced_sessions")
    assert [] == look(here)


def test_looking_changes_nothing(here: Deployment) -> None:
    """A dry run is one."""
    came_too_late(here)
    before = list(here.store._connection.iterdump())
    assert 1 == len(look(here))
    here.work(9 * DAY)
    assert before == list(here.store._connection.iterdump())


def test_rows_that_were_damaged_are_mended(here: Deployment) -> None:
    """A session that is gone, one that never was, an event that was superseded for no reason."""
    for n in range(6):
        here.say(f"e{n}", n * 60, visitor=f"v{n % 2}")
    here.work(DAY)
    story, sessions = here.story(), here.sessions()
    assert [] == look(here)
    here.ask("DELETE FROM sessions WHERE started_at = ?", T0 + 60 * MINUTE)
    here.ask("UPDATE sessions SET id = x'00112233445566778899aabbccddeeff' WHERE started_at = ?", T0 + 120 * MINUTE)
    here.ask("UPDATE events SET flags = flags | 1 WHERE at = ? AND door = 2", T0 + 210 * MINUTE)
    assert [1, 2] == [one.contact for one in look(here)]
    mend(here, DAY + 1)
    assert (story, sessions) == (here.story(), here.sessions())
    assert [] == look(here)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happened_nothing_differs(here: Deployment, seed: int) -> None:
    """Late events, joins, doubles, restarts, at any moment: also what is on its way, or due and not yet said."""
    chance = random.Random(seed)
    for n in range(60):
        minute, visitor = chance.randrange(0, 3_000, 10), f"v{chance.randrange(4)}"
        if chance.random() < 0.15:
            here.identify(f"i{n}", minute, visitor=visitor, email_id=f"p{chance.randrange(2)}@example.it")
        else:
            here.say(f"e{chance.randrange(n + 1)}", minute, visitor=visitor)
        if chance.random() < 0.3:
            here.now = T0 + (3_000 + n) * MINUTE
            here.worker.turn()
        here.now += chance.choice([0, 30 * MINUTE])
        assert [] == look(here)


def test_only_who_did_something_since_is_looked_at(here: Deployment) -> None:
    """The other one, who differs as well, is left for another time."""
    came_too_late(here)
    here.say("d", 0, visitor="v2")
    here.work(9 * DAY)
    here.ask("DELETE FROM sessions WHERE contact = 2")
    assert [1, 2] == [one.contact for one in look(here)]
    assert [1] == [one.contact for one in look(here, since=T0 + DAY * MINUTE)]


def test_the_joined_are_looked_at_as_one(here: Deployment) -> None:
    """Two browsers, one person; and what is mended is recorded beside what caused it."""
    here.identify("kim", 0, visitor="k", email_id="kim@mail.example")
    here.say("a", 10, visitor="a")
    here.work(100)
    here.identify("join", 120, visitor="a", email_id="kim@mail.example")
    here.work(200)
    assert [] == look(here)
    here.ask("DELETE FROM sessions")
    (one,) = look(here)
    assert (1, 2) == (one.contact, one.sessions)
    mend(here, 300)
    assert [(1, 0, 10, False), (1, 120, 120, False)] == here.sessions()


def test_many_are_looked_at_by_several_processes(here: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same is found."""
    for n in range(9):
        here.say(f"e{n}", n, visitor=f"v{n}")
    here.work(100)
    here.ask("DELETE FROM sessions WHERE contact IN (3, 8)")
    monkeypatch.setattr(reviewing, "CONTACTS_AT_ONCE", 2)
    assert [3, 8] == [one.contact for one in look(here)]


def test_who_was_absorbed_meanwhile_is_mended_as_the_survivor(tmp_path: Path) -> None:
    """Between the look and the mending two became one."""
    here = Deployment(tmp_path)
    here.identify("kim", 0, visitor="k", email_id="kim@mail.example")
    here.say("a", 10, visitor="a")
    here.work(100)
    here.ask("DELETE FROM sessions WHERE contact = 2")
    with here.store.transaction():
        here.store.rebuilds.ask([2, 2, 999])
    here.identify("join", 120, visitor="a", email_id="kim@mail.example")
    here.work(200)
    assert 0 == here.store.rebuilds.left()
    assert [(1, 0, 10, False), (1, 120, 120, False)] == here.sessions()
    assert [] == look(here)
    assert all(unpack_id(id) for (id,) in here.ask("SELECT id FROM sessions"))
