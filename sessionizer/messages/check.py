"""What is wrong with what a template says? What its grammar cannot know: filters, blocks, and how data are asked for.

Nothing that would fail when a message is sent may pass here. Reads nothing, writes nothing.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sessionizer.messages.fault import Fault
from sessionizer.messages.language import tree
from sessionizer.messages.language.filters.table import FILTERS, REFUSED, Filter
from sessionizer.messages.language.nearest import meant
from sessionizer.messages.language.reads import Bodies, Read, calls_of, includes_of
from sessionizer.messages.language.value import number_of
from sessionizer.messages.reasons import Reason, because

MAX_BLOCK_DEPTH = 5
WHATS = frozenset({"last", "first", "count", "list"})
"""What may be asked of the history of one kind of event."""


def of_filters(part: str, body: tree.Body) -> Iterator[Fault]:
    """Each filter there is, with arguments that it takes."""
    for call in calls_of(body):
        row = FILTERS.get(call.name)
        reason = _of_call(call, row) if row else _unknown(call.name)
        if reason:
            yield Fault(part, call.line, reason)


def _unknown(name: str) -> Reason:
    if name in REFUSED:
        return because("filter_refused", name=name)
    near = meant(name, FILTERS)
    return because("filter_near", name=name, near=near) if near else because("filter_unknown", name=name)


def _of_call(call: tree.Call, row: Filter) -> Reason | None:
    number = len(call.arguments)
    if not row.least <= number <= row.most:
        if row.least == row.most:
            return because("arguments", name=call.name, wanted=row.most, number=number)
        return because("arguments_between", name=call.name, least=row.least, most=row.most, number=number)
    first = call.arguments[0] if call.arguments else None
    if row.counts and isinstance(first, tree.Constant) and not _is_whole(first.value):
        return because("argument_whole", name=call.name)
    return None


def _is_whole(value: Any) -> bool:
    number = number_of(value)
    return number is not None and number == int(number)


def of_blocks(part: str, body: tree.Body, blocks: Mapping[str, str]) -> Iterator[Fault]:
    """Each block there is."""
    for include in includes_of(body):
        if include.block not in blocks:
            name, near = include.block, meant(include.block, blocks)
            reason = because("block_near", name=name, near=near) if near else because("block_unknown", name=name)
            yield Fault(part, include.line, reason)


def of_depth(blocks: Bodies) -> Iterator[Fault]:
    """Whether a block stands in itself, or too deeply in others."""
    inner = {name: {include.block: include.line for include in includes_of(body)} for name, body in blocks.items()}
    depths: dict[str, int] = {}
    for name in inner:
        for block, line in inner[name].items():
            if _reaches(block, name, inner):
                yield Fault(f"block:{name}", line, because("block_circle", name=block))
                return
        if _depth(name, inner, depths, MAX_BLOCK_DEPTH + 1) > MAX_BLOCK_DEPTH:
            yield Fault(f"block:{name}", 1, because("blocks_deep", most=MAX_BLOCK_DEPTH))


def _reaches(start: str, end: str, inner: Mapping[str, Mapping[str, int]]) -> bool:
    waiting, seen = [start], set[str]()
    while waiting:
        name = waiting.pop()
        if name == end:
            return True
        if name not in seen:
            seen.add(name)
            waiting.extend(inner.get(name, ()))
    return False


def _depth(name: str, inner: Mapping[str, Mapping[str, int]], known: dict[str, int], left: int) -> int:
    """1 without others in it. There is no circle. left: how far to look; past the limit it does not matter how far."""
    if left == 0:
        return 1
    if name not in known:
        known[name] = 1 + max((_depth(block, inner, known, left - 1) for block in inner.get(name, ())), default=0)
    return known[name]


def of_reads(part: str, reads: list[Read]) -> Iterator[Fault]:
    """What is asked for must be known when the message is saved, for only that is brought."""
    for read in reads:
        reason = _of_contact(read) or _of_history(read) or _of_event(read)
        if reason:
            yield Fault(part, read.line, reason)


def _of_contact(read: Read) -> Reason | None:
    if read.steps[:1] != ("contact",) or _is_name(read, 1):
        return None
    return because("attribute_open" if len(read.steps) > 1 else "attribute_missing")


def _of_event(read: Read) -> Reason | None:
    is_open = read.steps[:1] == ("event",) and len(read.steps) > 1 and not isinstance(read.steps[1], str)
    return because("property_open") if is_open else None


def _of_history(read: Read) -> Reason | None:
    if read.steps[:1] != ("history",):
        return None
    if not all(_is_name(read, place) for place in (1, 2, 3)):
        return because("history_short")
    what = str(read.steps[3])
    if what in WHATS:
        return None
    near = meant(what, WHATS)
    if near:
        return because("history_near", name=what, near=near)
    return because("history_unknown", name=what, all=", ".join(sorted(WHATS)))


def _is_name(read: Read, place: int) -> bool:
    return len(read.steps) > place and isinstance(read.steps[place], str) and read.steps[place] != "[]"
