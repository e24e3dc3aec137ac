"""How does what somebody did become a trail? Days, the newest first; in them sessions and what stands outside of any.

Pure: events and sessions in, what the page shows out. Inside of a card time runs downwards, as the visit went.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlencode

from collector.store.ports.events import StoredEvent
from collector.ui.events.rows import path_of, telling
from collector.ui.page import Language
from collector.ui.times import DAY_MS
from sessionizer.catalogue import CATALOGUE, FAMILIES
from sessionizer.session import Session

BEGINS, ENDS = ("push", "push_session_started"), ("website", "session_ended")


class Card(NamedTuple):
    """Events that stand together, the oldest first. session: None for what is outside of any.

    began, ended: the derived events that say so, when they are on this page; they are not among `events`.
    """

    session: Session | None
    events: Sequence[StoredEvent]
    began: StoredEvent | None = None
    ended: StoredEvent | None = None


class Day(NamedTuple):
    """at: its midnight, ms UTC. cards: the one that began last first."""

    at: int
    cards: list[Card]


def days_of(events: Iterable[StoredEvent], sessions: Mapping[str, Session]) -> list[Day]:
    """A page of the timeline. sessions: by id; an event whose session is not among them stands by itself."""
    inside: dict[str, list[StoredEvent]] = {}
    places: list[tuple[int, Session | StoredEvent]] = []
    for event in events:
        if event.session in sessions:
            inside.setdefault(str(event.session), []).append(event)
        else:
            places.append((event.at, event))
    places += [(sessions[id].started_at, sessions[id]) for id in inside]
    places.sort(key=lambda place: place[0], reverse=True)
    return [
        Day(at, _cards([thing for _, thing in same], inside))
        for at, same in groupby(places, key=lambda place: place[0] // DAY_MS * DAY_MS)
    ]


def _cards(things: Iterable[Session | StoredEvent], inside: Mapping[str, Sequence[StoredEvent]]) -> list[Card]:
    """Each session a card; what follows one another outside of sessions a card together."""
    cards: list[Card] = []
    for is_session, run in groupby(things, key=lambda thing: isinstance(thing, Session)):
        if is_session:
            cards += [_visit(session, inside[session.id]) for session in run if isinstance(session, Session)]
        else:
            cards.append(Card(None, [event for event in run if isinstance(event, StoredEvent)][::-1]))
    return cards


def _visit(session: Session, events: Sequence[StoredEvent]) -> Card:
    """events: the newest first."""
    ends = {(event.category, event.key): event for event in events}
    shown = [event for event in reversed(events) if (event.category, event.key) not in (BEGINS, ENDS)]
    return Card(session, shown, ends.get(BEGINS), ends.get(ENDS))


def gist(event: StoredEvent, language: Language) -> str:
    """The most telling thing about an event, in a few words; "" when nothing is."""
    if event.category == "contact" and event.identifiers:
        return ", ".join(event.identifiers.values())
    if told := telling(event, language):
        return told
    if event.object:
        return f"{event.object.type} {event.object.id}"
    return path_of(event.page.url) if event.page else ""


def label(category: str, key: str, language: str) -> str:
    """What people call that kind of event; its key when the catalogue does not know it."""
    row = CATALOGUE.get((category, key))
    return key if row is None else row.label_it if language == "it" else row.label_en


def families(chosen: Iterable[str], language: str) -> list[dict[str, Any]]:
    """The chips: each family's label, where it leads, and whether exactly its categories are chosen."""
    wanted = set(chosen)
    return [
        {
            "label": family.label_it if language == "it" else family.label_en,
            "link": "?" + urlencode({"category": family.categories}, doseq=True),
            "chosen": set(family.categories) == wanted,
        }
        for family in FAMILIES.values()
    ]
