"""What is a call of Segment's? One of six kinds, as one item of ours.

    track      an event; the names of its e-commerce spec are those of ours, others become keys of their own
    page       page_visited, on the page of `context.page` or of the properties
    screen     page_visited, at app://<app>/<screen>
    identify   contact/identified: userId, traits.email and traits.phone find the person, other traits are attributes
    group      contact/identified: the company as the attributes `company` (its id) and `company_<trait>`
    alias      contact/identified: who was known as previousId is userId

Reads nothing, writes nothing. Source: https://segment.com/docs/connections/spec/
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import msgspec

from collector.errors import Code
from collector.ingest.draft import Misfit
from collector.ingest.foreign import Consented, ForeignItem, Unfit, agent_of, key_of, named, unfit
from collector.ingest.item import ObjectItem, PageItem
from sessionizer.catalogue import ECOMMERCE, category_of

KINDS = ("track", "identify", "page", "screen", "alias", "group")

_KEYS = {
    "product viewed": "product_viewed",
    "product list viewed": "category_viewed",
    "products searched": "product_searched",
    "product added": "cart_updated",
    "product removed": "cart_updated",
    "checkout started": "checkout_started",
    "payment info entered": "payment_info_added",
    "order completed": "order_completed",
    "order updated": "order_updated",
    "order refunded": "order_refunded",
    "order cancelled": "order_cancelled",
    "product added to wishlist": "wishlist_product_added",
}
"""Segment's e-commerce names, in whatever case, to those of ours that mean the same."""

_CHANGES = {"product added": "product_added", "product removed": "product_removed"}
_OBJECTS = (("order", "order_id"), ("cart", "cart_id"), ("product", "product_id"))
_OF_PAGE = ("url", "title", "referrer", "path", "search")
_CAMPAIGN = {"name": "utm_campaign"}


class Call(msgspec.Struct, rename="camel"):
    """One call. Anything may stand in any field: what is wrong with one refuses its event, never the others."""

    type: Any = None
    message_id: Any = None
    user_id: Any = None
    anonymous_id: Any = None
    previous_id: Any = None
    group_id: Any = None
    event: Any = None
    name: Any = None
    category: Any = None
    properties: Any = None
    traits: Any = None
    context: Any = None
    timestamp: Any = None
    original_timestamp: Any = None
    sent_at: Any = None
    write_key: Any = None


class Received(NamedTuple):
    """What a call is completed with. at: when it came, as text. new_id: makes an id for one that has none."""

    at: str
    new_id: Callable[[], str]


def item_of(call: Call, kind: object, received: Received) -> ForeignItem | Misfit:
    """The event that the call is."""
    make = _MAKERS.get(kind) if isinstance(kind, str) else None
    try:
        if make is None:
            unfit(Code.MALFORMED, "type", f"one of {', '.join(KINDS)} was expected")
        return make(call, _begun(call, received))
    except Unfit as fault:
        return Misfit(fault.refusal, {"id": call.message_id, "type": kind, "event": call.event, "at": call.timestamp})


class _Begun(NamedTuple):
    """What every call has: id, instant, visitor, agent, and the context."""

    id: str
    at: str
    named: str
    consent: Consented
    agent: str
    context: Mapping[str, Any]


def _begun(call: Call, received: Received) -> _Begun:
    context = call.context if isinstance(call.context, dict) else {}
    at = call.original_timestamp or call.timestamp or call.sent_at or received.at
    if not isinstance(at, str):
        unfit(Code.BAD_TIME, "timestamp", "a text was expected")
    if not isinstance(call.message_id, str | None):
        unfit(Code.BAD_ID, "messageId", "a text was expected")
    return _Begun(
        call.message_id or received.new_id(),
        at,
        named("segment", call.anonymous_id) if call.anonymous_id is not None else "",
        _consent(context.get("consent")) if "consent" in context else "unknown",
        agent_of(context.get("userAgent")) if "userAgent" in context else "",
        context,
    )


def _consent(said: Any) -> Consented:
    """Segment lists categories of its customer's own: all of them, none of them, or it is not said."""
    if said in ("granted", "denied"):
        return said  # type: ignore[no-any-return]  # compared just now
    answers = said.get("categoryPreferences") if isinstance(said, dict) else None
    if not isinstance(answers, dict) or not answers:
        return "unknown"
    if all(answer is True for answer in answers.values()):
        return "granted"
    return "denied" if all(answer is False for answer in answers.values()) else "unknown"


def _track(call: Call, begun: _Begun) -> ForeignItem:
    if not isinstance(call.event, str) or not call.event:
        unfit(Code.BAD_KEY, "event", "the name of the event is missing")
    key = _key(call.event) if len(call.event) <= _OFTEN else key_of(call.event)
    if not key:
        unfit(Code.BAD_KEY, "event", "a key is made of letters, digits, - and _: nothing of the name is left")
    properties = _object(call.properties, "properties")
    thing = None
    if category_of(key) == ECOMMERCE:
        properties, thing = _commerce(call.event, properties), _thing(key, properties)
    return ForeignItem(
        id=begun.id,
        key=key,
        occurred_at=begun.at,
        page=_page(begun.context.get("page"), begun.context),
        properties=properties,
        identifiers=_who(call),
        object=thing,
        named=begun.named,
        consent=begun.consent,
        agent=begun.agent,
    )


_OFTEN = 255


@lru_cache(maxsize=4_096)
def _key(name: str) -> str:
    return _KEYS.get(_folded(name)) or key_of(name)


def _folded(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).casefold()


def _page_call(call: Call, begun: _Begun) -> ForeignItem:
    properties = _object(call.properties, "properties")
    own = {name: properties.pop(name) for name in _OF_PAGE if isinstance(properties.get(name), str)}
    page = {**_dict(begun.context.get("page")), **own}
    return _visit(call, begun, page, properties)


def _screen(call: Call, begun: _Begun) -> ForeignItem:
    app = _dict(begun.context.get("app"))
    name = _text(call.name)
    host = _text(app.get("namespace")) or _text(app.get("name")) or "app"
    page = {"url": f"app://{_quoted(host)}/{_quoted(name)}", "title": name}
    return _visit(call, begun, page, _object(call.properties, "properties"))


def _visit(call: Call, begun: _Begun, page: dict[str, Any], properties: dict[str, Any]) -> ForeignItem:
    """A page or screen was seen; properties: what is said of it beside its name and category."""
    if call.category is not None:
        properties = {"category": call.category, **properties}
    if call.name is not None:
        properties = {"name": call.name, **properties}
    return ForeignItem(
        id=begun.id,
        key="page_visited",
        occurred_at=begun.at,
        page=_page(page, begun.context),
        properties=properties,
        identifiers=_who(call),
        named=begun.named,
        consent=begun.consent,
        agent=begun.agent,
    )


def _identify(call: Call, begun: _Begun) -> ForeignItem:
    traits = _object(call.traits, "traits")
    found = {"email_id": traits.pop("email", None), "phone_id": traits.pop("phone", None)}
    return _person(begun, {**_who(call), **found}, _flat(traits))


def _group(call: Call, begun: _Begun) -> ForeignItem:
    if not isinstance(call.group_id, str | int):
        unfit(Code.MALFORMED, "groupId", "the company's id is missing")
    traits = {f"company_{name}": value for name, value in _flat(_object(call.traits, "traits")).items()}
    return _person(begun, _who(call), {"company": call.group_id, **traits})


def _alias(call: Call, begun: _Begun) -> ForeignItem:
    before = call.previous_id if call.previous_id is not None else call.anonymous_id
    if not isinstance(before, str | int) or call.user_id is None:
        unfit(Code.MALFORMED, "previousId", "previousId and userId are both needed")
    address = {"email_id": before} if isinstance(before, str) and "@" in before else {}
    return _person(begun._replace(named=named("segment", before)), {**_who(call), **address}, {})


def _person(begun: _Begun, identifiers: dict[str, Any], attributes: dict[str, Any]) -> ForeignItem:
    return ForeignItem(
        id=begun.id,
        key="identified",
        category="contact",
        occurred_at=begun.at,
        page=_page(begun.context.get("page"), begun.context),
        identifiers=identifiers,
        contact_properties=attributes,
        named=begun.named,
        consent=begun.consent,
        agent=begun.agent,
    )


_MAKERS: Mapping[str, Callable[[Call, _Begun], ForeignItem]] = {
    "track": _track,
    "page": _page_call,
    "screen": _screen,
    "identify": _identify,
    "group": _group,
    "alias": _alias,
}


# What calls are made of ----------------------------------------------------------------------------------------------


def _who(call: Call) -> dict[str, Any]:
    return {} if call.user_id is None or call.user_id == "" else {"ext_id": call.user_id}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _object(value: Any, path: str) -> dict[str, Any]:
    """A copy of the free-form object, {} when it is absent."""
    if not isinstance(value, dict | None):
        unfit(Code.BAD_PROPERTY, path, "an object was expected")
    return dict(value or {})


def _flat(traits: dict[str, Any]) -> dict[str, Any]:
    """Attributes of a contact are plain: `address.city` is `address_city`."""
    flat: dict[str, Any] = {}
    for name, value in traits.items():
        if isinstance(value, dict):
            flat |= {f"{name}_{inner}": part for inner, part in value.items()}
        else:
            flat[name] = value
    return flat


def _page(page: Any, context: Mapping[str, Any]) -> PageItem | None:
    """The page of the call, with its campaign in the address as a browser would have it."""
    if not isinstance(page, dict) or not isinstance(page.get("url"), str):
        return None
    url = page["url"]
    if context.get("campaign"):
        url = _with_campaign(url, _dict(context["campaign"]))
    return PageItem(url, _text(page.get("title")) or None, _text(page.get("referrer")) or None)


def _with_campaign(url: str, campaign: dict[str, Any]) -> str:
    """utm_* of the campaign, where the address does not say them itself."""
    try:
        parts = urlsplit(url)
        there = dict(parse_qsl(parts.query, max_num_fields=255))
        said = {_CAMPAIGN.get(name, f"utm_{name}"): value for name, value in campaign.items() if isinstance(value, str)}
        more = urlencode({name: value for name, value in said.items() if name not in there})
        query = "&".join(filter(None, (parts.query, more)))
    except ValueError:  # an address that is none, half a character
        return url
    return parts._replace(query=query).geturl()


def _quoted(text: str) -> str:
    return quote(text[:255].encode("utf-8", "ignore"), safe="")


def _commerce(name: str, properties: dict[str, Any]) -> dict[str, Any]:
    """A cart's or order's products are our `items`; what became of the cart is kept beside them."""
    folded = _folded(name)
    if folded in _CHANGES:
        return {"change": _CHANGES[folded], **properties}
    products = properties.get("products")
    if not isinstance(products, list) or "items" in properties:
        return properties
    rest = {name: value for name, value in properties.items() if name != "products"}
    return {**rest, "items": [_product(product) for product in products]}


def _product(product: Any) -> Any:
    if not isinstance(product, dict):
        return product
    names = {"product_id": "id", "image_url": "image"}
    return {names.get(name, name) if names.get(name) not in product else name: value for name, value in product.items()}


def _thing(key: str, properties: dict[str, Any]) -> ObjectItem | None:
    """What the event is about: the order, the cart, else the product."""
    for kind, name in _OBJECTS:
        id = properties.get(name)
        if isinstance(id, str | int) and id and (kind != "product" or key.startswith(("product_", "wishlist_"))):
            return ObjectItem(kind, id)
    return None
