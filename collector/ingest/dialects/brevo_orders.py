"""How does Brevo write an order? The bodies of `POST /v3/orders/status` and `/batch`, as e-commerce events.

    status     completed → order_completed    pending … → order_created    cancelled → order_cancelled
               refunded → order_refunded      anything else → order_updated

An order's state at an instant is one event: the same status with the same `updatedAt`, sent again, is a duplicate.
Reads nothing, writes nothing. Source: facts on Brevo 5.3.
"""

import hashlib
from typing import Any

import msgspec

from collector.brevo import MISSING
from collector.errors import Code
from collector.event_id import unpack_id
from collector.ingest.answer import RequestRefused
from collector.ingest.dialects.brevo_rest import instant_text, not_json, parse_part, parts_of, plain, refusal_of
from collector.ingest.draft import Misfit, Refusal
from collector.ingest.item import Item, ObjectItem, ServerItem

MAX_ORDERS = 500

COMPLETED = frozenset("completed complete fulfilled delivered".split())
CREATED = frozenset("created new open pending on-hold awaiting_payment".split())
CANCELLED = frozenset("cancelled canceled voided".split())
REFUNDED = frozenset("refunded partially_refunded".split())


class BrevoOrderProduct(msgspec.Struct, rename="camel"):
    """A line of an order. quantity_float: of what is sold by weight."""

    product_id: str | int
    price: int | float
    quantity: int | float | None = None
    quantity_float: float | None = None
    variant_id: str | None = None


class BrevoOrder(msgspec.Struct, rename="camel"):
    """One order, as Brevo's clients send it. email: of clients before version 3."""

    id: str | int
    status: str
    amount: int | float
    created_at: str
    updated_at: str
    products: list[BrevoOrderProduct]
    identifiers: dict[str, Any] | None = None
    email: str | None = None
    store_id: str | None = None
    billing: dict[str, Any] | None = None
    coupons: list[str] | None = None
    meta_info: dict[str, Any] | None = None


class _Manner(msgspec.Struct):
    """What a batch says of itself. historical: nothing reacts to the orders, which is what Brevo takes for granted."""

    historical: bool = True


_order = msgspec.json.Decoder(BrevoOrder)
_manner = msgspec.json.Decoder(_Manner)


def parse_order(body: bytes, *, at: int) -> Item | Misfit:
    """The body of `POST /v3/orders/status` → its event. at: now, ms UTC. Raises RequestRefused when it is no JSON."""
    try:
        return _read(body, at, historical=False)
    except (ValueError, RecursionError) as error:
        raise not_json(error) from None


def parse_orders(body: bytes, *, at: int) -> list[Item | Misfit]:
    """The body of `POST /v3/orders/status/batch` → its events. Raises RequestRefused."""
    parts = parts_of(body, "orders", MAX_ORDERS)
    historical = is_historical(body)
    return [parse_part(part, lambda one: _read(one, at, historical=historical)) for part in parts]


def is_historical(body: bytes) -> bool:
    """What the batch says, true when it says nothing. Raises RequestRefused when it says something else."""
    if body.lstrip()[:1] == b"[":
        return True
    try:
        return _manner.decode(body).historical
    except msgspec.ValidationError as error:
        raise RequestRefused(Code.MALFORMED, refusal_of(error, {}).message, path="historical") from None


def _read(body: bytes, at: int, *, historical: bool) -> Item | Misfit:
    try:
        order = _order.decode(body)
    except msgspec.ValidationError as error:
        return Misfit(refusal_of(error, {}), plain(body))
    refusal = fault_of(order)
    return Misfit(refusal, plain(body)) if refusal else item_of(order, at=at, historical=historical)


def fault_of(order: BrevoOrder) -> Refusal | None:
    """What no event could be made of."""
    if not order.identifiers and not order.email:
        return Refusal(Code.BAD_IDENTIFIER, "identifiers", MISSING)
    for name, value in (("id", order.id), ("status", order.status)):
        if value == "":
            return Refusal(Code.BAD_PROPERTY, name, "it is empty")
    for place, product in enumerate(order.products):
        if product.quantity is None and product.quantity_float is None:
            return Refusal(Code.BAD_PROPERTY, f"products[{place}].quantity", MISSING)
    return None


def item_of(order: BrevoOrder, *, at: int, historical: bool) -> Item:
    """The order's state → the event that it has reached it."""
    key = key_of(order.status)
    happened_at = order.created_at if key == "order_created" else order.updated_at
    return ServerItem(
        id=id_of(order),
        key=key,
        occurred_at=instant_text(happened_at, at=at),
        category="ecommerce",
        properties=properties_of(order),
        identifiers=order.identifiers or {"email_id": order.email},
        object=ObjectItem("order", order.id),
        historical=historical,
    )


def key_of(status: str) -> str:
    """Which event the status is."""
    said = status.strip().lower().replace(" ", "_")
    for key, statuses in (
        ("order_completed", COMPLETED),
        ("order_created", CREATED),
        ("order_cancelled", CANCELLED),
        ("order_refunded", REFUNDED),
    ):
        if said in statuses:
            return key
    return "order_updated"


def id_of(order: BrevoOrder) -> str:
    """One id for one state of one order, written as a UUID: clients repeat a request whose answer they missed."""
    state = msgspec.json.encode([str(order.id), order.status, order.updated_at])
    return unpack_id(hashlib.blake2b(state, digest_size=16).digest())


def properties_of(order: BrevoOrder) -> dict[str, Any]:
    """The catalogue's names for what every order has; what is Brevo's own keeps Brevo's."""
    said = {
        "total": order.amount,
        "status": order.status,
        "items": [item(product) for product in order.products],
        "created_at": order.created_at,
        "updated_at": order.updated_at,
        "store_id": order.store_id,
        "billing": order.billing,
        "coupons": order.coupons,
        "meta_info": order.meta_info,
    }
    return {name: value for name, value in said.items() if value is not None}


def item(product: BrevoOrderProduct) -> dict[str, Any]:
    """A line as the shop's own events have it."""
    quantity = product.quantity if product.quantity_float is None else product.quantity_float
    said = {"id": product.product_id, "price": product.price, "quantity": quantity, "variant_id": product.variant_id}
    return {name: value for name, value in said.items() if value is not None}
