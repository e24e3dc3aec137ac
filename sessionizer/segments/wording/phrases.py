"""How is a part of a condition said? A test of a value, the events that are meant, how often.

What narrows the events stands in brackets behind what was done, one thing behind the other with `;` between: inside of
brackets there is no *and* that could belong to something else. Reads nothing, writes nothing.
"""

from collections.abc import Iterator
from datetime import date

import msgspec

from sessionizer.segments.comparison import DAYS, NEGATIVE, RELATIVE, Comparison
from sessionizer.segments.condition import Counted, EventFilter, PropertyTest, Same, SequenceStep
from sessionizer.segments.wording.voice import Deed, Voice
from sessionizer.segments.wording.words import TESTS

POSITIVE = {"differs": "equals", "missing": "exists"}
"""A negative test is the opposite of one of these, also of a thing without a value."""


# Tests of values ------------------------------------------------------------------------------------------------------


def turned(test: Comparison) -> tuple[Comparison, bool]:
    """The test without its negation, and whether it is to hold. One of one value is that value."""
    if test.op == "in" and isinstance(test.value, tuple) and len(test.value) == 1:
        return msgspec.structs.replace(test, op="equals", value=test.value[0]), True
    if test.op in NEGATIVE:
        return msgspec.structs.replace(test, op=POSITIVE[test.op]), False
    return test, True


def predicate(voice: Voice, test: Comparison, *, so: bool) -> str:
    """What stands behind a name: `is “red”`. so: whether the (positive) test is to hold."""
    it, en, en_not = TESTS[test.op]
    values = _values(voice, test, so=so)
    return (it if voice.language == "it" else en if so else en_not).format(*values)


def _values(voice: Voice, test: Comparison, *, so: bool) -> list[str]:
    """What fills a test in."""
    if test.op in DAYS:
        return [voice.day("on_day" if test.op == "on" else test.op, date.fromisoformat(str(test.value)))]
    if test.op in RELATIVE and test.within:
        return [voice.span(test.within, "last_" if test.op == "in_last" else "next_")]
    if test.op == "anniversary":
        within = test.within if test.within and test.within.n else None
        return [voice.say("today_or", voice.span(within, "next_")) if within else voice.say("today")]
    values = [voice.value(value) for value in (test.value if isinstance(test.value, tuple) else (test.value,))]
    return [voice.listed(values, "or" if so or voice.language == "it" else "nor")] if test.op == "in" else values


def tested(voice: Voice, name: str, test: Comparison) -> str:
    """`total is more than 50`, in brackets."""
    positive, so = turned(test)
    return voice.say("that" if so else "that_not", name, predicate(voice, positive, so=so))


def property_test(voice: Voice, wanted: PropertyTest) -> str:
    """The same of a property: of one of several values, or of each of them."""
    name = voice.path(wanted.path)
    if wanted.of == "all":
        return tested(voice, voice.say("each", name), wanted.test)
    if "[]" not in wanted.path:
        return tested(voice, name, wanted.test)
    positive, so = turned(wanted.test)
    return tested(voice, voice.say("some" if so else "none", name), positive)


# Events ---------------------------------------------------------------------------------------------------------------


def deed(voice: Voice, wanted: EventFilter) -> Deed:
    """What was done, with what narrows it."""
    return bracketed(voice.deed(wanted.kind), list(narrowing(voice, wanted)))


def bracketed(what: Deed, narrowing: list[str]) -> Deed:
    """A deed with something in brackets behind it."""
    behind = f" ({'; '.join(narrowing)})" if narrowing else ""
    return Deed(what.did + behind, what.done + behind)


def narrowing(voice: Voice, wanted: EventFilter) -> Iterator[str]:
    """What else must be true of the event."""
    yield from (property_test(voice, one) for one in wanted.where)
    if wanted.page:
        yield tested(voice, voice.say("address"), wanted.page)
    for name, test in wanted.utm.items():
        yield tested(voice, f"UTM {name}", test)
    if wanted.sites:
        yield voice.say("site", voice.listed(map(voice.site, wanted.sites)))
    if wanted.devices:
        yield voice.say("device", voice.listed(voice.device(name) for name in wanted.devices))
    if isinstance(wanted, SequenceStep):
        yield from (_same(voice, one) for one in wanted.same)


def _same(voice: Voice, same: Same) -> str:
    """What it has in common with an earlier step; people count from 1."""
    return voice.say("same", voice.path(same.property), voice.path(same.as_), str(same.step + 1))


# How often ------------------------------------------------------------------------------------------------------------


def is_never(count: Counted, *, so: bool) -> bool:
    """Whether it says that something did not happen at all. so: whether the count is to hold."""
    return (count.op, count.value) == ("at_least", 1) if not so else count.op != "at_least" and count.value == 0


def is_ever(count: Counted, *, so: bool) -> bool:
    """Whether it says that something happened, no matter how often."""
    return is_never(count, so=not so)


def times(voice: Voice, count: Counted, *, so: bool) -> str:
    """`at least 3 times`, or the opposite."""
    if (count.op, count.value) == ("at_least", 0):
        return voice.say("any_number_of_times" if so else "fewer_than_no_times")
    n = voice.number(count.value)
    often = voice.say({1: "once", 2: "twice"}.get(count.value, "times"), n=n)
    return voice.say(f"{'is' if so else 'not'}_{count.op}_times", often, n=n)
