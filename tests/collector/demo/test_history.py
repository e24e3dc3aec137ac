"""The made-up history: nothing in it could be told from what the worker would have written of the same events."""

import msgspec
import pytest

from collector.event_id import pack_id
from sessionizer.contact import Contact
from sessionizer.engine import Engine, Outcome
from sessionizer.rules.assignments import RULES
from sessionizer.rules.inactivity import Visit, session_of
from sessionizer.session import Session
from tests.collector.demo.conftest import REQUEST
from tests.collector.work.deployment import COUNTED, HOURS, KEPT, MINUTE, SESSIONS, T0, Deployment
from tests.killed.check import DANGLING

SURVIVORS = "SELECT id FROM contacts WHERE id NOT IN (SELECT absorbed FROM contact_links)"
NEWEST = """SELECT v.visitor, v.contact, max(s.ended_at) FROM sessions s JOIN visitors v ON v.contact = s.contact
            WHERE v.contact NOT IN (SELECT survivor FROM contact_links)"""
ABSORBED = """SELECT v.visitor, l.survivor FROM contact_links l JOIN visitors v ON v.contact = l.absorbed LIMIT 1"""

decoded = msgspec.msgpack.Decoder(Session).decode


def survivors(here: Deployment) -> list[int]:
    """Every contact that no other one absorbed."""
    return [contact for (contact,) in here.ask(SURVIVORS)]


def folded(here: Deployment, contact: int) -> Outcome:
    """What the real engine says of the contact's given events."""
    everybody = here.store.people.closure(contact)
    return Engine(RULES).fold(None, here.store.histories.given(everybody, 0), Contact(contact), here.now)


def ended(outcome: Outcome) -> list[Session]:
    """The sessions that are over, in order."""
    return [session_of(state, open=False) for _, state, _ in outcome.ended if isinstance(state, Visit)]


def sessions(here: Deployment, contact: int) -> list[Session]:
    """As they are stored, in order."""
    rows = here.ask("SELECT body FROM sessions WHERE contact = ? ORDER BY started_at", contact)
    return [decoded(body) for (body,) in rows]


def test_sessions_are_what_the_engine_says(here: Deployment) -> None:
    """Of every contact, with all whom it absorbed: the same rows, and none is open."""
    for contact in survivors(here):
        assert ended(folded(here, contact)) == sessions(here, contact)
    assert here.ask("SELECT count(*) FROM sessions") > [(300,)]


def test_session_rows_are_those_of_their_bodies(here: Deployment) -> None:
    """What stands beside a body, for indexes and totals, is taken from it."""
    for row in here.ask("SELECT body, id, started_at, ended_at, open, site, source, device FROM sessions"):
        s = decoded(row[0])
        assert (pack_id(s.id), s.started_at, s.ended_at, s.open, s.sites[0], s.source, s.agent.device) == row[1:]


def test_derived_events_are_what_the_engine_says(here: Deployment) -> None:
    """With their ids, instants, causes and properties."""
    for contact in survivors(here):
        said = here.store.histories.said(here.store.people.closure(contact), 0)
        added = folded(here, contact).added
        assert sorted(added, key=lambda one: one.id) == sorted(said, key=lambda one: one.id)


def test_totals_are_what_counting_gives(here: Deployment) -> None:
    """Events by kind and day, sessions by hour."""
    assert here.ask(COUNTED) == here.ask(KEPT)
    assert here.ask(SESSIONS) == here.ask(HOURS)


def test_it_has_exactly_the_events_asked_for(here: Deployment) -> None:
    """Derived ones included, at offsets without gaps; and as many contacts."""
    n = REQUEST.events
    assert [(n, 1, n)] == here.ask("SELECT count(*), min(offset), max(offset) FROM events")
    assert [(REQUEST.contacts,)] == here.ask("SELECT count(*) FROM contacts")


def test_numbers_lead_somewhere(here: Deployment) -> None:
    """Kinds, doors, sources, visitors, contacts, pages, agents: all are there."""
    assert [] == here.ask(DANGLING)


def test_everything_is_over(here: Deployment) -> None:
    """Within the days asked for, and the last activity half an hour ago or more: nothing would be due."""
    ((first, last),) = here.ask("SELECT min(at), max(at + lag) FROM events")
    assert T0 - REQUEST.days * 24 * 60 * MINUTE <= first
    assert T0 >= last
    assert T0 - 31 * MINUTE >= here.ask("SELECT max(ended_at) FROM sessions")[0][0]


def test_offsets_are_in_order_of_arrival(here: Deployment) -> None:
    """As the log would have given them."""
    arrived = [at for (at,) in here.ask("SELECT at + lag FROM events ORDER BY offset")]
    assert sorted(arrived) == arrived


def test_people_were_seen_when_something_happened(here: Deployment) -> None:
    """First and last, over all whom a contact absorbed; derived events are not the person's."""
    for contact in survivors(here):
        given = here.store.histories.given(here.store.people.closure(contact), 0)
        seen = here.ask("SELECT first_seen_at, last_seen_at FROM contacts WHERE id = ?", contact)
        assert [(given[0].at, max(e.at for e in given if e.key != "merged"))] == seen


def test_one_in_four_is_known(here: Deployment) -> None:
    """By an address and a name; some were joined from two browsers, some confirmed by a server."""
    ((known,),) = here.ask("SELECT count(*) FROM contacts WHERE NOT anonymous")
    assert 0.15 < known / REQUEST.contacts < 0.35
    rows = (
        "SELECT count(*) FROM identifiers i JOIN contacts c ON c.id = i.contact WHERE c.attributes ->> 'FIRSTNAME' > ''"
    )
    assert [(known,)] == here.ask(rows)
    assert [(0,)] < here.ask("SELECT count(*) FROM contact_links")
    assert [(0,)] < here.ask("SELECT count(*) FROM contacts WHERE attributes ->> 'CITY' > ''")


def test_bots_are_nobody(here: Deployment) -> None:
    """A few per cent of the events, of no contact."""
    ((bots,),) = here.ask("SELECT count(*) FROM events WHERE flags & 4 AND contact IS NULL")
    assert 0.01 < bots / REQUEST.events < 0.08
    assert [(0,)] == here.ask("SELECT count(*) FROM events WHERE (flags & 4 > 0) <> (contact IS NULL)")


@pytest.mark.parametrize("key", ["order_completed", "product_viewed", "article_read", "Opened", "merged", "identified"])
def test_there_is_something_of_everything(here: Deployment, key: str) -> None:
    """Kinds for each screen."""
    assert here.ask("SELECT 1 FROM kinds k JOIN events e ON e.kind = k.id WHERE k.key = ? LIMIT 1", key)


def test_an_event_afterwards_goes_on_from_the_history(here: Deployment) -> None:
    """Ten minutes after a contact's last activity: that session grows, its end is taken back; the others stay."""
    ((visitor, contact, last_at),) = here.ask(NEWEST)
    before = sessions(here, contact)
    here.say("later", (last_at - T0) / MINUTE + 10, visitor=visitor)
    here.work(60)
    assert [(contact, REQUEST.events + 1)] == here.ask("SELECT contact, offset FROM events WHERE id = 'later'")
    after = sessions(here, contact)
    assert before[:-1] == after[:-1]
    assert (before[-1].id, before[-1].events + 1) == (after[-1].id, after[-1].events)
    assert ended(folded(here, contact)) == after
    assert [(1,)] == here.ask("SELECT count(*) FROM events WHERE flags & 1")


def test_a_joined_contact_goes_on_as_one(here: Deployment) -> None:
    """An event of the browser that was absorbed opens the survivor's next session, and changes none before."""
    visitor, contact = here.ask(ABSORBED)[0]
    before = sessions(here, contact)
    here.say("later", 0, visitor=visitor)
    here.work(40)
    after = sessions(here, contact)
    assert before == after[:-1]
    assert [(contact,)] == here.ask("SELECT contact FROM events WHERE id = 'later'")
    assert [(0,)] == here.ask("SELECT count(*) FROM events WHERE flags & 1")


def test_the_worker_finds_nothing_to_do(here: Deployment) -> None:
    """No timer is due, nothing waits: the store is as the worker would have left it."""
    events = here.ask("SELECT count(*) FROM events")
    here.work(60)
    assert events == here.ask("SELECT count(*) FROM events")
    assert [] == here.ask("SELECT * FROM to_log")
