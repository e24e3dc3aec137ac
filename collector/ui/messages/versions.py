"""What did a message say once, and what has changed since? Its versions, each with the lines in which it differs."""

import asyncio
from collections.abc import Iterator, Sequence
from difflib import ndiff
from itertools import pairwise
from typing import NamedTuple

from collector.services import Services
from collector.store.ports.definitions.messages import Message, Version, Writing

MOST = 20
MOST_LINES = 60
PARTS = ("subject", "preheader", "html", "mjml", "text")
MANNERS = ("purpose", "sender", "sender_name", "reply_to", "account", "track_opens", "track_clicks", "event")


class Line(NamedTuple):
    """A line of a part. sign: + for one that came, - for one that went."""

    sign: str
    text: str


class Changed(NamedTuple):
    """A version. lines: by part, what became other; of the first version nothing."""

    version: Version
    lines: Sequence[tuple[str, Sequence[Line]]]


async def versions_of(message: Message, services: Services) -> Sequence[Changed]:
    """The newest first; the last so many."""
    return await asyncio.to_thread(lambda: list(_compared(services.messages.versions(message.id)))[:MOST])


def _compared(versions: Sequence[Version]) -> Iterator[Changed]:
    shown = versions[: MOST + 1]
    for newer, older in pairwise(shown):
        yield Changed(newer, list(_differences(older.writing, newer.writing)))
    if shown:
        yield Changed(shown[-1], ())


def _differences(older: Writing, newer: Writing) -> Iterator[tuple[str, Sequence[Line]]]:
    for part in PARTS:
        lines = lines_of(getattr(older.content, part), getattr(newer.content, part))
        if lines:
            yield part, lines
    for manner in MANNERS:
        then, now = _plain(getattr(older, manner)), _plain(getattr(newer, manner))
        if then != now:
            yield manner, [Line("-", then), Line("+", now)]


def lines_of(older: str, newer: str) -> Sequence[Line]:
    """The lines that came and went, in order."""
    if older == newer:
        return ()
    told = ndiff(older.splitlines(), newer.splitlines(), charjunk=None)
    return [Line(line[0], line[2:]) for line in told if line[0] in "+-"][:MOST_LINES]


def _plain(value: object) -> str:
    return "/".join(value) if isinstance(value, tuple) else str("" if value is None else value)
