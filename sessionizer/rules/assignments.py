"""Which rule with which numbers derives which event? All of them, in the order in which they hear an event.

A rule hears what the rules before it say, never what those after it say. The catalogue's derived events are these.
"""

from collections.abc import Mapping
from datetime import UTC, tzinfo

from sessionizer.event import Kind
from sessionizer.rule import Rule
from sessionizer.rules.deadline import Expiries, Meetings, Vouchers
from sessionizer.rules.inactivity import Conversations, Sessions
from sessionizer.rules.recurrence import Anniversaries
from sessionizer.rules.threshold import Limit, Threshold
from sessionizer.session import GAP_MS


def rules(zone: tzinfo) -> tuple[Rule, ...]:
    """The rules of a deployment. zone: its own, for wall times."""
    return (
        Sessions(gap_ms=GAP_MS),  # push/push_session_started, website/session_ended
        Conversations(),  # conversations/conversation_ended
        Meetings(zone),  # meetings/meeting_started
        Vouchers(zone),  # loyalty/voucher_expired
        Expiries(zone),  # loyalty/balance_value_expired, which the next one hears
        Threshold(
            "balances",  # loyalty/balance_minimum_value_reached, loyalty/balance_maximum_value_reached
            takes=("loyalty/balance_value_updated", "loyalty/balance_value_expired"),
            id_name="balance_id",
            minimum=Limit("minimum_value", ("loyalty", "balance_minimum_value_reached")),
            maximum=Limit("maximum_value", ("loyalty", "balance_maximum_value_reached")),
        ),
        Threshold(
            "counters",  # wallet/counter_max_value_reached
            takes=("wallet/counter_value_changed",),
            id_name="counter_id",
            maximum=Limit("max_value", ("wallet", "counter_max_value_reached")),
        ),
        Anniversaries(zone),  # loyalty/subscription_month_anniversary, loyalty/subscription_year_anniversary
    )


RULES: tuple[Rule, ...] = rules(UTC)

RULE_OF: Mapping[Kind, Rule] = {kind: rule for rule in RULES for kind in rule.says}
"""Which rule says a derived event."""
