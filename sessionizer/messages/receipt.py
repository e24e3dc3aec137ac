"""Which event is it when something becomes of a message? By channel and purpose; not everything is one.

    e-mail     <purpose>_email: Sent Delivered Opened Clicked Unsubscribed, Soft, Hard Bounce; marketing: proxy_open
    SMS        <purpose>_sms: Sent Delivered Clicked Unsubscribed, Soft Bounce, Hard Bounce
    WhatsApp   whatsapp: Sent Delivered Read Soft-Bounce
    sales      conversations: sales_email_opened sales_email_clicked; who wants no more of them leaves marketing

Reads nothing, writes nothing. Source: the catalogue.
"""

from collections.abc import Mapping
from typing import Literal

from sessionizer.catalogue import CATALOGUE
from sessionizer.event import Kind
from sessionizer.messages.message import Channel, Purpose

What = Literal["sent", "delivered", "opened", "proxied", "clicked", "left", "soft", "hard"]
"""opened: also read. proxied: a proxy has loaded the images, which it may do unasked. left: unsubscribed."""

IDENTIFIERS: Mapping[str, str] = {"email": "email_id", "sms": "phone_id", "whatsapp": "whatsapp_id"}
"""Which identifier a recipient is, by channel."""

_KEYS: Mapping[What, str] = {
    "sent": "Sent",
    "delivered": "Delivered",
    "opened": "Opened",
    "proxied": "proxy_open",
    "clicked": "Clicked",
    "left": "Unsubscribed",
    "soft": "Soft Bounce",
    "hard": "Hard Bounce",
}
_WHATSAPP: Mapping[What, str] = {**_KEYS, "opened": "Read", "soft": "Soft-Bounce", "hard": "Soft-Bounce"}
_SALES: Mapping[What, str] = {"opened": "sales_email_opened", "clicked": "sales_email_clicked"}
_MEANS: Mapping[str, What] = {key: what for what, key in (*_WHATSAPP.items(), *_KEYS.items(), *_SALES.items())}


def kind_of(channel: Channel, purpose: Purpose, what: What) -> Kind | None:
    """The event; None when the catalogue has none for it."""
    if what == "left":
        purpose = left_as(purpose)
    if purpose == "sales":
        kind = ("conversations", _SALES.get(what, ""))
    elif channel == "whatsapp":
        kind = ("whatsapp", _WHATSAPP[what])
    else:
        kind = (f"{purpose}_{channel}", _KEYS[what])
    return kind if kind in CATALOGUE else None


def left_as(purpose: Purpose) -> Purpose:
    """Which messages somebody leaves who wants no more of these: to whoever gets them a seller's are ads."""
    return "marketing" if purpose == "sales" else purpose


def meaning_of(kind: Kind) -> What | None:
    """What a receipt says; None of an event that is none."""
    row = CATALOGUE.get(kind)
    is_one = row is not None and (row.arises == "receipt" or kind[1] in _SALES.values())
    return _MEANS.get(kind[1]) if is_one else None


def channel_of(category: str) -> tuple[Channel, Purpose | None] | None:
    """Which messages the events of a category are about. The purpose is None where the category does not say."""
    if category == "whatsapp":
        return "whatsapp", None
    purpose, _, channel = category.partition("_")
    if purpose in ("marketing", "transactional") and channel in ("email", "sms"):
        return channel, purpose  # type: ignore[return-value]  # just compared
    return None
