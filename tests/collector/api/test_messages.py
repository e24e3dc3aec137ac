"""Messages by API: defined, checked, tried for one person, sent, looked at; what is wrong is said with its place."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collector.api.frame.cursor import encode_cursor
from tests.fixtures.shop import Shop, opened

HER = {"email_id": "ada@mail.example"}
ORDER = {
    "name": "Order",
    "subject": "Your order {{ event.id }}",
    "html": "<p>Hi {{ contact.FIRSTNAME|default:'there' }}</p>",
    "event": {"category": "ecommerce", "key": "order_completed"},
}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Somebody who has bought something."""
    with opened(tmp_path) as ready:
        who = {"identifiers": HER, "contact_properties": {"FIRSTNAME": "Ada"}}
        order = {"id": "A-7", "total": 90, "items": [{"name": "Boots", "price": 90}]}
        ready.serve(0, {"id": "1", "category": "contact", "key": "identified", **who})
        ready.serve(1, {"id": "2", "key": "order_completed", "identifiers": HER, "properties": order})
        yield ready


def made(shop: Shop, **more: Any) -> dict[str, Any]:
    """A message."""
    answer = shop.change("POST", "/api/messages", {**ORDER, **more})
    assert 201 == answer.status_code, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_message_keeps_its_versions(shop: Shop) -> None:
    """What it says from now on is a new version; the same once more is none; another name is none either."""
    assert 1 == made(shop)["version"]
    assert 2 == shop.change("PATCH", "/api/messages/1", {"subject": "Thank you"}).json()["version"]
    assert 2 == shop.change("PATCH", "/api/messages/1", {"subject": "Thank you", "name": "Bought"}).json()["version"]
    versions = shop.get("/api/messages/1/versions").json()["versions"]
    assert [(2, "Thank you"), (1, "Your order {{ event.id }}")] == [
        (one["version"], one["subject"]) for one in versions
    ]
    assert [1] == [one["id"] for one in shop.get("/api/messages").json()["messages"]]
    assert 200 == shop.change("PATCH", "/api/messages/1", {"archived": True}).status_code
    assert [] == shop.get("/api/messages").json()["messages"]
    assert [1] == [one["id"] for one in shop.get("/api/messages?archived=true").json()["messages"]]


def test_what_is_wrong_is_said_with_part_and_line(shop: Shop) -> None:
    """All of it at once, and nothing is kept."""
    html = "<p>\n{% for item in event.items %}\n{{ item.name|shout }}</p>"
    answer = shop.change("POST", "/api/messages", {**ORDER, "subject": "{{ event.id", "html": html})
    assert 400 == answer.status_code
    places = {(error["path"], error["message"].split(":")[0]) for error in answer.json()["errors"]}
    assert {("subject", "Line 1"), ("html", "Line 2"), ("html", "Line 3")} <= places
    assert [] == shop.get("/api/messages").json()["messages"]


def test_a_name_is_given_once(shop: Shop) -> None:
    """409 for the second."""
    made(shop)
    assert 409 == shop.change("POST", "/api/messages", ORDER).status_code
    made(shop, name="Other")
    assert 409 == shop.change("PATCH", "/api/messages/2", {"name": "Order"}).status_code


def test_a_preview_is_what_that_person_would_get(shop: Shop) -> None:
    """With a real contact and a real event; what nobody can fill is told, with what was meant."""
    html = "{% for item in params.items %}{{ item.name }}{% endfor %} {{ contact.FIRSTNAM }} {{ event.totl }}"
    asked = {
        "subject": "{{ contact.FIRSTNAME }}, {{ event.total }}",
        "html": html,
        "contact": 1,
        "kind": ORDER["event"],
    }
    event = shop.get("/api/events?key=order_completed").json()["events"][0]["id"]
    found = shop.change("POST", "/api/messages/preview", {**asked, "event": event}).json()
    assert ("Ada, 90", []) == (found["subject"], found["faults"])
    assert "Boots" in found["html"]
    assert ["contact.FIRSTNAM", "event.totl"] == [one["message"].split()[5].strip(";.") for one in found["missing"]]
    assert "did you mean contact.FIRSTNAME" in found["missing"][0]["message"]
    wrong = shop.change("POST", "/api/messages/preview", {**asked, "html": "{% fro %}"}).json()
    assert ("", ["html"]) == (wrong["html"], [fault["part"] for fault in wrong["faults"]])


def test_the_last_purchase_page_and_form_are_at_hand(shop: Shop) -> None:
    """A message may tell of what happened before: the history of that person, and of nobody else."""
    shop.serve(2, {"id": "3", "key": "form_submitted", "identifiers": HER, "properties": {"form": "news"}})
    other = {"email_id": "bob@mail.example"}
    shop.serve(3, {"id": "4", "key": "form_submitted", "identifiers": other, "properties": {"form": "secret"}})
    html = (
        "{{ history.ecommerce.order_completed.last.items.0.name }} {{ history.forms.form_submitted.last.form }} "
        "{{ history.forms.form_submitted.count }} {{ history.website.page_visited.last.page.title|default:'no page' }}"
    )
    found = shop.change("POST", "/api/messages/preview", {"subject": "x", "html": html, "contact": 1}).json()
    assert "Boots news 1 no page" == found["html"]


def test_sending_puts_it_into_the_outbox(shop: Shop) -> None:
    """To a contact or an address; who cannot be reached is a clear 400."""
    made(shop)
    answer = shop.change("POST", "/api/messages/1/send", {"contact": 1, "at": "2027-01-01T00:00:00Z"})
    (id,) = answer.json()["deliveries"]
    (row,) = shop.get("/api/messages/outbox?state=waiting").json()["deliveries"]
    assert (202, id, "ada@mail.example", 1) == (answer.status_code, row["id"], row["recipient"], row["contact"])
    assert "2027-01-01T00:00:00.000Z" == row["due_at"]
    for wrong in (
        {},
        {"contact": 99},
        {"to": "nobody"},
        {"contact": 1, "to": "a@b.co"},
        {"to": "a@b.co", "at": "soon"},
    ):
        assert 400 == shop.change("POST", "/api/messages/1/send", wrong).status_code, wrong
    assert {"changed": 1} == shop.change("POST", "/api/messages/outbox/cancel", {"ids": [id]}).json()
    assert {"changed": 0} == shop.change("POST", "/api/messages/outbox/cancel", {"ids": [id]}).json()


def test_a_test_shows_what_the_contact_would_get(shop: Shop) -> None:
    """To people of the team; a contact that is not there is a clear 400."""
    made(shop)
    body = {"to": ["me@team.example"], "contact": 1, "event": "2"}
    (id,) = shop.change("POST", "/api/messages/1/test", body).json()["deliveries"]
    row = shop.deployment.built.services.deliveries.one(id)
    assert row
    assert ("me@team.example", 0, 1, "2") == (row.recipient, row.contact, row.order.sample, row.order.event)
    assert 400 == shop.change("POST", "/api/messages/1/test", {**body, "contact": 99}).status_code


def test_the_outbox_is_paged_and_narrowed(shop: Shop) -> None:
    """The newest first, by state, message, contact, and the beginning of an address."""
    made(shop)
    for number in range(5):
        shop.deployment.now += 1
        shop.change("POST", "/api/messages/1/send", {"to": f"r{number}@mail.example"})
    first = shop.get("/api/messages/outbox?limit=3").json()
    second = shop.get(f"/api/messages/outbox?limit=3&cursor={first['next']}").json()
    seen = [one["recipient"][:2] for one in (*first["deliveries"], *second["deliveries"])]
    assert (["r4", "r3", "r2", "r1", "r0"], None) == (seen, second["next"])
    assert ["r2@mail.example"] == [
        one["recipient"] for one in shop.get("/api/messages/outbox?q=R2&message=1").json()["deliveries"]
    ]
    assert [] == shop.get("/api/messages/outbox?contact=1").json()["deliveries"]
    assert 400 == shop.get("/api/messages/outbox?state=lost").status_code


@pytest.mark.parametrize("place", [(1, "zz"), (1, 2), (2**63, b""), (1,), ()])
def test_a_cursor_that_was_changed_is_refused(shop: Shop, place: tuple[Any, ...]) -> None:
    """As one that is none."""
    cursor = encode_cursor("suppressions", place)
    assert 400 == shop.get(f"/api/messages/suppressions?cursor={cursor}").status_code


def test_a_block_that_a_message_has_cannot_be_broken(shop: Shop) -> None:
    """409 with the messages that would; taking it away is refused alike, until no message has it."""
    assert (
        200 == shop.change("PUT", "/api/messages/blocks/foot", {"body": "<p>{{ contact.FIRSTNAME }}</p>"}).status_code
    )
    made(shop, html="<p>Hi</p>{% include 'foot' %}")
    for broken in (
        shop.change("PUT", "/api/messages/blocks/foot", {"body": "{% fro %}"}),
        shop.change("DELETE", "/api/messages/blocks/foot"),
    ):
        assert (409, ["messages/1"]) == (broken.status_code, [one["path"] for one in broken.json()["errors"]])
    shop.change("PATCH", "/api/messages/1", {"html": "<p>Hi</p>"})
    assert 204 == shop.change("DELETE", "/api/messages/blocks/foot").status_code
    assert 404 == shop.change("DELETE", "/api/messages/blocks/foot").status_code


def test_results_count_what_became_of_it(shop: Shop) -> None:
    """By the day of asking; nothing was sent yet."""
    made(shop)
    assert [] == shop.get("/api/messages/1/results").json()["days"]
    shop.change("POST", "/api/messages/1/send", {"contact": 1})
    (day,) = shop.get("/api/messages/1/results").json()["days"]
    assert (0, 0, 0) == (day["sent"], day["opened"], day["unsubscribed"])
