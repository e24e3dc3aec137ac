"""Which variables are not there? Known when a message is saved by their names, and of one person by their values.

Nothing of it is a fault: an attribute may come to be, an event of a team's own carries what it likes. Whoever writes
the message is told. Reads nothing, writes nothing.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from sessionizer.catalogue import lookup, nearest_key
from sessionizer.event import Kind
from sessionizer.messages.language.nearest import meant
from sessionizer.messages.language.reads import EACH, Read
from sessionizer.messages.language.value import inside
from sessionizer.messages.template import LINKS, Template

ROOTS = frozenset({"contact", "event", "params", "history"}) | LINKS
ADDED: dict[str, Any] = {
    "page": {"url": {}, "title": {}, "referrer": {}},
    "object": {"type": {}, "id": {}},
    "occurred_at": {},
}
"""What every event has beside its properties."""
FREE = frozenset({"custom"})
"""Categories whose events carry what a team decides."""

Known = Mapping[str, Any]
"""Names and what is inside of each: {} of a leaf, or where nothing is known of it."""


class Missing(NamedTuple):
    """One variable that is not there. part, line: where it is read first. near: what was probably meant."""

    part: str
    line: int
    name: str
    near: str | None = None


def missing(template: Template, *, kind: Kind | None = None, attributes: Collection[str]) -> list[Missing]:
    """By names. kind: of the event that the message is for, None without one. attributes: those that contacts have."""
    found: dict[str, Missing] = {}
    for part, read in _reads(template):
        one = _unknown(part, read, kind, attributes)
        if one:
            found.setdefault(one.name, one)
    return list(found.values())


def lacking(template: Template, data: Mapping[str, Any]) -> list[Missing]:
    """By values: what is nothing or "" for this very person and event. In a list, what all elements lack."""
    found: dict[str, Missing] = {}
    for part, read in _reads(template):
        name = _name(read)
        if not any(value not in (None, "") for value in _values(data, read.steps)):
            found.setdefault(name, Missing(part, read.line, name))
    return list(found.values())


def _reads(template: Template) -> Iterator[tuple[str, Read]]:
    return ((part, read) for part, reads in template.read.items() for read in reads if read.steps)


def _name(read: Read) -> str:
    return ".".join(str(step) for step in read.steps).replace(f".{EACH}", EACH)


def _values(value: Any, steps: tuple[str | int | None, ...]) -> Iterator[Any]:
    """What is at a path, of each element where it goes through a list."""
    if not steps:
        yield value
    elif steps[0] == EACH:
        for one in value if isinstance(value, list) else ():
            yield from _values(one, steps[1:])
    elif steps[0] is not None:
        yield from _values(inside(value, steps[0]), steps[1:])
    else:
        yield value  # which name, only the rendering knows


def _unknown(part: str, read: Read, kind: Kind | None, attributes: Collection[str]) -> Missing | None:
    root = read.steps[0]
    if root == "contact":
        return _of_names(part, read, 1, attributes)
    if root == "event":
        return _of_event(part, read, 1, kind)
    if root == "history":
        return _of_history(part, read)
    return None if root in ROOTS else Missing(part, read.line, _name(read), meant(str(root), ROOTS))


def _of_names(part: str, read: Read, place: int, names: Collection[str]) -> Missing | None:
    """The step at a place has to be one of the names."""
    step = str(read.steps[place])
    if step in names:
        return None
    near = meant(step, names)
    written = [str(step) for step in read.steps[:place]]
    return Missing(part, read.line, _name(read), ".".join([*written, near]) if near else None)


def _of_history(part: str, read: Read) -> Missing | None:
    _, category, key, what, *_ = (str(step) for step in read.steps)
    if lookup(category, key) is None:
        near = nearest_key(category, key)
        return Missing(part, read.line, _name(read), f"history.{category}.{near}" if near else None)
    if what == "count":
        return None
    return _of_event(part, read, 4 if what != "list" else 5, (category, key))


def _of_event(part: str, read: Read, place: int, kind: Kind | None) -> Missing | None:
    """By the catalogue: the property, and one step inside of it where a schema says what is there."""
    row = lookup(*kind) if kind else None
    if row is None or kind is None or kind[0] in FREE or len(read.steps) <= place:
        return None
    known: Known = {**ADDED, **{name: _inside_of(schema) for name, schema in row.properties.items()}}
    while place < len(read.steps) and known:
        step = read.steps[place]
        if step is None:
            return None
        if isinstance(step, str) and step not in known and step not in (EACH, "size", "first", "last"):
            return _of_names(part, read, place, known)
        known = known if step not in known else known[str(step)]
        place += 1
    return None


def _inside_of(schema: Mapping[str, Any]) -> Known:
    """The names in an object, or in the elements of a list; {} where none are said."""
    inner = schema.get("items", schema)
    return {name: _inside_of(one) for name, one in inner.get("properties", {}).items()}
