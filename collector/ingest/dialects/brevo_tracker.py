"""How does Brevo's tracker write events? The JSON of `/api/v2/…`, and the query of the beacon `/p`, as our items.

    identify     contact/identified                 email, attributes
    trackEvent   an event by its name               email, event, properties (of the contact), eventdata {id, data}
    trackPage    page_visited                       email, page, properties with ma_url, ma_title, ma_referrer
    trackLink    website/link_clicked               email, link, properties

The beacon says the same flat: sib_type, email_id, session_id or cuid, sib_name, ma_…, href, and any property. Spellings
of integrators are taken as well: `eventData`, and `link` for the page of trackPage. Reads nothing, writes nothing.
Source: https://developers.brevo.com/docs/track-custom-events-rest and what published integrations send.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import msgspec

from collector.errors import Code
from collector.ingest.answer import RequestRefused
from collector.ingest.dialects.plain import read_plain
from collector.ingest.foreign import MAX_EVENT_BYTES, Consented, ForeignItem, named
from collector.ingest.item import ObjectItem, PageItem
from sessionizer.catalogue import key_of
from sessionizer.identifier import canonical

KINDS = ("identify", "trackEvent", "trackPage", "trackLink")
MAX_QUERY_BYTES = 16 * 1024
MAX_FIELDS = 255

_KEYS = {"cart_created": "cart_updated"}
"""What a plugin calls an event that is ours by another name."""

_KIND_OF = {"page": "trackPage", "track": "trackEvent", "identify": "identify", "trackLink": "trackLink"}
_WHO = ("email", "email_id", "EMAIL")
_VISITORS = ("cuid", "session_id", "visitor_id")
_OF_PAGE = ("ma_url", "ma_title", "ma_path", "ma_referrer")
_OF_BEACON = frozenset({"sib_type", "key", "sib_name", "href", "linkid", "consent", *_WHO, *_VISITORS, *_OF_PAGE})


class Received(NamedTuple):
    """What an event is completed with. at: when it came, as text. id: for one that has none."""

    at: str
    id: str


class Beacon(NamedTuple):
    """One event of `/p`. write_key: "" when it is not said."""

    write_key: str
    item: ForeignItem


def parse(kind: str, body: bytes, received: Received) -> ForeignItem:
    """A body's bytes → its event. kind: one of KINDS. Raises RequestRefused."""
    if len(body) > MAX_EVENT_BYTES:
        raise RequestRefused(Code.TOO_LARGE, f"At most {MAX_EVENT_BYTES:,} bytes an event.")
    try:
        said = msgspec.json.decode(body)
    except (ValueError, RecursionError):
        said = read_plain(body)
    if not isinstance(said, dict):
        raise RequestRefused(Code.MALFORMED, "The body must be a JSON object.")
    return _MAKERS[kind](said, _begun(said, received))


def parse_query(query: bytes, received: Received) -> Beacon:
    """A beacon's query → its event. Raises RequestRefused."""
    if len(query) > MAX_QUERY_BYTES:
        raise RequestRefused(Code.TOO_LARGE, f"At most {MAX_QUERY_BYTES:,} bytes of query.")
    try:
        fields = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True, max_num_fields=MAX_FIELDS))
    except ValueError:
        raise RequestRefused(Code.TOO_MANY, f"At most {MAX_FIELDS} fields.") from None
    kind = _KIND_OF.get(fields.get("sib_type", ""))
    if kind is None:
        raise RequestRefused(Code.MALFORMED, f"One of {', '.join(_KIND_OF)} was expected.", path="sib_type")
    said = _unfolded(kind, fields)
    return Beacon(fields.get("key", ""), _MAKERS[kind](said, _begun(said, received)))


def _unfolded(kind: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """The beacon's flat fields as the body that would say the same."""
    own = {name: value for name, value in fields.items() if name not in _OF_BEACON}
    said: dict[str, Any] = {name: fields[name] for name in (*_WHO, *_VISITORS, "consent") if name in fields}
    page = {name: fields[name] for name in _OF_PAGE if name in fields}
    name = fields.get("sib_name")
    if kind == "identify":
        return {**said, "attributes": own}
    if kind == "trackEvent":
        return {**said, "event": name, "eventdata": {"data": own}, "page": page}
    if kind == "trackPage":
        return {**said, "page": name, "properties": {**page, **own}}
    link = fields.get("href") or name
    id = fields.get("linkid")
    return {**said, "link": link, "properties": {**page, **({"id": id} if id else {}), **own}}


# One event -----------------------------------------------------------------------------------------------------------


class _Begun(NamedTuple):
    """What every event has: id, instant, person, visitor, consent."""

    id: str
    at: str
    identifiers: dict[str, Any]
    named: str
    consent: Consented


def _begun(said: Mapping[str, Any], received: Received) -> _Begun:
    """Brevo wants an e-mail address in every call; another identifier or a visitor is as good."""
    identifiers = _identifiers(said)
    names = (named("brevo", said[name]) for name in _VISITORS if said.get(name) is not None)
    visitor = next(filter(None, names), "")
    if not visitor and not any(canonical(kind, value) for kind, value in identifiers.items()):
        given = next((name for name in _WHO if said.get(name)), "")
        if given:
            raise RequestRefused(Code.BAD_IDENTIFIER, path=given)
        raise RequestRefused(Code.MALFORMED, "Say whose event it is: the e-mail address is missing.", path="email")
    consent = said.get("consent")
    return _Begun(
        _own(said, "event_id", received.id, Code.BAD_ID),
        _own(said, "event_date", received.at, Code.BAD_TIME),
        identifiers,
        visitor,
        consent if consent in ("granted", "denied") else "unknown",
    )


def _own(said: Mapping[str, Any], name: str, usual: str, code: Code) -> str:
    """What the sender says, which must be a text; else what we say."""
    value = said.get(name, usual)
    if not isinstance(value, str):
        raise RequestRefused(code, path=name)
    return value


def _identifiers(said: Mapping[str, Any]) -> dict[str, Any]:
    named_so = said.get("identifiers")
    found: dict[str, Any] = dict(named_so) if isinstance(named_so, dict) else {}
    address = next((said[name] for name in _WHO if said.get(name)), None)
    return found if address is None else {**found, "email_id": address}


def _identify(said: Mapping[str, Any], begun: _Begun) -> ForeignItem:
    attributes = _without_address(_object(said, "attributes"))
    return _item(begun, key="identified", category="contact", contact_properties=attributes)


def _track_event(said: Mapping[str, Any], begun: _Begun) -> ForeignItem:
    name = said.get("event")
    if not isinstance(name, str) or not name:
        raise RequestRefused(Code.MALFORMED, "The event's name is missing.", path="event")
    key = _KEYS.get(name) or key_of(name)
    if not key:
        raise RequestRefused(Code.BAD_KEY, path="event")
    about = _object(said, "eventdata" if "eventdata" in said else "eventData")
    data = about.get("data", {name: value for name, value in about.items() if name != "id"})
    if not isinstance(data, dict | None):
        raise RequestRefused(Code.BAD_PROPERTY, "An object was expected.", path="eventdata.data")
    return _item(
        begun,
        key=key,
        properties=data,
        contact_properties=_without_address(_object(said, "properties")),
        object=_thing(key, about.get("id")),
        page=_page(said["page"]) if isinstance(said.get("page"), dict) else None,
    )


def _track_page(said: Mapping[str, Any], begun: _Begun) -> ForeignItem:
    properties = _object(said, "properties")
    name = said.get("page", said.get("link"))
    if isinstance(name, str) and name.startswith(("http://", "https://")):
        properties.setdefault("ma_url", name)
    elif name is not None:
        properties.setdefault("name", name)
    return _item(begun, key="page_visited", page=_page(properties), properties=_rest(properties))


def _track_link(said: Mapping[str, Any], begun: _Begun) -> ForeignItem:
    if not isinstance(said.get("link"), str) or not said["link"]:
        raise RequestRefused(Code.MALFORMED, "The link is missing.", path="link")
    properties = _object(said, "properties")
    about = {"url": said["link"], **_rest(properties)}
    return _item(begun, key="link_clicked", category="website", page=_page(properties), properties=about)


_MAKERS: Mapping[str, Callable[[Mapping[str, Any], _Begun], ForeignItem]] = {
    "identify": _identify,
    "trackEvent": _track_event,
    "trackPage": _track_page,
    "trackLink": _track_link,
}


def _item(begun: _Begun, **fields: Any) -> ForeignItem:
    return ForeignItem(
        id=begun.id,
        occurred_at=begun.at,
        identifiers=begun.identifiers,
        named=begun.named,
        consent=begun.consent,
        **fields,
    )


def _object(said: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A copy of the free-form object, {} when it is absent; PHP writes an empty one as a list."""
    value = said.get(name)
    if value is None or value == []:
        return {}
    if not isinstance(value, dict):
        raise RequestRefused(Code.BAD_PROPERTY, "An object was expected.", path=name)
    return dict(value)


def _without_address(attributes: dict[str, Any]) -> dict[str, Any]:
    """The address says who it is; it is no attribute."""
    return {name: value for name, value in attributes.items() if name not in (*_WHO, "event")}


def _page(properties: Mapping[str, Any]) -> PageItem | None:
    url, title, referrer = (properties.get(name) for name in ("ma_url", "ma_title", "ma_referrer"))
    if not isinstance(url, str) or not url:
        return None
    return PageItem(
        url, title if isinstance(title, str) else None, referrer if isinstance(referrer, str) and referrer else None
    )


def _rest(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if name not in _OF_PAGE}


def _thing(key: str, id: Any) -> ObjectItem | None:
    """`cart:1234` is the cart 1234; an id alone is of what the event's name begins with."""
    if isinstance(id, bool) or not isinstance(id, str | int) or id == "":
        return None
    kind, colon, rest = id.partition(":") if isinstance(id, str) else ("", "", "")
    if colon and kind and rest:
        return ObjectItem(kind, rest)
    return ObjectItem(key.partition("_")[0] or key, id)
