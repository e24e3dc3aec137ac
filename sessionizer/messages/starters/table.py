"""Which starters are there? One row each, with data of an example, so that it can be seen before anything was sent.

Reads nothing, writes nothing.
"""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from sessionizer.event import Kind
from sessionizer.messages.message import Content, Purpose
from sessionizer.messages.starters import again, article, cart, form, hello, lead, meeting, order, sales, welcome


class Starter(NamedTuple):
    """name: in the starter's own language. kind: of the event that it is for, None where it is for none."""

    slug: str
    language: Literal["it", "en"]
    name: str
    purpose: Purpose
    kind: Kind | None
    content: Content


_ORDER: Kind = ("ecommerce", "order_completed")
_CART: Kind = ("ecommerce", "cart_updated")
_FORM: Kind = ("forms", "form_submitted")
_WISH: Kind = ("ecommerce", "wishlist_product_added")
_VIEW: Kind = ("ecommerce", "product_viewed")
_DEAL: Kind = ("deals", "deal_stage_updated")
_MEETING: Kind = ("meetings", "meeting_booked")

STARTERS: tuple[Starter, ...] = (
    Starter("order", "it", "Conferma d'ordine", "transactional", _ORDER, order.IT),
    Starter("order", "en", "Order confirmation", "transactional", _ORDER, order.EN),
    Starter("cart", "it", "Carrello abbandonato", "marketing", _CART, cart.IT),
    Starter("cart", "en", "Abandoned cart", "marketing", _CART, cart.EN),
    Starter("welcome", "it", "Benvenuto, conferma l'indirizzo", "transactional", None, welcome.IT),
    Starter("welcome", "en", "Welcome, confirm the address", "transactional", None, welcome.EN),
    Starter("again", "it", "Da un po' non ci si vede", "marketing", None, again.IT),
    Starter("again", "en", "It has been a while", "marketing", None, again.EN),
    Starter("sales", "it", "Dopo un colloquio", "sales", None, sales.IT),
    Starter("sales", "en", "After a talk", "sales", None, sales.EN),
    Starter("form", "it", "Grazie del messaggio", "transactional", _FORM, form.IT),
    Starter("form", "en", "Thank you for your message", "transactional", _FORM, form.EN),
    Starter("hello", "it", "Benvenuto", "marketing", None, hello.IT),
    Starter("hello", "en", "Welcome", "marketing", None, hello.EN),
    Starter("wished", "it", "Promemoria della wishlist", "marketing", _WISH, article.WISHED_IT),
    Starter("wished", "en", "Wishlist reminder", "marketing", _WISH, article.WISHED_EN),
    Starter("viewed", "it", "Visto e non comprato", "marketing", _VIEW, article.VIEWED_IT),
    Starter("viewed", "en", "Looked at, not bought", "marketing", _VIEW, article.VIEWED_EN),
    Starter("lead", "it", "Follow-up delle vendite", "sales", _DEAL, lead.IT),
    Starter("lead", "en", "Sales follow-up", "sales", _DEAL, lead.EN),
    Starter("meeting", "it", "Promemoria dell'appuntamento", "transactional", _MEETING, meeting.IT),
    Starter("meeting", "en", "Meeting reminder", "transactional", _MEETING, meeting.EN),
    Starter("order-sms", "it", "Conferma d'ordine", "transactional", _ORDER, order.SMS_IT),
    Starter("order-sms", "en", "Order confirmation", "transactional", _ORDER, order.SMS_EN),
    Starter("cart-sms", "it", "Carrello abbandonato", "marketing", _CART, cart.SMS_IT),
    Starter("cart-sms", "en", "Abandoned cart", "marketing", _CART, cart.SMS_EN),
)


def example(shop: str) -> Mapping[str, Any]:
    """What one person might have done, as data for any starter. shop: the address before pictures and pages."""
    goods: list[dict[str, Any]] = [
        {"id": id, "name": name, "price": price, "quantity": quantity, "url": f"{shop}product?id={id}", "image": image}
        for id, name, price, quantity in (
            ("cengia-boots", "Scarponi Cengia", 189.0, 1),
            ("bosco-socks", "Calze Bosco", 18.5, 2),
            ("sorgente-flask", "Borraccia Sorgente", 29.0, 1),
        )
        for image in (f"{shop}{id}.svg",)
    ]
    bought = {
        "total": 261.0,
        "subtotal": 255.0,
        "shipping": 6.0,
        "currency": "EUR",
        "items": goods,
        "url": f"{shop}cart",
    }
    said = {
        "occurred_at": "2026-11-20T09:30:00.000Z",
        "form_name": "Scrivici",
        "object": {"type": "order", "id": "S-1042"},
        **{name: goods[0][name] for name in ("name", "price", "image")},
        "starts_at": "2026-11-25T14:00:00.000Z",
    }
    page = {"url": goods[0]["url"], "title": "Scarponi Cengia", "referrer": ""}
    last = {**bought, **said, "page": page}
    return {
        "contact": {"FIRSTNAME": "Giulia"},
        "event": last,
        "history": {
            category: {key: {"last": last, "first": last, "count": 3, "list": [last]}}
            for category, key in (("ecommerce", "order_completed"), ("website", "page_visited"))
        },
        **{link: f"{shop}#{link}" for link in ("unsubscribe", "mirror", "update_profile", "doubleoptin")},
    }
