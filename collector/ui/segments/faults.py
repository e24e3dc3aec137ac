"""How is a fault said to people? `check.py` and msgspec speak English; what they say most, in words of both languages.

Reads nothing, writes nothing.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from collector.ui.page import Language, translator
from sessionizer.segments.check import Fault

SAID = (
    (r"an empty group; .*", "segments_fault_empty"),
    (r"groups inside of groups, .*", "segments_fault_deep"),
    (r"nested more than .*", "segments_fault_deep"),
    (r"(?P<n>\d+) conditions; at most (?P<most>\d+)\..*", "segments_fault_many"),
    (r"say when: .*", "segments_fault_when"),
    (r"with `has`, and only with it, one of .*", "segments_fault_kind"),
    (r"it must be greater than `from`\.", "segments_fault_to"),
    (r"it must be later than `after`\.", "segments_fault_before"),
    (r"a session that goes on has no end yet; .*", "segments_fault_now"),
    (r"no event (?P<event>\S*): did you mean (?P<meant>.*)\?", "segments_fault_meant"),
    (r"no event (?P<event>.*): the catalogue .*", "segments_fault_event"),
    (r"what is said of segments: .*", "segments_fault_segment"),
    (r"three letters, such as EUR\.", "segments_fault_currency"),
    (r"the first step has none before it: .*", "segments_fault_first"),
    (r"an earlier step: .*", "segments_fault_step"),
    (r"the path of a property is .*", "segments_fault_path"),
    (r"a number is compared with .*", "segments_fault_op"),
    (r"a number\.", "segments_fault_number"),
    (r"two numbers, the smaller one first\.", "segments_fault_range"),
    (r"a date such as .*", "segments_fault_date"),
    (r"a list of 1 to (?P<most>\d+)\.", "segments_fault_list"),
    (r"a text of 1 to (?P<most>\d+) characters\.", "segments_fault_text"),
    (r"a text, a number, true or false\.", "segments_fault_value"),
    (r"none: \w+ compares with nothing\.", "segments_fault_none"),
    (r"how many days, weeks, .*", "segments_fault_span"),
    (r"only with in_last, .*", "segments_fault_within"),
    (r"1 at least\.", "segments_fault_one"),
    (r"there is no segment (?P<id>\d+)\.", "segments_fault_gone"),
    (r"segment (?P<id>\d+) asks for this one, .*", "segments_fault_circle"),
    (r"1 to 100 characters, on one line\.", "segments_fault_name"),
    (r"There is a segment of the name .*", "segments_fault_taken"),
    (r"it is not JSON\.", "segments_fault_json"),
    (r"Expected `str` of length >= 1\.", "segments_fault_missing"),
    (r"Expected `(?:array|list)` of length >= (?P<n>\d+)\.", "segments_fault_short"),
    (r"Expected `(?:array|list)` of length <= (?P<n>\d+)\.", "segments_fault_long"),
    (r"Expected `(?:int|float)` >= (?P<n>[\d.]+)\.", "segments_fault_least"),
    (r"Object missing required field .*", "segments_fault_missing"),
    (r"Expected `(?:int|float|int \| float)`, got .*", "segments_fault_number"),
    (r"Expected `(?:int|float)` <= (?P<n>[\d.]+)\.", "segments_fault_most"),
    (r"Expected `.*`, got .*", "segments_fault_type"),
    (r"Invalid value '(?P<value>.*)'\.", "segments_fault_unknown"),
    (r"Object contains unknown field `(?P<value>.*)`\.", "segments_fault_unknown"),
    (r"Invalid RFC3339 .*", "segments_fault_instant"),
)
"""What is said, whole → key of words. The first that fits."""
_SAID = tuple((re.compile(pattern, re.DOTALL), key) for pattern, key in SAID)


class Said(NamedTuple):
    """A fault for a reader."""

    path: str
    says: str


def said(found: Iterable[Fault], language: Language) -> list[Said]:
    """All of them in a language; what has no words here as it is."""
    return [Said(fault.path, _text(fault.says, language)) for fault in found]


def _text(says: str, language: Language) -> str:
    for pattern, key in _SAID:
        if fits := pattern.fullmatch(says):
            return translator(language)(key, **fits.groupdict())
    return says
