"""Which columns has the list of people? Those of the address, `columns=last_seen&columns=attribute:CITY`."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from collector.store.ports.contacts import StoredContact

OWN = ("identifiers", "first_seen", "last_seen", "consent", "lists", "browsers")
"""What every contact has, by the words that head them."""

USUAL = ("identifiers", "last_seen")
ATTRIBUTE = "attribute:"
MOST = 20
"""Columns that a person would still read; names of attributes are strangers' text."""


class Column(NamedTuple):
    """A column that may be chosen. attribute: its name, "" for one that every contact has."""

    name: str
    attribute: str
    chosen: bool


def columns_of(asked: Sequence[str], contacts: Iterable[StoredContact]) -> list[Column]:
    """All that can be chosen: own ones, then the attributes that were asked for or that these contacts have."""
    given = [name for name in dict.fromkeys(asked) if is_column(name)][:MOST] or list(USUAL)
    seen = sorted({f"{ATTRIBUTE}{name}" for contact in contacts for name in contact.attributes if name})
    attributes = [name for name in dict.fromkeys([*given, *seen]) if name not in OWN]
    return [
        Column(name, name.removeprefix(ATTRIBUTE) if name not in OWN else "", name in given)
        for name in (*OWN, *attributes)
    ]


def is_column(name: str) -> bool:
    """Whether there is, or could be, such a column."""
    return name in OWN or (name.startswith(ATTRIBUTE) and name != ATTRIBUTE)
