"""When does somebody come into a segment, and when do they leave it? Timelines, through the worker."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from collector.store.ports.definitions.segments import SegmentChange
from collector.store.sqlite.definitions.segments import SqliteSegments
from collector.work import segments
from sessionizer.segments.condition import parse
from tests.collector.work.deployment import MINUTE, T0, Deployment

DAY = 1_440
BOUGHT = {"type": "event", "category": "ecommerce", "key": "order_completed"}
LATELY = {"window": {"last": {"n": 1, "unit": "days"}}}
IDENTIFIED = {"type": "identity", "is": "identified"}
Line = tuple[int, int, str, str]


class Shop(Deployment):
    """A deployment with segments."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.segments = SqliteSegments(folder / "store.db")

    def segment(self, name: str, where: dict[str, Any]) -> int:
        """A new one, which the worker has noticed a minute before the day begins."""
        segment = self.made(name, where)
        self.work(-1)
        return segment

    def made(self, name: str, where: dict[str, Any]) -> int:
        """A new one."""
        return self.segments.create(name, parse({"where": where}), at=self.now).id

    def change(self, segment: int, **change: Any) -> None:
        """Another one."""
        if where := change.pop("where", None):
            change["definition"] = parse({"where": where})
        self.segments.change(segment, SegmentChange(**change), at=self.now)

    def buy(self, id: str, minute: float, visitor: str = "v1") -> None:
        """Somebody has bought."""
        self.say(id, minute, key="order_completed", category="ecommerce", visitor=visitor)

    def members(self, segment: int) -> list[int]:
        """Who is in it."""
        rows = self.ask("SELECT contact FROM segment_members WHERE segment = ? ORDER BY 1", segment)
        return [contact for (contact,) in rows]

    def history(self, segment: int) -> list[Line]:
        """(minute, contact, entered or left, why), in order of time."""
        sql = "SELECT at, contact, entered, why FROM segment_history WHERE segment = ? ORDER BY at, entered"
        return [
            ((at - T0) // MINUTE, contact, "entered" if entered else "left", why)
            for at, contact, entered, why in self.ask(sql, segment)
        ]

    def told(self) -> list[tuple[str, int]]:
        """The events of segments that stand."""
        return [(key, minute) for key, minute in self.story() if key.startswith("segment_")]


@pytest.fixture
def shop(tmp_path: Path) -> Any:
    """A shop of our own."""
    here = Shop(tmp_path)
    yield here
    here.segments.close()
    here.store.close()
    here.log.close()


def test_somebody_comes_in_by_an_event_and_leaves_by_time_alone(shop: Shop) -> None:
    """To the millisecond, though nothing happens; the events name what made them so."""
    segment = shop.segment("Bought lately", BOUGHT | LATELY)
    shop.buy("order", 5)
    shop.work(6)
    assert [1] == shop.members(segment)
    shop.work(DAY + 5 - 1 / MINUTE)
    assert [1] == shop.members(segment)
    shop.work(DAY + 5)
    assert [] == shop.members(segment)
    assert [(5, 1, "entered", "event"), (DAY + 5, 1, "left", "time")] == shop.history(segment)
    assert [("segment_entered", 5), ("segment_left", DAY + 5)] == shop.told()
    (row,) = [row.entry for row in shop.log.read(0, 100) if row.entry.key == "segment_left"]
    assert {"segment_id": segment, "segment": "Bought lately", "why": "time"} == row.properties
    assert (("order",), 1, 1) == (row.causes, row.contact, row.site)


def test_who_is_there_when_a_segment_is_made_is_in_it_without_an_event(shop: Shop) -> None:
    """Asked piece by piece; whoever comes meanwhile is in it as well, once."""
    for number in range(450):
        shop.buy(f"o{number}", number / 100, f"v{number}")
    shop.work(5)
    segment = shop.made("Bought lately", BOUGHT | LATELY)
    assert shop.worker.turn().walked
    assert 200 == len(shop.members(segment))
    shop.buy("new", 5.5, "v-new")
    shop.buy("again", 5.5, "v449")
    shop.work(6)
    assert list(range(1, 452)) == shop.members(segment)
    assert [("segment_entered", 5)] == shop.told()
    assert 450 == sum(why == "created" for *_, why in shop.history(segment))
    shop.work(DAY + 6)
    assert [] == shop.members(segment)
    assert 451 == sum(key == "segment_left" for key, _ in shop.told())


def test_what_comes_late_corrects_the_past(shop: Shop) -> None:
    """*Has not bought for a day* had become true; then it turns out that somebody has."""
    segment = shop.segment("Came back", {"type": "all", "of": [BOUGHT, {"type": "not", "of": BOUGHT | LATELY}]})
    shop.buy("first", 0)
    shop.work(DAY + 1)
    assert [("segment_entered", DAY)] == shop.told()
    shop.buy("second", 60)
    shop.work(DAY + 2)
    assert [] == shop.told()
    assert [] == shop.members(segment)
    shop.work(2 * DAY)
    assert [("segment_entered", DAY + 60)] == shop.told()
    assert [(DAY + 60, 1, "entered", "time")] == shop.history(segment)


def test_another_question_is_asked_of_everybody(shop: Shop) -> None:
    """Who comes in or leaves because of it does so without an event, and the history says why."""
    segment = shop.segment("Somebody", BOUGHT)
    shop.buy("order", 0)
    shop.identify("who", 1, visitor="v2", email_id="a@mail.example")
    shop.work(2)
    shop.change(segment, where=IDENTIFIED)
    shop.work(3)
    assert [2] == shop.members(segment)
    assert [(0, 1, "entered", "event"), (3, 1, "left", "edited"), (3, 2, "entered", "edited")] == shop.history(segment)
    assert [("segment_entered", 0)] == shop.told()


def test_a_segment_inside_of_another_counts_as_it_is_asked_now(shop: Shop) -> None:
    """When the inner one asks something else, so does the outer one."""
    inner = shop.segment("Inner", BOUGHT)
    outer = shop.segment("Outer", {"type": "not", "of": {"type": "segment", "id": inner}})
    shop.buy("order", 0)
    shop.work(1)
    assert ([1], []) == (shop.members(inner), shop.members(outer))
    shop.change(inner, where=IDENTIFIED)
    shop.work(2)
    assert ([], [1]) == (shop.members(inner), shop.members(outer))


def test_members_of_a_paused_segment_stay_and_are_asked_anew_afterwards(shop: Shop) -> None:
    """What happened meanwhile is not told."""
    segment = shop.segment("Bought lately", BOUGHT | LATELY)
    shop.buy("order", 0)
    shop.work(1)
    shop.change(segment, paused=True)
    shop.buy("other", 2, "v2")
    shop.work(DAY + 1)
    assert [1] == shop.members(segment)
    shop.change(segment, paused=False)
    shop.work(DAY + 1.5)
    assert [2] == shop.members(segment)
    assert [(DAY + 1, 1, "left", "resumed"), (DAY + 1, 2, "entered", "resumed")] == shop.history(segment)[1:]
    assert [("segment_entered", 0)] == shop.told()
    shop.work(DAY + 3)
    assert [] == shop.members(segment)


def test_two_who_are_one_are_in_what_both_did(shop: Shop) -> None:
    """Two visits of one and one of the other are three; who is absorbed is in nothing."""
    thrice = shop.segment("Three orders", BOUGHT | {"count": {"op": "at_least", "value": 3}})
    shop.identify("kim", 0, visitor="K", email_id="kim@mail.example")
    shop.buy("a", 1, "K")
    shop.buy("b", 2, "A")
    shop.buy("c", 3, "A")
    shop.work(4)
    assert [] == shop.members(thrice)
    shop.identify("same", 4, visitor="A", email_id="kim@mail.example")
    shop.work(5)
    assert [1] == shop.members(thrice)
    assert [("segment_entered", 3)] == shop.told()
    merged = [row.entry for row in shop.log.read(0, 100) if row.entry.key == "merged"]
    shop.log.append([msgspec.structs.replace(one, retracted=True) for one in merged])
    shop.work(6)
    assert [] == shop.members(thrice)
    assert [] == shop.told()


def test_what_is_known_counts_from_when_it_was_told(shop: Shop) -> None:
    """An event of before that comes late does not find it known then."""
    where = {"type": "all", "of": [IDENTIFIED, BOUGHT | LATELY]}
    segment = shop.segment("Known buyers", where)
    shop.say("page", 0)
    shop.identify("who", 60, email_id="a@mail.example")
    shop.work(61)
    shop.buy("late", 30)
    shop.work(62)
    assert [(60, 1, "entered", "known")] == shop.history(segment)


def test_an_event_of_the_future_counts_when_it_is_reached(shop: Shop) -> None:
    """A clock that is ahead makes nobody a member before."""
    segment = shop.segment("Bought", BOUGHT)
    shop.say("page", 0)
    shop.buy("soon", 3)
    shop.work(1)
    assert [] == shop.members(segment)
    shop.work(3)
    assert [(3, 1, "entered", "event")] == shop.history(segment)


def test_a_clock_that_goes_back_takes_back_what_it_had_said(shop: Shop) -> None:
    """Who left because a year seemed to have passed is in again."""
    segment = shop.segment("Bought lately", BOUGHT | LATELY)
    shop.buy("order", 0)
    shop.work(365 * DAY)
    assert [] == shop.members(segment)
    shop.work(2)
    assert [1] == shop.members(segment)
    assert [("segment_entered", 0)] == shop.told()


def test_of_somebody_who_was_erased_nothing_is_left(shop: Shop) -> None:
    """No member, no history, no state."""
    segment = shop.segment("Bought", BOUGHT)
    shop.buy("order", 0)
    shop.work(1)
    shop.ask("INSERT INTO erasures (id, contact, asked_at, last_contact) VALUES ('e', 1, 0, 1)")
    shop.work(2)
    assert ([], []) == (shop.members(segment), shop.history(segment))
    assert [(0,)] == shop.ask("SELECT count(*) FROM segment_threads")


def test_of_somebody_who_did_much_a_late_event_counts_at_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The past is not looked at again; who is in the segment is right."""
    monkeypatch.setattr(segments, "MANY", 3)
    segment = shop.segment("Five orders", BOUGHT | {"count": {"op": "at_least", "value": 5}})
    for number in range(4):
        shop.buy(f"o{number}", number)
        shop.work(number)
    shop.buy("late", 0.5)
    shop.work(5)
    assert [(3, 1, "entered", "event")] == shop.history(segment)


def test_a_segment_that_was_put_away_is_not_followed(shop: Shop) -> None:
    """And is asked anew when it is taken back."""
    segment = shop.segment("Bought", BOUGHT)
    shop.change(segment, archived=True)
    shop.buy("order", 0)
    shop.work(1)
    assert [] == shop.members(segment)
    shop.change(segment, archived=False)
    shop.work(2)
    assert [(2, 1, "entered", "resumed")] == shop.history(segment)


def test_what_is_remembered_in_another_form_is_looked_at_anew(shop: Shop) -> None:
    """Bytes of another version are never misread."""
    segment = shop.segment("Twice", BOUGHT | {"count": {"op": "at_least", "value": 2}})
    shop.buy("one", 0)
    shop.work(1)
    shop.ask("UPDATE segment_threads SET body = x'00'")
    shop.worker._segments.forget()
    shop.buy("two", 2)
    shop.work(3)
    assert [(2, 1, "entered", "event")] == shop.history(segment)


def test_what_was_before_a_segment_was_made_and_comes_later_is_no_event(shop: Shop) -> None:
    """Who bought a moment before is in it from when it was made on."""
    segment = shop.made("Bought", BOUGHT)
    shop.work(10)
    shop.buy("before", 9)
    shop.buy("after", 11, "v2")
    shop.work(12)
    assert [(10, 1, "entered", "created"), (11, 2, "entered", "event")] == shop.history(segment)
    assert [("segment_entered", 11)] == shop.told()


def test_who_turns_out_to_have_been_in_it_from_the_beginning_has_a_line_of_that(shop: Shop) -> None:
    """One event more of the time before makes two of them; none of it is told."""
    shop.buy("one", 1)
    shop.work(2)
    segment = shop.made("Twice", BOUGHT | {"count": {"op": "at_least", "value": 2}})
    shop.work(3)
    assert [] == shop.members(segment)
    shop.buy("another", 2)
    shop.work(4)
    assert [1] == shop.members(segment)
    assert [(3, 1, "entered", "created")] == shop.history(segment)
    assert [] == shop.told()
