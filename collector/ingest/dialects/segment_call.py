"""What is a call of Segment's? One of six kinds, as one item of ours.

    track      an event; the names of its e-commerce spec are those of ours, others become keys of their own
    page       page_visited, on the page of `context.page` or of the properties
    screen     page_visited, at app://<app>/<screen>
    identify   contact/identified: userId, traits.email and traits.phone find the person, other traits are attributes
    group      contact/identified: the company as the attributes `company` (its id) and `company_<trait>`
    alias      contact/identified: who was known as previousId is userId

An event is begun with what every call says, and completed in place by what its kind says. Reads nothing, writes
nothing. Source: https://segment.com/docs/connections/spec/
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import msgspec

from collector.errors import Code
from collector.ingest.draft import Misfit
from collector.ingest.foreign import Consented, ForeignItem, Unfit, agent_of, named, unfit
from collector.ingest.item import ObjectItem, PageItem
from sessionizer.catalogue import ECOMMERCE, category_of, key_of

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


class Context(msgspec.Struct, rename="camel"):
    """Of what surrounds a call, that which is read. The rest is not even decoded: libraries tell much."""

    page: Any = None
    app: Any = None
    campaign: Any = None
    consent: Any = None
    user_agent: Any = None


AnyContext = Context | list[Any] | str | float | int | bool | None
"""Only an object says something; anything else is none."""


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
    context: AnyContext = None
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
    complete = _COMPLETED_BY.get(kind) if isinstance(kind, str) else None
    context = call.context if isinstance(call.context, Context) else _NO_CONTEXT
    try:
        if complete is None:
            unfit(Code.MALFORMED, "type", f"one of {', '.join(KINDS)} was expected")
        event = _begun(call, context, received)
        complete(event, call, context)
    except Unfit as fault:
        return Misfit(fault.refusal, {"id": call.message_id, "type": kind, "event": call.event, "at": call.timestamp})
    return event


_NO_CONTEXT = Context()


def _begun(call: Call, context: Context, received: Received) -> ForeignItem:
    """What every call says: id, instant, person, consent, agent."""
    at = call.original_timestamp or call.timestamp or call.sent_at or received.at
    if not isinstance(at, str):
        unfit(Code.BAD_TIME, "timestamp", "a text was expected")
    if call.message_id is not None and not isinstance(call.message_id, str):
        unfit(Code.BAD_ID, "messageId", "a text was expected")
    return ForeignItem(
        call.message_id or received.new_id(),
        "",
        at,
        identifiers=_who(call),
        named=named("segment", call.anonymous_id) if call.anonymous_id is not None else "",
        consent=_consent(context.consent) if context.consent is not None else "unknown",
        agent=agent_of(context.user_agent),
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


def _track(event: ForeignItem, call: Call, context: Context) -> None:
    if not isinstance(call.event, str) or not call.event:
        unfit(Code.BAD_KEY, "event", "the name of the event is missing")
    key = _key(call.event) if len(call.event) <= _OFTEN else key_of(call.event)
    if not key:
        unfit(Code.BAD_KEY, "event", "a key is made of letters, digits, - and _: nothing of the name is left")
    properties = _object(call.properties, "properties")
    event.key, event.page = key, _page(context.page, context.campaign)
    if category_of(key) == ECOMMERCE:
        event.object = _thing(key, properties)
        properties = _commerce(key, call.event, properties)
    event.properties = properties


_OFTEN = 255


@lru_cache(maxsize=4_096)
def _key(name: str) -> str:
    return _KEYS.get(_folded(name)) or key_of(name)


def _folded(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).casefold()


def _page_call(event: ForeignItem, call: Call, context: Context) -> None:
    properties = _object(call.properties, "properties")
    own = {name: properties.pop(name) for name in _OF_PAGE if isinstance(properties.get(name), str)}
    event.page = _page({**_dict(context.page), **own}, context.campaign)
    _visit(event, call, properties)


def _screen(event: ForeignItem, call: Call, context: Context) -> None:
    app = _dict(context.app)
    name = _text(call.name)
    host = _text(app.get("namespace")) or _text(app.get("name")) or "app"
    page = {"url": f"app://{_quoted(host)}/{_quoted(name)}", "title": name}
    event.page = _page(page, context.campaign)
    _visit(event, call, _object(call.properties, "properties"))


def _visit(event: ForeignItem, call: Call, properties: dict[str, Any]) -> None:
    """A page or screen was seen; properties: what is said of it beside its name and category."""
    if call.category is not None:
        properties = {"category": call.category, **properties}
    if call.name is not None:
        properties = {"name": call.name, **properties}
    event.key, event.properties = "page_visited", properties


def _identify(event: ForeignItem, call: Call, context: Context) -> None:
    traits = _object(call.traits, "traits")
    event.identifiers |= {"email_id": traits.pop("email", None), "phone_id": traits.pop("phone", None)}
    _person(event, context, _flat(traits))


def _group(event: ForeignItem, call: Call, context: Context) -> None:
    if not isinstance(call.group_id, str | int):
        unfit(Code.MALFORMED, "groupId", "the company's id is missing")
    traits = {f"company_{name}": value for name, value in _flat(_object(call.traits, "traits")).items()}
    _person(event, context, {"company": call.group_id, **traits})


def _alias(event: ForeignItem, call: Call, context: Context) -> None:
    before = call.previous_id if call.previous_id is not None else call.anonymous_id
    if not isinstance(before, str | int) or call.user_id is None:
        unfit(Code.MALFORMED, "previousId", "previousId and userId are both needed")
    if isinstance(before, str) and "@" in before:
        event.identifiers["email_id"] = before
    event.named = named("segment", before)
    _person(event, context, {})


def _person(event: ForeignItem, context: Context, attributes: dict[str, Any]) -> None:
    event.category, event.key, event.contact_properties = "contact", "identified", attributes
    event.page = _page(context.page, context.campaign)


_COMPLETED_BY: Mapping[str, Callable[[ForeignItem, Call, Context], None]] = {
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
    """The free-form object, {} when it is absent. It is the call's own, and may be changed."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        unfit(Code.BAD_PROPERTY, path, "an object was expected")
    return value


def _flat(traits: dict[str, Any]) -> dict[str, Any]:
    """Attributes of a contact are plain: `address.city` is `address_city`."""
    flat: dict[str, Any] = {}
    for name, value in traits.items():
        if isinstance(value, dict):
            flat |= {f"{name}_{inner}": part for inner, part in value.items()}
        else:
            flat[name] = value
    return flat


def _page(page: Any, campaign: Any) -> PageItem | None:
    """The page of the call, with its campaign in the address as a browser would have it."""
    if not isinstance(page, dict) or not isinstance(page.get("url"), str):
        return None
    url = page["url"]
    if campaign:
        url = _with_campaign(url, _dict(campaign))
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


def _commerce(key: str, name: str, properties: dict[str, Any]) -> dict[str, Any]:
    """A cart's or order's products are our `items`; what became of the cart is kept beside them."""
    if key == "cart_updated" and (change := _CHANGES.get(_folded(name))):
        return {"change": change, **properties}
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
        if id and isinstance(id, str | int) and (kind != "product" or key.startswith(("product_", "wishlist_"))):
            return ObjectItem(kind, id)
    return None
