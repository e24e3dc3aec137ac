"""What is learned of a kind of event does not depend on the order in which its events came, and says when it drifts."""

import json
from functools import reduce
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessionizer.properties.learned import (
    DAY_MS,
    MAX_PROPERTIES,
    MAX_SAMPLES,
    SURE,
    Drift,
    Masks,
    Shape,
    Span,
    Trait,
    drifts,
    join,
    observe,
    path_of,
    properties_of,
    schema_of,
    span_of,
)
from sessionizer.properties.schema import fault, misfit

OPEN = Masks(name=str, value=lambda name, value: json.dumps(value))
Told = tuple[int, dict[str, Any]]
"""(day, properties)"""

scalars = st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-9, 9) | st.text("abc", max_size=3)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("pqr"), inner)
)
payloads = st.dictionaries(st.text("abcd", max_size=2), values, max_size=5)
days = st.integers(0, 60)


def learned(*seen: Told, masks: Masks = OPEN) -> Shape:
    """The shape of these events, in this order."""
    return reduce(join, [observe([(day * DAY_MS, properties)], masks) for day, properties in seen])


def trait(shape: Shape, name: str) -> Trait:
    """Of a property that is in nothing else."""
    return next(each for path, each in shape.traits.items() if path_of(path) == (name,))


def name_of(drift: Drift) -> tuple[str, str]:
    """Where, and what."""
    return ".".join(drift.path), drift.what


@given(st.lists(st.tuples(days, payloads), min_size=1, max_size=8), st.randoms())
@settings(max_examples=200)
def test_order_does_not_matter(seen: list[Told], chance: Any) -> None:
    """Shuffled, joined in another grouping or observed at once, the same events give the same shape."""
    shuffled = [*seen]
    chance.shuffle(shuffled)
    middle = len(shuffled) // 2
    halves = [learned(*half) for half in (shuffled[:middle], shuffled[middle:]) if half]
    together = observe([(day * DAY_MS, properties) for day, properties in shuffled], OPEN)
    assert learned(*seen) == learned(*shuffled) == reduce(join, halves) == together


@given(st.lists(st.integers(0, 400), min_size=1, max_size=300))
@settings(max_examples=50)
def test_order_does_not_matter_at_the_bounds(names: list[int]) -> None:
    """Also when there are more properties and samples than are kept."""
    seen = [(place % 9, {f"p{name:03}": name, "always": name}) for place, name in enumerate(names)]
    shape = learned(*seen)
    assert shape == learned(*reversed(seen))
    assert len(shape.traits) <= MAX_PROPERTIES
    assert len(trait(shape, "always").samples) <= MAX_SAMPLES


@given(st.lists(st.tuples(days, payloads), min_size=1, max_size=8))
def test_what_was_seen_fits_what_was_learned(seen: list[Told]) -> None:
    """The schema that would be pinned is one, and refuses nothing that came."""
    schema = schema_of(learned(*seen))
    assert fault(schema) is None
    assert [] == [properties for _, properties in seen if misfit(schema, properties)]


def test_properties_have_types_and_examples() -> None:
    """Also what is nested; of several types all are named, and null is one."""
    shape = learned(
        (0, {"colour": "red", "size": 42, "box": {"w": 1}, "items": [{"id": "a"}, {"id": 7}], "gone": None}),
        (1, {"colour": "red", "size": 42.5, "box": {"w": 2}, "items": [], "gone": "x"}),
    )
    found = properties_of(shape)
    assert {"type": "string", "examples": ["red"]} == found["colour"]
    assert ("number", {42, 42.5}) == (found["size"]["type"], set(found["size"]["examples"]))
    assert {"type": "object", "properties": {"w": {"type": "integer", "examples": [1, 2]}}} == ordered(found["box"])
    assert ["integer", "string"] == found["items"]["items"]["properties"]["id"]["type"]
    assert ["null", "string"] == found["gone"]["type"]


def ordered(schema: Any) -> Any:
    """With the examples of `w` in order: which comes first is up to their hashes."""
    schema["properties"]["w"]["examples"].sort()
    return schema


def test_counts_and_ends_are_kept() -> None:
    """How many events were looked at, how many had a property, when first and last."""
    shape = learned((3, {"a": 1}), (1, {"a": "x", "b": 1}), (2, {}))
    assert Span(3, DAY_MS, 3 * DAY_MS) == shape.looked_at
    assert Span(2, DAY_MS, 3 * DAY_MS) == span_of(trait(shape, "a"))
    assert {"integer": Span(1, 3 * DAY_MS, 3 * DAY_MS), "string": Span(1, DAY_MS, DAY_MS)} == trait(shape, "a").types


def test_what_every_event_had_is_required() -> None:
    """Of enough events; one that lacks it is enough to the contrary. Whole numbers are numbers."""
    sure = [(0, {"a": 1, "b": 2})] * SURE
    assert ["a", "b"] == schema_of(learned(*sure))["required"]
    assert ["a"] == schema_of(learned(*sure, (0, {"a": 1})))["required"]
    assert "required" not in schema_of(learned(*sure[1:]))
    assert {"type": "number"} == schema_of(learned(*sure))["properties"]["a"]


def test_masks_decide_what_is_kept() -> None:
    """Of names and values alike."""
    masks = Masks(name=lambda name: "N", value=lambda name, value: "")
    shape = learned((0, {"anna@shop.it": "secret", "bruno": ["secret"]}), masks=masks)
    assert [("N",), ("N", "[]")] == [path_of(path) for path in shape.traits]
    assert [(), ()] == [trait.samples for trait in shape.traits.values()]


def daily(first: int, last: int, **properties: Any) -> list[Told]:
    """One event a day, both included."""
    return [(day, properties) for day in range(first, last + 1)]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([*daily(0, 9, a=1)], []),
        ([*daily(0, 9, a=1), (10, {"a": 1.5}), (11, {"a": None})], []),
        ([(0, {"a": 1}), (0, {"a": "x"})], []),
        ([*daily(0, 9, a=1), (10, {"a": "1"})], [("a", "retyped")]),
        ([*daily(0, 9, a=1), *daily(10, 38, a="1")], [("a", "retyped")]),
        ([*daily(0, 9, a=1), *daily(10, 40, a="1")], []),
        ([(0, {"a": [1]}), (1, {"a": ["x"]})], [("a.[]", "retyped")]),
        ([*daily(0, 6, a=1), (6, {"b": 1})], []),
        ([*daily(0, 7, a=1), (7, {"b": 1})], [("b", "new")]),
        ([*daily(0, 7, a=1), *daily(7, 36, b=1, a=1)], [("b", "new")]),
        ([*daily(0, 7, a=1), *daily(7, 37, b=1, a=1)], []),
        ([*daily(0, 3, a=1, b=1), *daily(4, 9, a=1)], []),
        ([*daily(0, 1, a=1, b=1), *daily(2, 20, a=1)], []),
        ([*daily(0, 2, a=1, b=1), *daily(3, 11, a=1)], []),
        ([*daily(0, 2, a=1, b=1), *daily(3, 12, a=1)], [("b", "gone")]),
        ([*daily(0, 90, a=1), (0, {"b": 1}), (30, {"b": 1}), (60, {"b": 1})], []),
    ],
)
def test_drift_is_seen(seen: list[Told], expected: list[tuple[str, str]]) -> None:
    """Another type than at first; new after a week; gone for a week and ten times as long as it used to be away."""
    assert expected == [name_of(drift) for drift in drifts(learned(*seen))]


def test_a_drift_says_since_when_and_from_what_to_what() -> None:
    """So that somebody finds the release that did it."""
    (drift,) = drifts(learned(*daily(0, 9, price=129), (10, {"price": "129 EUR"})))
    assert Drift(("price",), "retyped", 10 * DAY_MS, "number", "string") == drift
