"""How does a run read? What it went through, why it ended, and why somebody did not come in. Reads nothing."""

import re
from datetime import datetime
from typing import NamedTuple

from sessionizer.automations.entering import OLD
from sessionizer.automations.run import REMOVED, Passed
from sessionizer.automations.way import LOOP, NO_MESSAGE
from sessionizer.automations.wording.speaker import Speaker
from sessionizer.automations.wording.words import WORDS
from sessionizer.wall_clock import DAY_MS, MINUTE_MS

_MESSAGE = re.compile(NO_MESSAGE.format("([0-9]+)"))
_SIZES = (DAY_MS, 60 * MINUTE_MS)
"""Of more than four days nobody minds the hours, of more than four hours the minutes."""


class Late(NamedTuple):
    """by_ms: how long after it had happened an event was heard of. most_ms: how long that may be."""

    by_ms: int
    most_ms: int


def passed(speaker: Speaker, line: Passed) -> str:
    """A line of a run's path, as a sentence; a word that has none of its own as it is."""
    key = f"passed_{line.what}"
    if key not in WORDS:
        return " ".join(part for part in (line.what, line.more) if part)
    return speaker.say(key, _more(speaker, line))


def ended(speaker: Speaker, why: str) -> str:
    """Why a run has ended."""
    return _known(speaker, f"ended_{why}", why)


def failed(speaker: Speaker, why: str) -> str:
    """Why a step could not be done."""
    if why == LOOP:
        return speaker.say("failed_loop")
    message = _MESSAGE.fullmatch(why)
    return speaker.say("failed_message", message[1]) if message else why


def refused(speaker: Speaker, reason: str, late: Late | None = None) -> str:
    """Why somebody did not come in. late: how late what was too late came, where that is known."""
    if reason == OLD and late is not None and late.by_ms > late.most_ms:
        size = next((size for size in _SIZES if late.by_ms > 4 * size), MINUTE_MS)
        by = -(-late.by_ms // size) * size // MINUTE_MS  # never down to the limit itself
        return speaker.say("missed_late", speaker.minutes(by), speaker.minutes(late.most_ms // MINUTE_MS))
    return _known(speaker, f"missed_{reason}", reason)


def _ended(speaker: Speaker, why: str, more: str) -> str:
    """Why, and by whom where somebody wanted it."""
    return speaker.say("by_whom", ended(speaker, why), more) if why == REMOVED and more else ended(speaker, why)


def _entered(speaker: Speaker, by: str) -> str:
    """By an event, by somebody, or because a date came."""
    category, _, key = by.partition("/")
    if key:
        return speaker.say("by_event", speaker.voice.deed((category, key)).done)
    return speaker.say("by_hand", by) if by else speaker.say("by_date")


def _minute(speaker: Speaker, instant: str) -> str:
    """`on 24 November 2026 at 11:00`; nobody waits for the seconds."""
    return speaker.voice.instant("on_day", datetime.fromisoformat(instant).replace(second=0, microsecond=0))


def _known(speaker: Speaker, key: str, else_: str) -> str:
    return speaker.say(key) if key in WORDS else else_


def _more(speaker: Speaker, line: Passed) -> str:
    """About what, for people. Places are counted from 1."""
    if line.what == "entered":
        return _entered(speaker, line.more)
    if line.what == "waits":
        return _minute(speaker, line.more) if line.more else speaker.say("open")
    if line.what == "ended":
        return _ended(speaker, *line.more.partition(" ")[::2])
    if line.what in ("case", "part") and line.more.isdecimal():
        return str(int(line.more) + 1)
    if line.what == "unsent":
        return _known(speaker, f"why_{line.more}", line.more)
    if line.what == "failed":
        return failed(speaker, line.more)
    if line.what == "again":
        return line.more or speaker.say("nobody")
    return speaker.step(line.more) if line.what == "went" else line.more
