"""Which messages are ready to be rendered? Compiled once a version, anew when a block that they share has changed."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import NamedTuple

from msgspec.structs import replace

from collector.store.ports.definitions.messages import Messages, Writing
from sessionizer.messages.message import Content, Purpose
from sessionizer.messages.template import Template, compile

KEPT = 256


class Compiled(NamedTuple):
    """A writing, ready to be rendered. blocks: those that stand in it, as they were."""

    writing: Writing
    template: Template
    blocks: Mapping[str, str]


class Wanted(NamedTuple):
    """Which message. message: 0 for one that is written for this once, in `content`; else what that says comes before
    what the version says."""

    message: int
    version: int
    purpose: Purpose
    content: Content | None = None


class NoSuchMessage(LookupError):
    """There is no such version, or nothing is said of what it should say."""


class Shelf:
    """One a thread."""

    def __init__(self, messages: Messages) -> None:
        self._messages = messages
        self._kept: OrderedDict[Wanted, Compiled] = OrderedDict()
        self._data_version = -1
        self._blocks: Mapping[str, str] = {}

    def get(self, wanted: Wanted) -> Compiled:
        """Ready to be rendered. Raises NoSuchMessage, `sessionizer.messages.fault.Faults`."""
        found = self._kept.get(wanted)
        if found is None:
            writing = writing_of(wanted, self._messages)
            template = compile(writing.content, self._blocks)
            blocks = {name: self._blocks[name] for name in template.needs().blocks}
            found = self._kept[wanted] = Compiled(writing, template, blocks)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found

    def refresh(self) -> None:
        """Look whether a block has changed; to be called now and then, and before the first `get`."""
        version = self._messages.data_version()
        if version != self._data_version:
            blocks = {name: block.body for name, block in self._messages.blocks().items()}
            if blocks != self._blocks:
                self._blocks = blocks
                self._kept.clear()
            self._data_version = version


def writing_of(wanted: Wanted, messages: Messages) -> Writing:
    """What it says, as far as nothing else was written for this once. Raises NoSuchMessage."""
    if not wanted.message:
        if wanted.content is None:
            raise NoSuchMessage("nothing is said of what it should say")
        return Writing(purpose=wanted.purpose, content=wanted.content)
    version = messages.version(wanted.message, wanted.version)
    if version is None:
        raise NoSuchMessage(f"there is no message {wanted.message} of version {wanted.version}")
    return version.writing if wanted.content is None else replace(version.writing, content=wanted.content)
