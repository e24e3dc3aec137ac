"""What does SQLite ask Python about a row? Tests of values, by the definition.

Nothing here raises: a row that cannot be read does not pass.
"""

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from collector.store.sqlite.segments.aggregates import Meets, Tally, WorkedOut
from collector.store.sqlite.segments.asked import comparison_of, filter_of, today_of
from collector.store.sqlite.segments.reading import tests_of
from sessionizer.attributes import attributes_of
from sessionizer.segments.comparison import passes
from sessionizer.segments.evaluate import share_of
from sessionizer.segments.history import utm_passes


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
    """Whether the properties of an event's row pass every test."""
    return tests_of(asked).pass_(body)


@quietly
def page_passes(url: str, wanted: str, now: int, zone: str) -> bool:
    """Whether an address, "" for none, passes what a filter asks of the page and its campaign."""
    asked, today = filter_of(wanted), today_of(now, zone)
    return (asked.page is None or passes(asked.page, [url], today)) and utm_passes(asked, url, today)


def in_bucket(contact: int, salt: str, least: float, below: float) -> bool:
    """Whether the contact stands there."""
    return least <= share_of(contact, salt) < below


FUNCTIONS: Mapping[str, tuple[int, Callable[..., Any]]] = {
    "attribute_passes": (6, attribute_passes),
    "body_passes": (2, body_passes),
    "page_passes": (4, page_passes),
    "in_bucket": (4, in_bucket),
}
"""The SQL functions that the statements of `compile.py` call."""

AGGREGATES: Mapping[str, tuple[int, type]] = {"tally": (2, Tally), "worked_out": (2, WorkedOut), "meets": (9, Meets)}


class Connection(sqlite3.Connection):
    """A connection that knows the aggregates as well."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name, (arity, aggregate) in AGGREGATES.items():
            self.create_aggregate(name, arity, aggregate)
