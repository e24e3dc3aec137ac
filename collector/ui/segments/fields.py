"""Of which fields is a condition made, and what may be chosen in them? For the script that shows them.

A control is a word that `static/segments.js` knows. Labels are keys of words. Reads nothing, writes nothing. Source:
`sessionizer/segments/condition.py`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from sessionizer.segments.check import KINDS as IDENTIFIERS

Choices = tuple[tuple[str, str], ...]
"""(value, key of its words)."""

COUNTS: Choices = (("at_least", "segments_at_least"), ("exactly", "segments_exactly"), ("at_most", "segments_at_most"))
FUNCTIONS: Choices = (
    ("sum", "segments_sum"),
    ("average", "segments_average"),
    ("minimum", "segments_minimum"),
    ("maximum", "segments_maximum"),
    ("distinct", "segments_distinct"),
)
TESTS: Choices = (
    ("equals", "segments_equals"),
    ("differs", "segments_differs"),
    ("in", "segments_in"),
    ("contains", "segments_contains"),
    ("starts", "segments_starts"),
    ("ends", "segments_ends"),
    ("more", "segments_more"),
    ("at_least", "segments_at_least"),
    ("less", "segments_less"),
    ("at_most", "segments_at_most"),
    ("between", "segments_between"),
    ("exists", "segments_exists"),
    ("missing", "segments_missing"),
    ("on", "segments_on"),
    ("before", "segments_before"),
    ("after", "segments_after"),
    ("in_last", "segments_in_last"),
    ("in_next", "segments_in_next"),
    ("anniversary", "segments_anniversary"),
)
NUMBER_TESTS = tuple(each for each in TESTS if each[0] in "more at_least less at_most between equals differs".split())
UNITS: Choices = (
    ("minutes", "segments_minutes"),
    ("hours", "segments_hours"),
    ("days", "segments_days"),
    ("weeks", "segments_weeks"),
    ("months", "segments_months"),
    ("years", "segments_years"),
)
WHENS: Choices = (
    ("ever", "segments_ever"),
    ("last", "segments_when_last"),
    ("ago", "segments_when_ago"),
    ("both", "segments_when_both"),
    ("dates", "segments_when_dates"),
    ("all", "segments_when_all"),
)
UTM: Choices = (
    ("source", "segments_utm_source"),
    ("medium", "segments_utm_medium"),
    ("campaign", "segments_utm_campaign"),
    ("term", "segments_utm_term"),
    ("content", "segments_utm_content"),
)
DEVICES: Choices = (
    ("desktop", "device_desktop"),
    ("mobile", "device_mobile"),
    ("tablet", "device_tablet"),
    ("unknown", "device_unknown"),
)
TYPES: Choices = (("text", "segments_text"), ("number", "segments_number"), ("truth", "segments_truth"))
TRUTH: Choices = (("true", "segments_true"), ("false", "segments_false"))
GROUPS: Choices = (("all", "segments_all_of"), ("any", "segments_any_of"))
OF: Choices = (("any", "segments_of_any"), ("all", "segments_of_all"))

CHOICES: Mapping[str, Choices] = {
    "tests": TESTS,
    "number_tests": NUMBER_TESTS,
    "counts": COUNTS,
    "units": UNITS,
    "days": UNITS[2:],
    "whens": WHENS,
    "utm": UTM,
    "devices": DEVICES,
    "types": TYPES,
    "truth": TRUTH,
    "groups": GROUPS,
    "of": OF,
}

SAID: Mapping[str, str] = {
    "condition": "segments_condition",
    "group": "segments_group",
    "add_condition": "segments_add_condition",
    "add_group": "segments_add_group",
    "remove": "segments_remove",
    "removed": "segments_removed",
    "undo": "segments_undo",
    "not": "segments_not",
    "kind": "segments_kind",
    "of_group": "segments_of_group",
    "event": "event",
    "choose": "segments_choose",
    "other": "segments_other",
    "other_key": "segments_other_key",
    "never": "segments_never",
    "when": "when",
    "from": "segments_from",
    "until": "segments_until",
    "last": "segments_last",
    "ago": "segments_ago",
    "unit": "segments_unit",
    "property": "segments_property",
    "test": "segments_test",
    "value": "segments_value",
    "values": "segments_values",
    "smallest": "segments_smallest",
    "greatest": "segments_greatest",
    "date": "segments_date",
    "within": "segments_within",
    "type": "segments_type",
    "of": "segments_of",
    "page": "segments_page",
    "utm": "segments_utm",
    "sites": "segments_sites",
    "devices": "segments_devices",
    "add_property": "segments_add_property",
    "add_page": "segments_add_page",
    "add_utm": "segments_add_utm",
    "add_sites": "segments_add_sites",
    "add_devices": "segments_add_devices",
    "add_step": "segments_add_step",
    "add_without": "segments_add_without",
    "add_same": "segments_add_same",
    "add_within": "segments_add_within",
    "add_test": "segments_add_test",
    "step": "segments_step",
    "without": "segments_without",
    "same_property": "segments_same_property",
    "same_step": "segments_same_step",
    "same_as": "segments_same_as",
    "times": "segments_times",
    "count": "segments_how_often",
}
"""What the script calls a text → key of words."""


class Field(NamedTuple):
    """One field. name: of the JSON. choices: for a `choice`. needs: (another field, the value that it must have)."""

    name: str
    label: str
    control: str
    choices: Choices = ()
    needs: tuple[str, str] | None = None


class Kind(NamedTuple):
    """One kind of condition. blank: what stands in a new one."""

    type: str
    label: str
    fields: tuple[Field, ...]
    blank: Mapping[str, Any] = {}


FILTER = Field("", "event", "filter")
WINDOW = Field("window", "when", "window")
COUNT = Field("count", "segments_how_often", "count")
NOTHING: Mapping[str, str] = {"category": "", "key": ""}
LAST: Mapping[str, Any] = {"last": {"n": 30, "unit": "days"}}

KINDS = (
    Kind("event", "segments_kind_event", (FILTER, COUNT, WINDOW), NOTHING),
    Kind(
        "attribute",
        "segments_kind_attribute",
        (Field("name", "segments_attribute", "attribute"), Field("test", "segments_test", "test")),
        {"name": "", "test": {"op": "equals", "value": ""}},
    ),
    Kind(
        "aggregate",
        "segments_kind_aggregate",
        (
            FILTER,
            Field("function", "segments_function", "choice", FUNCTIONS),
            Field("property", "segments_property", "property"),
            Field("test", "segments_test", "number_test"),
            Field("currency", "segments_currency", "optional"),
            WINDOW,
        ),
        {**NOTHING, "function": "sum", "property": "", "test": {"op": "at_least", "value": 100}},
    ),
    Kind(
        "sequence",
        "segments_kind_sequence",
        (Field("steps", "segments_steps", "steps"), Field("window", "segments_when_ended", "window")),
        {"steps": [NOTHING, NOTHING]},
    ),
    Kind(
        "inactivity",
        "segments_kind_inactivity",
        (
            Field("after", "segments_after_event", "filter"),
            Field("without", "segments_without_event", "filter"),
            Field("within", "segments_within", "span"),
            Field("window", "segments_when_after", "window"),
        ),
        {"after": NOTHING, "without": NOTHING, "within": {"n": 1, "unit": "hours"}},
    ),
    Kind(
        "time",
        "segments_kind_time",
        (
            FILTER,
            Field("which", "segments_which", "choice", (("first", "segments_first"), ("last", "segments_last_time"))),
            WINDOW,
        ),
        {**NOTHING, "which": "first", "window": LAST},
    ),
    Kind(
        "session",
        "segments_kind_session",
        (
            COUNT,
            Field("pages", "segments_pages", "maybe_number"),
            Field("seconds", "segments_seconds", "maybe_number"),
            WINDOW,
            Field("now", "segments_at_this_moment", "check"),
        ),
        {},
    ),
    Kind(
        "identity",
        "segments_kind_identity",
        (
            Field(
                "is",
                "segments_identity",
                "choice",
                (
                    ("identified", "segments_identified"),
                    ("anonymous", "segments_anonymous"),
                    ("has", "segments_has"),
                ),
            ),
            Field("kind", "segments_identifier", "choice", tuple((kind, kind) for kind in IDENTIFIERS), ("is", "has")),
        ),
        {"is": "identified"},
    ),
    Kind(
        "consent",
        "segments_kind_consent",
        (
            Field(
                "is",
                "consent",
                "choice",
                (
                    ("granted", "consent_granted"),
                    ("denied", "consent_denied"),
                    ("unknown", "consent_unknown"),
                ),
            ),
        ),
        {"is": "granted"},
    ),
    Kind("list", "segments_kind_list", (Field("name", "segments_list", "list"),), {"name": ""}),
    Kind("segment", "segments_kind_segment", (Field("id", "segments_segment", "segment"),), {"id": 0}),
    Kind(
        "bucket",
        "segments_kind_bucket",
        (
            Field("from", "segments_bucket_from", "number"),
            Field("to", "segments_bucket_to", "number"),
            Field("salt", "segments_salt", "optional"),
        ),
        {"from": 0, "to": 50},
    ),
)


def form(t: Callable[[str], str]) -> Mapping[str, Any]:
    """All of it, in a reader's language, as plain JSON."""
    return {
        "kinds": [
            {
                "type": kind.type,
                "label": t(kind.label),
                "fields": [_field(field, t) for field in kind.fields],
                "blank": {"type": kind.type, **kind.blank},
            }
            for kind in KINDS
        ],
        "choices": {name: _choices(choices, t) for name, choices in CHOICES.items()},
        "words": {name: t(key) for name, key in SAID.items()},
    }


def _field(field: Field, t: Callable[[str], str]) -> Mapping[str, Any]:
    said = {"name": field.name, "label": t(field.label), "control": field.control}
    return said | {"choices": _choices(field.choices, t), "needs": field.needs}


def _choices(choices: Iterable[tuple[str, str]], t: Callable[[str], str]) -> list[tuple[str, str]]:
    return [(value, t(key)) for value, key in choices]
