"""What does one of Brevo's older clients get? A program of its own: `python older_calls.py MODULE ADDRESS KEY`.

The folder of the clients must be in PYTHONPATH. Prints JSON: name of the call → what came, or the refusal as
`{"status", "code"}`. MODULE: brevo_python or sib_api_v3_sdk, which are made from one description.
"""

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

FIRST = "olga@shop.example"


def main() -> None:
    """Make every call, in order."""
    module, address, key = sys.argv[1:]
    sdk = importlib.import_module(module)
    configuration = sdk.Configuration()
    configuration.host, configuration.api_key["api-key"] = address, key
    client = sdk.ApiClient(configuration)
    calls = (*people(sdk, client), *goods(sdk, client), *rest(sdk, client))
    if hasattr(sdk, "EventsApi"):
        calls = (*calls, *events(sdk, client))
    print(json.dumps({name: came_of(sdk, call) for name, call in calls}, default=str))


Calls = Iterator[tuple[str, Callable[[], Any]]]


def came_of(sdk: Any, call: Callable[[], Any]) -> Any:
    """What the client returned, as plain JSON; or what it raised."""
    try:
        found = call()
    except sdk.rest.ApiException as error:
        return {"status": error.status, "code": json.loads(error.body)["code"]}
    return found.to_dict() if hasattr(found, "to_dict") else found


def people(sdk: Any, client: Any) -> Calls:
    """Contacts, attributes and lists."""
    api = sdk.ContactsApi(client)
    yield "create_attribute", lambda: api.create_attribute("normal", "COLOUR", sdk.CreateAttribute(type="text"))
    yield "get_attributes", api.get_attributes
    yield "create_list", lambda: api.create_list(sdk.CreateList(name="Older", folder_id=1))
    created = sdk.CreateContact(email=FIRST, attributes={"FIRSTNAME": "Olga"}, list_ids=[1])
    yield "create_contact", lambda: api.create_contact(created)
    yield "create_again", lambda: api.create_contact(created)
    again = sdk.CreateContact(email=FIRST, attributes={"COLOUR": "red"}, update_enabled=True)
    yield "create_updates", lambda: api.create_contact(again)
    yield "get_contact_info", lambda: api.get_contact_info(FIRST)
    yield "get_nobody", lambda: api.get_contact_info("nobody@shop.example")
    yield "update_contact", lambda: api.update_contact(FIRST, sdk.UpdateContact(attributes={"LASTNAME": "O"}))
    yield "get_contacts", lambda: api.get_contacts(limit=10, offset=0)
    yield "get_lists", lambda: api.get_lists(limit=10, offset=0)
    yield "get_list", lambda: api.get_list(1)
    yield "get_contacts_from_list", lambda: api.get_contacts_from_list(1)
    emails = {"emails": [FIRST]}
    yield "remove_contact_from_list", lambda: api.remove_contact_from_list(1, sdk.RemoveContactFromList(**emails))
    yield "add_contact_to_list", lambda: api.add_contact_to_list(1, sdk.AddContactToList(**emails))
    csv = sdk.RequestContactImport(file_body="EMAIL;FIRSTNAME\nimported@shop.example;I", list_ids=[1])
    yield "import_contacts", lambda: api.import_contacts(csv)
    changed = sdk.UpdateBatchContacts(contacts=[{"email": FIRST, "attributes": {"AGE": 5}}])
    yield "update_batch_contacts", lambda: api.update_batch_contacts(changed)
    yield "update_list", lambda: api.update_list(1, sdk.UpdateList(name="Oldest"))
    yield "delete_list", lambda: api.delete_list(1)
    yield "delete_attribute", lambda: api.delete_attribute("normal", "COLOUR")
    yield "delete_contact", lambda: api.delete_contact(FIRST)


def goods(sdk: Any, client: Any) -> Calls:
    """Orders, products and categories."""
    api = sdk.EcommerceApi(client)
    who = {"identifiers": {"email_id": FIRST}} if "identifiers" in sdk.Order.attribute_map else {"email": FIRST}
    order = sdk.Order(
        id="o1", status="completed", amount=10.5, created_at="2026-07-29T20:59:23.383Z",
        updated_at="2026-07-30T10:59:23.383Z", products=[sdk.OrderProducts(product_id="P1", price=10.5, quantity=1)],
        **who,
    )  # fmt: skip
    yield "create_order", lambda: api.create_order(order)
    yield "create_batch_order", lambda: api.create_batch_order(sdk.OrderBatch(orders=[order]))
    yield "create_product", lambda: api.create_update_product(sdk.CreateUpdateProduct(id="P1", name="Boots"))
    product = sdk.CreateUpdateProduct(id="P1", name="Boots", price=3.5, update_enabled=True)
    yield "update_product", lambda: api.create_update_product(product)
    batch = sdk.CreateUpdateBatchProducts(products=[sdk.CreateUpdateProducts(id="P2", name="Hat")])
    yield "create_update_batch_products", lambda: api.create_update_batch_products(batch)
    yield "get_product_info", lambda: api.get_product_info("P1")
    yield "get_products", lambda: api.get_products(limit=1)
    yield "create_category", lambda: api.create_update_category(sdk.CreateUpdateCategory(id="c1", name="Shoes"))
    several = sdk.CreateUpdateBatchCategory(categories=[sdk.CreateUpdateCategories(id="c2", name="Hats")])
    yield "create_update_batch_category", lambda: api.create_update_batch_category(several)
    yield "get_category_info", lambda: api.get_category_info("c1")
    yield "get_categories", lambda: api.get_categories(ids=["c2"])


def rest(sdk: Any, client: Any) -> Calls:
    """Webhooks, messages, and what is not there."""
    hooks, mails = sdk.WebhooksApi(client), sdk.TransactionalEmailsApi(client)
    yield (
        "create_webhook",
        lambda: hooks.create_webhook(sdk.CreateWebhook(url="https://shop.example/hook", events=["delivered"])),
    )
    yield "update_webhook", lambda: hooks.update_webhook(1, sdk.UpdateWebhook(description="ours"))
    yield "get_webhook", lambda: hooks.get_webhook(1)
    yield "get_webhooks", hooks.get_webhooks
    yield "delete_webhook", lambda: hooks.delete_webhook(1)
    mail = sdk.SendSmtpEmail(
        sender={"email": "shop@shop.example"}, to=[{"email": FIRST}], subject="Hello", html_content="<p>Hello</p>"
    )
    yield "send_transac_email", lambda: mails.send_transac_email(mail)
    yield "get_account", sdk.AccountApi(client).get_account


def events(sdk: Any, client: Any) -> Calls:
    """One event, and one whose name is wrong."""
    api, who = sdk.EventsApi(client), {"email_id": FIRST}
    good = sdk.Event(event_name="older", identifiers=who, event_properties={"a": 1})
    yield "create_event", lambda: api.create_event(good)
    yield "create_bad_event", lambda: api.create_event(sdk.Event(event_name="older one", identifiers=who))


if __name__ == "__main__":
    main()
