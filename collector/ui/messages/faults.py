"""How is a fault of a message said to people? What `sessionizer/messages` says in English, in words of both languages.

Reads nothing, writes nothing.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from collector.ui.messages.forms import FIELD_OF
from collector.ui.page import Language, translator
from sessionizer.messages.fault import Fault
from sessionizer.messages.missing import Missing

SAID = (
    (r"There is no subject.*", "messages_fault_subject"),
    (r"The message is empty.*", "messages_fault_empty"),
    (r"`(?P<tag>.*)` is never closed; add `(?P<end>.*)`\.", "messages_fault_open"),
    (r"`(?P<tag>.*)` is not closed; add `(?P<end>.*)`\.", "messages_fault_unclosed"),
    (r"There is no (?P<what>filter|tag|block) `(?P<name>.*)`; did you mean `(?P<near>.*)`\?", "messages_fault_near"),
    (r"There is no (?P<what>filter|tag) `(?P<name>[^`]*)`.*", "messages_fault_unknown"),
    (r"There is no block `(?P<name>.*)`; .*", "messages_fault_block"),
    (r"Say which attribute.*", "messages_fault_attribute"),
    (r"Something is missing at the end.*", "messages_fault_missing"),
    (r"MJML begins with .*", "messages_fault_mjml"),
)
"""Pattern of what is said → key of words, filled by the pattern's groups."""
WHATS = {"filter": "messages_filter", "tag": "messages_tag", "block": "messages_block"}


class Said(NamedTuple):
    """A fault for people. field: of the form, "" for one of a block. part: as the message calls it."""

    field: str
    part: str
    line: int
    says: str

    @property
    def block(self) -> str:
        """The name of the block in which it is, "" for none."""
        return self.part.partition(":")[2]


class Absent(NamedTuple):
    """A variable that nothing fills. near: what was probably meant, "" for nothing that is known."""

    field: str
    line: int
    name: str
    near: str


def said(faults: Iterable[Fault], language: Language) -> list[Said]:
    """In that language where there are words for it, else in English."""
    return [Said(_field(one.part), one.part, one.line, worded(one.message, language)) for one in faults]


def worded(message: str, language: Language) -> str:
    """What is said of it."""
    if language == "en":
        return message
    t = translator(language)
    for pattern, key in SAID:
        found = re.fullmatch(pattern, message)
        if found:
            given = found.groupdict()
            return t(key, **{**given, **({"what": t(WHATS[given["what"]])} if "what" in given else {})})
    return message


def of_missing(missing: Sequence[Missing]) -> list[Absent]:
    """As they are listed."""
    return [Absent(_field(one.part), one.line, one.name, one.near or "") for one in missing]


def _field(part: str) -> str:
    return "" if ":" in part else FIELD_OF.get(part, part)
