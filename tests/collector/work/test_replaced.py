"""Where does the id of a session that is no more lead? To the session that took its place, in one step."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collector.event_id import unpack_id
from tests.collector.api.asking import Client, asking
from tests.collector.work.deployment import MINUTE, T0, Deployment

LATER = 120


@pytest.fixture
def client(here: Deployment) -> Iterator[Client]:
    """Asks the deployment over HTTP."""
    with asking(here.folder) as asked:
        yield asked


def starts(here: Deployment) -> dict[str, int]:
    """Of the sessions that stand, in order of time: id → first minute."""
    rows = here.ask("SELECT id, started_at FROM sessions ORDER BY started_at")
    return {unpack_id(id): (at - T0) // MINUTE for id, at in rows}


def replaced(here: Deployment) -> dict[str, str]:
    """Id of a session that is no more → id that took its place."""
    return {unpack_id(old): unpack_id(new) for old, new in here.ask("SELECT id, replaced_by FROM replaced_sessions")}


def late(here: Deployment, id: str, minute: float, **fields: Any) -> None:
    """An event of that minute that arrives when all is long over."""
    here.say(id, minute, received_at=T0 + LATER * MINUTE, **fields)


def two_sessions(here: Deployment, *, visitor: str = "v1") -> list[str]:
    """At minute 20 and at minute 60, long over: their ids."""
    here.say("b", 20, visitor=visitor)
    here.say("d", 60, visitor=visitor)
    here.work(LATER)
    assert [20, 60] == list(starts(here).values())
    return list(starts(here))


def check_both_lead_there(here: Deployment, client: Client, old: list[str], survivor: str) -> None:
    """Each old id is kept with the survivor's and answers 308 with its address, with nothing in between."""
    assert dict.fromkeys(old, survivor) == {id: replaced(here).get(id) for id in old}
    for id in old:
        answer = client.get(f"/api/sessions/{id}")
        assert (308, f"/api/sessions/{survivor}") == (answer.status_code, answer.headers["location"])
    answer = client.get(f"/api/sessions/{survivor}")
    assert (200, survivor) == (answer.status_code, answer.json()["id"])


@pytest.mark.parametrize("order", ["ac", "ca"])
@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "one by one"])
def test_two_sessions_merge_into_an_earlier_one(here: Deployment, client: Client, order: str, at_once: bool) -> None:
    """A late event opens the first one earlier, another fills the gap, in any order: both old ids lead to the new."""
    old = two_sessions(here)
    for id in order:
        late(here, id, {"a": 5, "c": 40}[id])
        if not at_once:
            here.work(LATER)
    here.work(LATER)
    assert [(1, 5, 60, False)] == here.sessions()
    (survivor,) = starts(here)
    assert survivor not in old
    check_both_lead_there(here, client, old, survivor)


def test_a_session_that_begins_meanwhile_is_no_heir(here: Deployment, client: Client) -> None:
    """A browser that was offline brings what fills the gap together with what it does now: two things in one batch."""
    first, second = two_sessions(here)
    late(here, "c", 40)
    here.say("now", LATER)
    here.work(LATER)
    assert [(1, 20, 60, False), (1, LATER, LATER, True)] == here.sessions()
    check_both_lead_there(here, client, [second], first)


def test_a_join_merges_two_sessions_into_an_earlier_one(here: Deployment, client: Client) -> None:
    """The other device had opened earlier and was active in the gap; the join itself begins a new session."""
    old = two_sessions(here, visitor="laptop")
    here.identify("i", 0, visitor="phone", email_id="ada@example.it")
    late(here, "c", 40, visitor="phone")
    here.work(LATER)
    here.identify("j", LATER, visitor="laptop", email_id="ada@example.it")
    here.work(LATER)
    assert [(2, 0, 60, False), (2, LATER, LATER, True)] == here.sessions()
    check_both_lead_there(here, client, old, next(iter(starts(here))))


def test_every_id_that_ever_was_leads_to_the_session_around_it(tmp_path: Path) -> None:
    """Whatever arrives when, in batches of any size: an id that was seen stands, or leads to who holds its start."""
    for seed in range(6):
        folder = tmp_path / str(seed)
        folder.mkdir()
        here = Deployment(folder)
        seen, stands = play(here, random.Random(seed)), starts(here)
        gone = seen.keys() - stands.keys()
        around = {id: max((at, heir) for heir, at in stands.items() if at <= seen[id])[1] for id in gone}
        assert len(around) > 2
        assert around == {id: replaced(here)[id] for id in around}
        assert not replaced(here).keys() & stands.keys()


def play(here: Deployment, rng: random.Random) -> dict[str, int]:
    """60 minutes of 400 in any order and batches of any size; every session that ever stood: id → first minute."""
    seen: dict[str, int] = {}
    for number, minute in enumerate(rng.sample(range(400), 60)):
        here.say(f"e{number}", minute, received_at=T0 + 400 * MINUTE)
        if rng.random() < 0.3:
            here.work(400 + number / 1_000)
            seen |= starts(here)
    here.work(500)
    return seen
