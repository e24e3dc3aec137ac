"""`sentiero segment check`: who is in a segment by the worker, the store and the definition, and what it says of it."""

import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from collector.commands.segment import said
from collector.commands.segment.compare import AGAIN_S, RESTS, Comparison, Sampling, Verdict
from collector.store.ports.definitions.segments import SegmentChange
from collector.store.sqlite.definitions.segments import SqliteSegments
from collector.store.sqlite.segments.executions import SqliteExecutions
from sessionizer.segments.condition import parse
from tests.collector.commands.terminal import Terminal, ended
from tests.collector.commands.test_work import working
from tests.collector.work.deployment import MINUTE, T0, Deployment
from tests.killed.wait import until
from tests.sessionizer.segments.asking import event

NOT_FOUND, DIFFERENT = 4, 1
PEOPLE = 6
VISITED = event("website/page_visited")
TWICE = event("website/page_visited", count={"op": "at_least", "value": 2})
KNOWN = {"type": "identity", "is": "identified"}
JUST_NOW = event("website/page_visited", window={"last": {"n": 1, "unit": "minutes"}})


class Shop(Deployment):
    """Six people: the odd ones came twice, the first is known. Segments: 1 came, 2 came twice, 3 known."""

    def __init__(self, here: Terminal) -> None:
        super().__init__(here.data)
        self.segments = SqliteSegments(here.data / "store.db")
        for name, where in (("Came", VISITED), ("Came [twice]", TWICE), ("Known", KNOWN)):
            self.make(name, where)
        self.work(0)
        for number in range(PEOPLE):
            for time_ in range(1 + number % 2):
                self.say(f"e{number}-{time_}", 1 + time_, visitor=f"v{number}")
        self.identify("known", 3, visitor="v0", email_id="kim@mail.example")
        self.work(4)

    def make(self, name: str, where: Any) -> int:
        """A segment; its id."""
        return self.segments.create(name, parse({"where": where}), at=self.now).id

    def close(self) -> None:
        """All files."""
        self.segments.close()
        self.store.close()
        self.log.close()


@pytest.fixture
def shop(ready: Terminal) -> Iterator[Shop]:
    """On the terminal's folder; its worker has caught up."""
    shop = Shop(ready)
    yield shop
    shop.close()


def rows_of(out: str) -> list[list[str]]:
    """The cells of the table's rows, but for how long it took."""
    return [[cell.strip() for cell in line.split("│")[1:-2]] for line in out.splitlines() if line.startswith("│")]


def test_what_agrees_is_counted(ready: Terminal, shop: Shop) -> None:
    """A row a segment, nothing else, and 0."""
    out = ready.done("segment", "check")
    expected = [["1", "Came", "6", "6", "0"], ["2", "Came [twice]", "3", "6", "0"], ["3", "Known", "1", "6", "0"]]
    assert expected == rows_of(out)
    assert "contact" not in out


def test_some_segments_and_some_contacts(ready: Terminal, shop: Shop) -> None:
    """Only those that are named, each once, and of so many contacts the definition is asked."""
    out = ready.done("segment", "check", "3", "2", "3", "--sample", "4")
    assert [["3", "Known", "1", "4", "0"], ["2", "Came [twice]", "3", "4", "0"]] == rows_of(out)
    assert [["3", "Known", "1", "0", "0"]] == rows_of(ready.done("segment", "check", "3", "--sample", "0"))


def test_a_member_that_is_missing_and_one_too_many_are_said(ready: Terminal, shop: Shop) -> None:
    """Segment, contact, and what each of the three says; 1. Also of contacts that are in no sample."""
    shop.ask("DELETE FROM segment_members WHERE segment = 2 AND contact = 4")
    shop.ask("INSERT INTO segment_members VALUES (3, 5, 0), (3, 99, 0)")
    found = ready.run("segment", "check", "--sample", "0")
    assert DIFFERENT == found.code
    assert [
        ["1", "Came", "6", "0", "0"],
        ["2", "Came [twice]", "2", "1", "1"],
        ["3", "Known", "3", "2", "2"],
    ] == rows_of(found.out)
    assert [
        "segment 2 (Came [twice]), contact 4: worker out, store in, definition in",
        "segment 3 (Known), contact 5: worker in, store out, definition out",
        "segment 3 (Known), contact 99: worker in, store out, definition out",
    ] == found.out.splitlines()[-3:]


def test_what_only_the_definition_says_otherwise_is_said(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Worker and store agree, and are both wrong of everybody in the sample."""
    monkeypatch.setattr("collector.commands.segment.compare.holds", lambda *_: False)
    with closing(SqliteExecutions(shop.folder / "store.db")) as executions:
        found = Comparison(executions, shop.zone, Sampling(6, 0), rest=lambda _: None).compare(3, lambda *_: None)
    assert [Verdict(1, kept=True, found=True, meant=False, waits=False)] == found.differences


def test_many_differences_are_counted(ready: Terminal, shop: Shop) -> None:
    """Twenty are named."""
    for contact in range(100, 125):
        shop.ask("INSERT INTO segment_members VALUES (1, ?, 0)", contact)
    found = ready.run("segment", "check", "1")
    assert (DIFFERENT, 20) == (found.code, found.out.count("worker in, store out"))
    assert found.out.endswith("segment 1 (Came): and 5 contacts more\n")


def test_an_unknown_segment_is_said(ready: Terminal, shop: Shop) -> None:
    """4, and nothing is compared."""
    found = ready.run("segment", "check", "1", "7")
    assert (NOT_FOUND, "", "there is no segment 7\n") == found


def test_what_cannot_be_compared_is_named(ready: Terminal, shop: Shop) -> None:
    """A segment that is paused, one of which the worker has not heard, one that asks something else; no failure."""
    shop.segments.change(1, SegmentChange(paused=True), at=shop.now)
    shop.segments.change(2, SegmentChange(definition=parse({"where": VISITED})), at=shop.now)
    shop.make("New", VISITED)
    out = ready.done("segment", "check")
    assert [["3", "Known", "1", "6", "0"]] == rows_of(out)
    assert [
        "segment 1 (Came): paused or archived: its members stay as they were",
        "segment 2 (Came [twice]): not yet asked of everybody: the worker has not begun",
        "segment 4 (New): not yet asked of everybody: the worker has not begun",
    ] == out.splitlines()[-3:]
    shop.work(5)
    assert 3 == len(rows_of(ready.done("segment", "check")))


def test_a_walk_that_goes_on_is_named(ready: Terminal, shop: Shop) -> None:
    """With how far it has come."""
    shop.ask("UPDATE segment_walks SET walked_to = 2, upto = 6 WHERE segment = 1")
    assert "segment 1 (Came): not yet asked of everybody: contact 2 of 6\n" in ready.done("segment", "check", "1")


def test_what_is_due_is_waited_for(shop: Shop) -> None:
    """The worker is an hour behind, and comes to it while the check looks again: nothing differs."""
    ago = (time.time_ns() // 1_000_000 - T0) / MINUTE - 60
    shop.work(ago)
    id = shop.make("Just now", JUST_NOW)
    shop.say("now", ago)
    shop.work(ago)
    assert [(1,)] == shop.ask("SELECT count(*) FROM segment_members WHERE segment = ?", id)
    rests: list[float] = []

    def rest(seconds: float) -> None:
        rests.append(seconds)
        if len(rests) == 2:
            shop.work(ago + 60)

    with closing(SqliteExecutions(shop.folder / "store.db")) as executions:
        found = Comparison(executions, shop.zone, Sampling(10, 0), rest=rest).compare(id, lambda *_: None)
    assert ([], "", 1, [AGAIN_S, AGAIN_S]) == (found.differences, found.why_not, found.members, rests)


def test_a_sample_holds_members_and_others() -> None:
    """Half of each, more of one where the other is small, each once, the same for the same seed."""
    members = frozenset(range(0, 40, 2))
    sample = Sampling(20, 3).of(members, range(40), segment=1)
    assert (20, 10) == (len(set(sample)), len(members & set(sample)))
    assert (
        sample == Sampling(20, 3).of(members, range(40), segment=1) != Sampling(20, 4).of(members, range(40), segment=1)
    )
    assert {*range(40)} == {*Sampling(100, 0).of(members, range(40), segment=1)}
    few = Sampling(20, 0).of(frozenset([7]), range(40), segment=1)
    assert (20, True) == (len(set(few)), 7 in few)
    most = Sampling(20, 0).of(frozenset(range(39)), range(40), segment=1)
    assert (20, True) == (len(set(most)), 39 in most)


def test_a_worker_that_does_not_come_is_not_waited_for_without_end(shop: Shop) -> None:
    """It is said of whom it has yet to look at."""
    id = shop.make("Just now", JUST_NOW)
    shop.say("now", 4)
    shop.work(4)
    rests: list[float] = []
    with closing(SqliteExecutions(shop.folder / "store.db")) as executions:
        comparison = Comparison(executions, shop.zone, Sampling(10, 0), rest=rests.append)
        expected = [Verdict(2, kept=True, found=False, meant=False, waits=True)]
        assert expected == comparison.compare(id, lambda *_: None).differences
        assert RESTS == len(rests)
        assert expected == comparison.compare(id, lambda *_: None).differences
        assert RESTS + 1 == len(rests)
    assert "worker in, store out, definition out (the worker has yet to look)" == said(expected[0])


def test_beside_a_worker_under_load_nothing_differs(ready: Terminal, shop: Shop) -> None:
    """Events come in, people become known, edges fall; whenever it is looked, until many have left by time alone."""
    id = shop.make("Just now", JUST_NOW)
    left = "SELECT count(*) FROM segment_history WHERE segment = ? AND NOT entered AND why = 'time'"
    number = looked = 0
    with working(ready):
        until(lambda: [(id,)] == shop.ask("SELECT segment FROM segment_walks WHERE segment = ?", id), 20)
        while looked < 3 or shop.ask(left, id)[0][0] < 20:
            with ready.start("segment", "check") as process:
                while process.poll() is None:
                    number += 1
                    come(shop, number)
                found = ended(process)
            assert (0, 4) == (found.code, len(rows_of(found.out))), found
            looked += 1


def come(shop: Shop, number: int) -> None:
    """Twenty visitors, who will have been there a minute ago soon; one becomes known. Until the worker has heard."""
    now, before = time.time_ns() // 1_000_000, shop.store.position("worker")
    minute, known = (now - T0) / MINUTE, f"v{number}-0"
    for place in range(20):
        shop.say(f"l{number}-{place}", minute - 1 + place / 600, visitor=f"v{number}-{place}", received_at=now)
    shop.identify(f"i{number}", minute, visitor=known, email_id=f"{number % 50}@mail.example")
    until(lambda: shop.store.position("worker") > before, 20)
