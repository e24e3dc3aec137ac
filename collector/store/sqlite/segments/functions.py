"""What does SQLite ask Python about a row? Tests of values, and conditions about whole histories, by the definition.

What is asked comes as bound JSON and is read once for all rows. Nothing here raises: a row that cannot be read does not
pass.
"""

import sqlite3
from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET

from collector.event_id import unpack_id
from collector.store.sqlite.body import Body, decode_body
from sessionizer.attributes import attributes_of
from sessionizer.contact import Contact
from sessionizer.event import Agent, Event, Page
from sessionizer.properties.path import names_of, values_at
from sessionizer.segments.comparison import Comparison, Today, passes, today_at
from sessionizer.segments.condition import Condition, EventFilter, PropertyTest
from sessionizer.segments.evaluate import holds, share_of
from sessionizer.segments.history import Moment, Person, utm_passes, values_pass

NOBODY = Contact(0)
BEFORE_PROPERTIES = Body.__struct_fields__[: Body.__struct_fields__.index("properties")]


@lru_cache(maxsize=64)
def zone_of(name: str) -> tzinfo:
    """The zone of that name."""
    return UTC if name == "UTC" else ZoneInfo(name)


@lru_cache(maxsize=64)
def today_of(now: int, zone: str) -> Today:
    """The day on which is asked."""
    return today_at(now, zone_of(zone))


@lru_cache(maxsize=256)
def comparison_of(text: str) -> Comparison:
    """JSON → comparison."""
    return msgspec.json.decode(text, type=Comparison)


class Asked(msgspec.Struct, frozen=True, array_like=True):
    """What is asked about properties, on which day."""

    tests: tuple[PropertyTest, ...]
    now: int
    zone: str


class Tests:
    """Tests of properties, and what reads only those from a row's body: all other properties are passed over."""

    def __init__(self, asked: Asked) -> None:
        self._today = today_at(asked.now, zone_of(asked.zone))
        paths = [names_of(test.path) for test in asked.tests]
        names = sorted({path[0] for path in paths})
        self._tests = [
            (names.index(path[0]), path[1:], test) for path, test in zip(paths, asked.tests, strict=True)
        ]  # place among the names, the rest of the path
        fields = [(f"p{place}", Any, msgspec.field(default=UNSET, name=name)) for place, name in enumerate(names)]
        before = [(name, msgspec.Raw, msgspec.Raw()) for name in BEFORE_PROPERTIES]
        wanted = msgspec.defstruct("Wanted", fields)
        row = msgspec.defstruct("Row", [*before, ("properties", wanted | None, None)], array_like=True)
        self._none = (UNSET,) * len(names)
        self._decoder: Any = msgspec.msgpack.Decoder(row)

    def pass_(self, body: bytes | None) -> bool:
        """Whether all do. Raises msgspec.MsgspecError for a body that is none."""
        found = None if body is None else self._decoder.decode(body).properties
        values = self._none if found is None else msgspec.structs.astuple(found)
        for place, rest, test in self._tests:
            value = values[place]
            if not values_pass(test, [] if value is UNSET else values_at(value, rest), self._today):
                return False
        return True


@lru_cache(maxsize=256)
def tests_of(asked: str) -> Tests:
    """JSON of Asked → tests."""
    return Tests(msgspec.json.decode(asked, type=Asked))


@lru_cache(maxsize=256)
def filter_of(text: str) -> EventFilter:
    """JSON → filter of events."""
    return msgspec.json.decode(text, type=EventFilter)


@lru_cache(maxsize=256)
def condition_of(text: str) -> Condition:
    """JSON → condition."""
    found: Condition = msgspec.json.decode(text, type=Condition)
    return found


def quietly(function: Callable[..., bool]) -> Callable[..., bool]:
    """What cannot be read does not pass: an exception would end the whole question."""

    def asked(*arguments: Any) -> bool:
        try:
            return function(*arguments)
        except (msgspec.MsgspecError, ValueError, TypeError, LookupError):
            return False

    return asked


@quietly
def attribute_passes(own: str, parts: str | None, name: str, test: str, now: int, zone: str) -> bool:
    """own: the survivor's attributes. parts: of all whom it absorbed as a JSON list, None where it absorbed nobody."""
    known: Mapping[str, Any] = msgspec.json.decode(own)
    if parts is not None:
        known = attributes_of([(known, ()), *((part, ()) for part in msgspec.json.decode(parts))]).values
    value = known.get(name)
    return passes(comparison_of(test), [] if value is None else [value], today_of(now, zone))


def body_passes(body: bytes | None, asked: str) -> bool:
    """Whether the properties of an event's row pass every test. Called for each row of a kind: little is done here."""
    try:
        return tests_of(asked).pass_(body)
    except (msgspec.MsgspecError, ValueError, TypeError):
        return False


@quietly
def page_passes(url: str, wanted: str, now: int, zone: str) -> bool:
    """Whether an address, "" for none, passes what a filter asks of the page and its campaign."""
    asked, today = filter_of(wanted), today_of(now, zone)
    return (asked.page is None or passes(asked.page, [url], today)) and utm_passes(asked, url, today)


def in_bucket(contact: int, salt: str, least: float, below: float) -> bool:
    """Whether the contact stands there."""
    return least <= share_of(contact, salt) < below


class Meets:
    """An aggregate: whether the events of one person meet a condition, by the definition."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._asked: tuple[str, int, str] | None = None

    def step(self, asked: str, now: int, zone: str, *row: Any) -> None:
        """One event. row: at, id, category, key, site, url, device, body."""
        self._asked = (asked, now, zone)
        at, id, category, key, site, url, device, body = row
        try:
            said = decode_body(body).properties or {}
        except msgspec.MsgspecError:
            said = {}
        page, agent = Page(url) if url else None, Agent(device=device or "")
        self._events.append(Event(at, unpack_id(id), category, key, said, page, site=site, agent=agent))

    def finalize(self) -> bool:
        """Whether it is met."""
        if self._asked is None:
            return False
        asked, now, zone = self._asked
        history = sorted(self._events, key=lambda event: (event.at, event.id))
        return holds(condition_of(asked), Person(NOBODY, history), Moment(now, zone_of(zone)))


FUNCTIONS: Mapping[str, tuple[int, Callable[..., Any]]] = {
    "attribute_passes": (6, attribute_passes),
    "body_passes": (2, body_passes),
    "page_passes": (4, page_passes),
    "in_bucket": (4, in_bucket),
}
"""The SQL functions that the statements of `compile.py` call."""


class Connection(sqlite3.Connection):
    """A connection that knows the aggregate as well."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.create_aggregate("meets", 11, Meets)  # type: ignore[arg-type]  # the stubs want another signature
