"""What does an event look like when it comes in? The item that every dialect turns its bytes into.

Typed as the JSON of `POST /e` and `POST /api/events`, so that the fast path of `dialects/sentiero.py` decodes straight
into it. What texts and numbers may hold is the pipeline's business. Source: INTERFACES 1 and 2.
"""

from typing import Annotated, Any

import msgspec

MAX_EXACT = 2**53 - 1
"""The greatest whole number that JavaScript keeps exact."""

MAX_NUMBER = 2**63 - 1
"""The greatest whole number that anything here may hold."""

Order = Annotated[int, msgspec.Meta(ge=0, le=MAX_EXACT)]
Number = Annotated[int, msgspec.Meta(ge=-MAX_NUMBER, le=MAX_NUMBER)]


class PageItem(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The page on which it happened."""

    url: str | None = None
    title: str | None = None
    referrer: str | None = None


class ObjectItem(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The thing it is about. Shops number their orders: a whole number is an id as well."""

    type: str
    id: str | Number


class Item(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """An event as a browser sends it. identifiers: anything, for what is wrong there never refuses the event."""

    id: str
    key: str
    occurred_at: str
    category: str | None = None
    page: PageItem | None = None
    properties: dict[str, Any] | None = None
    identifiers: Any = None
    contact_properties: dict[str, Any] | None = None
    object: ObjectItem | None = None
    seq: Order | None = None


class ServerItem(Item, forbid_unknown_fields=True, omit_defaults=True):
    """An event as a server sends it: it may say of which site and visitor, and whether a person was active."""

    site: Order | None = None
    visitor_id: str | None = None
    activity: bool | None = None
    historical: bool | None = None
