"""Of which fields is a part of an automation made? Triggers, exits, entry, steps, and the rules of the house.

A control is a word that `fields.py` reads and `controls.html` shows. Labels are keys of words. Reads nothing, writes
nothing. Source: `sessionizer/automations/definition.py`.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from collector.ui.segments.fields import UNITS as UNITS

Choices = tuple[tuple[str, str], ...]
"""(value, key of its words)."""

ZONES: Choices = (("deployment", "automations_our_clock"), ("contact", "automations_their_clock"))
CHANGES: Choices = (("entered", "automations_entered_it"), ("left", "automations_left_it"))
AGAIN: Choices = (("never", "automations_again_never"), ("after_exit", "automations_again_after"))
INSIDE: Choices = (("ignore", "automations_inside_ignore"), ("restart", "automations_inside_restart"))
OPS: Choices = (("set", "automations_set"), ("add", "automations_add_to"), ("remove", "automations_unset"))
LIST_OPS: Choices = (("add", "automations_list_on"), ("remove", "automations_list_off"))
WEEKDAYS: Choices = (
    ("mon", "automations_mon"), ("tue", "automations_tue"), ("wed", "automations_wed"), ("thu", "automations_thu"),
    ("fri", "automations_fri"), ("sat", "automations_sat"), ("sun", "automations_sun"),
)  # fmt: skip
SHIFTS: Choices = (
    ("at", "automations_shift_at"),
    ("before", "automations_shift_before"),
    ("after", "automations_shift_after"),
)
CONDITIONS: Choices = (
    ("", "automations_cond_all"),
    ("segment", "automations_cond_segment"),
    ("no_segment", "automations_cond_no_segment"),
    ("list", "automations_cond_list"),
    ("no_list", "automations_cond_no_list"),
    ("attribute", "automations_cond_attribute"),
    ("consent", "automations_cond_consent"),
    ("json", "automations_cond_json"),
)
OF: Choices = (("event", "automations_of_event"), ("contact", "automations_of_contact"))


class Field(NamedTuple):
    """One field. name: of the JSON. usual: what it is when nothing is said, which then stays unsaid."""

    name: str
    label: str
    control: str
    choices: Choices = ()
    usual: Any = None


class Kind(NamedTuple):
    """One kind of part. blank: what stands in a new one. family: what it looks like where it is drawn."""

    type: str
    label: str
    fields: tuple[Field, ...]
    blank: Mapping[str, Any] = {}
    family: str = "act"


FILTER = Field("", "event", "event")
TESTS = Field("where", "automations_tests", "tests")
WHO = Field("who", "automations_who", "condition")
SAME = Field("same", "automations_same", "sames")
ZONE = Field("zone", "automations_clock", "choice", ZONES, "deployment")
SHIFT = Field("shift", "automations_shift", "shift")
SEGMENT = (
    Field("id", "segments_segment", "segment"),
    Field("change", "automations_change", "choice", CHANGES, "entered"),
)
CART = {"category": "ecommerce", "key": "cart_updated"}
BOUGHT = {"category": "ecommerce", "key": "order_completed"}
HOUR: Mapping[str, Any] = {"n": 1, "unit": "hours"}
DAY: Mapping[str, Any] = {"n": 1, "unit": "days"}

TRIGGERS = (
    Kind("event", "automations_on_event", (FILTER, TESTS, WHO), CART),
    Kind("segment", "automations_on_segment", (*SEGMENT, WHO), {"id": 1}),
    Kind(
        "attribute",
        "automations_on_attribute",
        (Field("name", "segments_attribute", "attribute"), Field("test", "automations_new_value", "test"), WHO),
        {"name": "CITY"},
    ),
    Kind(
        "date",
        "automations_on_date",
        (
            Field("attribute", "segments_attribute", "attribute"),
            SHIFT,
            Field("time", "automations_time", "time", usual="09:00"),
            ZONE,
            Field("yearly", "automations_yearly", "check", usual=False),
            WHO,
        ),
        {"attribute": "BIRTHDAY", "yearly": True},
    ),
    Kind(
        "event_date",
        "automations_on_event_date",
        (FILTER, Field("property", "automations_date_property", "text"), SHIFT, TESTS, WHO),
        {
            "category": "meetings",
            "key": "meeting_booked",
            "property": "starts_at",
            "shift": {"span": DAY, "before": True},
        },
    ),
    Kind("list", "automations_on_list", (Field("name", "segments_list", "list"), WHO), {"name": "Newsletter"}),
    Kind("form", "automations_on_form", (Field("form", "automations_form", "text", usual=""), WHO)),
    Kind("hand", "automations_on_hand", (WHO,)),
)
EXITS = (
    Kind("event", "automations_on_event", (FILTER, TESTS, SAME, WHO), BOUGHT),
    Kind("segment", "automations_on_segment", (*SEGMENT, WHO), {"id": 1}),
)
ENTRY = Kind(
    "entry",
    "automations_entry",
    (
        Field("again", "automations_again", "choice", AGAIN, "never"),
        Field("inside", "automations_inside", "choice", INSIDE, "ignore"),
        Field("per", "automations_per", "text", usual=""),
        Field("pause", "automations_pause_between", "span"),
        Field("cap", "automations_cap", "cap"),
        Field("max_age_minutes", "automations_max_age", "number", usual=60),
        Field("holdout", "automations_holdout", "number", usual=0),
    ),
)
STEPS = (
    Kind("send", "automations_send", (Field("message", "automations_message", "message"),
         Field("quiet", "automations_quiet_kept", "check", usual=True)), {"message": 0}),
    Kind("wait", "automations_wait", (Field("span", "automations_how_long", "span"),), {"span": HOUR}, "wait"),
    Kind(
        "wait_until",
        "automations_wait_until",
        (Field("time", "automations_time", "time"), Field("days", "automations_days", "days"), ZONE),
        {"time": "09:00"},
        "wait",
    ),
    Kind(
        "wait_date",
        "automations_wait_date",
        (
            Field("of", "automations_of", "choice", OF),
            Field("name", "automations_date_property", "text"),
            SHIFT,
        ),
        {"of": "event", "name": "starts_at", "shift": {"span": DAY, "before": True}},
        "wait",
    ),
    Kind(
        "wait_for",
        "automations_wait_for",
        (
            Field("event", "event", "deed"),
            Field("condition", "automations_or_condition", "condition"),
            Field("within", "automations_at_most", "span"),
        ),
        {"within": DAY, "event": {"type": "event", **BOUGHT}},
        "wait",
    ),
    Kind("split", "automations_split", (), {"cases": [{}]}, "branch"),
    Kind("random", "automations_random", (), {"parts": [{"share": 50}, {"share": 50}]}, "branch"),
    Kind(
        "attribute",
        "automations_attribute",
        (
            Field("op", "automations_what", "choice", OPS, "set"),
            Field("name", "segments_attribute", "attribute"),
            Field("value", "segments_value", "value", usual=""),
        ),
        {"name": "SEGMENT", "value": ""},
    ),
    Kind(
        "list",
        "automations_list",
        (Field("op", "automations_what", "choice", LIST_OPS, "add"), Field("name", "segments_list", "list")),
        {"name": "Newsletter"},
    ),
    Kind(
        "emit",
        "automations_emit",
        (Field("key", "key", "text"), Field("properties", "automations_properties", "json", usual={})),
        {"key": "automation_done"},
    ),
    Kind(
        "webhook",
        "automations_webhook",
        (Field("url", "automations_url", "text"), Field("body", "automations_body", "long", usual="")),
        {"url": "https://"},
    ),
    Kind("go_to", "automations_go_to", (Field("step", "automations_step", "step"),), {"step": ""}, "end"),
    Kind("exit", "automations_exit", (), {}, "end"),
)  # fmt: skip
CASE = Kind(
    "case",
    "automations_case",
    (
        Field("name", "automations_case_name", "text", usual=""),
        Field("when", "automations_case_when", "condition"),
        Field("event", "automations_case_event", "tests"),
    ),
)
SHARE = Kind(
    "share",
    "automations_share",
    (Field("share", "automations_share_of", "number"), Field("name", "automations_case_name", "text", usual="")),
)
HOUSE = Kind(
    "house",
    "automations_rules",
    (
        Field("quiet_from", "automations_quiet_from", "time", usual=""),
        Field("quiet_to", "automations_quiet_to", "time", usual=""),
        Field("zone", "automations_clock", "choice", ZONES, "contact"),
        Field("caps", "automations_caps", "caps"),
    ),
)
_BY_PLACE: Mapping[str, tuple[Kind, ...]] = {"triggers": TRIGGERS, "exits": EXITS, "entry": (ENTRY,)}
FAMILIES: Mapping[str, str] = {kind.type: kind.family for kind in STEPS}


def kinds_at(path: str) -> tuple[Kind, ...]:
    """What may stand at a path."""
    last = path.rpartition(".")[2].partition("[")[0]
    if last in ("cases", "parts"):
        return (CASE,) if last == "cases" else (SHARE,)
    return _BY_PLACE.get(path.partition("[")[0], STEPS)


def kind_of(path: str, part: Mapping[str, Any]) -> Kind | None:
    """The kind of what stands there; None for one that there is not."""
    kinds = kinds_at(path)
    return kinds[0] if len(kinds) == 1 else next((one for one in kinds if one.type == part.get("type")), None)
