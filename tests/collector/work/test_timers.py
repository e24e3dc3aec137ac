"""Do timers fire once, in order of time, whatever becomes of the clock and of the worker?"""

from collections import defaultdict
from itertools import pairwise
from typing import Any

import pytest

from collector.log.entry import DERIVED_DOOR, Entry
from collector.store.sqlite.work.threads import DUE, NEXT
from collector.work import loop
from collector.work.loop import Turn
from tests.collector.work.deployment import MINUTE, T0, Deployment

DAY = 1_440  # minutes
YEAR = 365 * DAY


def server(here: Deployment, id: str, minute: float, key: str, **properties: Any) -> None:
    """What a shop's server says of the customer k."""
    here.say(
        id, minute, key=key, category="loyalty", door="api", source="api", visitor="", page=None, user_agent="",
        identify_mode="", identifiers={"ext_id": "k"}, properties=properties,
    )  # fmt: skip


def said(here: Deployment) -> list[Entry]:
    """What the worker has appended to the log, in its order."""
    return [row.entry for row in here.log.read(0, 100_000) if row.entry.door == DERIVED_DOOR]


def told(here: Deployment) -> list[tuple[str, int]]:
    """(key, minute) of the derived events that stand, in order of time."""
    stands = here.ask(
        "SELECT k.key, e.at FROM events e JOIN kinds k ON k.id = e.kind JOIN doors d ON d.id = e.door"
        " WHERE d.name = ? AND NOT e.flags & 1 ORDER BY e.at, k.key",
        DERIVED_DOOR,
    )
    return [(key, (at - T0) // MINUTE) for key, at in stands]


def stutters(here: Deployment) -> list[str]:
    """Ids that were said twice in a row, or taken back twice."""
    by_id = defaultdict(list)
    for entry in said(here):
        by_id[entry.id].append(entry.retracted)
    return [id for id, words in by_id.items() if words[0] or any(one == two for one, two in pairwise(words))]


def test_a_clock_that_jumps_a_year_ahead_and_comes_back_says_nothing_twice(here: Deployment) -> None:
    """What came due stands, once, with its own time; when the year has really passed nothing is said again."""
    here.say("a", 0)
    server(here, "s", 0, "subscription_created", subscription_id="s1")
    server(here, "v", 0, "voucher_created", voucher_id="v1", expires_at=(T0 + 90 * DAY * MINUTE) // 1_000)
    here.work(1)
    here.work(YEAR + 1)
    keys = [key for key, _ in told(here)]
    assert (12, 1, 1, 1) == tuple(
        keys.count(key)
        for key in (
            "subscription_month_anniversary",
            "subscription_year_anniversary",
            "voucher_expired",
            "session_ended",
        )
    )
    before = told(here)
    for minute in (2, DAY, 180 * DAY, YEAR + 2):
        here.work(minute)
        assert before == told(here)
    assert len(before) == len(said(here))
    assert ("voucher_expired", 90 * DAY) in before
    assert [] == stutters(here)


def test_a_visit_goes_on_after_a_clock_that_was_a_year_ahead(here: Deployment) -> None:
    """The end that was said too early is taken back by the page that shows it wrong, and said again when it is due."""
    here.say("a", 0)
    here.work(1)
    here.work(YEAR)
    assert [("push_session_started", 0), ("session_ended", 30)] == told(here)
    for minute in (10, 25, 50):
        here.say(f"at{minute}", minute)
        here.work(minute)
    here.work(81)
    assert [("push_session_started", 0), ("session_ended", 80)] == told(here)
    assert [(1, 0, 50, False)] == here.sessions()
    assert [] == stutters(here)


def test_a_clock_that_goes_back_a_day_loses_no_timer(here: Deployment) -> None:
    """Nothing fires while it is behind; what is due fires when its time has come by that clock, with its own time."""
    here.say("a", DAY)
    here.work(DAY)
    here.say("b", 5, visitor="v2")
    for minute in (5, 34, DAY - 1):
        here.work(minute)
        assert ("session_ended", DAY + 30) not in told(here)
    assert ("session_ended", 35) in told(here)
    here.work(DAY + 30)
    assert [("push_session_started", 5), ("session_ended", 35), ("push_session_started", DAY)] == told(here)[:3]
    assert ("session_ended", DAY + 30) == told(here)[3]
    assert 4 == len(said(here))


def test_timers_fire_in_order_of_time_whoever_they_are_of(here: Deployment) -> None:
    """After a downtime, more of them than one turn wakes, several of one contact between those of others."""
    for n in range(loop.BATCH_ROWS + 200):
        here.say(f"e{n}", n / 300, visitor=f"v{n}")
        if n % 3 == 0:
            here.say(f"f{n}", n / 300, key="message_received", category="conversations", visitor=f"v{n}",
                     properties={"conversation_id": f"c{n}", "channel": "email", "direction": "inbound"})  # fmt: skip
    here.work(0)
    started = len(said(here))
    here.work(10_000)
    fired = said(here)[started:]
    assert {"session_ended", "conversation_ended"} == {entry.key for entry in fired}
    assert loop.BATCH_ROWS + 200 + 400 == len({entry.id for entry in fired}) == len(fired)
    instants = [entry.occurred_at for entry in fired]
    assert sorted(instants) == instants
    assert {here.now} == {entry.received_at for entry in fired}


def test_no_timer_fires_while_the_log_is_behind(here: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of the minute before is in the log already: the session has not ended, whatever the clock says."""
    monkeypatch.setattr(loop, "BATCH_ROWS", 2)
    here.say("a", 0)
    here.work(0)
    here.say("other", 29, visitor="v2")
    here.say("another", 29, visitor="v3")
    here.say("b", 29)
    here.work(31)
    assert "session_ended" not in [entry.key for entry in said(here)]
    here.work(60)
    assert ("session_ended", 59) in told(here)


def test_what_comes_while_the_worker_looks_at_the_log_is_before_the_timers(here: Deployment) -> None:
    """The clock is read before the log: what came by then is read, and what came after it fires no timer of then."""
    here.say("a", 0)
    here.work(0)
    here.now = T0 + 30 * MINUTE - 1
    read = here.log.read

    def slow(after: int, limit: int) -> Any:
        rows = read(after, limit)
        here.now = T0 + 31 * MINUTE
        return rows

    here.log.read = slow  # type: ignore[method-assign]
    here.worker.turn()
    assert ["push_session_started"] == [entry.key for _, entry in read(0, 100) if entry.door == DERIVED_DOOR]


def test_new_rows_do_not_keep_timers_waiting(here: Deployment) -> None:
    """However many events come, a turn that has read the log to its end has room for as many timers."""
    for n in range(600):
        here.say(f"e{n}", 0, visitor=f"v{n}")
    here.work(1)
    here.now = T0 + 40 * MINUTE
    for turn in range(3):
        for n in range(400):
            here.say(f"t{turn}-{n}", 39, visitor=f"w{turn}-{n}")
        here.worker.turn()
        here.worker.turn()
    assert 600 == [entry.key for entry in said(here)].count("session_ended")


def test_a_thread_of_an_older_version_fires_its_timers(here: Deployment) -> None:
    """What it remembered cannot be read any more: it is folded anew from its history, and nothing is said twice."""
    here.say("a", 0)
    here.work(0)
    here.ask("UPDATE threads SET body = ? RETURNING 1", b"\x01 of another version")
    here.store.close()
    here.start()
    here.work(31)
    assert [("push_session_started", 0), ("session_ended", 30)] == told(here)
    assert 2 == len(said(here))


@pytest.mark.parametrize(("sql", "values"), [(DUE, (0, 10)), (NEXT, ())], ids=["due", "next"])
@pytest.mark.parametrize("table", ["threads", "segment_threads"])
def test_who_is_due_is_read_from_the_index_alone(
    here: Deployment, sql: str, values: tuple[int, ...], table: str
) -> None:
    """Also among a million: no thread is read, and nothing is sorted."""
    plan = " | ".join(row[3] for row in here.ask(f"EXPLAIN QUERY PLAN {sql.format(table=table)}", *values))
    assert f"USING COVERING INDEX {table}_wake" in plan
    assert "TEMP B-TREE" not in plan


def test_a_visit_that_goes_on_is_woken_once_and_sleeps_again(here: Deployment) -> None:
    """Its thread's `wake_at` is that of its first page: looked at once, it is the last page's, and nothing is said."""
    here.say("a", 0)
    here.work(0)
    here.say("b", 20)
    here.work(20)
    here.now = T0 + 30 * MINUTE
    assert Turn(rows=0, woken=1, said=0, anew=0) == here.worker.turn()
    assert T0 + 50 * MINUTE == here.store.threads.next_wake()
    assert Turn(rows=0, woken=0, said=0, anew=0) == here.worker.turn()
