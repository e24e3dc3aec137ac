"""How is a fault of a message said to people? In their language, by the name of its reason, at the field where it is.

Reads nothing, writes nothing.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from collector.ui.messages.forms import FIELD_OF
from collector.ui.page import Language, translator
from collector.ui.times import number
from sessionizer.messages.fault import Fault
from sessionizer.messages.missing import Missing
from sessionizer.messages.reasons import Reason

CALLED = {"subject": "messages_subject", "preheader": "messages_preheader", "text": "messages_as_text"}
"""What a part is called; the others are called as they are everywhere."""


class Said(NamedTuple):
    """A fault for people. field: of the form, "" for one of a block. part: as people call it."""

    field: str
    part: str
    block: str
    line: int
    says: str


class Absent(NamedTuple):
    """A variable that nothing fills. near: what was probably meant, "" for nothing that is known."""

    field: str
    line: int
    name: str
    near: str


def said(faults: Iterable[Fault], language: Language) -> list[Said]:
    """In that language."""
    t = translator(language)
    return [
        Said(
            field=_field(one.part),
            part=t(CALLED[one.part]) if one.part in CALLED else one.part.upper(),
            block=one.part.partition(":")[2],
            line=one.line,
            says=worded(one.reason, language),
        )
        for one in faults
    ]


def worded(reason: Reason, language: Language) -> str:
    """What is said of it; names of code stand between backticks."""
    given = {name: number(value, language) if isinstance(value, int) else value for name, value in reason.given}
    return translator(language)(f"fault_{reason.name}").format(**given)


def of_missing(missing: Sequence[Missing]) -> list[Absent]:
    """As they are listed."""
    return [Absent(_field(one.part), one.line, one.name, one.near or "") for one in missing]


def _field(part: str) -> str:
    return "" if ":" in part else FIELD_OF.get(part, part)
