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
from sessionizer.event import NOTHING, Kind
from sessionizer.session import GAP_MS, Session

BEGINS, ENDS = ("push", "push_session_started"), ("website", "session_ended")
JOINS = ("contact", "merged")


class Card(NamedTuple):
    """Events that stand together, the oldest first. session: None for what is outside of any.

    began, ended: the derived events that say so, when they are on this page; they are not among `events`, as those are
    that said so and were superseded.
    """

    session: Session | None
    events: Sequence[StoredEvent]
    began: StoredEvent | None = None
    ended: StoredEvent | None = None


class Day(NamedTuple):
    """at: its midnight, ms UTC. cards: the one that began last first."""

    at: int
    cards: list[Card]


def days_of(
    events: Iterable[StoredEvent], sessions: Mapping[str, Session], heirs: Mapping[str, str] = NOTHING
) -> list[Day]:
    """A page of the timeline. sessions: by id; an event whose session is not among them stands by itself.

    heirs: which session took the place of one that is no more, by its id.
    """
    inside: dict[str, list[StoredEvent]] = {}
    places: list[tuple[int, Session | StoredEvent]] = []
    for event in events:
        held_by = heirs.get(event.session or "", event.session)
        if held_by in sessions:
            inside.setdefault(str(held_by), []).append(event)
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
    ends = {kind: event for event in events if (kind := kind_of(event)) in (BEGINS, ENDS) and not event.superseded}
    shown = [event for event in reversed(events) if event.superseded or kind_of(event) not in (BEGINS, ENDS)]
    return Card(session, shown, ends.get(BEGINS), ends.get(ENDS))


def kind_of(event: StoredEvent) -> Kind:
    """(category, key)."""
    return (event.category, event.key)


def looks(event: StoredEvent) -> str:
    """The classes of its line: what is told beside the words is never told by them alone."""
    is_join = kind_of(event) == JOINS
    said = {"milestone": is_join, "derived": event.source == "derived" and not is_join, "gone": event.superseded}
    return " ".join(name for name, holds in said.items() if holds)


def is_delayed(event: StoredEvent) -> bool:
    """Whether it arrived so long after it happened that a session may have ended without it."""
    return event.source != "derived" and event.received_at - event.at > GAP_MS


def telling_of(shown: Iterable[StoredEvent], heirs: Mapping[str, str], language: Language) -> dict[str, Any]:
    """With what `trail.html` says these events. heirs: as `days_of` has them."""
    by_id = {event.id: event for event in shown}
    return {
        "gist": lambda event: gist(event, language),
        "label": lambda event: label(event.category, event.key, language),
        "looks": looks,
        "is_join": lambda event: kind_of(event) == JOINS,
        "is_delayed": is_delayed,
        "cause_of": lambda event: by_id.get(event.causes[0]) if event.causes else None,
        "heir_of": lambda event: heirs.get(event.session or ""),
    }


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


def families(chosen: Iterable[str], kept: Mapping[str, str], language: str) -> list[dict[str, Any]]:
    """The chips: each family's label, where it leads, and whether exactly its categories are chosen. kept: filters."""
    wanted = set(chosen)
    return [
        {
            "label": family.label_it if language == "it" else family.label_en,
            "link": "?" + urlencode({"category": family.categories, **kept}, doseq=True),
            "chosen": set(family.categories) == wanted,
        }
        for family in FAMILIES.values()
    ]
