"""What the worker makes of activity: sessions in the store, derived events in the log."""

from collector.log.entry import Entry
from tests.collector.work.deployment import T0, Deployment


def test_a_gap_of_exactly_thirty_minutes_splits(here: Deployment) -> None:
    """29:59.999 stays, 30:00.000 opens a new one."""
    here.say("a", 0)
    here.say("b", 30 - 1 / 60_000)
    here.say("c", 60 - 1 / 60_000)
    here.work(60)
    assert [(1, 0, 29, False), (1, 59, 59, True)] == here.sessions()


def test_a_session_ends_by_itself(here: Deployment) -> None:
    """Nobody sends anything: the clock passes 30 minutes after the last activity."""
    here.say("a", 0)
    here.work(29)
    assert [("page_visited", 0), ("push_session_started", 0)] == here.story()
    here.work(30)
    assert [("page_visited", 0), ("push_session_started", 0), ("session_ended", 30)] == here.story()
    assert [(1, 0, 0, False)] == here.sessions()


def test_a_late_event_bridges_two_sessions(here: Deployment) -> None:
    """What was derived wrongly is superseded, the longer session stands, the old id leads to it."""
    here.say("a", 0)
    here.say("c", 50)
    here.work(120)
    second = here.ask("SELECT id FROM sessions ORDER BY started_at DESC LIMIT 1")[0][0]
    here.say("b", 25, received_at=T0 + 120 * 60_000)
    here.work(120)
    assert [(1, 0, 50, False)] == here.sessions()
    assert [("page_visited", 0), ("push_session_started", 0), ("page_visited", 25), ("page_visited", 50),
            ("session_ended", 80)] == here.story()  # fmt: skip
    first = here.ask("SELECT id FROM sessions")[0][0]
    assert [(second, first)] == here.ask("SELECT id, replaced_by FROM replaced_sessions")
    assert 2 == len(here.ask("SELECT 1 FROM events WHERE flags & 1"))


def test_a_late_event_that_opens_the_session_replaces_its_id(here: Deployment) -> None:
    """The session begins earlier, so its id is that of another start."""
    here.say("b", 10)
    here.work(11)
    old = here.ask("SELECT id FROM sessions")[0][0]
    here.say("a", 5, received_at=T0 + 11 * 60_000)
    here.work(12)
    assert [(1, 5, 10, True)] == here.sessions()
    new = here.ask("SELECT id FROM sessions")[0][0]
    assert [(old, new)] == here.ask("SELECT id, replaced_by FROM replaced_sessions")


def test_an_event_older_than_the_lateness_is_kept_and_marked(here: Deployment) -> None:
    """It stands in the store, but corrects nothing any more."""
    here.say("new", 8 * 1440)
    here.work(8 * 1440)
    here.say("old", 0, received_at=T0 + 8 * 1440 * 60_000, visitor="v1")
    here.work(8 * 1440)
    assert [(2,)] == here.ask("SELECT flags & 2 FROM events WHERE at = ?", T0)
    assert [(1, 8 * 1440, 8 * 1440, True)] == here.sessions()


def test_derived_events_name_their_cause_and_carry_its_site_and_visitor(here: Deployment) -> None:
    """A derived event is somebody's, like the one that caused it."""
    here.say("a", 0)
    here.work(31)
    rows = {row.entry.key: row.entry for row in here.log.read(0, 10) if row.entry.door == "derived"}
    assert {"push_session_started", "session_ended"} == set(rows)
    for entry in rows.values():
        assert (("a",), 1, "v1".ljust(26, "x"), 1) == (entry.causes, entry.site, entry.visitor, entry.depth)


def test_a_bot_is_kept_and_nobody(here: Deployment) -> None:
    """It makes no contact and no session."""
    here.say("bot", 0, user_agent="Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")
    here.work(60)
    assert [("page_visited", 0, None)] == here.events()
    assert [(4,)] == here.ask("SELECT flags & 4 FROM events")
    assert [] == here.sessions() == here.ask("SELECT * FROM contacts")


def test_the_same_id_from_one_door_is_one_event(here: Deployment) -> None:
    """The store's unique key is the guard, whatever the log holds; another door has ids of its own."""
    here.say("a", 0)
    here.say("a", 1)
    here.work(2)
    here.say("a", 1)
    here.say("a", 2, door="api", source="api", identify_mode="")
    here.work(3)
    assert [("page_visited", 0), ("push_session_started", 0), ("page_visited", 2)] == here.story()


def test_what_a_server_says_is_no_activity_unless_it_says_so(here: Deployment) -> None:
    """A receipt at night opens no session; `activity: true` or a visitor does."""
    server = {"door": "api", "source": "api", "identify_mode": "", "visitor": "", "identifiers": {"email_id": "a@b.it"}}
    here.say("r", 0, key="order_completed", category="ecommerce", **server)
    here.work(1)
    assert [] == here.sessions()
    here.say("s", 2, key="order_completed", category="ecommerce", activity=True, **server)
    here.work(3)
    assert [(1, 2, 2, True)] == here.sessions()


def test_a_worker_that_dies_before_it_appended_says_it_once(here: Deployment) -> None:
    """The transaction holds what is to be said; the next worker appends it, and only what is missing."""
    here.say("a", 0)
    here.say("b", 40)
    here.now = T0 + 41 * 60_000
    append, here.worker._append = here.worker._append, lambda: None  # type: ignore[method-assign]
    here.worker.turn()
    waiting = here.store.outgoing.waiting()
    assert 3 == len(waiting)
    here.worker._unsaid = here.worker._unsaid[:1]
    append()  # one of three was appended, then it died
    here.store.close()
    here.start()
    here.work(41)
    derived = [row.entry.id for row in here.log.read(0, 100) if row.entry.door == "derived"]
    assert 3 == len(derived) == len(set(derived))
    assert [] == here.store.outgoing.waiting()
    assert 5 == len(here.events())


def test_a_batch_that_fails_changes_nothing_and_passes_at_the_next_try(here: Deployment) -> None:
    """The transaction is rolled back with everything that was remembered of it."""
    here.say("a", 0)
    save = here.store.threads.save

    def fail(rows: object) -> None:
        raise OSError("no room")

    here.store.threads.save = fail  # type: ignore[method-assign]
    for _ in range(2):
        try:
            here.worker.turn()
        except OSError:
            pass
        else:
            raise AssertionError("the failure was swallowed")
    here.store.threads.save = save  # type: ignore[method-assign]
    here.work(1)
    assert [("page_visited", 0), ("push_session_started", 0)] == here.story()
    assert [(1, 0, 0, True)] == here.sessions()


def test_many_timers_due_after_a_downtime_fire_with_the_time_at_which_they_were_due(here: Deployment) -> None:
    """Seven hundred sessions ended while nobody looked."""
    for n in range(700):
        here.say(f"e{n}", n / 100, visitor=f"v{n}")
    here.work(8)
    here.work(10_000)
    ended = [row for row in here.log.read(0, 10_000) if row.entry.key == "session_ended"]
    assert 700 == len({row.entry.id for row in ended}) == len(ended)
    for row in ended:
        start: Entry = next(r.entry for r in here.log.read(0, 10_000) if r.entry.id == row.entry.causes[0])
        assert start.occurred_at + 30 * 60_000 == row.entry.occurred_at
        break
    assert all(not is_open for *_, is_open in here.sessions())


def test_the_log_is_trimmed_behind_the_store_and_not_before_its_time(here: Deployment) -> None:
    """Seven days old and stored: gone. Not yet stored: kept, however old."""
    here.say("a", 0)
    here.say("b", 0)
    here.work(1)
    assert 0 == here.worker.trim()
    here.say("waits", 0)
    here.now = T0 + 8 * 1440 * 60_000
    assert 2 == here.worker.trim()
    assert "waits" in [row.entry.id for row in here.log.read(0, 10)]
