"""What does a segment ask? A tree of conditions, in JSON and back.

    {"version": 1, "where": {"type": "all", "of": [
        {"type": "event", "category": "website", "key": "page_visited", "count": {"op": "at_least", "value": 3},
         "window": {"last": {"n": 30, "unit": "days"}}, "page": {"op": "contains", "value": "/shoes"}},
        {"type": "not", "of": {"type": "event", "category": "ecommerce", "key": "order_completed"}}]}}

What each means is in `evaluate.py`, how it reads in `wording/`, what is wrong with one in `check.py`. Reads nothing,
writes nothing.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union

import msgspec
from msgspec import Meta

from sessionizer.event import Kind
from sessionizer.segments.comparison import Comparison
from sessionizer.segments.window import EVER, Span, Window

MAX_CONDITIONS = 100
MAX_STEPS = 5

Path = Annotated[str, Meta(min_length=1, max_length=512, extra_json_schema={"examples": ["items[].sku"]})]
"""Names with dots between; `[]` behind a list is said for people only: a name looks into each element anyway."""
UtmName = Literal["source", "medium", "campaign", "term", "content"]
Text = Annotated[str, Meta(min_length=1, max_length=255)]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type"):
    """A node of the tree."""


class PropertyTest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is asked of a property. of: of several values at the path, whether any has to pass, or each of at least one.

    Tests inside of one list ask about any of its elements, each by itself: two tests may be met by two articles.
    """

    path: Path
    test: Comparison
    of: Literal["any", "all"] = "any"


class EventFilter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Which events. page: of its address. utm: of its campaign, by name. sites, devices: one of them."""

    category: Text
    key: Text
    where: tuple[PropertyTest, ...] = ()
    page: Comparison | None = None
    utm: dict[UtmName, Comparison] = {}
    sites: tuple[int, ...] = ()
    devices: tuple[Text, ...] = ()

    @property
    def kind(self) -> Kind:
        """(category, key)."""
        return (self.category, self.key)


class Counted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often."""

    op: Literal["at_least", "at_most", "exactly"]
    value: Annotated[int, Meta(ge=0, le=1_000_000)]


ONCE = Counted("at_least", 1)


class AllOf(Part, frozen=True, tag="all"):
    """Every one of them; of none, everybody."""

    of: tuple["Condition", ...]


class AnyOf(Part, frozen=True, tag="any"):
    """One of them at least; of none, nobody."""

    of: tuple["Condition", ...]


class NotSo(Part, frozen=True, tag="not"):
    """Not so."""

    of: "Condition"


class AttributeIs(Part, frozen=True, tag="attribute"):
    """An attribute of the contact."""

    name: Text
    test: Comparison


class Did(EventFilter, Part, frozen=True, tag="event", kw_only=True):
    """How often it happened within the window: once at least, unless `count` says otherwise."""

    count: Counted = ONCE
    window: Window = EVER


class Aggregate(EventFilter, Part, frozen=True, tag="aggregate", kw_only=True):
    """Something worked out of a property of the events within the window. currency: of money; only such events count.

    Without `currency` events of several currencies are never put together: it holds if it holds within one of them.
    Without a single value nothing holds but `missing`; there a count of distinct values is 0.
    """

    function: Literal["sum", "average", "minimum", "maximum", "distinct"]
    property: Path
    test: Comparison
    currency: Text | None = None
    window: Window = EVER


class Same(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value of this step's property is one of an earlier step's. step: its place, from 0."""

    property: Path
    step: Annotated[int, Meta(ge=0, lt=MAX_STEPS)]
    as_: Path = msgspec.field(name="as")


class SequenceStep(EventFilter, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One step. within: of the step before. without: what must not happen between the step before and this one."""

    within: Span | None = None
    without: tuple[EventFilter, ...] = ()
    same: tuple[Same, ...] = ()


class InOrder(Part, frozen=True, tag="sequence"):
    """One after the other, each later than the one before. window: of the last step."""

    steps: Annotated[tuple[SequenceStep, ...], Meta(min_length=2, max_length=MAX_STEPS)]
    window: Window = EVER


class Inactive(Part, frozen=True, tag="inactivity"):
    """The last `after` within the window was not followed by a `without` for so long; it holds from then on."""

    after: EventFilter
    without: EventFilter
    within: Span
    window: Window = EVER


class FirstOrLast(EventFilter, Part, frozen=True, tag="time", kw_only=True):
    """When it happened for the first, or for the last time: in that window."""

    which: Literal["first", "last"]
    window: Window


class Visited(Part, frozen=True, tag="session"):
    """Sessions within the window by number, pages or length. now: there is one at this moment, and nothing else counts.

    pages, seconds: of a session that has ended; only those that pass are counted.
    """

    count: Counted = ONCE
    pages: Comparison | None = None
    seconds: Comparison | None = None
    window: Window = EVER
    now: bool = False


class IdentityIs(Part, frozen=True, tag="identity"):
    """Who is known. is_: `has` asks for an identifier of that kind."""

    is_: Literal["anonymous", "identified", "has"] = msgspec.field(name="is")
    kind: Text | None = None


class ConsentIs(Part, frozen=True, tag="consent"):
    """What the contact has agreed to."""

    is_: Literal["granted", "denied", "unknown"] = msgspec.field(name="is")


class OnList(Part, frozen=True, tag="list"):
    """Whether the contact is on the list of that name."""

    name: Text


class InSegment(Part, frozen=True, tag="segment"):
    """Whether the contact is in another segment."""

    id: Annotated[int, Meta(ge=1, lt=2**53)]


class InBucket(Part, frozen=True, tag="bucket"):
    """A part of all contacts that stays the same: shares of a hundred, from one up to, but not including, another.

    salt: another one is another division.
    """

    from_: Annotated[float, Meta(ge=0, le=100)] = msgspec.field(name="from")
    to: Annotated[float, Meta(ge=0, le=100)]
    salt: Annotated[str, Meta(max_length=100)] = ""


Condition = Union[  # noqa: UP007  # forward references
    AllOf, AnyOf, NotSo, AttributeIs, Did, Aggregate, InOrder, Inactive, FirstOrLast, Visited, IdentityIs, ConsentIs,
    OnList, InSegment, InBucket,
]  # fmt: skip


class Definition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A segment's question. version: of this language."""

    where: Condition
    version: Literal[1] = 1


def parse(value: Any) -> Definition:
    """Plain JSON → Definition. Raises msgspec.ValidationError, which names the path."""
    return msgspec.convert(value, Definition)


def plain(definition: Definition) -> Any:
    """Definition → plain JSON, as short as it can be said."""
    return msgspec.to_builtins(definition)


def leaves(condition: Condition) -> Iterator[Condition]:
    """The conditions of a tree that are no groups, from left to right."""
    if isinstance(condition, NotSo):
        yield from leaves(condition.of)
    elif isinstance(condition, AllOf | AnyOf):
        for one in condition.of:
            yield from leaves(one)
    else:
        yield condition
