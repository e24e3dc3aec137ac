"""Who comes in, who does not, and does everybody who does not leave a reason?"""

from typing import Any

import pytest
from msgspec.structs import replace

from sessionizer.automations.book import Live
from sessionizer.automations.entering import Coming
from sessionizer.automations.run import Occurrence
from sessionizer.contact import Contact
from sessionizer.event import ObjectRef
from sessionizer.segments.evaluate import share_of
from tests.sessionizer.automations.walking import DAY, HOUR, MINUTE, NOON, Walking, event

WAIT = {"type": "wait", "id": "wait", "span": {"n": 1, "unit": "hours"}}
DO = {"type": "emit", "id": "do", "key": "done"}


def going(**fields: Any) -> Walking:
    """By a cart, an hour long."""
    trigger = {"type": "event", "category": "custom", "key": "cart"}
    return Walking({"triggers": [trigger], "steps": [WAIT, DO]} | fields)


def test_somebody_comes_in_once_by_default() -> None:
    """Neither while they are in nor when they are out again."""
    walking = going()
    for minute in (0, 30, 90):
        walking.hear(event("cart", NOON + minute * MINUTE))
    walking.tick(NOON + 300 * MINUTE)
    assert [("do", NOON + HOUR)] == walking.did()
    assert ["inside", "again"] == walking.reasons()


def test_again_after_they_are_out() -> None:
    """With a pause, counted from the last entry; with a cap."""
    walking = going(entry={"again": "after_exit", "pause": {"n": 3, "unit": "hours"}})
    for hour in (0, 2, 3):
        walking.hear(event("cart", NOON + hour * HOUR))
    assert ["pause"] == walking.reasons()
    capped = going(entry={"again": "after_exit", "cap": {"n": 2, "within": {"n": 1, "unit": "days"}}})
    for hour in (0, 2, 4, 26):
        capped.hear(event("cart", NOON + hour * HOUR))
    assert ["cap"] == capped.reasons()


def test_each_order_goes_its_own_way() -> None:
    """By a property, or by what the event is about."""
    walking = going(entry={"per": "order"})
    walking.hear(event("cart", NOON, order="A"), event("cart", NOON + 1, order="B"), event("cart", NOON + 2, order="A"))
    assert {"A", "B"} == {run.key for run in walking.runs()}
    assert ["inside"] == walking.reasons()
    about = going(entry={"per": "object.id"})
    about.hear(replace(event("cart", NOON), object=ObjectRef("cart", "C-1")))
    about.hear(event("cart", NOON + 1, id="says nothing"))
    assert {"C-1", "says nothing"} == {run.key for run in about.runs()}


def test_who_restarts_begins_with_what_came_later() -> None:
    """What happened before and comes late changes nothing."""
    walking = going(entry={"inside": "restart"})
    walking.hear(event("cart", NOON), event("cart", NOON + 30 * MINUTE))
    walking.hear(event("cart", NOON + 10 * MINUTE), now=NOON + 40 * MINUTE)
    walking.tick(NOON + 5 * HOUR)
    assert [("do", NOON + 90 * MINUTE)] == walking.did()
    assert ["inside"] == walking.reasons()


def test_what_is_too_old_sets_nothing_going() -> None:
    """An hour, unless it is said otherwise; nothing from before it was active."""
    walking = going()
    walking.hear(event("cart", NOON), now=NOON + HOUR + 1)
    assert ["old"] == walking.reasons()
    patient = going(entry={"max_age_minutes": 120})
    patient.hear(event("cart", NOON), now=NOON + HOUR + 1)
    assert [] == patient.reasons()
    late = going()
    late.lives = [Live(1, 1, late.lives[0].definition, active_at=NOON + 1)]
    late.hear(event("cart", NOON))
    assert ["early"] == late.reasons()


def test_a_paused_one_lets_nobody_in_and_stands_still() -> None:
    """What was due in between is done when it goes on."""
    walking = going()
    walking.hear(event("cart", NOON))
    definition = walking.lives[0].definition
    walking.lives = [Live(1, 1, definition, active_at=0, still=True)]
    walking.hear(event("cart", NOON + 3 * HOUR))
    assert [] == walking.did()
    assert ["paused"] == walking.reasons()
    walking.lives = [Live(1, 1, definition, active_at=0)]
    walking.tick(NOON + 4 * HOUR)
    assert [("do", NOON + HOUR)] == walking.did()


def test_only_those_for_whom_it_is() -> None:
    """By what is known of them, and by what they did."""
    vips = {"type": "list", "name": "vip"}
    bought = {"type": "event", "category": "custom", "key": "bought"}
    trigger = {"type": "event", "category": "custom", "key": "cart", "who": {"type": "all", "of": [vips, bought]}}
    walking = going(triggers=[trigger])
    walking.hear(event("cart", NOON))
    walking.known = Contact(1, False, lists=("vip",))
    walking.hear(event("cart", NOON + 1))
    walking.hear(event("bought", NOON + 2), event("cart", NOON + 3))
    assert ["who", "who"] == walking.reasons()
    assert 1 == len(walking.runs())


def test_a_part_is_kept_out_to_compare() -> None:
    """Always the same people."""
    share = share_of(1, "automation 1")
    for holdout, reasons in ((int(share) + 1, ["holdout"]), (int(share), [])):
        walking = going(entry={"holdout": holdout})
        walking.hear(event("cart", NOON))
        assert reasons == walking.reasons()


def test_what_was_replaced_keeps_its_run() -> None:
    """A visit whose beginning is another one after all begins nothing anew."""
    walking = going(entry={"again": "after_exit"})
    walking.hear(event("cart", NOON, id="first"))
    walking.tick(NOON + 2 * HOUR)
    walking.hear(event("cart", NOON - MINUTE, id="other"), now=NOON + 59 * MINUTE, replaced={"other": "first"})
    walking.hear(event("cart", NOON, id="first"), now=NOON + 59 * MINUTE)
    assert 1 == len(walking.runs())


def test_the_same_event_by_two_triggers_is_one_entry() -> None:
    """Several triggers mean one or the other."""
    trigger = {"type": "event", "category": "custom", "key": "cart"}
    walking = going(triggers=[trigger, trigger], entry={"again": "after_exit"})
    walking.hear(event("cart", NOON))
    assert 1 == len(walking.runs())
    assert [] == walking.reasons()


@pytest.mark.parametrize(
    ("trigger", "happened", "else_"),
    [
        pytest.param(
            {"type": "segment", "id": 4},
            event("segment_entered", NOON, category="segment", segment_id=4),
            event("segment_left", NOON, category="segment", segment_id=4),
            id="into a segment",
        ),
        pytest.param(
            {"type": "segment", "id": 4, "change": "left"},
            event("segment_left", NOON, category="segment", segment_id=4),
            event("segment_left", NOON, category="segment", segment_id=5),
            id="out of a segment",
        ),
        pytest.param(
            {"type": "list", "name": "vip"},
            event("list_added", NOON, category="contact", list="vip"),
            event("list_added", NOON, category="contact", list="others"),
            id="on a list",
        ),
        pytest.param(
            {"type": "form", "form": "newsletter"},
            event("form_submitted", NOON, category="forms", form_id="newsletter"),
            event("form_submitted", NOON, category="forms", form_id="contact"),
            id="a form",
        ),
        pytest.param(
            {"type": "event", "category": "deals", "key": "deal_stage_changed",
             "where": [{"path": "stage", "test": {"op": "equals", "value": "Qualified"}}]},
            event("deal_stage_changed", NOON, category="deals", stage="Qualified"),
            event("deal_stage_changed", NOON, category="deals", stage="Lost"),
            id="by a property",
        ),
    ],
)  # fmt: skip
def test_each_trigger_hears_what_it_is_for(trigger: dict[str, Any], happened: Any, else_: Any) -> None:
    """And nothing else."""
    walking = going(triggers=[trigger])
    walking.hear(else_)
    assert [] == walking.runs()
    walking.hear(happened)
    assert 1 == len(walking.runs())


def test_a_meeting_is_remembered_a_day_before() -> None:
    """Moved, it is another day; cancelled, none; one that is too near begins nothing."""
    dated = {"type": "event_date", "category": "meetings", "key": "meeting_booked", "property": "starts_at",
             "shift": {"span": {"n": 1, "unit": "days"}, "before": True}}  # fmt: skip
    same = [{"property": "meeting_id", "as": "meeting_id"}]
    cancelled = {"type": "event", "category": "meetings", "key": "meeting_canceled", "same": same}
    walking = going(
        triggers=[dated], steps=[DO], exits=[cancelled],
        entry={"per": "meeting_id", "inside": "restart", "again": "after_exit"},
    )  # fmt: skip

    def booked(id: str, day: int, at: int) -> None:
        date = f"2025-06-{15 + day:02}T12:00:00Z"
        walking.hear(event("meeting_booked", at, category="meetings", meeting_id=id, starts_at=date))

    assert NOON == 1_749_988_800_000, "2025-06-15"
    booked("a", 3, NOON)
    booked("b", 4, NOON + 1)
    booked("a", 5, NOON + 2)
    booked("near", 0, NOON + 3)
    walking.hear(event("meeting_canceled", NOON + 4, category="meetings", meeting_id="b"))
    walking.pass_time(NOON + 9 * DAY)
    assert [("do", NOON + 4 * DAY)] == walking.did()
    assert ["past"] == walking.reasons()


def test_by_hand_nobody_asks_how_often() -> None:
    """Only whether they are in already, and whether it is paused."""
    walking = going(triggers=[{"type": "hand"}])
    for place, hour in enumerate((0, 2)):
        walking.enter(Coming(Occurrence(f"ask {place}", NOON + hour * HOUR), by_hand="ada"), NOON + hour * HOUR)
    walking.enter(Coming(Occurrence("ask 3", NOON + 2 * HOUR), by_hand="ada"), NOON + 2 * HOUR)
    assert 2 == len(walking.runs())
    assert ["inside"] == walking.reasons()


def test_what_was_told_as_long_past_sets_nothing_going_and_lets_go_all_the_same() -> None:
    """An import is no reason to write to anybody, but who has bought has bought."""
    walking = going(exits=[{"type": "event", "category": "custom", "key": "bought"}])
    walking.hear(event("cart", NOON, id="import"), historical={"import"})
    assert [] == walking.runs()
    walking.hear(event("cart", NOON + 1))
    walking.hear(event("bought", NOON + 2, id="import 2"), historical={"import 2"})
    assert ["left"] == list(walking.ends())


def test_what_comes_late_from_before_they_came_in_does_not_let_them_go() -> None:
    """A purchase before the cart was filled anew; one after it does."""
    walking = going(exits=[{"type": "event", "category": "custom", "key": "bought"}])
    walking.hear(event("cart", NOON + 10 * MINUTE))
    walking.hear(event("bought", NOON), now=NOON + 20 * MINUTE)
    assert [""] == list(walking.ends())
    walking.hear(event("bought", NOON + 11 * MINUTE), now=NOON + 30 * MINUTE)
    assert ["left"] == list(walking.ends())
