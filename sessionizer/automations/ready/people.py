"""Which automations look after people? Who went quiet, who became promising, who is new, who has a meeting.

mails, groups, lists: ids of messages and segments, names of lists, that were made for it, in the order of the table.
Reads nothing.
"""

from collections.abc import Sequence

from sessionizer.automations.definition import (
    Definition,
    Entry,
    OnEvent,
    OnEventDate,
    OnList,
    OnSegment,
    Same,
    Send,
    Shift,
    Wait,
)
from sessionizer.segments.comparison import Comparison
from sessionizer.segments.condition import AllOf, Condition, Did, NotSo, PropertyTest
from sessionizer.segments.window import Span, Window

QUALIFIED = (PropertyTest("stage", Comparison("equals", "Qualified")),)
MONTHS = Span(3, "months")


def re_engagement(mails: Sequence[int], groups: Sequence[int], lists: Sequence[str]) -> Definition:
    """As soon as somebody is among those who have opened nothing for months; again when a year is over at most."""
    return Definition(
        triggers=(OnSegment(id=groups[0]),),
        entry=Entry(again="after_exit", pause=Span(1, "years")),
        exits=(OnEvent(category="marketing_email", key="Opened"),),
        steps=(Send(id="mail", message=mails[0]),),
    )


def sales_by_event(mails: Sequence[int], groups: Sequence[int], lists: Sequence[str]) -> Definition:
    """When the stage of a deal becomes Qualified, once for each deal."""
    return Definition(
        triggers=(OnEvent(category="deals", key="deal_stage_updated", where=QUALIFIED),),
        entry=Entry(per="deal_id"),
        steps=(Send(id="mail", message=mails[0]),),
    )


def sales_by_segment(mails: Sequence[int], groups: Sequence[int], lists: Sequence[str]) -> Definition:
    """When somebody comes among those with a deal that has become Qualified."""
    return Definition(
        triggers=(OnSegment(id=groups[0]),),
        entry=Entry(again="after_exit", pause=MONTHS),
        steps=(Send(id="mail", message=mails[0]),),
    )


def welcome(mails: Sequence[int], groups: Sequence[int], lists: Sequence[str]) -> Definition:
    """Ten minutes after somebody was put on the list, once in a life."""
    return Definition(
        triggers=(OnList(name=lists[0]),),
        steps=(Wait(id="wait", span=Span(10, "minutes")), Send(id="mail", message=mails[0])),
    )


def meeting_reminder(mails: Sequence[int], groups: Sequence[int], lists: Sequence[str]) -> Definition:
    """A day before it begins, for each meeting, unless that very meeting was cancelled."""
    canceled = OnEvent(category="meetings", key="meeting_canceled", same=(Same("meeting_id", as_="meeting_id"),))
    return Definition(
        triggers=(
            OnEventDate(
                category="meetings",
                key="meeting_booked",
                property="starts_at",
                shift=Shift(Span(1, "days"), before=True),
            ),
        ),
        entry=Entry(again="after_exit", per="meeting_id"),
        exits=(canceled,),
        steps=(Send(id="mail", message=mails[0], quiet=False),),
    )


def gone_quiet() -> Condition:
    """Was sent mails of ours more than three months ago, and has opened none since."""
    return AllOf(
        (
            Did(category="marketing_email", key="Sent", window=Window(ago=MONTHS)),
            NotSo(Did(category="marketing_email", key="Opened", window=Window(last=MONTHS))),
        )
    )


def qualified() -> Condition:
    """Has a deal that became Qualified in the last month."""
    return AllOf(
        (
            Did(
                category="deals",
                key="deal_stage_updated",
                where=QUALIFIED,
                window=Window(last=Span(1, "months")),
            ),
        )
    )
