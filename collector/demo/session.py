"""What follows from a visit? A session that began and ended, as the sessionizer's own rule says it.

A walk has no pauses: its first event, its last and two counts tell all that the rule would remember of the rest. So the
rule is asked twice a visit, not once an event. Reads nothing, writes nothing.
"""

from typing import NamedTuple, cast

import msgspec

from collector.demo.goods import SITES
from collector.demo.people import Browser
from collector.event_id import pack_uuid, unpack_id
from collector.store.ports.bulk import Happened, Sort
from sessionizer.contact import Contact
from sessionizer.derived import derived_id
from sessionizer.event import Event, Page
from sessionizer.rule import Fact
from sessionizer.rules.inactivity import ENDED, STARTED, Sessions, Visit, session_of
from sessionizer.session import GAP_MS, Session

HEARD_MS, NOTICED_MS = 30, 15
"""How long the worker takes: from an event to what follows from it, and from an instant to its timer."""

SESSIONS, SOMEBODY = Sessions(), Contact(0)
SAID = {(site, kind): Sort("derived", "derived", site, *kind) for site in SITES for kind in (STARTED, ENDED)}


class Walked(NamedTuple):
    """A visit that is over. events, pages: how many of the visitor's own. began_as, ended_as: whose they were."""

    first: Happened
    last: Happened
    events: int
    pages: int
    began_as: int
    ended_as: int


def follow(walked: Walked, browser: Browser) -> tuple[Session, Happened, Happened]:
    """The session, `push_session_started` and `session_ended`, with the ids and instants that the engine gives them."""
    first, last = walked.first, walked.last
    begun = SESSIONS.on_event(None, _heard(first, browser), SOMEBODY)
    visit = msgspec.structs.replace(
        cast(Visit, begun.state), last_at=last.at, last_id=unpack_id(last.id), events=walked.events,
        pages=walked.pages, exit_page=_url(last) if walked.events > 1 else "",
    )  # fmt: skip
    over_at = last.at + GAP_MS
    ended = SESSIONS.on_time(visit, over_at, SOMEBODY).facts[0]
    ended_id = derived_id(SESSIONS.name, ENDED, ended.cause, over_at)
    return (
        session_of(visit, open=False),
        _said(first, begun.facts[0], visit.frame.session_id, (first.at, first.received_at + HEARD_MS, walked.began_as)),
        _said(first, ended, ended_id, (over_at, over_at + NOTICED_MS, walked.ended_as)),
    )


def _heard(event: Happened, browser: Browser) -> Event:
    """As the rule hears it."""
    sort, page = event.sort, event.sort.page
    assert page is not None, "a visit begins on a page"
    return Event(
        event.at, unpack_id(event.id), sort.category, sort.key, page=Page(page.url, page.title, event.referrer),
        visitor=browser.visitor, site=sort.site, agent=browser.agent[1], activity=True,
    )  # fmt: skip


def _said(first: Happened, fact: Fact, id: str, when: tuple[int, int, int]) -> Happened:
    """when: at, received at, and whose the visitor was then."""
    at, received_at, contact = when
    return Happened(
        received_at, at, pack_uuid(id), SAID[first.sort.site, fact.kind], first.visitor, contact,
        properties=dict(fact.data), causes=(fact.cause,), depth=1,
    )  # fmt: skip


def _url(event: Happened) -> str:
    return event.sort.page.url if event.sort.page else ""
