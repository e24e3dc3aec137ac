"""How does a derived event arise? From which events, by which rule, with which numbers: as the rules themselves say.

Reads the table of rules, writes nothing. A number of a rule is an attribute of it in milliseconds: `gap_ms` is shown as
`gap`, and stands in the event's sentence under that name (`words.py`).
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from collector.ui.catalogue import example
from collector.ui.times import lasts
from sessionizer.catalogue import CATALOGUE, Row
from sessionizer.event import Kind
from sessionizer.rule import ACTIVITY, Rule
from sessionizer.rules.assignments import RULE_OF, RULES

SAYS: Mapping[Kind, str] = {
    ("push", "push_session_started"): "derives_session_started",
    ("website", "session_ended"): "derives_session_ended",
    ("conversations", "conversation_ended"): "derives_conversation_ended",
    ("meetings", "meeting_started"): "derives_meeting_started",
    ("loyalty", "voucher_expired"): "derives_voucher_expired",
    ("loyalty", "balance_value_expired"): "derives_balance_value_expired",
    ("loyalty", "balance_minimum_value_reached"): "derives_balance_minimum",
    ("loyalty", "balance_maximum_value_reached"): "derives_balance_maximum",
    ("wallet", "counter_max_value_reached"): "derives_counter_maximum",
    ("loyalty", "subscription_month_anniversary"): "derives_month_anniversary",
    ("loyalty", "subscription_year_anniversary"): "derives_year_anniversary",
}
"""What a rule says → the key of the sentence that says when."""

SPANS = {"gap": "catalogue_rule_gap", "short": "catalogue_rule_short", "long": "catalogue_rule_long"}
"""A number of a rule → the key of what people call it."""


class Derivation(NamedTuple):
    """Where one comes from. says: the key of the sentence that says when. rule: its name.

    sources: the events that the rule hears, but for activity as such. numbers: those of the rule by name, as people
    read them. payload: an example of what the event carries, JSON.
    """

    says: str
    rule: str
    hears_activity: bool
    sources: tuple[Row, ...]
    numbers: Mapping[str, str]
    payload: str


def derivation(row: Row) -> Derivation | None:
    """How an event arises; None when no rule says it."""
    rule = RULE_OF.get((row.category, row.key))
    if rule is None:
        return None
    says = SAYS[row.category, row.key]
    return Derivation(says, rule.name, ACTIVITY in rule.takes, _sources(rule), numbers(rule), payload(row))


def follows(row: Row) -> list[Row]:
    """The derived events that may follow from one, in the order of the rules; not those of any activity."""
    taken = f"{row.category}/{row.key}"
    return [CATALOGUE[kind] for rule in RULES if taken in rule.takes for kind in rule.says]


def numbers(rule: Rule) -> Mapping[str, str]:
    """The spans that a rule was made with, by name."""
    spans: Mapping[str, Any] = vars(rule)
    return {name.removesuffix("_ms"): lasts(span // 1000) for name, span in spans.items() if name.endswith("_ms")}


def payload(row: Row) -> str:
    """All its properties, with values that somebody could find there."""
    return json.dumps(example.shown(row), indent=2, ensure_ascii=False)


def _sources(rule: Rule) -> tuple[Row, ...]:
    return tuple(CATALOGUE[_kind(taken)] for taken in rule.takes if taken != ACTIVITY)


def _kind(taken: str) -> Kind:
    category, _, key = taken.partition("/")
    return (category, key)
