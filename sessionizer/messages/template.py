"""What does a message come to, once it is saved? Compiled: everything that can be known of it is known, and checked.

    compile(content, blocks) → Template, or Faults

A template is made once for each version of a message, holds no state and is shared by threads. Reads nothing, writes
nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

import msgspec

from sessionizer.messages import check
from sessionizer.messages.channels.part import Part, Source
from sessionizer.messages.channels.table import CHANNELS
from sessionizer.messages.fault import Fault, Faults
from sessionizer.messages.language import tree
from sessionizer.messages.language.parse import Parsed, parse
from sessionizer.messages.language.program import Write, program
from sessionizer.messages.language.reads import Bodies, Read, TooWide, includes_of, reads
from sessionizer.messages.message import Channel, Content
from sessionizer.messages.reasons import because
from sessionizer.messages.text_of import text_of

LINKS = frozenset({"unsubscribe", "mirror", "update_profile", "doubleoptin"})

Blocks = Mapping[str, str]


class Needs(msgspec.Struct, frozen=True):
    """What has to be brought to render it.

    contact, event: the first names of what is read. history: (category, key, last | first | count | list). links: those
    of LINKS. blocks: all that stand in it, also within others.
    """

    contact: frozenset[str] = frozenset()
    event: frozenset[str] = frozenset()
    history: frozenset[tuple[str, str, str]] = frozenset()
    links: frozenset[str] = frozenset()
    blocks: frozenset[str] = frozenset()


class Program(NamedTuple):
    """One part of the message, ready to be written."""

    part: Part
    write: Write


class Template:
    """One message, ready for any number of people."""

    def __init__(
        self, channel: Channel, programs: Iterable[Program], read: Mapping[str, list[Read]], blocks: Iterable[str]
    ):
        """read: by the part that somebody wrote."""
        self.channel = channel
        self.programs = tuple(programs)
        self.read = read
        self._blocks = frozenset(blocks)

    def needs(self) -> Needs:
        """What has to be brought to render it."""
        return self._needs

    @cached_property
    def _needs(self) -> Needs:
        found = [read.steps for each in self.read.values() for read in each if read.steps]
        return Needs(
            contact=frozenset(_second(found, "contact")),
            event=frozenset(_second(found, "event")),
            history=frozenset((str(s[1]), str(s[2]), str(s[3])) for s in found if s[0] == "history"),
            links=frozenset(str(steps[0]) for steps in found) & LINKS,
            blocks=self._blocks,
        )


def _second(found: Iterable[tuple[str | int | None, ...]], root: str) -> Iterator[str]:
    return (str(steps[1]) for steps in found if steps[0] == root and len(steps) > 1)


def compile(content: Content, blocks: Blocks) -> Template:
    """blocks: the shared ones, source by name. Raises Faults with everything that is wrong."""
    channel = CHANNELS[content.channel]
    written = [(source, _parsed(source)) for source in channel.written(content)]
    used = _used([parsed.body for _, parsed in written], blocks)
    read = {source.written: parsed.body for source, parsed in written}
    own = {name: blocks[name] for name in used}
    found = [*channel.checks(content, own), *_faults(written, used, blocks), *_of_reads(read, _bodies(used))]
    if found:
        raise Faults(sorted(set(found)))
    programs = _programs(channel.made(content, own), own)
    return Template(content.channel, programs, {part: reads(body, _bodies(used)) for part, body in read.items()}, used)


def _parsed(source: Source) -> Parsed:
    return parse(source.text, is_html=source.part.mode == "html")


def _bodies(used: Mapping[str, Parsed]) -> Bodies:
    return {name: parsed.body for name, parsed in used.items()}


def _used(bodies: Iterable[tree.Body], blocks: Blocks) -> dict[str, Parsed]:
    """The blocks that stand in it, also within others."""
    found: dict[str, Parsed] = {}
    waiting = [include.block for body in bodies for include in includes_of(body)]
    while waiting:
        name = waiting.pop()
        if name in blocks and name not in found:
            found[name] = parse(blocks[name], is_html=True)
            waiting.extend(include.block for include in includes_of(found[name].body))
    return found


def _faults(written: list[tuple[Source, Parsed]], used: Mapping[str, Parsed], blocks: Blocks) -> Iterator[Fault]:
    parts = [(source.written, parsed) for source, parsed in written]
    for part, parsed in (*parts, *((f"block:{name}", parsed) for name, parsed in used.items())):
        yield from (Fault(part, *slip) for slip in parsed.slips)
        yield from check.of_filters(part, parsed.body)
        yield from check.of_blocks(part, parsed.body, blocks)
    yield from check.of_depth(_bodies(used))


def _of_reads(written: Mapping[str, tree.Body], bodies: Bodies) -> Iterator[Fault]:
    for part, body in written.items():
        try:
            yield from check.of_reads(part, reads(body, bodies))
        except TooWide:
            yield Fault(part, 1, because("blocks_wide"))


def _programs(made: Iterable[Source], blocks: Blocks) -> Iterator[Program]:
    """Each with blocks that are escaped as it is; blocks of HTML are plain text in a plain text."""
    of_mode: dict[str, dict[str, Write]] = {}
    for source in made:
        parsed = _parsed(source)
        if parsed.slips:
            raise Faults(Fault(source.written or "mjml", *slip) for slip in parsed.slips)
        mode = source.part.mode
        if mode not in of_mode:
            writes = of_mode[mode] = {}
            for name, text in blocks.items():
                plain = text_of(text) if mode == "text" and "</" in text else text
                writes[name] = program(parse(plain, is_html=mode == "html").body, writes)
        yield Program(source.part, program(parsed.body, of_mode[mode]))
