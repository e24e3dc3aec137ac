"""The outbox in the console: how deliveries stand, what may still be done, who is left alone, letters to one person."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.sqlite import connect
from collector.store.ports.messages.outbox import Delivery, Scope, Settlement, Suppression
from collector.store.sqlite.messages.journal import SqliteJournal
from collector.store.sqlite.messages.outbox import SqliteOutbox
from collector.ui.messages.outbox.of_contact import paragraphs
from collector.ui.messages.outbox.states import story_of
from tests.collector.ui.console import Person
from tests.fixtures.shop import Shop, opened

SHOWN = '{"now": 1000, "data": {"contact": {"FIRSTNAME": "Ada"}, "event": {}, "history": {}}}'


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A deployment that knows Ada, and has a message."""
    with opened(tmp_path) as ready:
        ready.serve(0, {"id": "one", "key": "asked", "identifiers": {"email_id": "ada@mail.example"}})
        html = "<a href='https://shop.example/'>Hi {{ contact.FIRSTNAME }}</a>"
        ready.ask("POST", "/api/messages", {"name": "Thanks", "subject": "Hi {{ contact.FIRSTNAME }}", "html": html})
        yield ready


@pytest.fixture
def admin(shop: Shop) -> Person:
    """Logged in."""
    return Person(shop.deployment).log_in()


def sent(shop: Shop) -> str:
    """The message goes to Ada; the delivery's id."""
    return str(shop.ask("POST", "/api/messages/1/send", {"contact": 1}).json()["deliveries"][0])


def settle(shop: Shop, id: str, state: str, **more: str) -> None:
    """As the courier would."""
    journal = SqliteJournal(shop.deployment.settings.store_path)
    journal.settle([], [Settlement(id, state, shop.deployment.now, **more)], [])  # type: ignore[arg-type]  # by name
    journal.close()


def delivery(shop: Shop, id: str) -> Delivery:
    """How it stands."""
    found = shop.deployment.built.services.deliveries.one(id)
    assert found
    return found


def test_an_empty_outbox_says_what_comes(admin: Person) -> None:
    """And where to begin."""
    assert "Nothing was sent yet" in admin.get("/messages/outbox").text


def test_states_are_chips_with_counts(shop: Shop, admin: Person) -> None:
    """Narrowed by state, address, message and contact; nonsense narrows nothing."""
    settle(shop, sent(shop), "failed", reason="550 no such user")
    sent(shop)
    text = admin.get("/messages/outbox").text
    assert [True] * 3 == [part in text for part in ("All 2", "waiting 1", "failed 1")]
    rows = {query: admin.get(f"/messages/outbox?{query}").text.count("data-row>") for query in (
        "state=failed", "q=ada@", "q=bob@", "message=1", "message=2", "contact=1", "state=x&message=x&contact=x",
        "cursor=x")}  # fmt: skip
    assert {"state=failed": 1, "q=ada@": 2, "q=bob@": 0, "message=1": 2, "message=2": 0, "contact=1": 2,
            "state=x&message=x&contact=x": 2, "cursor=x": 2} == rows  # fmt: skip


def test_trouble_is_on_top_with_what_to_do(shop: Shop, admin: Person) -> None:
    """What failed and what is uncertain; all of a state are tried again at once."""
    for state in "failed", "uncertain":
        settle(shop, sent(shop), state)
    text = admin.get("/messages/outbox").text
    assert "Failed: 1" in text
    assert "Uncertain: 1" in text
    assert (
        "/messages/outbox?done=again&n=1"
        == admin.send("/messages/outbox/again", {"state": "failed"}).headers["location"]
    )
    assert {"uncertain": 1, "waiting": 1} == dict(shop.deployment.built.services.deliveries.counts())
    assert "Trying again: 1." in admin.get("/messages/outbox?done=again&n=1").text


def test_one_is_cancelled_and_tried_again(shop: Shop, admin: Person) -> None:
    """From its own page; a state that allows it not changes nothing."""
    id = sent(shop)
    admin.send("/messages/outbox/cancel", {"id": id})
    assert "cancelled" == delivery(shop, id).state
    admin.send("/messages/outbox/again", {"id": id})
    assert "waiting" == delivery(shop, id).state
    admin.send("/messages/outbox/cancel", {"state": "waiting"})
    admin.send("/messages/outbox/cancel", {"state": "sent"})
    assert "cancelled" == delivery(shop, id).state


def test_a_delivery_shows_its_story_and_the_mail(shop: Shop, admin: Person) -> None:
    """As it was rendered then, in a frame; its links tell nothing."""
    id = sent(shop)
    assert "It is seen once it was sent" in admin.get(f"/messages/outbox/{id}").text
    assert 404 == admin.get(f"/messages/outbox/{id}/frame").status_code
    settle(shop, id, "sent", subject="Hi Ada", reason="250 OK", shown=SHOWN)
    text = admin.get(f"/messages/outbox/{id}").text
    assert f'src="/messages/outbox/{id}/frame"' in text
    assert "250 OK" in text
    frame = admin.get(f"/messages/outbox/{id}/frame")
    assert frame.headers["content-security-policy"].startswith("sandbox; ")
    assert "<a href='https://shop.example/'>Hi Ada</a>" in frame.text
    assert "Hi Ada" in admin.get(f"/messages/outbox/{id}/frame?view=text").text
    assert 404 == admin.get("/messages/outbox/none").status_code


def test_a_story_is_in_order_of_time(shop: Shop) -> None:
    """What was asked, tried, and what is to come."""
    id = sent(shop)
    assert ["outbox_happened_asked", "outbox_happened_due"] == [step.says for step in story_of(delivery(shop, id))]
    settle(shop, id, "skipped", reason="left")
    assert [("outbox_happened_asked", ""), ("outbox_happened_skipped", "left")] == [
        (step.says, step.more) for step in story_of(delivery(shop, id))
    ]


def suppress(shop: Shop, *scopes: Scope) -> None:
    """Ada is left alone."""
    connection = connect(shop.deployment.settings.store_path)
    rows = [Suppression("email", b"ada", "ada@mail.example", scope, "unsubscribed", 1_000) for scope in scopes]
    SqliteOutbox(connection).suppress([*rows, Suppression("sms", b"kim", None, "all", "bounced", 2_000)])
    connection.close()


def test_addresses_that_are_left_alone_are_listed(shop: Shop, admin: Person) -> None:
    """With scope and reason, found by their beginning; sending there again takes them away."""
    assert "Nobody is left alone" in admin.get("/messages/suppressions").text
    suppress(shop, "marketing")
    text = admin.get("/messages/suppressions").text
    assert [True] * 3 == [part in text for part in ("ada@mail.example", "unsubscribed", "erased")]
    assert [1, 0] == [admin.get(f"/messages/suppressions?q={q}").text.count("/allow") for q in ("ada", "bob")]
    assert 2 == len(admin.get("/messages/suppressions.json").json()["suppressions"])
    fields = {"id": b"ada".hex(), "channel": "email", "scope": "marketing"}
    assert (
        "/messages/suppressions?done=allowed" == admin.send("/messages/suppressions/allow", fields).headers["location"]
    )
    for given in fields, {**fields, "id": "x"}:
        assert "/messages/suppressions" == admin.send("/messages/suppressions/allow", given).headers["location"]
    assert 200 == admin.get("/messages/suppressions?cursor=x&done=allowed").status_code


def test_a_letter_is_forbidden_only_where_nothing_may_be_sent(shop: Shop, admin: Person) -> None:
    """Who left marketing may still be written to by a person."""
    suppress(shop, "marketing")
    text = admin.get("/contacts/1").text
    assert [True, True] == ["They left marketing" in text, "/contacts/1/write" in text]
    suppress(shop, "all")
    text = admin.get("/contacts/1").text
    assert [True, False] == ["Nothing is sent to this address" in text, "/contacts/1/write" in text]


def test_a_letter_goes_to_one_person(shop: Shop, admin: Person) -> None:
    """Of the purpose sales, as HTML whose links can be told; the contact's page lists it."""
    assert "Nothing was sent to them" in admin.get("/contacts/1").text
    answer = admin.send("/contacts/1/write", {"subject": "Hello", "text": "See https://shop.example/x.\n\nBye <3"})
    assert 303 == answer.status_code
    page = admin.get(answer.headers["location"].partition("#")[0]).text
    assert "On its way." in page
    (one,) = shop.get("/api/messages/outbox").json()["deliveries"]
    content = delivery(shop, one["id"]).order.content
    assert ("sales", 1, "ada@mail.example") == (one["purpose"], one["contact"], one["recipient"])
    assert content
    assert '<p>See <a href="https://shop.example/x">https://shop.example/x</a>.</p>\n<p>Bye &lt;3</p>' == content.html
    assert 404 == admin.send("/contacts/99/write", {"subject": "a", "text": "b"}).status_code
    viewer = Person(shop.deployment).log_in("viewer")
    assert 403 == viewer.send("/contacts/1/write", {"subject": "a", "text": "b"}).status_code
    assert "/contacts/1/write" not in viewer.get("/contacts/1").text


def test_a_letter_with_a_fault_comes_back(admin: Person) -> None:
    """With what was written, in the page itself: no address holds a person's letter."""
    answer = admin.send("/contacts/1/write", {"subject": "Hello", "text": "Dear {{ contact"})
    assert (422, True, True) == (answer.status_code, "is never closed" in answer.text, "Dear {{ contact" in answer.text)


def test_plain_text_becomes_the_simplest_html() -> None:
    """Paragraphs, lines, links; nothing that somebody typed is HTML."""
    assert "<p>a<br>\nb</p>\n<p>&lt;b&gt;</p>" == paragraphs("a\nb\n\n\n<b>")
    assert '<p>(<a href="http://x.example/a?b=1&amp;c">http://x.example/a?b=1&amp;c</a>)</p>' == paragraphs(
        "(http://x.example/a?b=1&c)"
    )
