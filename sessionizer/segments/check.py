"""What is wrong with a segment's question? Each fault with the path of the field and the way out.

What has the wrong type is refused while it is read (`condition.parse`); here stands what types cannot say. A custom
event that was never seen is no fault: who saves the segment is told, and it may come yet.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from sessionizer.catalogue import known, nearest_key
from sessionizer.contact import IDENTIFIER_KINDS
from sessionizer.properties.path import names_of
from sessionizer.segments import condition as asks
from sessionizer.segments.comparison import DAYS, NEGATIVE, RELATIVE, SIZES, TEXTS, TIMELY, VALUELESS, Comparison
from sessionizer.segments.window import EVER, Window

MAX_DEPTH = 10
MAX_VALUES = 100
MAX_TEXT = 1_000
SEGMENTS = "segment"
"""The category of events that say who is in a segment: a question about them would follow from its own answer."""
KINDS = tuple(kind for kind in IDENTIFIER_KINDS if kind != "contact_id")
NO_KIND = (None,)


Others = Mapping[int, asks.Definition]
NONE: Others = {}


class Fault(NamedTuple):
    """path: of the field, `where.of[0].test.value`. says: what is wrong, and what to do."""

    path: str
    says: str


def faults(definition: asks.Definition, *, id: int = 0, others: Others = NONE) -> list[Fault]:
    """All of them. id: of the segment that is asked about, 0 for a new one. others: the segments that there are."""
    found = list(_faults(definition.where, "where", 1))
    number = sum(1 for _ in asks.leaves(definition.where))
    if number > asks.MAX_CONDITIONS:
        found.append(Fault("where", f"{number} conditions; at most {asks.MAX_CONDITIONS}. Make two segments of it."))
    return [*found, *_circles(definition.where, "where", id, others)]


def _faults(condition: asks.Condition, path: str, depth: int) -> Iterator[Fault]:
    if depth > MAX_DEPTH:
        yield Fault(path, f"groups inside of groups, more than {MAX_DEPTH} levels deep.")
    elif isinstance(condition, asks.NotSo):
        yield from _faults(condition.of, f"{path}.of", depth + 1)
    elif isinstance(condition, asks.AllOf | asks.AnyOf):
        if not condition.of:
            yield Fault(f"{path}.of", "an empty group; put a condition into it, or take it away.")
        for index, one in enumerate(condition.of):
            yield from _faults(one, f"{path}.of[{index}]", depth + 1)
    else:
        yield from _of_leaf(condition, path)


def _of_leaf(leaf: asks.Condition, path: str) -> Iterator[Fault]:
    if isinstance(leaf, asks.EventFilter):
        yield from _of_filter(leaf, path)
    yield from _of_window(getattr(leaf, "window", EVER), f"{path}.window")
    if isinstance(leaf, asks.AttributeIs):
        yield from _of_test(leaf.test, f"{path}.test")
    elif isinstance(leaf, asks.Aggregate):
        yield from _of_aggregate(leaf, path)
    elif isinstance(leaf, asks.InOrder):
        yield from _of_steps(leaf.steps, f"{path}.steps")
    elif isinstance(leaf, asks.Inactive):
        yield from _of_filter(leaf.after, f"{path}.after")
        yield from _of_filter(leaf.without, f"{path}.without")
    else:
        yield from _of_other(leaf, path)


def _of_other(leaf: asks.Condition, path: str) -> Iterator[Fault]:
    if isinstance(leaf, asks.FirstOrLast) and leaf.window == EVER:
        yield Fault(f"{path}.window", "say when: last, ago, after or before.")
    if isinstance(leaf, asks.Visited):
        yield from _of_visits(leaf, path)
    if isinstance(leaf, asks.IdentityIs) and leaf.kind not in (KINDS if leaf.is_ == "has" else NO_KIND):
        yield Fault(f"{path}.kind", f"with `has`, and only with it, one of {' '.join(KINDS)}.")
    if isinstance(leaf, asks.InBucket) and leaf.from_ >= leaf.to:
        yield Fault(f"{path}.to", "it must be greater than `from`.")


def _of_visits(leaf: asks.Visited, path: str) -> Iterator[Fault]:
    for name in ("pages", "seconds"):
        test = getattr(leaf, name)
        if test and leaf.now:
            yield Fault(f"{path}.{name}", "a session that goes on has no end yet; leave out this test, or `now`.")
        elif test:
            yield from _of_number(test, f"{path}.{name}")


def _of_filter(wanted: asks.EventFilter, path: str) -> Iterator[Fault]:
    if wanted.category == SEGMENTS:
        yield Fault(f"{path}.category", "what is said of segments: ask for the segment itself, condition `segment`.")
    elif not known(*wanted.kind):
        meant = nearest_key(*wanted.kind)
        says = f"did you mean {meant}?" if meant else "the catalogue has them all; your own have the category custom."
        yield Fault(f"{path}.key", f"no event {wanted.category}/{wanted.key}: {says}")
    for index, one in enumerate(wanted.where):
        yield from _of_path(one.path, f"{path}.where[{index}].path")
        yield from _of_test(one.test, f"{path}.where[{index}].test")
    for name, test in {"page": wanted.page, **{f"utm.{name}": test for name, test in wanted.utm.items()}}.items():
        if test:
            yield from _of_test(test, f"{path}.{name}")


def _of_aggregate(leaf: asks.Aggregate, path: str) -> Iterator[Fault]:
    yield from _of_path(leaf.property, f"{path}.property")
    yield from _of_number(leaf.test, f"{path}.test")
    if leaf.currency is not None and not (len(leaf.currency) == 3 and leaf.currency.isascii()):
        yield Fault(f"{path}.currency", "three letters, such as EUR.")


def _of_steps(steps: tuple[asks.SequenceStep, ...], path: str) -> Iterator[Fault]:
    for index, step in enumerate(steps):
        here = f"{path}[{index}]"
        yield from _of_filter(step, here)
        for place, wanted in enumerate(step.without):
            yield from _of_filter(wanted, f"{here}.without[{place}]")
        if index == 0 and (step.within or step.without or step.same):
            yield Fault(here, "the first step has none before it: within, without and same belong to later ones.")
        for place, same in enumerate(step.same):
            yield from _of_path(same.property, f"{here}.same[{place}].property")
            yield from _of_path(same.as_, f"{here}.same[{place}].as")
            if same.step >= index:
                yield Fault(f"{here}.same[{place}].step", f"an earlier step: 0 to {index - 1}.")


def _of_path(path: str, where: str) -> Iterator[Fault]:
    try:
        names_of(path)
    except ValueError as error:
        yield Fault(where, f"{error}.")


def _of_window(window: Window, path: str) -> Iterator[Fault]:
    if window.after and window.before and window.after >= window.before:
        yield Fault(f"{path}.before", "it must be later than `after`.")


# Tests ----------------------------------------------------------------------------------------------------------------


def _of_number(test: Comparison, path: str) -> Iterator[Fault]:
    """A test of something that is a number."""
    if test.op not in {*SIZES, "between", "equals", "differs", "in"}:
        yield Fault(f"{path}.op", f"a number is compared with {' '.join(SIZES)} between equals differs in.")
    elif not all(_is_number(value) for value in _values(test)):
        yield Fault(f"{path}.value", "a number.")
    else:
        yield from _of_test(test, path)


def _of_test(test: Comparison, path: str) -> Iterator[Fault]:
    if says := _wrong_value(test):
        yield Fault(f"{path}.value", says)
    if test.within is None and test.op in RELATIVE:
        yield Fault(f"{path}.within", "how many days, weeks, months or years; with in_last and in_next.")
    elif test.within and test.op not in TIMELY:
        yield Fault(f"{path}.within", "only with in_last, in_next and anniversary.")
    elif test.within and test.within.n == 0 and test.op in RELATIVE:
        yield Fault(f"{path}.within.n", "1 at least.")


def _wrong_value(test: Comparison) -> str:
    """What is wrong with what is compared, "" when it is right."""
    op, value = test.op, test.value
    if op in VALUELESS or op in TIMELY:
        return "" if value is None else f"none: {op} compares with nothing."
    if op == "in":
        return "" if isinstance(value, tuple) and 0 < len(value) <= MAX_VALUES else f"a list of 1 to {MAX_VALUES}."
    if op == "between":
        return "" if _is_range(value) else "two numbers, the smaller one first."
    if op in SIZES:
        return "" if _is_number(value) else "a number."
    if op in DAYS:
        return "" if _is_day(value) else "a date such as 2026-11-24."
    if op in TEXTS:
        return "" if isinstance(value, str) and 0 < len(value) <= MAX_TEXT else f"a text of 1 to {MAX_TEXT} characters."
    assert op in NEGATIVE or op == "equals", op
    return "a text, a number, true or false." if value is None or isinstance(value, tuple) else ""


def _values(test: Comparison) -> tuple[Any, ...]:
    return test.value if isinstance(test.value, tuple) else (test.value,)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_range(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and all(map(_is_number, value)) and value[0] <= value[1]


def _is_day(value: Any) -> bool:
    try:
        return len(str(value)) == 10 and bool(date.fromisoformat(str(value)))
    except ValueError:
        return False


# Segments of segments -------------------------------------------------------------------------------------------------


def _circles(condition: asks.Condition, path: str, id: int, others: Others) -> Iterator[Fault]:
    """Segments that are not there, or that ask for this one."""
    for leaf in asks.leaves(condition):
        if isinstance(leaf, asks.InSegment):
            if leaf.id != id and leaf.id not in others:
                yield Fault(path, f"there is no segment {leaf.id}.")
            elif leaf.id == id or id in _asked_for(leaf.id, others):
                yield Fault(path, f"segment {leaf.id} asks for this one, which would ask for itself.")


def _asked_for(id: int, others: Others) -> set[int]:
    """The segments that one asks for, and those that they ask for."""
    found: set[int] = set()
    ahead = [id]
    while ahead:
        for leaf in asks.leaves(others[ahead.pop()].where):
            if isinstance(leaf, asks.InSegment) and leaf.id not in found:
                found.add(leaf.id)
                ahead += [leaf.id] if leaf.id in others else []
    return found
