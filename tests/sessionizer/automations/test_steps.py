"""What happens at each step, and how does a walk come to its end?"""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sessionizer.automations.book import Live
from sessionizer.automations.definition import Cap, HouseRules, parse
from sessionizer.automations.entering import MOST_INSIDE
from sessionizer.automations.filled import MOST, added, filled
from sessionizer.automations.reach import Mail, cannot_send
from sessionizer.automations.run import Occurrence
from sessionizer.automations.way import LATEST
from sessionizer.automations.when import quiet_until
from sessionizer.contact import Contact
from sessionizer.segments.window import Span
from tests.sessionizer.automations.walking import DAY, HOUR, MINUTE, NOON, REACHABLE, Walking, event

TRIGGER = {"type": "event", "category": "custom", "key": "cart"}
WAIT = {"type": "wait", "id": "wait", "span": {"n": 5, "unit": "hours"}}
DO = {"type": "emit", "id": "do", "key": "done"}
MAIL = {"type": "send", "id": "mail", "message": 7}


def going(*steps: dict[str, Any], **fields: Any) -> Walking:
    """Begun at noon of a Sunday, UTC."""
    rules = fields.pop("rules", HouseRules())
    walking = Walking({"triggers": [TRIGGER], "steps": list(steps)} | fields, rules=rules)
    walking.hear(event("cart", NOON, total=30, items=[{"id": "boots"}], ends_at="2025-06-20"))
    return walking


@pytest.mark.parametrize(
    ("step", "at"),
    [
        pytest.param({"type": "wait", "span": {"n": 1, "unit": "months"}}, NOON + 30 * DAY, id="a month"),
        pytest.param({"type": "wait_until", "time": "12:00"}, NOON, id="at this very minute"),
        pytest.param({"type": "wait_until", "time": "11:59"}, NOON + DAY - MINUTE, id="a minute ago"),
        pytest.param({"type": "wait_until", "time": "09:30", "days": ["wed", "fri"]},
                     NOON + 3 * DAY - 150 * MINUTE, id="days"),
        pytest.param({"type": "wait_until", "time": "12:30", "zone": "contact"},
                     NOON + 30 * MINUTE + 22 * HOUR, id="theirs"),
        pytest.param({"type": "wait_date", "of": "event", "name": "ends_at"}, NOON + 4 * DAY + 12 * HOUR, id="a date"),
        pytest.param({"type": "wait_date", "of": "event", "name": "missing"}, NOON, id="no date"),
        pytest.param(
            {"type": "wait_date", "of": "contact", "name": "RENEWAL",
             "shift": {"span": {"n": 1, "unit": "months"}, "before": True}},
            NOON + 17 * DAY - 12 * HOUR, id="before a date of theirs"),
    ],
)  # fmt: skip
def test_waiting_steps(step: dict[str, Any], at: int) -> None:
    """Until when each waits."""
    walking = Walking({"triggers": [TRIGGER], "steps": [step | {"id": "wait"}, DO]})
    known = {"TIMEZONE": "Europe/Rome", "RENEWAL": "2025-08-02"}
    walking.known = Contact(1, False, attributes=known)
    walking.hear(event("cart", NOON, ends_at="2025-06-20"))
    walking.pass_time(NOON + 40 * DAY)
    assert [("do", at)] == walking.did()


def test_waiting_for_something_takes_one_way_or_the_other() -> None:
    """The same article is bought in time, or it is not."""
    same = [{"property": "items.id", "as": "items.id"}]
    bought = {"type": "event", "category": "custom", "key": "bought", "same": same}
    wait = {"type": "wait_for", "id": "wait", "within": {"n": 1, "unit": "days"}, "event": bought,
            "yes": [DO], "no": [DO | {"id": "late"}]}  # fmt: skip
    walking = going(wait)
    walking.hear(event("bought", NOON + HOUR, items=[{"id": "socks"}]))
    assert [] == walking.did()
    walking.hear(event("bought", NOON + 2 * HOUR, items=[{"id": "socks"}, {"id": "boots"}]))
    assert [("do", NOON + 2 * HOUR)] == walking.did()
    late = going(wait)
    late.pass_time(NOON + 3 * DAY)
    assert [("late", NOON + DAY)] == late.did()


def test_waiting_for_something_that_becomes_so_by_time() -> None:
    """Nobody does anything, and yet it is so."""
    quiet = {"type": "inactivity", "after": {"category": "custom", "key": "cart"},
             "without": {"category": "custom", "key": "bought"}, "within": {"n": 5, "unit": "hours"}}  # fmt: skip
    wait = {"type": "wait_for", "id": "wait", "within": {"n": 1, "unit": "days"}, "condition": quiet, "yes": [DO]}
    walking = going(wait)
    walking.pass_time(NOON + 2 * DAY)
    assert [("do", NOON + 5 * HOUR)] == walking.did()


def test_a_split_takes_the_first_way_that_is_so() -> None:
    """By the event that let them in, by what is known then, else the rest; what stands behind is for all."""
    rich = [{"path": "total", "test": {"op": "at_least", "value": 100}}]
    split = {"type": "split", "id": "split", "cases": [
        {"event": rich, "then": [DO | {"id": "rich"}]},
        {"when": {"type": "list", "name": "vip"}, "then": [DO | {"id": "vip"}]},
    ], "otherwise": [DO | {"id": "rest"}]}  # fmt: skip
    walking = going(split, DO)
    assert ["rest", "do"] == [step for step, _ in walking.did()]
    vip = Walking({"triggers": [TRIGGER], "steps": [split, DO]})
    vip.known = Contact(1, False, lists=("vip",))
    vip.hear(event("cart", NOON, total=30))
    assert ["vip", "do"] == [step for step, _ in vip.did()]


def test_chance_is_fair_and_stays() -> None:
    """Of many runs about so many go each way."""
    parts = [{"share": 30, "then": [DO | {"id": "a"}]}, {"share": 70, "then": [DO | {"id": "b"}]}]
    walking = Walking(
        {"triggers": [TRIGGER], "entry": {"again": "after_exit"},
         "steps": [{"type": "random", "id": "random", "parts": parts}]}
    )  # fmt: skip
    walking.hear(*(event("cart", NOON + n, id=f"e{n}") for n in range(1_000)))
    ways = [step for step, _ in walking.did()]
    assert 1_000 == len(ways)
    assert 240 < ways.count("a") < 360


def test_exits_let_go_at_once_wherever_one_is() -> None:
    """An event, a segment; not what happened before they came in."""
    walking = going(WAIT, DO, exits=[{"type": "segment", "id": 9}])
    walking.hear(event("segment_entered", NOON + HOUR, category="segment", segment_id=9))
    walking.tick(NOON + DAY)
    assert [] == walking.did()
    assert ["left"] == list(walking.ends())


def test_a_message_that_reaches_nobody_is_not_sent_and_one_sees_why() -> None:
    """No address, no consent; the way goes on."""
    for known, why in (
        (Contact(1), "address"),
        (Contact(1, False, identifiers=REACHABLE.identifiers, consent="denied"), "consent"),
    ):
        walking = Walking({"triggers": [TRIGGER], "steps": [MAIL, DO]})
        walking.known = known
        walking.hear(event("cart", NOON))
        assert ["do"] == [step for step, _ in walking.did()]
        assert why in [line.more for line in walking.runs()[0].path if line.what == "unsent"]


def test_a_message_that_is_not_there_fails_and_can_be_tried_again() -> None:
    """The run stands there, until somebody says so."""
    walking = going({"type": "send", "id": "mail", "message": 99}, DO)
    (run,) = walking.runs()
    assert ("mail", "there is no message 99 that could be sent") == (run.step, run.failed)
    walking.lives = [Live(1, 1, parse({"triggers": [TRIGGER], "steps": [MAIL, DO]}), active_at=0)]
    walker = walking.walker(NOON + HOUR)
    walker.retry(run, "ada")
    walker.advance(NOON + HOUR)
    walking.take(walker)
    assert ["mail", "do"] == [step for step, _ in walking.did()]


def test_quiet_hours_hold_messages_back() -> None:
    """Until their end, in the contact's zone; what is urgent goes."""
    rules = HouseRules(quiet_from="11:00", quiet_to="15:00", zone="deployment")
    walking = going(MAIL, rules=rules)
    walking.pass_time(NOON + DAY)
    assert [("mail", NOON + 3 * HOUR)] == walking.did()
    urgent = going(MAIL | {"quiet": False}, rules=rules)
    assert [("mail", NOON)] == urgent.did()


def test_too_many_messages_are_not_sent() -> None:
    """Over all automations; transactional ones are not counted."""
    rules = HouseRules(caps=(parse_cap(2),))
    three = [MAIL, MAIL | {"id": "second"}, MAIL | {"id": "third"}, {"type": "send", "id": "order", "message": 8}]
    walking = going(*three, rules=rules)
    assert ["mail", "second", "order"] == [step for step, _ in walking.did()]
    assert "cap" in [line.more for line in walking.runs()[0].path]


def parse_cap(n: int) -> Any:
    """So many a day."""
    return Cap(n, Span(1, "days"))


def test_two_who_are_one_go_one_way() -> None:
    """The first, where a trigger inside is ignored; the later, where it begins anew. Once only is once."""
    for inside, kept in (("ignore", NOON), ("restart", NOON + 1)):
        walking = going(WAIT, entry={"inside": inside})
        other = going(WAIT, entry={"inside": inside})
        other.saved.clear()
        other.hear(event("cart", NOON + 1))
        walking.saved |= other.saved
        walker = walking.walker(NOON + HOUR)
        walker.join()
        walking.take(walker)
        assert [kept] == [run.trigger.at for run in walking.runs() if run.goes_on]
        assert ["joined"] == [run.why for run in walking.runs() if not run.goes_on]


def test_who_is_in_is_moved_to_another_version_or_out() -> None:
    """The time that they have waited counts; whose step is no more is out."""
    walking = going(WAIT, DO)
    (run,) = walking.runs()
    shorter = parse(
        {"triggers": [TRIGGER], "steps": [{"type": "wait", "id": "wait", "span": {"n": 2, "unit": "hours"}}, DO]}
    )
    walking.lives = [Live(1, 2, shorter, active_at=0)]
    walker = walking.walker(NOON + HOUR)
    walker.move(run, walking.lives[0])
    walker.advance(NOON + HOUR)
    walking.take(walker)
    walking.pass_time(NOON + 3 * HOUR)
    assert [("do", NOON + 2 * HOUR)] == walking.did()


def test_values_are_taken_from_the_event_and_the_contact() -> None:
    """Alone, as they are; within a text nothing is."""
    trigger = Occurrence("e", NOON, properties={"total": 30, "items": [{"id": "boots"}]})
    contact = Contact(1, attributes={"CITY": "Trento"})
    values = {"{{ event.total }}": 30, "{{event.items.id}}": "boots", "{{ contact.CITY }}": "Trento",
              "{{ event.no }}": None,
              "about {{ event.total }}": "about {{ event.total }}"}  # fmt: skip
    assert values == {text: filled(text, trigger, contact) for text in values}
    assert {"a": [30]} == filled({"a": ["{{ event.total }}"]}, trigger, contact)


@pytest.mark.parametrize(
    "step",
    [
        {"type": "wait", "id": "far", "span": {"n": 100_000, "unit": "years"}},
        {"type": "wait_for", "id": "far", "within": {"n": 100_000, "unit": "years"}, "event": TRIGGER},
        {"type": "wait_date", "id": "far", "of": "event", "name": "day", "shift": {"span": {"n": 9, "unit": "days"}}},
    ],
)
def test_beyond_the_calendar_one_waits_for_ever(step: dict[str, Any]) -> None:
    """By the length of a wait, or by a date that anybody may send."""
    walking = Walking({"triggers": [TRIGGER], "steps": [step]})
    walking.hear(event("cart", NOON, day="9999-12-31"))
    assert [("far", LATEST)] == [(run.step, run.wake_at) for run in walking.runs()]


def test_what_goes_to_no_address_of_a_contact_reaches_none() -> None:
    """A message of the channel `webhook` goes to an address of the team's; a step for those is another."""
    assert "address" == cannot_send(Mail("webhook", "transactional"), REACHABLE)


def test_a_number_grows_to_what_can_be_kept() -> None:
    """Not beyond: nothing larger is written down."""
    assert [MOST, -MOST] == [added({"N": MOST}, "N", 1), added({"N": -1.7e308}, "N", -1.7e308)]
    assert 3 == added({"N": 1}, "N", 2)


def test_who_was_taken_out_is_not_brought_back_by_what_was_asked_before() -> None:
    """Several people ask for something in one turn."""
    walking = going({"type": "send", "id": "mail", "message": 99}, DO)
    (run,) = walking.runs()
    walker = walking.walker(NOON + HOUR)
    walker.remove(run, "ada")
    walker.retry(run, "bob")
    walker.move(run, walking.lives[0])
    walking.take(walker)
    assert ["removed"] == [run.why for run in walking.runs()]


def test_quiet_hours_that_end_twice_in_a_night_end_the_first_time() -> None:
    """On 25 October 2026 Rome has 02:00 to 03:00 twice."""
    rules, zone = HouseRules(quiet_from="22:00", quiet_to="02:30"), ZoneInfo("Europe/Rome")
    first = int(datetime(2026, 10, 25, 0, 30, tzinfo=UTC).timestamp() * 1_000)
    assert [first, None, None] == [quiet_until(rules, first + ms, zone) for ms in (-15 * MINUTE, 0, 45 * MINUTE)]


def test_a_contact_goes_so_many_ways_at_a_time() -> None:
    """Anybody may send events of a thousand things: each event is told to all ways."""
    walking = Walking({"triggers": [TRIGGER], "entry": {"again": "after_exit", "per": "id"}, "steps": [WAIT]})
    walking.hear(*(event("cart", NOON + number, id=str(number), order=number) for number in range(MOST_INSIDE + 1)))
    assert (MOST_INSIDE, ["cap"]) == (len(walking.runs()), [one.reason for one in walking.missed])
