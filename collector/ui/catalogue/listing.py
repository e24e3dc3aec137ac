"""What does the catalogue list? The table of `sessionizer/catalogue.py` and every custom event, with what came of each.

Reads nothing, writes nothing.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from collector.store.ports.totals import KindTotal
from collector.ui.page import Language
from sessionizer.catalogue import CATALOGUE, CATEGORIES, CUSTOM, FAMILIES, Category, Family, Row, lookup
from sessionizer.event import Kind

DAYS = 30


class Entry(NamedTuple):
    """One event in a reader's language. total: None when it never came. days: how many on each of the last 30."""

    row: Row
    label: str
    description: str
    total: KindTotal | None
    days: tuple[int, ...]

    @property
    def is_yours(self) -> bool:
        """Whether a team made it up."""
        return self.row.category == CUSTOM


class Wanted(NamedTuple):
    """What a reader asked for. family: "" for all. words: each stands in label, key or description."""

    family: str = ""
    words: tuple[str, ...] = ()
    only_seen: bool = False
    only_active: bool = False

    def has(self, entry: Entry) -> bool:
        """Whether the entry is among it."""
        text = f"{entry.label} {entry.row.key} {entry.description}".casefold()
        is_kind = (entry.total is not None or not self.only_seen) and (entry.row.activity or not self.only_active)
        return is_kind and all(word in text for word in self.words)


Section = tuple[Family, list[tuple[Category, list[Entry]]]]


def entries(totals: Iterable[KindTotal], language: Language, today: int) -> list[Entry]:
    """Every event of the table in its order, then each custom one that came. today: days since 1970."""
    came = {(total.category, total.key): total for total in totals}
    custom = (lookup(category, key) for category, key in came if category == CUSTOM)
    rows = (*CATALOGUE.values(), *(row for row in custom if row))
    return [entry(row, came.get((row.category, row.key)), language, today) for row in rows]


def entry(row: Row, total: KindTotal | None, language: Language, today: int) -> Entry:
    """One of them."""
    by_day = dict(total.days) if total else {}
    days = tuple(by_day.get(day, 0) for day in range(today - DAYS + 1, today + 1))
    texts = (row.label_it, row.description_it) if language == "it" else (row.label_en, row.description_en)
    return Entry(row, *texts, total, days)


def sections(found: Iterable[Entry], wanted: Wanted) -> Iterator[Section]:
    """The entries that are wanted, by category and family in the order of the table; empty ones are left out."""
    by_category: dict[str, list[Entry]] = {}
    for each in filter(wanted.has, found):
        by_category.setdefault(each.row.category, []).append(each)
    for family in FAMILIES.values():
        cards = [(CATEGORIES[slug], by_category[slug]) for slug in family.categories if slug in by_category]
        if cards and wanted.family in ("", family.slug):
            yield family, cards


def find(category: str, key: str, came: Collection[Kind]) -> Row | None:
    """The row of that event; a custom one is there when it came, or has a schema."""
    return lookup(category, key) if category != CUSTOM or (category, key) in came else None
