"""Erasing a person: nothing of them is left, nobody else is touched, and nothing of before comes back."""

import random
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collector.log.entry import Entry
from collector.log.port import Rejection
from collector.sqlite import connect
from collector.store.ports.automations.work import DateTimer, Missed, Sent
from collector.store.sqlite.body import decode_body
from collector.store.sqlite.erasure import erasing
from collector.store.sqlite.erasure.erasing import SqliteErasing
from collector.work.erasure.graves import Graves
from sessionizer.automations.run import Occurrence, Run
from sessionizer.event import ObjectRef, Page
from tests.collector.work.deployment import COUNTED, HOURS, KEPT, MINUTE, SESSIONS, T0, Deployment
from tests.collector.work.erasing import ask, erase, files_with, one_turn
from tests.collector.work.test_law import check

BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
SERVER = {"door": "api", "source": "api", "identify_mode": "", "visitor": "", "page": None}
CANARY = "kanarienvogel"
VISITOR = CANARY.ljust(26, "x")
MAIL = f"{CANARY}@mail.example"
HER = {"email_id": MAIL}
WHERE = Page(f"https://shop.example/{CANARY}", CANARY, f"https://www.{CANARY}.example/")

# What must be as if the person had never been there, without the numbers that another history gives.
NEIGHBOURS = (
    """SELECT e.id, d.name, k.key, e.at, e.flags, v.visitor, p.url, a.user_agent, e.body FROM events e
       JOIN doors d ON d.id = e.door JOIN kinds k ON k.id = e.kind LEFT JOIN visitors v ON v.id = e.visitor
       LEFT JOIN pages p ON p.id = e.page LEFT JOIN agents a ON a.id = e.agent
       WHERE d.name <> 'erasure' ORDER BY e.id, d.name""",
    "SELECT id, started_at, ended_at, open, site, source, device, body FROM sessions ORDER BY id",
    "SELECT * FROM replaced_sessions ORDER BY 1",
    """SELECT k.category, k.key, day, events FROM kind_days JOIN kinds k ON k.id = kind
       WHERE events AND k.key NOT IN ('erased', 'anonymized') ORDER BY 1, 2, 3""",
    "SELECT * FROM session_hours ORDER BY 1, 2, 3, 4",
    "SELECT type, o.id, since, o.at, e.id, o.events FROM objects o JOIN events e ON e.offset = o.latest ORDER BY 1, 2",
    "SELECT url, title FROM pages ORDER BY 1, 2",
    "SELECT user_agent FROM agents ORDER BY 1",
    "SELECT kind, value FROM identifiers ORDER BY 1, 2",
    "SELECT anonymous, first_seen_at, last_seen_at, attributes FROM contacts ORDER BY 2, 3, 4",
    "SELECT visitor FROM visitors ORDER BY 1",
    "SELECT count(*) FROM threads",
    "SELECT count(*) FROM list_members",
    "SELECT count(*) FROM conflicts",
    "SELECT count(*) FROM contact_links",
    "SELECT count(*) FROM object_events",
    "SELECT count(*) FROM to_log",
    "SELECT count(*) FROM to_blank",
)


def neighbours(here: Deployment) -> list[list[tuple[Any, ...]]]:
    """What is there."""
    return [here.ask(sql) for sql in NEIGHBOURS]


def ann(here: Deployment) -> None:
    """Somebody else, with a little of everything."""
    here.say("ann-1", 0, visitor="ann")
    here.identify("ann-2", 1, visitor="ann", email_id="ann@mail.example")
    here.say("ann-3", 2, visitor="ann", page=Page("https://shop.example/?utm_source=news", "Home"))
    order = {"category": "ecommerce", "object": ObjectRef("order", "shared"), "properties": {"total": 1}}
    here.say("ann-4", 3, key="order_created", identifiers={"email_id": "ann@mail.example"}, **SERVER | order)
    here.say("ann-5", 50, visitor="ann", category="custom", key="looked", properties={"colour": "red"})
    here.work(60)


def the_person(here: Deployment) -> None:
    """Her, with her name in every place that a name can get to; two browsers, a server, a bot of hers."""
    here.say("her-1", 4, visitor=CANARY, page=WHERE, user_agent=CANARY)
    here.say(f"{CANARY}-2", 5, visitor=CANARY, category="custom", key="looked", properties={"colour": CANARY})
    here.identify("her-3", 6, visitor=CANARY, **HER)
    here.say("her-4", 7, visitor="laptop", properties={CANARY: 1})
    here.identify("her-5", 8, visitor="laptop", email_id=MAIL, ext_id=CANARY)
    thing = {"category": "ecommerce", "properties": {"note": CANARY}, "identifiers": HER}
    for n, name in enumerate(("shared", CANARY)):
        here.say(f"her-6{n}", 9 + n, key="order_created", **SERVER | thing | {"object": ObjectRef("order", name)})
    told = {"category": "contact", "identifiers": HER, "attributes": {"FIRSTNAME": CANARY}}
    here.say("her-7", 11, key="attributes_updated", **SERVER | told)
    here.say("her-8", 12, key="list_added", category="contact", identifiers=HER, properties={"list": "news"}, **SERVER)
    here.say("her-9", 13, visitor=CANARY, user_agent=f"{BOT} {CANARY}", page=WHERE)
    here.say("her-1", 14, visitor=CANARY, page=WHERE)  # a second copy
    here.work(60)
    here.say("her-late", 20, visitor=CANARY, received_at=T0 + 61 * MINUTE)
    here.work(61)


def reject(here: Deployment, sample: str) -> None:
    """A refusal of which a sample was kept."""
    here.log.append((), [Rejection(T0, 1, "bad_time", "events[0]", "no", "site:1", "", sample)])


def contact_of(here: Deployment, mail: str = MAIL) -> int:
    """Who has that address, as a reader resolves it."""
    found = here.ask(
        "SELECT coalesce(l.survivor, contact) FROM identifiers LEFT JOIN contact_links l ON l.absorbed = contact"
        " WHERE value = ?", mail,
    )  # fmt: skip
    return int(found[0][0])


def test_no_file_has_a_byte_of_the_person(here: Deployment) -> None:
    """Payload, address, title, identifier, attribute, browser, user agent, session, order, event id, refused sample."""
    ann(here)
    the_person(here)
    reject(here, f'{{"identifiers": {{"email_id": "{MAIL.upper()}"}}}}')
    assert {"log.db-wal", "store.db-wal"} <= {name for name, _ in files_with(here.folder, CANARY)}
    erase(here, contact_of(here), 62)
    assert [] == files_with(here.folder, CANARY, "her-", "laptop")


def test_automations_forget_the_person(here: Deployment) -> None:
    """Where she was, by which event and for which of her things, where she did not come in, what she was sent, when
    she would have come in. Somebody else's stays; those who came in are as many as before."""
    ann(here)
    the_person(here)
    other, her, work = contact_of(here, "ann@mail.example"), contact_of(here), here.store.automations
    later = T0 + 1_000 * MINUTE
    with here.store.transaction():
        for contact, name in ((other, "of ann"), (her, CANARY)):
            trigger = Occurrence(f"{name}-2", T0, "custom", "looked", {"colour": name})
            work.save([Run(f"run {name}", 1, 1, contact, name, trigger, T0, "wait", T0, later)])
            work.miss([Missed(1, contact, "again", T0, f"{name}-3")])
            work.sent([Sent(f"mail {name}", f"run {name}", 1, contact, 1, True, T0)])
            work.set_timers([DateTimer(1, 0, contact, later)])
        work.passed({(1, "@entered"): 2})
    erase(here, her, 62)
    assert [] == files_with(here.folder, CANARY)
    assert [other] == [run.contact for run in work.due(later, 9, [])]
    tables = ("automation_runs", "automation_missed", "automation_sent", "automation_timers")
    assert [[(other,)]] * 4 == [here.ask(f"SELECT contact FROM {table}") for table in tables]
    assert [("@ended", 1), ("@entered", 2), ("@sent", 2)] == here.ask("SELECT step, number FROM automation_passed")


def test_nobody_else_is_touched(here: Deployment, tmp_path: Path) -> None:
    """Events, sessions, totals, things, pages are those of a deployment that never knew the person."""
    ann(here)
    the_person(here)
    erase(here, contact_of(here), 62)
    other = tmp_path / "other"
    other.mkdir()
    without = Deployment(other)
    ann(without)
    without.work(62)
    assert neighbours(without) == neighbours(here)
    assert here.ask(COUNTED) == here.ask(KEPT)
    assert here.ask(SESSIONS) == here.ask(HOURS)


@pytest.mark.parametrize("steps", range(5))
def test_a_worker_that_dies_after_any_step_goes_on(
    here: Deployment, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new worker after so many, with an event of hers and one of Ann's in between: done, and nothing is left."""
    monkeypatch.setattr("collector.work.erasure.erase.STEP_S", 0.0)
    ann(here)
    the_person(here)
    ask(here, contact_of(here), 62)
    here.now = T0 + 62 * MINUTE
    for _ in range(steps):
        assert here.worker.turn().erased
    assert [(None,)] == here.ask("SELECT done_at FROM erasures")
    one_turn(here)
    here.say(f"{CANARY}-unread", 61, visitor=CANARY)
    here.say("ann-6", 61, visitor="ann")
    here.work(63)
    assert [(True,)] == here.ask("SELECT done_at IS NOT NULL FROM erasures")
    assert [] == files_with(here.folder, CANARY)
    assert [(1,)] == here.ask("SELECT count(*) FROM contacts")
    assert 1 == len(here.recorded("ann-6"))


def test_steps_are_small(here: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Log and events are looked through piece by piece; between the pieces what comes is taken."""
    monkeypatch.setattr("collector.work.erasure.erase.SWEEP_ROWS", 3)
    monkeypatch.setattr("collector.work.erasure.erase.SWEEP_EVENTS", 3)
    ann(here)
    the_person(here)
    ask(here, contact_of(here), 62)
    here.work(62)
    assert [] == files_with(here.folder, CANARY, "her-")


def late(here: Deployment) -> None:
    """A page from before, by her browser."""
    here.say("nochmals", 3, visitor=CANARY, received_at=T0 + 70 * MINUTE)


def replayed(here: Deployment) -> None:
    """An event that was there before."""
    here.say("her-1", 4, visitor=CANARY, page=WHERE, user_agent=CANARY)


def by_server(here: Deployment) -> None:
    """A server tells what happened before, by an address of hers."""
    here.say("nochmals", 3, key="order_created", category="ecommerce", identifiers=HER, **SERVER)


def by_number(here: Deployment) -> None:
    """By the number that she had."""
    number = {"contact_id": "2"}
    here.say("nochmals", 3, key="order_created", category="ecommerce", identifiers=number, **SERVER)


def elsewhere(here: Deployment) -> None:
    """On a browser that nobody knows, somebody said to be her."""
    here.identify("nochmals", 3, visitor="new", **HER)


@pytest.mark.parametrize("comes", [late, replayed, by_server, by_number, elsewhere])
def test_what_happened_before_is_dropped(here: Deployment, comes: Callable[[Deployment], None]) -> None:
    """It is counted as refused and blanked; nobody arises of it."""
    ann(here)
    the_person(here)
    assert 2 == contact_of(here)
    erase(here, 2, 62)
    before = neighbours(here)
    comes(here)
    here.work(70)
    assert before == neighbours(here)
    assert [] == files_with(here.folder, CANARY, "nochmals")
    assert [("erased", 1)] == refusals(here)


def refusals(here: Deployment) -> list[tuple[str, int]]:
    """(code, how many) of what was refused, but for what a test has put there."""
    rows = here.log._connection.execute("SELECT code, sum(count) FROM rejections GROUP BY code").fetchall()
    return [row for row in rows if row[0] != "bad_time"]


def test_what_was_not_read_yet_is_dropped(here: Deployment) -> None:
    """An erasure goes before what stands in the log and was not read."""
    the_person(here)
    ask(here, contact_of(here), 62)
    here.now = T0 + 62 * MINUTE
    here.worker._append()
    with here.store.transaction():
        pass
    here.worker._eraser.step(here.now, here.worker._decide.forget)
    here.say("unread", 61, visitor=CANARY, page=WHERE)
    here.say("unread, later", 63, visitor="ann")
    here.work(64)
    assert ([], [("ann".ljust(26, "x"),)]) == (here.recorded("unread"), here.ask("SELECT visitor FROM visitors"))
    assert [] == files_with(here.folder, CANARY)


def test_what_rules_said_of_her_does_not_come_back(here: Deployment) -> None:
    """Derived events that were on their way through the log when she was erased are dropped, and are no refusals."""
    here.say("a", 0, visitor=CANARY, properties={"note": CANARY})
    here.now = T0
    assert 1 == here.worker.turn().said
    ask(here, 1, 0)
    here.worker._eraser.step(here.now, here.worker._decide.forget)
    here.work(1)
    assert [("anonymized", 1, None), ("erased", 1, None)] == sorted(here.events())
    assert ["erased", "anonymized"] == [row.entry.key for row in here.log.read(0, 100)]
    assert [] == refusals(here)


def test_whoever_comes_back_is_new(here: Deployment) -> None:
    """On the same browser, with the same address: another contact, with no number of before, and no past."""
    ann(here)
    the_person(here)
    erase(here, 2, 62)
    here.start()  # nothing but the files knows which numbers were given
    here.say("back", 63, visitor=CANARY)
    here.identify("back-2", 64, visitor=CANARY, **HER)
    here.say("from before", 61, visitor=CANARY, received_at=T0 + 65 * MINUTE)
    here.work(65)
    assert [(1,), (4,)] == here.ask("SELECT id FROM contacts ORDER BY id")
    assert 4 == contact_of(here)
    assert ([], 4) == (here.recorded("from before"), here.recorded("back")[0][9])
    assert [(4, 63, 64, True)] == here.sessions()[-1:]


def test_she_can_be_erased_again(here: Deployment) -> None:
    """What she did in between goes too, and is dropped from then on."""
    the_person(here)
    erase(here, contact_of(here), 62)
    here.say("back", 63, visitor=CANARY, page=WHERE)
    here.work(64)
    erase(here, 3, 65)
    here.say("between", 64, visitor=CANARY)
    here.work(66)
    assert [] == here.ask("SELECT id FROM contacts")
    assert [] == files_with(here.folder, CANARY)


def test_all_who_are_one_go_together(here: Deployment) -> None:
    """Asked for one who was absorbed, or for one who is absorbed meanwhile: it is one person."""
    the_person(here)
    assert [(2, 1)] == here.ask("SELECT absorbed, survivor FROM contact_links")
    ask(here, 2, 62)
    here.work(62)
    assert [(0, 0)] == here.ask("SELECT (SELECT count(*) FROM contacts), (SELECT count(*) FROM contact_links)")


def test_who_was_parted_from_her_stays(here: Deployment) -> None:
    """A join that was taken back leaves two people: one of them is erased."""
    here.identify("kim", 0, visitor="kim", email_id="kim@mail.example")
    here.say("a", 1, visitor=CANARY)
    here.identify("join", 2, visitor=CANARY, email_id="kim@mail.example")
    here.work(3)
    (merged,) = [row.entry for row in here.log.read(0, 100) if row.entry.key == "merged"]
    here.log.append([Entry(**{f: getattr(merged, f) for f in merged.__struct_fields__} | {"retracted": True})])
    here.work(4)
    erase(here, 2, 5)
    assert [(1,)] == here.ask("SELECT id FROM contacts")
    assert {"kim", "join"} == {id for (id,) in here.ask("SELECT id FROM events WHERE typeof(id) = 'text'")}


def shared_browser(here: Deployment) -> None:
    """Ann, then her, on one browser; both say who they are."""
    here.identify("ann-1", 0, visitor="both", email_id="ann@mail.example")
    here.say("ann-2", 1, visitor="both")
    here.identify("her-1", 10, visitor="both", **HER)
    here.say("her-2", 11, visitor="both")
    here.work(12)


def test_a_browser_that_is_somebody_else_s_too_stays_theirs(here: Deployment) -> None:
    """What was hers there is gone; who comes next on it is new, and its former user keeps their own."""
    shared_browser(here)
    erase(here, contact_of(here), 20)
    assert [("ann-1",), ("ann-2",)] == here.ask("SELECT id FROM events WHERE typeof(id) = 'text' ORDER BY id")
    here.say("who?", 22, visitor="both")
    here.say("before that", 21, visitor="both", received_at=T0 + 22 * MINUTE)
    here.work(23)
    assert [3, 3] == [here.recorded(id)[0][9] for id in ("who?", "before that")]
    here.identify("ann-3", 24, visitor="both", email_id="ann@mail.example")
    here.say("ann-4", 25, visitor="both")
    here.work(26)
    assert 1 == here.store.people.resolve(here.recorded("ann-4")[0][9])
    assert [] == files_with(here.folder, CANARY, "her-")


def test_whose_browser_it_was_first_may_be_erased(here: Deployment) -> None:
    """The second one goes on there as if it had always been theirs."""
    shared_browser(here)
    erase(here, 1, 20)
    here.say("her-3", 21, visitor="both")
    here.work(22)
    assert [2, 2, 2] == [here.recorded(f"her-{n}")[0][9] for n in (1, 2, 3)]
    assert [] == files_with(here.folder, "ann@mail")


def test_a_claim_of_somebody_else_forgets_her(here: Deployment) -> None:
    """Who was said to have her address keeps the event, and not the address: in the store, and in the log."""
    the_person(here)
    here.identify("ann-1", 20, visitor="ann", ext_id="ann")
    here.identify("ann-2", 21, visitor="ann", ext_id="ann", email_id=MAIL)
    here.work(62)
    assert [("email_id",)] == here.ask("SELECT kind FROM conflicts")
    erase(here, contact_of(here), 63)
    assert [] == files_with(here.folder, CANARY)
    assert [] == here.ask("SELECT * FROM conflicts")
    assert {"ext_id": "ann"} == decode_body(here.recorded("ann-2")[0][-1]).identifiers
    assert [{"ext_id": "ann"}] == [row.entry.identifiers for row in here.log.read(0, 100) if row.entry.id == "ann-2"]


def test_a_sample_of_somebody_else_stays(here: Deployment) -> None:
    """What was learned of others' events, and their refused ones, are left alone; hers keep their place, empty."""
    ann(here)
    the_person(here)
    reject(here, '{"identifiers": {"email_id": "ann@mail.example"}}')
    reject(here, f'{{"visitor_id": "{VISITOR}"}}')
    erase(here, 2, 62)
    samples = here.log._connection.execute("SELECT sample FROM rejection_samples WHERE code = 'bad_time'").fetchall()
    assert [('{"identifiers": {"email_id": "ann@mail.example"}}',), ("",)] == samples
    shapes = here.store.learned.load([("custom", "looked")])
    assert [('"red"',)] == [trait.samples for trait in shapes["custom", "looked"].traits.values()]


def test_nobody_is_erased_who_is_not_there(here: Deployment) -> None:
    """A request for a number that nobody has is done at once."""
    ann(here)
    before = neighbours(here)
    erase(here, 77, 62)
    assert before == neighbours(here)
    here.say("next", 63, visitor="next")
    here.work(64)
    assert [(1,), (2,)] == here.ask("SELECT id FROM contacts")


def test_nobody_who_is_gone_is_folded_anew(here: Deployment) -> None:
    """A look at all histories was under way when somebody was erased: what it asks for is passed over."""
    ann(here)
    erase(here, 1, 62)
    here.store.rebuilds.ask([1])
    here.work(63)
    assert [(0, 0)] == here.ask("SELECT (SELECT count(*) FROM threads), (SELECT count(*) FROM rebuilds)")


def test_without_tombstones_nothing_is_looked_up(here: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor where nothing is older than the last of them: what comes in time costs nothing."""
    looked: list[Entry] = []
    monkeypatch.setattr("collector.work.erasure.graves.names_of", lambda entry: looked.append(entry) or [])
    ann(here)
    assert [] == looked
    erase(here, 1, 62)
    looked.clear()
    here.say("now", 63, visitor="v")
    here.work(64)
    assert [] == looked
    here.say("then", 61, visitor="v", received_at=T0 + 64 * MINUTE)
    here.work(65)
    assert ["then", "push_session_started"] == [one.key if one.door == "derived" else one.id for one in looked]


def test_another_key_is_noticed(here: Deployment, caplog: pytest.LogCaptureFixture) -> None:
    """Erased people would no longer be recognised: a start says so."""
    ann(here)
    here.start()
    erase(here, 1, 62)
    here.start()
    assert "" == caplog.text
    Graves(here.store.erasing.tombstones, key=b"another")
    assert "tombstone-key is another one than before" in caplog.text


def test_a_reader_that_looks_back_keeps_it_open(here: Deployment) -> None:
    """While somebody reads an older state, the WAL holds what was; it is tried again, and done when they have left."""
    ann(here)
    the_person(here)
    connection = connect(here.folder / "store.db", readonly=True)
    connection.execute("BEGIN")
    connection.execute("SELECT count(*) FROM events").fetchone()
    ask(here, 2, 62)
    here.work(62)
    assert [(None,)] == here.ask("SELECT done_at FROM erasures")
    connection.close()
    here.worker._eraser._again_at = 0.0
    here.work(62)
    assert [(here.now,)] == here.ask("SELECT done_at FROM erasures")
    assert [] == files_with(here.folder, CANARY)


def fails(erasing: object) -> None:
    """As where the disk has no room for a second file."""
    raise sqlite3.OperationalError("database or disk is full")


def test_without_room_it_is_done_all_the_same(
    here: Deployment, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A store that cannot be written anew is said to be so; the person is gone."""
    monkeypatch.setattr(SqliteErasing, "compact", fails)
    the_person(here)
    erase(here, contact_of(here), 62)
    assert "not compacted after an erasure: database or disk is full" in caplog.text


def test_a_large_store_is_not_written_anew(here: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would take too long; a small one is."""
    asked: list[str] = []
    the_person(here)
    here.store._connection.set_trace_callback(asked.append)
    with monkeypatch.context() as large:
        large.setattr(erasing, "MOST_COMPACTED_BYTES", 1)
        erase(here, contact_of(here), 62)
    assert "VACUUM" not in asked
    ann(here)
    erase(here, contact_of(here, "ann@mail.example"), 63)
    assert "VACUUM" in asked


LARGE = (
    "events",
    "contacts",
    "visitors",
    "pages",
    "sessions",
    "identifiers",
    "epochs",
    "contact_links",
    "object_events",
)


def test_a_person_is_found_by_indexes(here: Deployment) -> None:
    """No statement of an erasure goes through a whole table that may be large; what no index leads to is looked for in
    pieces, by offset."""
    ann(here)
    the_person(here)
    asked: list[str] = []
    here.store._connection.set_trace_callback(asked.append)
    erase(here, 2, 62)
    here.store._connection.set_trace_callback(None)
    statements = {sql for sql in asked if sql.startswith(("SELECT", "DELETE", "UPDATE"))}
    plans = [(row[3], sql) for sql in statements for row in here.ask(f"EXPLAIN QUERY PLAN {sql}")]
    assert len(statements) > 40
    assert [] == [found for found in plans if re.fullmatch(rf"SCAN ({'|'.join(LARGE)}|[ecvps])", found[0])]


@pytest.mark.parametrize("seed", range(8))
def test_whoever_is_erased_whenever(here: Deployment, seed: int) -> None:
    """Late events, joins, bots, doubles, erasures and restarts in any order: totals are those of the rows that are
    left, those who are left have the sessions of their histories, and who is gone is nowhere."""
    chance = random.Random(seed)
    gone: set[str] = set()
    for n in range(80):
        minute, who = chance.randrange(0, 3_000, 10), chance.randrange(5)
        if chance.random() < 0.2:
            here.identify(f"i{n}", minute, visitor=f"v{who}", email_id=f"p{chance.randrange(3)}@example.it")
        else:
            agent = {"user_agent": BOT} if chance.random() < 0.1 else {}
            here.say(f"e{chance.randrange(n + 1)}", minute, visitor=f"v{who}", properties={"by": f"note-{n}"}, **agent)
        if chance.random() < 0.3:
            here.work(3_000 + n)
        if chance.random() < 0.1 and (rows := here.ask("SELECT id FROM contacts")):
            members = here.store.people.closure(here.store.people.resolve(chance.choice(rows)[0]))
            theirs = here.ask(f"SELECT body FROM events WHERE contact IN {(*members, 0)} AND body IS NOT NULL")
            gone |= {str((decode_body(body).properties or {}).get("by")) for (body,) in theirs} - {"None"}
            ask(here, members[-1], 3_000 + n)
        if chance.random() < 0.1:
            one_turn(here)
    here.work(9_000)
    assert here.ask(COUNTED) == here.ask(KEPT)
    assert here.ask(SESSIONS) == here.ask(HOURS)
    assert [] == here.ask(DANGLING)
    for (contact,) in here.ask("SELECT id FROM contacts WHERE id NOT IN (SELECT absorbed FROM contact_links)"):
        check(here, contact)
    assert gone
    assert [] == [found for text in gone for found in files_with(here.folder, f"{text}\0", f'"{text}"')]


DANGLING = " UNION ALL ".join(
    [
        "SELECT 'page', page FROM events WHERE page IS NOT NULL AND page NOT IN (SELECT id FROM pages)",
        "SELECT 'agent', agent FROM events WHERE agent IS NOT NULL AND agent NOT IN (SELECT id FROM agents)",
        "SELECT 'visitor', visitor FROM events WHERE visitor IS NOT NULL AND visitor NOT IN (SELECT id FROM visitors)",
        "SELECT 'contact', contact FROM events WHERE contact IS NOT NULL AND contact NOT IN (SELECT id FROM contacts)",
        "SELECT 'thread', contact FROM threads WHERE contact NOT IN (SELECT id FROM contacts)",
        "SELECT 'session', contact FROM sessions WHERE contact NOT IN (SELECT id FROM contacts)",
        "SELECT 'owner', contact FROM visitors WHERE contact NOT IN (SELECT id FROM contacts) AND contact <> 0",
        "SELECT 'epoch', contact FROM epochs WHERE contact NOT IN (SELECT id FROM contacts) AND contact <> 0",
    ]
)
