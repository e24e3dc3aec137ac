"""What does the reader ask for? The filters in the address, as tabs, a form and chips show them.

The address says it in the words of `/api/events`, so that its twins understand it; a form says some things in words of
its own (`FORM`), which `canonical` puts into those. Pure: the address in, texts and addresses out.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from collector.api.frame.params import instant_of
from collector.instant import instant
from collector.store.ports.totals import KindTotal
from collector.ui.page import Language
from collector.ui.times import DAY_MS, HOUR_MS
from sessionizer.catalogue import CATALOGUE, CATEGORIES, CUSTOM, FAMILIES, Row, family_of
from sessionizer.event import Kind

Pairs = Sequence[tuple[str, str]]
"""A query string, taken apart: names and values in their order."""

FORM = frozenset({"kind", "path", "op", "value"})
"""Fields of the form that the API has no parameter for: an event as `category/key`; a property in three parts."""

OF_LIST = frozenset({"cursor", "open", "limit"})
"""Where the reader is in the list; falls away when the list becomes another."""

CHIPS = {
    "q": "events_chip_q",
    "key": "events_chip_key",
    "category": "events_chip_category",
    "contact": "events_chip_contact",
    "visitor_id": "events_chip_visitor_id",
    "site": "events_chip_site",
    "source": "events_chip_source",
    "property": "events_chip_property",
    "from": "events_chip_from",
    "to": "events_chip_to",
    "bots": "events_chip_bots",
    "superseded": "events_chip_superseded",
    "order": "events_chip_order",
}
"""A filter → the key of the text that says which it is."""

SPANS = {"last_hour": HOUR_MS, "last_day": DAY_MS, "last_week": 7 * DAY_MS, "last_month": 30 * DAY_MS}
MOST_CUSTOM = 60
"""Custom events that the select offers: those with the most events."""

_LOCAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?", re.ASCII)


class Tab(NamedTuple):
    """A family of events. family: "" for all."""

    family: str
    label: str
    address: str
    events: int
    is_current: bool


class Option(NamedTuple):
    """An event to choose. events: 0 when it was never seen."""

    value: str
    label: str
    events: int
    is_chosen: bool


class Chip(NamedTuple):
    """A filter that is at work. says: the key of a text. address: the list without it."""

    name: str
    says: str
    value: str
    address: str


class Span(NamedTuple):
    """A stretch of time up to now, as a link. key: of its text."""

    key: str
    address: str


def canonical(given: Pairs) -> Pairs:
    """The address as the API would have it; the same when it is. An event goes before the categories of a tab."""
    fields = {name: value.strip() for name, value in given if name in FORM}
    kept = [(name, zoned(value) if name in ("from", "to") else value) for name, value in given if name not in FORM]
    category, slash, key = fields.get("kind", "").partition("/")
    if slash:
        kept = [pair for pair in kept if pair[0] not in ("category", "key")] + [("category", category), ("key", key)]
    if fields.get("path"):
        op, value = fields.get("op", "eq"), fields.get("value", "")
        kept.append(("property", f"{fields['path']}:{op}" + ("" if op == "exists" and not value else f":{value}")))
    return [pair for pair in kept if pair[1]] if fields else kept


def zoned(value: str) -> str:
    """The time of a form's field, which has no zone, in UTC; anything else as it is."""
    found = _LOCAL.fullmatch(value)
    return value if not found else value + ("Z" if found[1] else ":00Z")


def local(value: str) -> str:
    """A time of the address as a form's field has it; "" when it is none."""
    try:
        return instant(instant_of(value))[:19]
    except (ValueError, OverflowError):
        return ""


def address(pairs: Pairs, path: str = "") -> str:
    """A link to the list with that query."""
    return f"{path}?{urlencode(pairs)}" if pairs else path or "?"


def without(pairs: Pairs, *names: str) -> Pairs:
    """The query without these parameters."""
    return [pair for pair in pairs if pair[0] not in names]


def filters(pairs: Pairs) -> Pairs:
    """What narrows the list: the query without the place in it and without what is empty."""
    return [(name, value) for name, value in pairs if name not in OF_LIST and value]


def family_asked(pairs: Pairs) -> str | None:
    """The family whose tab is open: all its categories are asked for, or one event of it. "" for all, None for other.

    Categories that are no family are nobody's tab.
    """
    categories = [value for name, value in pairs if name == "category"]
    if not categories:
        return "" if not any(name == "key" for name, _ in pairs) else None
    if kind_asked(pairs):
        return family_of(categories[0])
    return next((family.slug for family in FAMILIES.values() if set(family.categories) == set(categories)), None)


def kind_asked(pairs: Pairs) -> Kind | None:
    """The one event that is asked for, None when it is not one."""
    categories = [value for name, value in pairs if name == "category"]
    keys = [value for name, value in pairs if name == "key"]
    return (categories[0], keys[0]) if len(categories) == len(keys) == 1 and categories[0] in CATEGORIES else None


def tabs(pairs: Pairs, totals: Iterable[KindTotal], language: Language) -> list[Tab]:
    """All, then the families; the other filters stay as they are."""
    counts: dict[str, int] = {"": 0}
    for total in totals:
        family = family_of(total.category)
        counts[family] = counts.get(family, 0) + total.events
        counts[""] += total.events
    rest, current = without(filters(pairs), "category", "key"), family_asked(pairs)
    families = [("", "", ()), *((f.slug, label_of(f, language), f.categories) for f in FAMILIES.values())]
    return [
        Tab(
            slug,
            label,
            address([*[("category", c) for c in categories], *rest], "/events"),
            counts.get(slug, 0),
            slug == current,
        )
        for slug, label, categories in families
    ]


def label_of(row: object, language: Language) -> str:
    """The label of a row, a category or a family in the reader's language."""
    return str(getattr(row, f"label_{language}"))


def options(pairs: Pairs, totals: Iterable[KindTotal], language: Language) -> list[tuple[str, list[Option]]]:
    """The events of the open tab by category: those of the catalogue, and custom ones that came."""
    counts = {(total.category, total.key): total.events for total in totals}
    asked, family = kind_asked(pairs), family_asked(pairs)
    categories = FAMILIES[family].categories if family else tuple(CATEGORIES)
    return [
        (
            label_of(CATEGORIES[category], language),
            [
                Option("/".join(kind), worded(kind, language), counts.get(kind, 0), kind == asked)
                for kind in kinds_of(category, counts, asked)
            ],
        )
        for category in categories
    ]


def kinds_of(category: str, counts: Mapping[Kind, int], asked: Kind | None) -> list[Kind]:
    """The events of a category; of the custom ones those that came most often, by name."""
    if category != CUSTOM:
        return [kind for kind in CATALOGUE if kind[0] == category]
    seen = sorted((kind for kind in counts if kind[0] == CUSTOM), key=lambda kind: -counts[kind])[:MOST_CUSTOM]
    return sorted({*seen, *([asked] if asked and asked[0] == CUSTOM else [])})


def worded(kind: Kind, language: Language) -> str:
    """`Cart updated · cart_updated`; a custom event has no other name than its key."""
    row: Row | None = CATALOGUE.get(kind)
    return f"{label_of(row, language)} · {kind[1]}" if row else kind[1]


def chips(pairs: Pairs) -> list[Chip]:
    """What is at work beside the tab, each with the list without it."""
    shown = filters(pairs)
    kind, family = kind_asked(pairs), family_asked(pairs)
    found = [
        Chip(name, CHIPS[name], value, address([*shown[:place], *shown[place + 1 :]], "/events"))
        for place, (name, value) in enumerate(shown)
        if name in CHIPS and not (name == "category" and (kind or family)) and not (name == "key" and kind)
    ]
    if kind:
        of_family = [("category", category) for category in FAMILIES[family_of(kind[0])].categories]
        found.insert(
            0,
            Chip(
                "kind",
                "events_chip_kind",
                kind[1],
                address([*of_family, *without(shown, "category", "key")], "/events"),
            ),
        )
    return found


def spans(pairs: Pairs, now: int) -> list[Span]:
    """Links to the same list of the last hour, day, week, month, and of all time. now: ms UTC."""
    rest = without(filters(pairs), "from", "to")
    found = [Span(key, address([*rest, ("from", instant(now - length))], "/events")) for key, length in SPANS.items()]
    return [*found, Span("all_time", address(rest, "/events"))]


def hidden(pairs: Pairs, shown: Collection[str]) -> Pairs:
    """The filters that the form has no field for, and keeps. shown: names of its fields."""
    kind = kind_asked(pairs)
    family = family_asked(pairs)
    kept = [pair for pair in filters(pairs) if pair[0] not in {*shown, "category", "key"}]
    if kind:  # when the reader chooses all events again, they are those of the open tab
        return [*[("category", category) for category in FAMILIES[family or CUSTOM].categories], *kept]
    return [*[pair for pair in filters(pairs) if pair[0] in ("category", "key")], *kept]
