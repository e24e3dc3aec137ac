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

MAX_BLOCK_DEPTH = 5
WHATS = frozenset({"last", "first", "count", "list"})
"""What may be asked of the history of one kind of event."""


def of_filters(part: str, body: tree.Body) -> Iterator[Fault]:
    """Each filter there is, with arguments that it takes."""
    for call in calls_of(body):
        row = FILTERS.get(call.name)
        says, code = (_of_call(call, row), "filter") if row else (_unknown(call.name), "unknown_filter")
        if says:
            yield Fault(part, call.line, code, says)


def _unknown(name: str) -> str:
    if name in REFUSED:
        return f"{REFUSED[name]} Take it away."
    near = meant(name, FILTERS)
    return f"There is no filter `{name}`; " + (f"did you mean `{near}`?" if near else "docs/messages.md lists them.")


def _of_call(call: tree.Call, row: Filter) -> str:
    number = len(call.arguments)
    if not row.least <= number <= row.most:
        wanted = str(row.least) if row.least == row.most else f"{row.least} to {row.most}"
        return f"`{call.name}` takes {wanted} arguments and got {number}."
    first = call.arguments[0] if call.arguments else None
    if row.counts and isinstance(first, tree.Constant) and not _is_whole(first.value):
        return f"`{call.name}` takes a whole number, such as `{call.name}:2`."
    return ""


def _is_whole(value: Any) -> bool:
    number = number_of(value)
    return number is not None and number == int(number)


def of_blocks(part: str, body: tree.Body, blocks: Mapping[str, str]) -> Iterator[Fault]:
    """Each block there is."""
    for include in includes_of(body):
        if include.block not in blocks:
            near = meant(include.block, blocks)
            hint = f"did you mean `{near}`?" if near else "write one, or take this away."
            yield Fault(part, include.line, "unknown_block", f"There is no block `{include.block}`; {hint}")


def of_depth(blocks: Bodies) -> Iterator[Fault]:
    """Whether a block stands in itself, or too deeply in others."""
    inner = {name: {include.block: include.line for include in includes_of(body)} for name, body in blocks.items()}
    depths: dict[str, int] = {}
    for name in inner:
        for block, line in inner[name].items():
            if _reaches(block, name, inner):
                yield Fault(f"block:{name}", line, "circle", f"`{block}` would stand in itself; take it out.")
                return
        if _depth(name, inner, depths, MAX_BLOCK_DEPTH + 1) > MAX_BLOCK_DEPTH:
            says = f"Blocks stand in each other more than {MAX_BLOCK_DEPTH} deep; put them side by side."
            yield Fault(f"block:{name}", 1, "too_deep", says)


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
        says = _of_contact(read) or _of_history(read) or _of_event(read)
        if says:
            yield Fault(part, read.line, "needs", says)


def _of_contact(read: Read) -> str:
    if read.steps[:1] != ("contact",) or _is_name(read, 1):
        return ""
    if len(read.steps) > 1:
        return "Write the attribute's name out: contact.FIRSTNAME, not contact[name]."
    return "Say which attribute: contact.FIRSTNAME."


def _of_event(read: Read) -> str:
    is_open = read.steps[:1] == ("event",) and len(read.steps) > 1 and not isinstance(read.steps[1], str)
    return "Write the property's name out: event.total, not event[name]." if is_open else ""


def _of_history(read: Read) -> str:
    if read.steps[:1] != ("history",):
        return ""
    if not all(_is_name(read, place) for place in (1, 2, 3)):
        return "Write it out: history.ecommerce.order_completed.last, with a category, an event, and what of it."
    what = str(read.steps[3])
    near = meant(what, WHATS)
    hint = f"did you mean `{near}`?" if near else f"there are {', '.join(sorted(WHATS))}."
    return "" if what in WHATS else f"There is no `{what}` of a history; {hint}"


def _is_name(read: Read, place: int) -> bool:
    return len(read.steps) > place and isinstance(read.steps[place], str) and read.steps[place] != "[]"
