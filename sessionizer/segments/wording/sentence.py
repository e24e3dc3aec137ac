"""How does a question read, in a sentence or as a list? In Italian and in English, for whoever cannot read JSON.

    Everyone who visited a page (address contains “/shoes”) at least 3 times in the last 30 days, and who never
    completed an order.

*Not* is pushed down to the single conditions: not (a or b) reads *not a, and not b*. A group within another stands in
brackets, unless it is of the same kind, where brackets would say nothing. Reads nothing, writes nothing.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from sessionizer.segments import condition as asks
from sessionizer.segments.wording.clauses import Clause, clause
from sessionizer.segments.wording.voice import NAMELESS, Language, Names, Voice


class Line(NamedTuple):
    """One of an indented list. children: the conditions of a group."""

    text: str
    children: tuple["Line", ...] = ()


class Group(NamedTuple):
    """Two parts at least; a group among them is of the other joint."""

    joint: Literal["all", "any"]
    parts: tuple["Part", ...]


Part = Clause | Group


def sentence(asked: asks.Definition | asks.Condition, language: Language, names: Names = NAMELESS) -> str:
    """The whole question, from capital letter to full stop. It is one without faults (`check.py`)."""
    voice = Voice(language, names)
    return voice.say("everyone", _text(voice, _part(voice, _where(asked), so=True)))


def lines(asked: asks.Definition | asks.Condition, language: Language, names: Names = NAMELESS) -> Line:
    """The same as a list, whose groups have headings."""
    voice = Voice(language, names)
    return _line(voice, _part(voice, _where(asked), so=True))


def about(voice: Voice, condition: asks.Condition) -> str:
    """`who visited a page, and whose city is “Rome”`: the question as a part of another sentence."""
    return _text(voice, _part(voice, condition, so=True))


def _where(asked: asks.Definition | asks.Condition) -> asks.Condition:
    return asked.where if isinstance(asked, asks.Definition) else asked


# From the tree to groups of clauses -----------------------------------------------------------------------------------


def _part(voice: Voice, condition: asks.Condition, *, so: bool) -> Part:
    """so: whether the condition is to hold, or not to."""
    if isinstance(condition, asks.NotSo):
        return _part(voice, condition.of, so=not so)
    if isinstance(condition, asks.AllOf | asks.AnyOf):
        is_all = isinstance(condition, asks.AllOf) == so
        return _group(voice, "all" if is_all else "any", [_part(voice, one, so=so) for one in condition.of])
    return clause(voice, condition, so=so)


def _group(voice: Voice, joint: Literal["all", "any"], parts: Iterable[Part]) -> Part:
    flat: list[Part] = []
    for part in parts:
        flat += part.parts if isinstance(part, Group) and part.joint == joint else (part,)
    if not flat:
        return Clause(voice.say("is_there" if joint == "all" else "not_there"))
    return Group(joint, tuple(flat)) if len(flat) > 1 else flat[0]


# From groups of clauses to text ---------------------------------------------------------------------------------------


def _text(voice: Voice, part: Part) -> str:
    if isinstance(part, Clause):
        return voice.say("whose" if part.whose else "who", part.text)
    return voice.say(part.joint).join(_inner(voice, one) for one in part.parts)


def _inner(voice: Voice, part: Part) -> str:
    """Within another group."""
    text = _text(voice, part)
    return voice.say(f"in_{part.joint}", text) if isinstance(part, Group) else text


def _line(voice: Voice, part: Part) -> Line:
    if isinstance(part, Clause):
        return Line(part.text)
    return Line(voice.say(f"{part.joint}_of"), tuple(_line(voice, one) for one in part.parts))
