"""How is one condition said, or its opposite? What stands behind *who*, or behind *whose*.

Inside of a clause no *and* or *or* has a comma before it: those with one are between clauses. Reads nothing, writes
nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from sessionizer.segments import condition as asks
from sessionizer.segments.window import Window
from sessionizer.segments.wording.phrases import (
    bracketed,
    deed,
    is_ever,
    is_never,
    predicate,
    tested,
    times,
    turned,
)
from sessionizer.segments.wording.voice import Deed, Voice


class Clause(NamedTuple):
    """`visited a page`; whose: `city is “Rome”`, which is said of something that somebody has."""

    text: str
    whose: bool = False


def clause(voice: Voice, leaf: asks.Condition, *, so: bool) -> Clause:
    """A condition that is no group. so: whether it is to hold, or not to."""
    return _SAID[type(leaf)](voice, leaf, so)


def _either(voice: Voice, key: str, so: bool, *values: str) -> Clause:
    """The words of a key, or those of its opposite."""
    return Clause(voice.say(f"{'is' if so else 'not'}_{key}", *values))


def _joined(*parts: str) -> str:
    """With spaces between those that there are."""
    return " ".join(part for part in parts if part)


# Who it is ------------------------------------------------------------------------------------------------------------


def _attribute(voice: Voice, leaf: asks.AttributeIs, so: bool) -> Clause:
    positive, straight = turned(leaf.test)
    return _has(voice, voice.name(leaf.name), predicate(voice, positive, so=straight == so), straight == so)


def _has(voice: Voice, name: str, says: str, so: bool) -> Clause:
    return Clause(voice.say("has" if so else "has_not", name, says), whose=True)


def _identity(voice: Voice, leaf: asks.IdentityIs, so: bool) -> Clause:
    return _either(voice, leaf.is_, so, voice.say(leaf.kind) if leaf.kind else "")


def _consent(voice: Voice, leaf: asks.ConsentIs, so: bool) -> Clause:
    return _either(voice, leaf.is_, so)


def _list(voice: Voice, leaf: asks.OnList, so: bool) -> Clause:
    return _either(voice, "on_list", so, voice.quoted(leaf.name))


def _segment(voice: Voice, leaf: asks.InSegment, so: bool) -> Clause:
    return _either(voice, "in_segment", so, voice.segment(leaf.id))


def _bucket(voice: Voice, leaf: asks.InBucket, so: bool) -> Clause:
    share = voice.number(round(leaf.to - leaf.from_, 9))
    bounds = voice.say("from_to", voice.number(leaf.from_), voice.number(leaf.to))
    return _either(
        voice, "in_bucket", so, share, voice.say("salted", bounds, voice.quoted(leaf.salt)) if leaf.salt else bounds
    )


# What somebody did ----------------------------------------------------------------------------------------------------


def _did(voice: Voice, leaf: asks.Did, so: bool) -> Clause:
    return _counted(voice, deed(voice, leaf), leaf, so)


def _visited(voice: Voice, leaf: asks.Visited, so: bool) -> Clause:
    if leaf.now:
        return Clause(voice.say("on_site" if so else "not_on_site"))
    tests = {"pages": leaf.pages, "seconds": leaf.seconds}
    narrowing = [tested(voice, voice.say(name), test) for name, test in tests.items() if test]
    words = voice.say("whole_session" if narrowing else "session")
    return _counted(voice, bracketed(Deed(words, words), narrowing), leaf, so)


def _counted(voice: Voice, what: Deed, leaf: asks.Did | asks.Visited, so: bool) -> Clause:
    """So often within a window."""
    when = voice.window(leaf.window)
    if is_never(leaf.count, so=so):
        return Clause(_joined(_say(voice, _never(leaf.window), what), when))
    often = "" if is_ever(leaf.count, so=so) else times(voice, leaf.count, so=so)
    return Clause(_joined(_say(voice, "did", what), often, when))


def _never(window: Window) -> str:
    """*has not* goes with a time that lasts until now, and with no other."""
    return "has_not_done" if window.last and window == Window(last=window.last) else "never"


def _say(voice: Voice, key: str, what: Deed, **more: str) -> str:
    return voice.say(key, did=what.did, done=what.done, **more)


def _time(voice: Voice, leaf: asks.FirstOrLast, so: bool) -> Clause:
    return _whole(voice, _joined(_say(voice, leaf.which, deed(voice, leaf)), voice.window(leaf.window)), so)


def _whole(voice: Voice, text: str, so: bool) -> Clause:
    """What has no opposite that could be said within it."""
    return Clause(text if so else voice.say("is_not_one", text))


def _aggregate(voice: Voice, leaf: asks.Aggregate, so: bool) -> Clause:
    positive, straight = turned(leaf.test)
    name = voice.say(leaf.function, voice.path(leaf.property))
    name = voice.say("currency", name, leaf.currency.upper()) if leaf.currency else name
    what = _has(voice, name, predicate(voice, positive, so=straight == so), straight == so)
    each = deed(voice, leaf)
    counted = _joined(each.did if voice.language == "en" else each.done, voice.window(leaf.window))
    return what._replace(text=_joined(what.text, voice.say("counting", counted)))


# One thing after another ----------------------------------------------------------------------------------------------


def _sequence(voice: Voice, leaf: asks.InOrder, so: bool) -> Clause:
    parts = [_say(voice, "did", deed(voice, leaf.steps[0])), *(_step(voice, step) for step in leaf.steps[1:])]
    if when := voice.window(leaf.window):
        parts.append(voice.say("last_step", when))
    return _whole(voice, ", ".join(parts), so)


def _step(voice: Voice, step: asks.SequenceStep) -> str:
    """`then, within 7 days, opened an e-mail without having …`."""
    what = deed(voice, step)
    span = voice.span(step.within) if step.within else ""
    return _joined(_say(voice, "then_within" if span else "then", what, span=span), *_without(voice, step))


def _without(voice: Voice, step: asks.SequenceStep) -> Iterator[str]:
    if step.without:
        yield voice.say("without", voice.listed(deed(voice, one).done for one in step.without))


def _inactive(voice: Voice, leaf: asks.Inactive, so: bool) -> Clause:
    before = _joined(_say(voice, "did", deed(voice, leaf.after)), voice.window(leaf.window))
    after = _say(voice, "then_not", deed(voice, leaf.without), span=voice.span(leaf.within))
    return _whole(voice, f"{before}, {after}", so)


_SAID: Mapping[type, Callable[[Voice, Any, bool], Clause]] = {
    asks.AttributeIs: _attribute,
    asks.Did: _did,
    asks.Aggregate: _aggregate,
    asks.InOrder: _sequence,
    asks.Inactive: _inactive,
    asks.FirstOrLast: _time,
    asks.Visited: _visited,
    asks.IdentityIs: _identity,
    asks.ConsentIs: _consent,
    asks.OnList: _list,
    asks.InSegment: _segment,
    asks.InBucket: _bucket,
}
