"""How does a test ask whether somebody is in a segment? Questions in JSON, histories in a line an event."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sessionizer.contact import Contact
from sessionizer.event import Agent, Event, Page
from sessionizer.segments.check import faults
from sessionizer.segments.condition import Condition, parse
from sessionizer.segments.evaluate import changes_at, holds
from sessionizer.segments.history import Moment, Person

ROME = ZoneInfo("Europe/Rome")
SOMEBODY = {7: parse({"where": {"type": "identity", "is": "identified"}})}
"""The one other segment that there is."""
SOMEONE = Contact(1)
NOW = "2026-11-24T10:00+01:00"


def at(text: str) -> int:
    """ISO 8601 → ms UTC."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def happened(kind: str, when: str, *, page: str = "", device: str = "", **properties: Any) -> Event:
    """An event: `category/key` at a time."""
    category, key = kind.split("/")
    return Event(
        at(when), f"{key}-{when}", category, key, properties, Page(page) if page else None, site=1,
        agent=Agent(device=device) if device else None,
    )  # fmt: skip


def event(kind: str, **more: Any) -> dict[str, Any]:
    """The condition that it happened, in JSON."""
    category, key = kind.split("/")
    return {"type": "event", "category": category, "key": key, **more}


def wanted(kind: str, **more: Any) -> dict[str, Any]:
    """A filter of events, in JSON."""
    category, key = kind.split("/")
    return {"category": category, "key": key, **more}


def last(n: int, unit: str) -> dict[str, Any]:
    """The window of the last so many."""
    return {"last": {"n": n, "unit": unit}}


def is_in(where: Any, *history: Event, now: str = NOW, contact: Contact = SOMEONE) -> bool:
    """Whether somebody of that history is in the segment."""
    return holds(question(where), who(*history, contact=contact), moment(now))


def changes(where: Any, *history: Event, now: str = NOW, contact: Contact = SOMEONE) -> int | None:
    """When that will change by itself."""
    return changes_at(question(where), who(*history, contact=contact), moment(now))


def moment(now: str) -> Moment:
    """When is asked, in Rome."""
    return Moment(at(now), ROME, {id: one.where for id, one in SOMEBODY.items()})


def question(where: Any) -> Condition:
    """A question in JSON that could be saved."""
    definition = parse({"where": where})
    assert [] == faults(definition, others=SOMEBODY)
    return definition.where


def who(*history: Event, contact: Contact = SOMEONE) -> Person:
    """Somebody of that history, whatever the order in which it is told."""
    return Person(contact, sorted(history, key=lambda one: (one.at, one.id)))
