"""Which sessions does a heap of events make? The definition that the bulk run of files is held to, event by event.

    sessionize([(7, 1_790_000_000_000), (7, 1_790_000_060_000)], gap_ms=30 * 60_000)

Reads nothing, writes nothing: the real rule in the real engine, over everything at once. For events that are in memory;
files and Arrow tables are for `collector/bulk/`.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sessionizer.contact import Contact
from sessionizer.engine import Engine
from sessionizer.event import Event, Page
from sessionizer.rules.inactivity import PAGE_VISITED, Sessions, Visit, session_of
from sessionizer.session import GAP_MS, Session


class Given(NamedTuple):
    """An event as a row has it. occurred_at: ms UTC. url: of the page, "" without one.

    key: without one, what names a page is a page view. id: puts events of one instant in order, then their page does.
    """

    contact_id: int | str
    occurred_at: int
    id: str = ""
    url: str = ""
    category: str = ""
    key: str = ""
    activity: bool = True


class Row(NamedTuple):
    """A session as a row has it. session: its number within the contact, from 1. Instants in ms UTC."""

    contact_id: int | str
    session: int
    started_at: int
    ended_at: int
    duration_seconds: int
    events: int
    pages: int
    entry_page: str | None
    exit_page: str | None


def sessionize(events: Iterable[tuple[Any, ...]], *, gap_ms: int = GAP_MS) -> list[Row]:
    """The sessions of all contacts, ordered by session within a contact, contacts by their first row.

    events: `Given`, or tuples that begin like it, in any order. gap_ms: inactivity that ends a session, at least 1.
    Raises OverflowError for an instant outside the years 1 to 9999.
    """
    engine = Engine((Sessions(gap_ms),))
    histories: dict[int | str, list[Event]] = {}
    for given in (Given(*each) for each in events):
        histories.setdefault(given.contact_id, []).append(_event(given))
    return [
        _row(contact, number, session)
        for contact, history in histories.items()
        for number, session in enumerate(_sessions(engine, history, gap_ms), 1)
    ]


def _sessions(engine: Engine, history: list[Event], gap_ms: int) -> Sequence[Session]:
    """Folded until the last one is over."""
    history.sort(key=_by_instant)
    outcome = engine.fold(None, history, Contact(1), now=history[-1].at + gap_ms)
    return [session_of(ended.state, open=False) for ended in outcome.ended if isinstance(ended.state, Visit)]


def _event(given: Given) -> Event:
    viewed = PAGE_VISITED[1] if given.url else ""
    return Event(
        at=given.occurred_at,
        id=given.id,
        category=given.category or PAGE_VISITED[0],
        key=given.key or viewed,
        page=Page(given.url) if given.url else None,
        activity=given.activity,
    )


def _by_instant(event: Event) -> tuple[int, str, str]:
    return (event.at, event.id, event.page.url if event.page else "")


def _row(contact: int | str, number: int, session: Session) -> Row:
    return Row(
        contact_id=contact,
        session=number,
        started_at=session.started_at,
        ended_at=session.ended_at,
        duration_seconds=session.duration_seconds,
        events=session.events,
        pages=session.pages,
        entry_page=session.entry_page or None,
        exit_page=session.exit_page or None,
    )
