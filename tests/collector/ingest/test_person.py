"""Who is it that an event names? Identifiers, attributes, the event `identified`. Nothing here refuses an event."""

from typing import Any

import pytest

from tests.collector.ingest.sending import Deployment, event, warned


def test_identified_carries_who_and_what(deployment: Deployment) -> None:
    """`{category: contact, key: identified, identifiers, contact_properties}`: each identifier in its one spelling."""
    identifiers = {
        "ext_id": "  Anna-7 ",
        "email_id": "Anna@Shop.IT",
        "phone_id": "+39 06 1234567",
        "whatsapp_id": "0039 333 1234567",
        "landline_number_id": "+39-06-7654321",
    }
    attributes = {"NOME": "Anna", "AGE": 31, "VIP": True, "TAGS": ["a", 1, None], "NOTHING": None}
    entry = deployment.entry(
        category="contact", key="identified", identifiers=identifiers, contact_properties=attributes
    )
    assert {
        "ext_id": "Anna-7",
        "email_id": "anna@shop.it",
        "phone_id": "+39061234567",
        "whatsapp_id": "+393331234567",
        "landline_number_id": "+39067654321",
    } == entry.identifiers
    assert ("contact", "identified", attributes) == (entry.category, entry.key, entry.attributes)


def test_any_event_may_identify(deployment: Deployment) -> None:
    """An order that carries an address identifies like `identified` itself."""
    entry = deployment.entry(key="order_created", identifiers={"email_id": "anna@shop.it"})
    assert {"email_id": "anna@shop.it"} == entry.identifiers


@pytest.mark.parametrize("identifiers", [None, {}, {"email_id": None}], ids=repr)
def test_identified_without_identifiers_is_taken(deployment: Deployment, identifiers: Any) -> None:
    """For the visitor alone: there is nothing to warn of, and nothing to join."""
    sent = event(category="contact", key="identified", identifiers=identifiers)
    said = deployment.send(sent)
    assert (1, [], []) == (said["accepted"], said["rejected"], said["warnings"])
    (entry,) = deployment.logged(sent["id"])
    assert (None, 26) == (entry.identifiers, len(entry.visitor))


ILLEGAL: tuple[tuple[str, Any], ...] = (
    *(("ext_id", word) for word in ("anonymous", "GUEST", " null ", "undefined", "none", "NaN", "true", "false", "0")),
    *(
        ("ext_id", word)
        for word in ("[object Object]", "email", "id", "", "   ", "'null'", "-1", "---", "\ud800", "a\0b")
    ),
    *(("ext_id", value) for value in (True, 1.5, [], {}, ["a"], {"a": 1}, "x" * 256, 10**30)),
    *(("email_id", text) for text in ("anna", "anna@", "@shop.it", "a b@shop.it", "null", "anna@shop..it", "a@b@c")),
    *(("phone_id", text) for text in ("12", "phone", "+0612345678", "+39 06 12 34 56 78 90 12 34 56")),
    *(("contact_id", value) for value in (7, "7")),
    *(("e_mail", "anna@shop.it"), ("EMAIL_ID", "anna@shop.it"), ("", "x"), ("\ud800", "x")),
)


@pytest.mark.parametrize(("kind", "value"), ILLEGAL, ids=lambda part: ascii(part)[:30])
def test_an_illegal_identifier_is_left_out_with_a_warning(deployment: Deployment, kind: str, value: Any) -> None:
    """Its event is stored for the visitor, with the other identifiers; nobody is joined by a placeholder."""
    other = "landline_number_id"
    sent = event(category="contact", key="identified", identifiers={kind: value, other: "+39061234567"})
    said = deployment.send(sent)
    path = f"events[0].identifiers.{ascii(kind)[1:-1]}"
    assert (1, [], [(0, "bad_identifier", path)]) == (said["accepted"], said["rejected"], warned(said))
    (entry,) = deployment.logged(sent["id"])
    assert ({other: "+39061234567"}, 26) == (entry.identifiers, len(entry.visitor))


@pytest.mark.parametrize(
    "identifiers", ["anna@shop.it", 5, True, ["email_id"], {"": 1} | dict.fromkeys(map(str, range(20)), 1)]
)
def test_what_are_no_identifiers_is_left_out_with_a_warning(deployment: Deployment, identifiers: Any) -> None:
    """Something else than an object of a few of them: one warning for all."""
    sent = event(identifiers=identifiers)
    said = deployment.send(sent)
    assert (1, [(0, "bad_identifier", "events[0].identifiers")]) == (said["accepted"], warned(said))
    assert deployment.logged(sent["id"])[0].identifiers is None


def test_a_warning_says_what_is_wrong(deployment: Deployment) -> None:
    """A kind that there is not, a value that is nobody, an id that only a server may name."""
    said = deployment.send(event(identifiers={"mail": "x", "ext_id": "null", "contact_id": 7}))
    assert [
        "no such kind; there are contact_id, ext_id, email_id, phone_id, whatsapp_id, landline_number_id",
        "This cannot identify a person.",
        "only a server may name a contact by its id",
    ] == [one["message"] for one in said["warnings"]]


def test_a_server_may_name_a_contact_by_its_id(deployment: Deployment) -> None:
    """Under a secret key the id is taken, in its one spelling."""
    sent = event(identifiers={"contact_id": 7})
    said = deployment.send_as_server(sent)
    assert (1, []) == (said["accepted"], said["warnings"])
    assert {"contact_id": "7"} == deployment.logged(sent["id"])[0].identifiers


def test_warnings_are_no_rejections(fresh: Deployment) -> None:
    """What was left out of an event that was taken is told to its sender and counted nowhere as refused."""
    said = fresh.send(event(identifiers={"ext_id": "null"}, contact_properties={"a": {}}))
    assert 2 == len(said["warnings"])
    assert {} == fresh.rejections()
