"""Whose events are: visitors, epochs, promotions, joins, as the worker carries them out."""

from pathlib import Path
from unittest.mock import Mock

import pytest

from collector.store.sqlite.body import decode_body
from tests.collector.work.deployment import MINUTE, T0, Deployment

BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
SERVER = {"door": "api", "source": "api", "identify_mode": "", "visitor": ""}


def contacts(here: Deployment) -> list[tuple[int, bool, str]]:
    rows = here.ask("SELECT id, anonymous, attributes FROM contacts ORDER BY id")
    return [(contact, bool(anonymous), attributes) for contact, anonymous, attributes in rows]


def owners(here: Deployment) -> dict[str, int]:
    """Event → contact, as a reader resolves it."""
    rows = here.ask(
        "SELECT e.id, coalesce(l.survivor, e.contact) FROM events e JOIN kinds k ON k.id = e.kind"
        " LEFT JOIN contact_links l ON l.absorbed = e.contact"
        " WHERE e.door NOT IN (SELECT id FROM doors WHERE name IN ('derived', 'identity'))"
    )
    return dict(rows)


def test_two_browsers_are_two_anonymous_contacts(here: Deployment) -> None:
    """Nothing is known but the browser."""
    here.say("a", 0, visitor="v1")
    here.say("b", 0, visitor="v2")
    here.work(1)
    assert [(1, True, "{}"), (2, True, "{}")] == contacts(here)


def test_an_unknown_identifier_promotes_the_anonymous_contact(here: Deployment) -> None:
    """It keeps its id and its history."""
    here.say("a", 0)
    here.identify("i", 1, email_id="ada@example.it")
    here.say("b", 2)
    here.work(3)
    assert [(1, False, "{}")] == contacts(here)
    assert {"a": 1, "i": 1, "b": 1} == owners(here)


def test_a_known_identifier_joins_the_anonymous_past(here: Deployment) -> None:
    """The known id survives, the timeline is one, and no event row is rewritten."""
    here.say("order", 0, identifiers={"email_id": "ada@example.it"}, **SERVER)
    here.say("a", 10)
    here.work(11)
    before = here.recorded("a")
    here.identify("i", 12, email_id="ada@example.it")
    here.say("b", 13)
    here.work(14)
    assert {"order": 1, "a": 1, "i": 1, "b": 1} == owners(here)
    assert before == here.recorded("a")
    assert [(2, 1)] == here.ask("SELECT absorbed, survivor FROM contact_links")
    assert [(1, 10, 13, True)] == here.sessions()


def test_a_join_makes_one_session_of_two_that_overlap(here: Deployment) -> None:
    """Two devices of one person within half an hour: one session, nothing derived stands twice."""
    here.identify("i1", 0, visitor="phone", email_id="ada@example.it")
    here.say("p", 5, visitor="phone")
    here.say("l", 10, visitor="laptop")
    here.work(11)
    assert [(1, 0, 5, True), (2, 10, 10, True)] == here.sessions()
    here.identify("i2", 20, visitor="laptop", email_id="ada@example.it")
    here.work(60)
    assert [(1, 0, 20, False)] == here.sessions()
    started = [minute for key, minute in here.story() if key == "push_session_started"]
    ended = [minute for key, minute in here.story() if key == "session_ended"]
    assert ([0], [50]) == (started, ended)


def test_joins_in_a_chain_resolve_in_one_step(here: Deployment) -> None:
    """Whoever was absorbed leads straight to the last survivor."""
    here.say("k", 0, identifiers={"email_id": "ada@example.it"}, **SERVER)
    for n, visitor in enumerate(("v1", "v2", "v3"), 1):
        here.say(f"e{n}", n, visitor=visitor)
        here.identify(f"i{n}", n + 10, visitor=visitor, email_id="ada@example.it")
    here.work(20)
    assert {1} == set(owners(here).values())
    assert {1} == {survivor for (survivor,) in here.ask("SELECT survivor FROM contact_links")}


def merges(here: Deployment) -> list[tuple[int, int, int]]:
    """(contact as recorded, absorbed, minute) of each `contact/merged`."""
    rows = here.ask(
        "SELECT e.contact, e.body, e.at FROM events e JOIN kinds k ON k.id = e.kind"
        " WHERE (k.category, k.key) = ('contact', 'merged') ORDER BY e.at"
    )
    bodies = [decode_body(body).properties or {} for _, body, _ in rows]
    return [(row[0], body["absorbed_id"], (row[2] - T0) // MINUTE) for row, body in zip(rows, bodies, strict=True)]


def joined(here: Deployment) -> None:
    """Ada, told by a server, at a browser that was seen before: contact 2 becomes contact 1."""
    here.say("order", 0, identifiers={"email_id": "ada@example.it"}, **SERVER)
    here.say("a", 10)
    here.identify("i", 12, email_id="ada@example.it")
    here.say("b", 13)


def test_a_join_stands_on_the_timeline(here: Deployment) -> None:
    """`contact/merged` names who was absorbed, at the instant of what joined them; nothing is folded again."""
    joined(here)
    here.work(14)
    refolds = here.worker._decide.refolds
    here.work(15)
    assert [(1, 2, 12)] == merges(here)
    assert 1 >= refolds == here.worker._decide.refolds
    assert [(1, 10, 13, True)] == here.sessions()
    assert [] == here.ask("SELECT * FROM to_log")


def test_a_worker_that_dies_between_its_transaction_and_the_log_says_the_join_once(
    here: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it decided is in `to_log`, and the next one appends it."""
    joined(here)
    with monkeypatch.context() as broken:
        broken.setattr(here.log, "append_encoded", Mock(side_effect=OSError("killed")))
        with pytest.raises(OSError, match="killed"):
            here.worker.turn()
    here.store.close()
    here.start()
    here.work(14)
    here.start()
    here.work(15)
    assert [(1, 2, 12)] == merges(here)


def test_a_survivor_that_is_absorbed_before_its_join_is_read_back_takes_it_along(here: Deployment) -> None:
    """The event is recorded for who has the history now."""
    here.say("k", 0, identifiers={"email_id": "ada@example.it"}, **SERVER)
    for n, visitor in enumerate(("v1", "v2"), 1):
        here.say(f"e{n}", n, visitor=visitor)
        here.identify(f"i{n}", n + 10, visitor=visitor, email_id="ada@example.it")
    here.work(20)
    assert [(1, 2, 11), (1, 3, 12)] == merges(here)


def test_a_bot_has_a_visitor_and_is_nobody(here: Deployment) -> None:
    """Its events can be asked for by visitor; it has no contact and no session."""
    here.say("a", 0, user_agent=BOT)
    here.say("b", 1, user_agent=BOT)
    here.say("c", 2, user_agent=BOT, visitor="")
    here.work(60)
    rows = here.ask("SELECT v.visitor, e.contact FROM events e LEFT JOIN visitors v ON v.id = e.visitor")
    assert [("v1".ljust(26, "x"), None)] * 2 + [(None, None)] == rows
    assert ([], []) == (contacts(here), here.sessions())


@pytest.mark.parametrize("again", [False, True])
def test_a_visitor_that_was_a_bot_s_becomes_somebody_s(here: Deployment, *, again: bool) -> None:
    """A person with the same browser id, whether in the same batch or after a restart, is a contact like any other."""
    here.say("a", 0, user_agent=BOT)
    if again:
        here.work(1)
        here.start()
    here.say("b", 2)
    here.identify("i", 3, email_id="ada@example.it")
    here.start()
    here.say("c", 4)
    here.work(5)
    assert {"a": None, "b": 1, "i": 1, "c": 1} == owners(here)
    assert [(1,)] == here.ask("SELECT contact FROM visitors")


def test_a_second_person_on_the_same_browser_begins_an_epoch(here: Deployment) -> None:
    """What was before stays the first one's; events belong to who owned the browser when they happened."""
    here.say("before", 0)
    here.identify("i1", 1, email_id="ada@example.it")
    here.say("hers", 2)
    here.identify("i2", 10, email_id="bob@example.it")
    here.say("his", 11)
    here.say("late", 5)
    here.work(12)
    assert {"before": 1, "i1": 1, "hers": 1, "late": 1, "i2": 2, "his": 2} == owners(here)
    assert [] == here.ask("SELECT * FROM contact_links")


def test_two_identified_contacts_never_join_from_a_public_door(here: Deployment) -> None:
    """Knowing two addresses gives nobody a merged profile; the second identifier is kept as a conflict."""
    here.say("k1", 0, identifiers={"email_id": "ada@example.it"}, **SERVER)
    here.say("k2", 0, identifiers={"ext_id": "bob"}, **SERVER)
    here.identify("i", 1, email_id="ada@example.it", ext_id="bob")
    here.work(2)
    assert [] == [row for row in here.ask("SELECT * FROM contact_links") if set(row[:2]) == {1, 2}]
    assert [("email_id", 1)] == here.ask("SELECT kind, owner FROM conflicts")


def test_a_guarded_claim_fills_what_is_empty_and_overwrites_nothing(here: Deployment) -> None:
    """The server's word stands; what only a browser says is marked as unverified."""
    here.say("k", 0, identifiers={"email_id": "ada@example.it"}, attributes={"NAME": "Ada"}, **SERVER)
    here.say("i", 1, key="identified", category="contact", identifiers={"email_id": "ada@example.it"},
             attributes={"NAME": "Mallory", "CITY": "Turin"})  # fmt: skip
    here.work(2)
    assert [("Ada", "Turin", '["CITY"]')] == here.ask(
        "SELECT attributes ->> '$.NAME', attributes ->> '$.CITY', unverified FROM contacts WHERE id = 1"
    )


def test_a_server_creates_the_contact_of_an_unknown_identifier(here: Deployment) -> None:
    """No browser was ever seen."""
    here.say("o", 0, key="order_completed", category="ecommerce", identifiers={"ext_id": "u1"}, **SERVER)
    here.work(1)
    assert [(1, False, "{}")] == contacts(here)
    assert {"o": 1} == owners(here)


def test_an_event_of_nobody_is_kept(here: Deployment) -> None:
    """Neither browser nor identifier: it has no contact, and it is not lost."""
    here.say("o", 0, key="order_completed", category="ecommerce", **SERVER)
    here.work(1)
    assert {"o": None} == owners(here)


def test_first_and_last_seen_follow_the_events(here: Deployment) -> None:
    """Of a joined contact they are those of both."""
    here.say("k", 5, identifiers={"email_id": "ada@example.it"}, **SERVER)
    here.say("a", 1)
    here.identify("i", 7, email_id="ada@example.it")
    here.work(8)
    assert [(60_000, 420_000)] == here.ask(
        "SELECT first_seen_at - 1790000000000, last_seen_at - 1790000000000 FROM contacts WHERE id = 1"
    )


def play(here: Deployment, *, batches: bool) -> dict[str, int]:
    """Three browsers, two people, in one batch or in many with a new worker after each."""
    for n in range(30):
        here.say(f"e{n}", n, visitor=f"v{n % 3}")
        if n % 7 == 0:
            here.identify(f"i{n}", n + 0.5, visitor=f"v{n % 3}", email_id=f"p{n % 2}@example.it")
        if batches and n % 5 == 0:
            here.work(n + 1)
            here.store.close()
            here.start()
    here.work(31)
    return owners(here)


def test_the_same_people_whether_batches_are_small_or_large(tmp_path: Path) -> None:
    """What is remembered between batches is what the file says."""
    for name in ("many", "one"):
        (tmp_path / name).mkdir()
    many, one = (play(Deployment(tmp_path / name), batches=name == "many") for name in ("many", "one"))
    assert 35 == len(one)
    assert one == many
