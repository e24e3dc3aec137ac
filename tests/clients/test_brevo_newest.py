"""Does Brevo's newest Python client get from Sentiero what it expects? Every call of what /v3 has, over a socket."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import brevo
import httpx
import pytest
from brevo import contacts, ecommerce, event, transactional_emails, webhooks
from brevo.core.api_error import ApiError

from tests.killed.process import API_KEY, Deployment
from tests.killed.wait import until

SEEN_S = 20.0
AT = datetime(2026, 2, 6, 20, 59, 23, 383000, tzinfo=UTC)


@pytest.fixture(scope="module")
def client(deployment: Deployment) -> Iterator[brevo.Brevo]:
    """With the deployment's key."""
    with made(deployment, api_key=API_KEY) as client:
        yield client


@contextmanager
def made(deployment: Deployment, **options: Any) -> Iterator[brevo.Brevo]:
    """The client on this deployment. It repeats nothing, so that a refusal is seen at once."""
    address = f"http://127.0.0.1:{deployment.port}/v3"
    with httpx.Client(timeout=30) as connections:
        yield brevo.Brevo(base_url=address, max_retries=0, httpx_client=connections, **options)


def refused(call: Any) -> tuple[int | None, str]:
    """(status, code) of what the client raises."""
    with pytest.raises(ApiError) as raised:
        call()
    return raised.value.status_code, raised.value.body["code"]


def seen(client: brevo.Brevo, **asked: Any) -> list[Any]:
    """The events, once there is one."""
    return until(lambda: client.event.get_events(**asked).events or None, SEEN_S)


# Events ---------------------------------------------------------------------------------------------------------------


def test_an_event_comes_back_as_it_was_sent(client: brevo.Brevo) -> None:
    """Name, time, properties, the object's type and what was said of the contact."""
    client.event.create_event(
        event_name="video_played",
        event_date=AT,
        identifiers=event.CreateEventRequestIdentifiers(email_id="jane@shop.example", ext_id="u1"),
        event_properties={"duration": 142, "autoplayed": False, "nested": {"a": [1, {"b": 2}]}},
        contact_properties={"AGE": 32},
        object=event.CreateEventRequestObject(
            type="subscription", identifiers=event.CreateEventRequestObjectIdentifiers(ext_id="s1")
        ),
    )
    asked = {"start_date": "2026-02-06", "end_date": "2026-02-06"}
    (found,) = seen(client, event_name="video_played", object_type=["subscription", "car"], **asked)
    assert ("video_played", AT, "subscription") == (found.event_name, found.event_date, found.object_type)
    assert {"duration": 142, "autoplayed": False, "nested": {"a": [1, {"b": 2}]}} == found.event_properties
    assert {"AGE": 32} == found.contact_properties
    assert found.contact_id == client.contacts.get_contact_info("u1", identifier_type="ext_id").id


def test_a_batch_says_how_many(client: brevo.Brevo) -> None:
    """202 for all; the client reads 207 the same way and keeps the details."""
    good = _event("batched", "batch@shop.example")
    assert 2 == client.event.create_batch_events(events=[good, good]).count
    some = client.event.create_batch_events(events=[good, _event("bad name", "batch@shop.example")])
    assert (1, 1) == (some.model_extra["successful_events"], some.model_extra["failed_events"])
    assert [1] == some.model_extra["errors"][0]["eventIndex"]
    bad = _event("bad name", "batch@shop.example")
    assert (400, "invalid_parameter") == refused(lambda: client.event.create_batch_events(events=[bad]))
    until(lambda: client.event.get_events(event_name="batched").count == 3, SEEN_S)


def _event(name: str, email: str) -> Any:
    identifiers = event.CreateBatchEventsRequestEventsItemIdentifiers(email_id=email)
    return event.CreateBatchEventsRequestEventsItem(event_name=name, identifiers=identifiers)


def test_a_page_of_events_goes_on_where_it_ended(client: brevo.Brevo) -> None:
    """limit and offset walk through what matches, newest first; count is of all."""
    for minute in range(3):
        client.event.create_event(
            event_name="paged",
            event_date=AT.replace(minute=minute),
            identifiers=event.CreateEventRequestIdentifiers(email_id="paged@shop.example"),
        )
    asked: dict[str, Any] = {"event_name": "paged", "start_date": "2026-02-01", "end_date": "2026-03-01"}
    until(lambda: client.event.get_events(**asked).count == 3, SEEN_S)
    page = client.event.get_events(**asked, limit=2, offset=1)
    assert (3, [1, 0]) == (page.count, [one.event_date.minute for one in page.events])


def test_a_wrong_key_is_unauthorized(deployment: Deployment) -> None:
    """At a door and elsewhere; the client knows the exception."""
    who = event.CreateEventRequestIdentifiers(email_id="jane@shop.example")
    with made(deployment, api_key="sk_of_nobody") as stranger:
        assert (401, "unauthorized") == refused(lambda: stranger.event.create_event(event_name="x", identifiers=who))
        assert (401, "unauthorized") == refused(stranger.contacts.get_contacts)


def test_a_bearer_token_is_a_key(deployment: Deployment) -> None:
    """Where the newest client sends it so."""
    who = event.CreateEventRequestIdentifiers(email_id="bearer@shop.example")
    with made(deployment, api_key="", token=API_KEY) as client:
        client.event.create_event(event_name="borne", identifiers=who)
        assert 1 == len(seen(client, event_name="borne"))


# Contacts -------------------------------------------------------------------------------------------------------------


def test_a_contact_is_created_changed_and_found_by_everything(client: brevo.Brevo) -> None:
    """Create, repeat, update, read by e-mail address, own id, telephone and number."""
    people = client.contacts
    made = people.create_contact(
        email="Ada@shop.example", ext_id="ada", attributes={"FIRSTNAME": "Ada", "SMS": "+39 333 1234567"}
    )
    assert (400, "duplicate_parameter") == refused(lambda: people.create_contact(email="ada@shop.example"))
    assert people.create_contact(email="ada@shop.example", update_enabled=True, attributes={"AGE": 36}) is None
    got = people.create_contact(email="ada@shop.example", update_enabled=True, get_id=True)
    assert made.id == got.id
    people.update_contact("ada", identifier_type="ext_id", attributes={"LASTNAME": "Lovelace"}, sms_blacklisted=True)
    for identifier, kind in (
        ("ada@shop.example", None), ("ada", "ext_id"), ("+393331234567", "phone_id"), (made.id, "contact_id"),
    ):  # fmt: skip
        found = people.get_contact_info(identifier, identifier_type=kind)
        assert (made.id, "ada@shop.example", False, True) == (
            found.id, found.email, found.email_blacklisted, found.sms_blacklisted,
        )  # fmt: skip
        assert {
            "FIRSTNAME": "Ada", "LASTNAME": "Lovelace", "AGE": 36, "SMS": "+393331234567", "EXT_ID": "ada",
        } == found.attributes.model_dump()  # fmt: skip


def test_who_is_on_a_blacklist_has_withdrawn_consent(client: brevo.Brevo, deployment: Deployment) -> None:
    """As with `sentiero import`; taken off again it is a flag less, and no consent more."""
    id = client.contacts.create_contact(email="withdrawn@shop.example", email_blacklisted=True).id
    found = client.contacts.get_contact_info(id)
    assert (True, False, {}) == (found.email_blacklisted, found.sms_blacklisted, found.attributes.model_dump())
    client.contacts.update_contact(id, email_blacklisted=False)
    assert not client.contacts.get_contact_info(id).email_blacklisted
    assert "denied" == deployment.get(f"/api/contacts/{id}").json()["consent"]


def test_who_is_unknown_is_not_found(client: brevo.Brevo) -> None:
    """Reading and changing; what cannot be an address is refused."""
    people = client.contacts
    assert (404, "document_not_found") == refused(lambda: people.get_contact_info("nobody@shop.example"))
    assert (404, "document_not_found") == refused(lambda: people.update_contact("nobody@shop.example", attributes={}))
    assert (400, "invalid_parameter") == refused(lambda: people.create_contact(email="nobody"))
    assert (400, "missing_parameter") == refused(lambda: people.create_contact(attributes={"A": 1}))


def test_two_contacts_become_one_only_when_asked(client: brevo.Brevo) -> None:
    """Identifiers of two people are a clash, and with forceMerge a merge: one of them is left."""
    people = client.contacts
    ids = {
        people.create_contact(email="one@shop.example").id,
        people.create_contact(ext_id="two", attributes={"FIRSTNAME": "Two"}).id,
    }
    both: dict[str, Any] = {"email": "one@shop.example", "ext_id": "two", "update_enabled": True}
    assert (400, "duplicate_parameter") == refused(lambda: people.create_contact(**both))
    survivor = people.create_contact(**both, force_merge=True, get_id=True).id
    assert survivor in ids
    assert survivor == people.get_contact_info("one@shop.example").id
    assert survivor == people.get_contact_info("two", identifier_type="ext_id").id
    assert (400, "duplicate_parameter") == refused(
        lambda: people.update_contact("one@shop.example", ext_id=people.create_contact(ext_id="three") and "three")
    )


def test_lists_are_made_filled_read_and_emptied(client: brevo.Brevo) -> None:
    """Create, add by three kinds, read, filter, remove, rename, delete."""
    people = client.contacts
    list_id = people.create_list(name="Readers", folder_id=1).id
    assert (400, "duplicate_parameter") == refused(lambda: people.create_list(name="Readers", folder_id=1))
    numbers = [people.create_contact(email=f"reader{n}@shop.example", ext_id=f"reader{n}").id for n in range(4)]
    people.update_contact("reader0@shop.example", list_ids=[list_id])
    added = people.add_contact_to_list(
        list_id, request=contacts.AddContactToListRequestBodyEmails(emails=["reader1@shop.example", "no@shop.example"])
    )
    assert (["reader1@shop.example"], ["no@shop.example"]) == (added.contacts.success, added.contacts.failure)
    people.add_contact_to_list(list_id, request=contacts.AddContactToListRequestBodyIds(ids=[numbers[2]]))
    people.add_contact_to_list(list_id, request=contacts.AddContactToListRequestBodyExtIds(ext_ids=["reader3"]))
    assert numbers == [one.id for one in people.get_contacts_from_list(list_id, sort="asc").contacts]
    assert numbers[::-1][1:3] == [one.id for one in people.get_contacts(list_ids=[list_id], limit=2, offset=1).contacts]
    assert ("Readers", 4) == (people.get_list(list_id).name, people.get_list(list_id).total_subscribers)
    people.remove_contact_from_list(list_id, request=contacts.RemoveContactFromListRequestBodyIds(ids=[numbers[0]]))
    assert 3 == people.get_contacts_from_list(list_id).count
    people.remove_contact_from_list(list_id, request=contacts.RemoveContactFromListRequestBodyAll(all_=True))
    assert 0 == people.get_contacts_from_list(list_id).count
    people.update_list(list_id, name="Former readers")
    assert "Former readers" in [one.name for one in people.get_lists(limit=50).lists]
    people.delete_list(list_id)
    assert (404, "document_not_found") == refused(lambda: people.get_list(list_id))
    unknown = contacts.AddContactToListRequestBodyEmails(emails=["reader1@shop.example"])
    assert (404, "document_not_found") == refused(lambda: people.add_contact_to_list(list_id, request=unknown))


def test_attributes_are_defined_and_hold(client: brevo.Brevo) -> None:
    """A value of another type is left out, as Brevo does; the category that is not here says so."""
    people = client.contacts
    people.create_attribute("normal", "SHOE_SIZE", type="float")
    assert (400, "duplicate_parameter") == refused(lambda: people.create_attribute("normal", "SHOE_SIZE", type="float"))
    assert ("normal", "float") == next(
        (one.category, one.type) for one in people.get_attributes().attributes if one.name == "SHOE_SIZE"
    )
    people.create_contact(email="shoes@shop.example", attributes={"SHOE_SIZE": "large", "FIRSTNAME": "Bo"})
    assert {"FIRSTNAME": "Bo"} == people.get_contact_info("shoes@shop.example").attributes.model_dump()
    people.delete_attribute("normal", "SHOE_SIZE")
    assert (404, "document_not_found") == refused(lambda: people.delete_attribute("normal", "SHOE_SIZE"))
    assert (501, "not_implemented") == refused(lambda: people.create_attribute("global", "X", value="COUNT[ID]"))
    assert (501, "not_implemented") == refused(lambda: people.update_attribute("normal", "X"))


def test_contacts_are_filtered(client: brevo.Brevo) -> None:
    """By an attribute's value, by ids, by when they changed."""
    people = client.contacts
    id = people.create_contact(email="filter@shop.example", attributes={"COLOUR": "sea green", "NUMBER": 7}).id
    assert [id] == [one.id for one in people.get_contacts(filter='equals(COLOUR,"sea green")').contacts]
    assert [id] == [one.id for one in people.get_contacts(filter="equals(NUMBER,7)").contacts]
    assert [id] == [one.id for one in people.get_contacts(ids=[id], modified_since="2026-01-01T00:00:00.000Z").contacts]
    assert 0 == people.get_contacts(ids=[id], created_since="2100-01-01T00:00:00.000Z").count
    assert (400, "invalid_parameter") == refused(lambda: people.get_contacts(filter="bigger(NUMBER,7)"))
    assert (404, "document_not_found") == refused(lambda: people.get_contacts(segment_id=1_000))


def test_contacts_are_imported(client: brevo.Brevo) -> None:
    """A CSV with a line of names, and JSON with a new list; a batch changes those that are there."""
    people = client.contacts
    list_id = people.create_list(name="Imported", folder_id=1).id
    file = "EMAIL;FIRSTNAME;SMS\ncsv1@shop.example;One;+393330000001\nnobody;Two;\n"
    assert 0 < people.import_contacts(file_body=file, list_ids=[list_id]).process_id
    people.import_contacts(
        json_body=[
            contacts.ImportContactsRequestJsonBodyItem(email="json1@shop.example", attributes={"FIRSTNAME": "J"})
        ],
        new_list=contacts.ImportContactsRequestNewList(list_name="Imported", folder_id=1),
        email_blacklist=True,
    )
    found = people.get_contacts_from_list(list_id, sort="asc").contacts
    assert [("csv1@shop.example", False), ("json1@shop.example", True)] == [
        (one.email, one.email_blacklisted) for one in found
    ]
    people.import_contacts(
        file_body="EMAIL,FIRSTNAME\ncsv1@shop.example,Other\n", list_ids=[list_id], update_existing_contacts=False
    )
    item = contacts.UpdateBatchContactsRequestContactsItem(email="csv1@shop.example", attributes={"AGE": 1})
    people.update_batch_contacts(contacts=[item])
    assert {"FIRSTNAME": "One", "SMS": "+393330000001", "AGE": 1} == people.get_contact_info(
        "csv1@shop.example"
    ).attributes.model_dump()


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        ("contact_id", None),
        ("email_id", "erase@shop.example"),
        ("ext_id", "erase-1"),
        ("phone_id", "+393330000099"),
        ("whatsapp_id", "+393330000098"),
        ("landline_number_id", "+390110000097"),
        (None, "erase@shop.example"),
    ],
)
def test_a_contact_is_erased(client: brevo.Brevo, kind: Any, named: str | None) -> None:
    """By whatever identifies it; afterwards there is no such contact."""
    numbers = {"SMS": "+393330000099", "WHATSAPP": "+393330000098", "LANDLINE_NUMBER": "+390110000097"}
    people = client.contacts
    id = people.create_contact(email="erase@shop.example", ext_id="erase-1", attributes=numbers).id
    options = {} if kind is None else {"identifier_type": kind}
    people.delete_contact(named or str(id), **options)
    assert (404, "document_not_found") == refused(lambda: people.get_contact_info(id))
    assert (404, "document_not_found") == refused(lambda: people.delete_contact(named or str(id), **options))


def test_what_is_not_here_says_so(client: brevo.Brevo) -> None:
    """501 not_implemented, whatever it is."""
    people = client.contacts
    id = people.create_contact(email="rest@shop.example").id
    for call in (
        people.get_folders,
        lambda: people.get_contact_stats(id),
        client.account.get_account,
        client.ecommerce.get_orders,
        lambda: client.ecommerce.create_product_alert("P1"),
        client.transactional_emails.get_smtp_templates,
        client.companies.get_all_companies,
    ):
        assert (501, "not_implemented") == refused(call)


def test_a_segment_is_a_filter_of_contacts(client: brevo.Brevo, deployment: Deployment) -> None:
    """It stands in the list of segments; who is in it is found, and nobody else."""
    people = client.contacts
    people.create_contact(email="in@shop.example", attributes={"PLAN": "pro"})
    people.create_contact(email="out@shop.example", attributes={"PLAN": "free"})
    where = {"type": "attribute", "name": "PLAN", "test": {"op": "equals", "value": "pro"}}
    body = json.dumps({"name": "Pro", "where": where}).encode()
    made = deployment.request("POST", "/api/segments", body, api_key=API_KEY, content_type="application/json")
    assert 201 == made.status, made.body
    (segment,) = people.get_segments().segments
    assert "Pro" == segment.segment_name
    found = people.get_contacts(segment_id=segment.id)
    assert (1, ["in@shop.example"]) == (found.count, [contact.email for contact in found.contacts])


# Goods, webhooks, messages --------------------------------------------------------------------------------------------


def test_orders_are_events_of_their_contact(client: brevo.Brevo, deployment: Deployment) -> None:
    """One order and a batch; the status says which event it is."""
    shop = client.ecommerce
    line = brevo.OrderProductsItem(product_id="P1", price=99.99, quantity=10)
    order: dict[str, Any] = {
        "amount": 308.42, "created_at": "2026-07-29T20:59:23.383Z", "updated_at": "2026-07-30T10:59:23.383Z",
        "products": [line], "identifiers": brevo.OrderIdentifiers(email_id="orders@shop.example"),
    }  # fmt: skip
    shop.create_order(id="14", status="completed", **order, coupons=["X"], meta_info={"s": "web"}, store_id="s1")
    batch = [brevo.Order(id=id, status=status, **order) for id, status in (("15", "refunded"), ("16", "shipped"))]
    assert 2 == shop.create_batch_order(orders=batch, historical=False).count
    contact = until(lambda: _orders(client, deployment), SEEN_S)
    assert {("order_completed", "14"), ("order_refunded", "15"), ("order_updated", "16")} == contact
    assert (400, "missing_parameter") == refused(
        lambda: shop.create_order(id="17", status="completed", **{**order, "identifiers": brevo.OrderIdentifiers()})
    )


def _orders(client: brevo.Brevo, deployment: Deployment) -> set[tuple[str, str]] | None:
    events = deployment.get("/api/events?category=ecommerce&source=brevo").json()["events"]
    found = {(one["key"], one["object"]["id"]) for one in events}
    return found if len(found) == 3 else None


def test_products_are_kept(client: brevo.Brevo) -> None:
    """Create, refuse, update, batch, read, filter."""
    shop = client.ecommerce
    assert (
        "P1" == shop.create_update_product(id="P1", name="Boots", price=90.5, categories=["c1"], meta_info={"a": 1}).id
    )
    assert (400, "duplicate_parameter") == refused(lambda: shop.create_update_product(id="P1", name="Boots"))
    assert shop.create_update_product(id="P1", name="Boots!", update_enabled=True) is None
    items = [ecommerce.CreateUpdateBatchProductsRequestProductsItem(id=id, name=id, price=5) for id in ("P1", "P2")]
    done = shop.create_update_batch_products(products=items, update_enabled=True)
    assert (1, 1) == (done.created_count, done.updated_count)
    found = shop.get_product_info("P1")
    assert ("P1", 5, ["c1"], {"a": 1}) == (found.name, found.price, found.categories, found.meta_info)
    assert ["P1"] == [one.id for one in shop.get_products(categories=["c1"], price_lte=5, is_deleted="false").products]
    page = shop.get_products(limit=1, offset=1, sort="asc", sort_by_field="id")
    assert (2, ["P2"]) == (page.count, [one.id for one in page.products])
    assert (404, "document_not_found") == refused(lambda: shop.get_product_info("P3"))


def test_categories_are_kept(client: brevo.Brevo) -> None:
    """Create, refuse, update, batch, read, filter."""
    shop = client.ecommerce
    assert "c1" == shop.create_update_category(id="c1", name="Shoes", url="https://shop.example/shoes").id
    assert (400, "duplicate_parameter") == refused(lambda: shop.create_update_category(id="c1"))
    assert shop.create_update_category(id="c1", is_deleted=True, update_enabled=True) is None
    item = ecommerce.CreateUpdateBatchCategoryRequestCategoriesItem(id="c2", name="Hats")
    assert 1 == shop.create_update_batch_category(categories=[item]).created_count
    found = shop.get_category_info("c1")
    assert ("Shoes", "https://shop.example/shoes", True) == (found.name, found.url, found.is_deleted)
    assert ["c2"] == [one.id for one in shop.get_categories(ids=["c2"]).categories]
    assert (404, "document_not_found") == refused(lambda: shop.get_category_info("c3"))


def test_webhooks_are_kept_and_their_tokens_are_not_told(client: brevo.Brevo) -> None:
    """Create, read, change, delete."""
    hooks = client.webhooks
    auth = webhooks.CreateWebhookRequestAuth(type="bearer", token="a secret")
    id = hooks.create_webhook(url="https://shop.example/hook", events=["delivered", "click"], auth=auth).id
    found = hooks.get_webhook(id)
    assert ("https://shop.example/hook", ["delivered", "click"], "transactional") == (
        found.url,
        found.events,
        found.type,
    )
    assert "a secret" not in found.model_dump_json()
    hooks.update_webhook(id, description="ours")
    assert ["ours"] == [one.description for one in hooks.get_webhooks(type="transactional").webhooks]
    hooks.delete_webhook(id)
    assert (404, "document_not_found") == refused(lambda: hooks.get_webhook(id))
    assert (400, "missing_parameter") == refused(lambda: hooks.create_webhook(url="https://shop.example/hook"))


def test_messages_are_taken(client: brevo.Brevo, deployment: Deployment) -> None:
    """Each has an id as mail has it; versions have one each; a template must be there. So with a double opt-in."""
    mails = client.transactional_emails
    sender = transactional_emails.SendTransacEmailRequestSender(email="shop@shop.example", name="The shop")
    to = [transactional_emails.SendTransacEmailRequestToItem(email="jane@shop.example")]
    sent = mails.send_transac_email(sender=sender, to=to, subject="Hello", html_content="<p>Hello</p>")
    assert sent.message_id.startswith("<")
    assert sent.message_id.endswith(">")
    versions = [
        transactional_emails.SendTransacEmailRequestMessageVersionsItem(
            to=[transactional_emails.SendTransacEmailRequestMessageVersionsItemToItem(email=f"v{n}@shop.example")]
        )
        for n in range(2)
    ]
    text = {"name": "Confirm", "subject": "Hello", "html": "<a href='{{ doubleoptin }}'>Yes</a>"}
    made = deployment.request(
        "POST", "/api/messages", json.dumps(text).encode(), api_key=API_KEY, content_type="application/json"
    )
    template = int(made.json()["id"])
    assert 2 == len(set(mails.send_transac_email(template_id=template, message_versions=versions).message_ids))
    assert (400, "invalid_parameter") == refused(
        lambda: mails.send_transac_email(template_id=template + 1, message_versions=versions)
    )
    list_id = client.contacts.create_list(name="Confirmed", folder_id=1).id
    asked = {"include_list_ids": [list_id], "redirection_url": "https://shop.example/thanks"}
    client.contacts.create_doi_contact(email="doi@shop.example", template_id=template, **asked)
    assert (400, "invalid_parameter") == refused(
        lambda: client.contacts.create_doi_contact(email="doi@shop.example", template_id=template + 1, **asked)
    )
    assert (400, "missing_parameter") == refused(lambda: mails.send_transac_email(to=to, subject="Hello"))
