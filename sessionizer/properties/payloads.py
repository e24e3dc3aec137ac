"""What do the events of the catalogue carry? Name → JSON schema, with an example each, by kind of thing.

`required` marks what a rule cannot do without. Others may always come as well. The first examples of one payload tell
one story, so that together they are an event that somebody could have sent. Reads nothing, writes nothing.
Source: DESIGN 5, INTERFACES 7.
"""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
Properties = Mapping[str, Schema]

# Words of which payloads are made -------------------------------------------------------------------------------------


def _text(*examples: str, says: str = "") -> Schema:
    return _typed("string", examples, says)


def _id(*examples: str | int, says: str = "") -> Schema:
    """A text; a number where it comes from may be one."""
    return _typed(["string", "integer"], examples, says)


def _number(*examples: float, says: str = "") -> Schema:
    return _typed("number", examples, says)


def _whole(*examples: int, says: str = "") -> Schema:
    return _typed("integer", examples, says)


def _instant(*examples: str, says: str = "") -> Schema:
    return {**_typed("string", examples, says), "format": "date-time"}


def _address(*examples: str, says: str = "") -> Schema:
    return {**_typed("string", examples, says), "format": "uri"}


def _texts(*examples: list[str], says: str = "") -> Schema:
    return {**_typed("array", examples, says), "items": {"type": "string"}}


def _one_of(*values: str, says: str = "") -> Schema:
    return {**_typed("string", values[:1], says), "enum": list(values)}


def _typed(type: str | list[str], examples: tuple[Any, ...], says: str) -> dict[str, Any]:
    described = {"description": says} if says else {}
    return {"type": type, **described, "examples": list(examples)}


def _needed(properties: Properties, *names: str) -> Properties:
    """The same, these of them required; all when none is named."""
    wanted = names or tuple(properties)
    return {name: {**schema, "required": True} if name in wanted else schema for name, schema in properties.items()}


def _some(properties: Properties, *names: str) -> Properties:
    """These of them, as nothing that is required: a derived event carries what there was."""
    return {name: {word: said for word, said in properties[name].items() if word != "required"} for name in names}


NONE: Properties = {}
"""It carries no properties: all that it says is who, when, or in fields of the event itself."""

# Messages and notifications -------------------------------------------------------------------------------------------

MESSAGE: Properties = {
    "message_id": _id("msg-8f3a21", says="Of this message to this person."),
    "campaign_id": _id("winter-2026", says="Of the campaign that it belongs to."),
}
MAIL: Properties = {**MESSAGE, "subject": _text("Winter boots are here", says="As the person saw it.")}
CLICK: Properties = {"url": _address("https://shop.example/boots?size=42", says="Where the link leads.")}
BOUNCE: Properties = {
    "code": _text("452 4.2.2", says="Of the protocol, where there is one."),
    "reason": _text("Mailbox full", says="As the other side put it."),
}
MAIL_CLICK: Properties = {**MAIL, **CLICK}
MAIL_BOUNCE: Properties = {**MAIL, **BOUNCE}
MESSAGE_CLICK: Properties = {**MESSAGE, **CLICK}
SMS_BOUNCE: Properties = {
    **MESSAGE,
    "code": _text("EC_ABSENT_SUBSCRIBER", says="The carrier's own."),
    "reason": _text("The phone is switched off", says="As the carrier put it."),
}
WHATSAPP_BOUNCE: Properties = {
    **MESSAGE,
    "code": _text("131049", says="Meta's own."),
    "reason": _text("Not delivered, to keep the ecosystem healthy", says="As Meta put it."),
}

NOTIFICATION: Properties = {
    "notification_id": _id("note-512", says="Of this notification."),
    "campaign_id": _id("flash-sale", says="Of the campaign that it belongs to."),
}
NOTIFICATION_CLICK: Properties = {**NOTIFICATION, **CLICK}
WEB_PUSH_CLICK: Properties = {**NOTIFICATION_CLICK, "action": _text("view", says="The button, when it had several.")}
PUSH_SUBTYPE: Properties = {
    "subtype": _one_of("new", "moved", "soft", "inactivity", says="Why: moved when somebody else logged in."),
}
SUBSCRIBER: Properties = {"subscription_id": _id("sub-27c1", says="Of the browser's subscription.")}
SUBSCRIBER_GONE: Properties = {**SUBSCRIBER, "reason": _text("expired", "permission revoked", "device reset")}

# Wallet ---------------------------------------------------------------------------------------------------------------

PASS: Properties = {
    "pass_id": _id("pass-3391", says="Of the pass in the wallet."),
    "campaign_id": _id("club-card", says="Of the campaign that it belongs to."),
}
PASS_DOWNLOAD: Properties = {**PASS, "url": _address("https://wallet.example/p/3391", says="The link that was used.")}
PASS_CONSENT: Properties = {**PASS, "opted_in": {"type": "boolean", "examples": [True]}}
PASS_HOLDER: Properties = {**PASS, "status": _text("holder", "former holder"), "previous_status": _text("none")}
PASS_STATUS: Properties = {**PASS, "status": _text("used", "expired", "void"), "previous_status": _text("active")}
PASS_LOYALTY: Properties = {**PASS, "status": _text("gold"), "previous_status": _text("silver")}
PASS_NOTICE: Properties = {**PASS, "notification_id": _id("note-513", says="Of the notice.")}
PASS_MOVE: Properties = {**PASS, "previous_campaign_id": _id("welcome-card", says="Where it was before.")}
PASS_TARGET: Properties = {**PASS, "target_campaign_id": _id("gold-card", says="What was offered.")}
PASS_OFFER: Properties = {**PASS, "offer_id": _id("offer-20"), "offer": _text("20 % off the next pair")}
REDEMPTION: Properties = {**PASS, "code": _text("SNOW-7Q2K", says="What was redeemed.")}
REDEMPTION_FAILED: Properties = {**REDEMPTION, "reason": _text("expired", "unknown code")}
COUNTER: Properties = _needed(
    {
        "counter_id": _id("stamps", says="Of the counter."),
        "value": _number(10, says="The new value."),
        "max_value": _number(10, says="Where it is full."),
    },
    "counter_id",
    "value",
)
COUNTER_LIMIT: Properties = _some(COUNTER, "counter_id", "value", "max_value")

# What people do on a site ---------------------------------------------------------------------------------------------

FORM: Properties = {
    "form_id": _text("newsletter", says="As the page names it."),
    "form_name": _text("Newsletter"),
    "fields": _texts(["email", "first_name"], says="Names only: what was written stays out."),
}
VIRTUAL_PAGE: Properties = {"name": _text("Checkout, step 2", says="Of a virtual page, such as a step of a form.")}
LINK: Properties = {
    **CLICK,
    "text": _text("Size guide", says="What the link says."),
    "element_id": _text("size-guide", says="Its id in the page."),
}
FILE: Properties = {
    "url": _address("https://shop.example/files/winter-2026.pdf", says="Of the file."),
    "file_name": _text("winter-2026.pdf"),
    "extension": _text("pdf"),
}
VISIT: Properties = {
    "entry_page": _address("https://shop.example/boots", says="The first page."),
    "referrer": _address("https://search.example/", says="Where the person came from."),
    "utm_source": _text("newsletter"),
    "utm_medium": _text("email"),
    "utm_campaign": _text("winter-2026"),
    "utm_term": _text("boots"),
    "utm_content": _text("top-banner"),
}
SESSION: Properties = {
    "session_id": _text("019365a0-7c1e-8000-9a3b-5d2f6c0e4b17", says="Of the session."),
    "started_at": _instant("2026-11-24T10:00:00.000Z", says="The first activity."),
    "ended_at": _instant("2026-11-24T10:12:30.000Z", says="The last activity."),
    "duration_seconds": _whole(750, says="From the first activity to the last."),
    "pages": _whole(6, says="How many were opened."),
    "events": _whole(9, says="How many of them were activity."),
    "entry_page": _address("https://shop.example/boots", says="The first page."),
    "exit_page": _address("https://shop.example/checkout", says="The last page."),
}

# Sales and service ----------------------------------------------------------------------------------------------------

DEAL: Properties = {
    "deal_id": _id("deal-77"),
    "name": _text("Boots for the ski school"),
    "pipeline": _text("Wholesale"),
    "stage": _text("Qualified", says="Where it is now."),
    "amount": _number(2400),
    "currency": _text("EUR", says="ISO 4217, such as EUR."),
}
DEAL_STAGE: Properties = {**DEAL, "previous_stage": _text("New", says="Where it was before.")}
TASK: Properties = {
    "task_id": _id("task-12"),
    "deal_id": _id("deal-77", says="Of the deal that it belongs to."),
    "title": _text("Call about sizes"),
    "type": _text("call"),
    "due_at": _instant("2026-11-27T09:00:00Z", says="Until when it is to be done."),
}
CONVERSATION: Properties = _needed(
    {
        "conversation_id": _id("conv-104"),
        "channel": _one_of("email", "chat", "social", says="How long quiet may last depends on it."),
        "direction": _one_of("inbound", "outbound", says="Inbound: the person wrote it."),
    }
)
CONVERSATION_ENDED: Properties = _some(CONVERSATION, "conversation_id", "channel")
AGENT: Properties = _needed({"conversation_id": _id("conv-104"), "agent_id": _id("agent-3", says="Who of the team.")})
MEETING: Properties = _needed(
    {
        "meeting_id": _id("meet-58", says="Booked again with the same id, it is moved."),
        "starts_at": _instant("2026-11-25T14:00:00Z", says="When it begins."),
        "ends_at": _instant("2026-11-25T14:30:00Z", says="When it is over."),
    },
    "meeting_id",
    "starts_at",
)
MEETING_CANCELED: Properties = {"meeting_id": MEETING["meeting_id"]}
MEETING_STARTED: Properties = _some(MEETING, "meeting_id", "starts_at", "ends_at")
CALL: Properties = {
    "call_id": _id("call-911"),
    "direction": _one_of("inbound", "outbound", says="Inbound: the person called."),
    "duration_seconds": _whole(184),
    "agent_id": _id("agent-3", says="Who of the team."),
    "outcome": _text("answered", "voicemail", "missed"),
}

# Payments and loyalty -------------------------------------------------------------------------------------------------

REQUEST: Properties = {
    "payment_request_id": _id("req-2031"),
    "amount": _number(79.9),
    "currency": _text("EUR", says="ISO 4217, such as EUR."),
    "url": _address("https://pay.example/r/2031", says="Where the person can pay."),
}
PAYMENT: Properties = {
    "payment_id": _id("pay-5570"),
    "payment_request_id": _id("req-2031", says="Of the request that it answers."),
    "amount": _number(79.9),
    "currency": _text("EUR", says="ISO 4217, such as EUR."),
    "method": _text("card", "bank transfer"),
}
BALANCE: Properties = _needed(
    {
        "balance_id": _id("points", says="Of the balance."),
        "value": _number(320, says="The new total."),
        "change": _number(40, says="What was added; negative when spent."),
        "minimum_value": _number(0, says="Reached when value comes down to it."),
        "maximum_value": _number(500, says="Reached when value comes up to it."),
        "expires_at": _instant("2027-11-24T23:59:59Z", says="When what was added lapses."),
    },
    "balance_id",
    "value",
    "change",
)
BALANCE_MINIMUM: Properties = {**_some(BALANCE, "balance_id"), "value": _number(0), "minimum_value": _number(0)}
BALANCE_MAXIMUM: Properties = {**_some(BALANCE, "balance_id"), "value": _number(500), "maximum_value": _number(500)}
BALANCE_EXPIRED: Properties = {
    **_some(BALANCE, "balance_id"),
    "amount": _number(40, says="What lapsed."),
    "value": _number(280, says="What is left."),
}
BALANCE_REFUSED: Properties = {
    **_some(BALANCE, "balance_id"),
    "amount": _number(-400, says="What was asked for; negative to spend."),
    "reason": _text("Not enough points"),
}
VOUCHER: Properties = _needed(
    {
        "voucher_id": _id("WINTER-10", says="Of the voucher."),
        "expires_at": _instant("2026-12-31T22:59:59Z", says="The last moment; a date is good all day."),
    },
    "voucher_id",
)
VOUCHER_EXPIRED: Properties = _some(VOUCHER, "voucher_id", "expires_at")
SUBSCRIPTION: Properties = _needed(
    {"subscription_id": _id("member-204"), "program_id": _id("mountain-club", says="Of the loyalty programme.")},
    "subscription_id",
)
SUBSCRIPTION_YEARS: Properties = {
    **_some(SUBSCRIPTION, "subscription_id", "program_id"),
    "years": _whole(1, says="Since it was created."),
}
SUBSCRIPTION_MONTHS: Properties = {
    **_some(SUBSCRIPTION, "subscription_id", "program_id"),
    "months": _whole(3, says="Since it was created."),
}
TIER: Properties = {
    "program_id": _id("mountain-club", says="Of the loyalty programme."),
    "tier_id": _id("silver"),
    "tier": _text("Silver", says="The new one."),
    "previous_tier": _text("Bronze", says="The one before."),
}

# E-commerce -----------------------------------------------------------------------------------------------------------

PRODUCT: Properties = {
    "product_id": _id("boots-42"),
    "name": _text("Cengia boots"),
    "sku": _text("CNG-42-BR"),
    "category": _text("Boots"),
    "price": _number(129, says="Of one."),
    "currency": _text("EUR", says="ISO 4217, such as EUR."),
    "variant_id": _id("brown"),
    "url": _address("https://shop.example/boots/cengia", says="Of its page."),
    "image": _address("https://shop.example/images/cengia.jpg"),
}
PRODUCT_CATEGORY: Properties = {
    "category_id": _id("boots"),
    "name": _text("Boots"),
    "url": _address("https://shop.example/boots", says="Of its page."),
}
SEARCH: Properties = {
    "query": _text("winter boots", says="What was looked for."),
    "results": _whole(14, says="How many were found."),
}
ITEM: Properties = {
    "id": _id("boots-42"),
    "name": _text("Cengia boots"),
    "sku": _text("CNG-42-BR"),
    "category": _text("Boots"),
    "price": _number(129, says="Of one."),
    "quantity": _number(2),
    "variant_id": _id("brown"),
    "url": _address("https://shop.example/boots/cengia"),
    "image": _address("https://shop.example/images/cengia.jpg"),
}
_BOOTS = {name: ITEM[name]["examples"][0] for name in ("id", "name", "price", "quantity", "url", "image")}
CART: Properties = {
    "total": _number(263, says="What is to be paid."),
    "subtotal": _number(258, says="Of the items."),
    "shipping": _number(5),
    "tax": _number(47.43),
    "discount": _number(0),
    "currency": _text("EUR", says="ISO 4217, such as EUR."),
    "url": _address("https://shop.example/cart", says="Where the person finds it again."),
    "items": {
        "type": "array",
        "description": "What is in it.",
        "items": {"type": "object", "properties": ITEM},
        "examples": [[_BOOTS]],
    },
}
ORDER: Properties = {
    **CART,
    "url": _address("https://shop.example/orders/1042", says="Where the person finds it again."),
    "status": _text("paid", "created", "shipped"),
    "coupons": _texts(["WINTER-10"], says="Codes that were used."),
    "payment_method": _text("card", "bank transfer"),
}
ORDER_CANCELLED: Properties = {**ORDER, "reason": _text("Changed their mind")}
ORDER_REFUNDED: Properties = {
    **ORDER,
    "refund": _number(129, says="What was given back."),
    "reason": _text("Wrong size"),
}
CHECKOUT_PAYMENT: Properties = {**CART, "payment_method": _text("card", "bank transfer")}

# Contacts and segments ------------------------------------------------------------------------------------------------

MERGE: Properties = {"absorbed_id": _whole(57, says="The contact that is no longer one.")}
LIST: Properties = {"list": _text("newsletter", says="Its name.")}
ATTRIBUTES: Properties = {
    "attributes": {"type": "object", "description": "By name.", "examples": [{"FIRSTNAME": "Anna", "CITY": "Torino"}]},
}
CONSENT: Properties = {
    "consent": _one_of("granted", "denied", "unknown"),
    "channel": _one_of("email", "sms", "whatsapp", says="For messages of this channel; without it, for all."),
    "message_id": _id("msg-8f3a21", says="Of the message by which they were asked."),
    "text_version": _text("12/3", says="What they agreed to: the message and its version."),
}
SEGMENT: Properties = {"segment_id": _id("seg-9"), "segment": _text("Boot lovers", says="Its name at that time.")}
