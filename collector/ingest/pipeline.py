"""Is this event taken, and as what? The steps that every event of every door goes through, in this order.

A step is a function of the draft and of what its request shares. `drop_*` may refuse: it returns why. `put_*` only
enriches: what it cannot take is left out with a warning. Reads nothing, writes nothing; the clock is in the batch.
"""

from collections.abc import Callable
from functools import lru_cache

from collector.errors import REFUSALS, Code
from collector.ingest import skew
from collector.ingest.bounds import MAX_TEXT_BYTES, shown, text_fault, trees_fault, written
from collector.ingest.draft import Batch, Draft, Refusal
from collector.ingest.foreign import ForeignItem
from collector.ingest.item import Item, ServerItem
from collector.ingest.person import drop_nobody, put_attributes, put_identifiers, put_visitor
from collector.instant import parse_instant
from collector.privacy.consent import Mode
from collector.privacy.redact import redact_url
from collector.store.ports.definitions.schemas import misfit_message
from sessionizer.catalogue import CUSTOM, PUBLIC_CATEGORIES, accepts_public, category_of, known, nearest_key, takes
from sessionizer.event import NOTHING, ObjectRef, Page
from sessionizer.properties.schema import misfit

MAX_ID_BYTES = 128
MAX_KEY_BYTES = 255
OFTEN_CHARACTERS = 300
HINTED = 10
"""Events of a batch that may ask for the nearest key (0.5 ms each); who reads those needs no more."""

SCHEMES = ("https://", "http://", "app://")
"""app: a screen of an app, which has no address of the web; the console never makes a link of it."""

NOTHING_KEPT = Mode.NOTHING  # asked of every event: to find an enum's member by its name costs 0.1 µs

Step = Callable[[Draft, Batch], Refusal | None]


def decide(item: Item, index: int, batch: Batch) -> Draft | Refusal:
    """The draft that passed every step, or the first refusal."""
    draft = Draft(item, index, batch.site, batch.visitor)
    if type(item) is ForeignItem:
        draft.visitor, draft.agent = item.visitor or batch.visitor, item.agent
    for step in STEPS if batch.identify_mode == "" else PUBLIC_STEPS:
        if (refusal := step(draft, batch)) is not None:
            return refusal
    return draft


def drop_without_consent(draft: Draft, batch: Batch) -> Refusal | None:
    """A site that requires consent takes nothing before it is granted."""
    return _refused(Code.CONSENT_DENIED, "") if batch.mode is NOTHING_KEPT else None


def drop_bad_id(draft: Draft, batch: Batch) -> Refusal | None:
    """An event without a usable id could not be told from its own retry."""
    fault = _fault(draft.item.id, MAX_ID_BYTES)
    return Refusal(Code.BAD_ID, "id", fault) if fault else None


def put_category(draft: Draft, batch: Batch) -> None:
    """The one that was named, else the one that the key implies; never a system category that nobody named."""
    draft.category = draft.item.category or category_of(draft.item.key)


def drop_bad_kind(draft: Draft, batch: Batch) -> Refusal | None:
    """There is such an event, and this door takes it; why not, is asked of those only that it does not take."""
    if takes(draft.category, draft.item.key, is_public=batch.identify_mode != ""):
        return None
    return _bad_key(draft) or _reserved_key(draft, batch) or _unknown_key(draft)


def drop_bad_time(draft: Draft, batch: Batch) -> Refusal | None:
    """When it happened must be said so that everybody understands the same."""
    at = parse_instant(draft.item.occurred_at)
    if at is None:
        return _refused(Code.BAD_TIME, "occurred_at")
    draft.at = at
    return None


def put_time(draft: Draft, batch: Batch) -> None:
    """By our clock, never in the future."""
    draft.at = skew.corrected(draft.at, batch.correction_ms, batch.received_at, ahead_ms=batch.ahead_ms)


def drop_too_old(draft: Draft, batch: Batch) -> Refusal | None:
    """Under a write key some days, at a secret door since 2000; the oldest instant itself is included."""
    return _refused(Code.TOO_OLD, "occurred_at") if draft.at < batch.oldest_at else None


def drop_bad_properties(draft: Draft, batch: Batch) -> Refusal | None:
    """What is too large, too deep or cannot be stored is the sender's mistake, and would be everybody's problem."""
    item = draft.item
    if item.contact_properties:
        trees = {"properties": item.properties or {}, "contact_properties": item.contact_properties}
    elif item.properties:
        trees = {"properties": item.properties}
    else:
        return None
    return trees_fault(trees, is_small=batch.is_small)


def drop_misfit(draft: Draft, batch: Batch) -> Refusal | None:
    """What does not fit the schema that was pinned to its event is refused or flagged, as the team has chosen."""
    if not batch.pinned or (pinned := batch.pinned.get((draft.category, draft.item.key))) is None:
        return None
    found = misfit(pinned.schema, draft.item.properties or NOTHING)
    if found is None:
        return None
    message = misfit_message(found.message, pinned.category, pinned.key)
    if pinned.misfit == "reject":
        return Refusal(Code.SCHEMA_MISFIT, written("properties", found.path), message)
    draft.warn(Code.SCHEMA_MISFIT, written("properties", found.path), message)
    return None


def drop_bad_object(draft: Draft, batch: Batch) -> Refusal | None:
    """Type and id of the thing are texts like an event's own id."""
    if (object := draft.item.object) is None:
        return None
    id = object.id if isinstance(object.id, str) else str(object.id)[: MAX_ID_BYTES + 1]
    for path, text in (("object.type", object.type), ("object.id", id)):
        if fault := _fault(text, MAX_ID_BYTES):
            return Refusal(Code.BAD_PROPERTY, path, fault)
    draft.object = ObjectRef(object.type, id)
    return None


def drop_bad_page(draft: Draft, batch: Batch) -> Refusal | None:
    """Addresses and titles have the bounds of any text."""
    if (page := draft.item.page) is None:
        return None
    if not text_fault(f"{page.url}{page.title}{page.referrer}", MAX_TEXT_BYTES):
        return None  # nearly always: what is in order all together is so one by one
    for name, text in (("url", page.url), ("title", page.title), ("referrer", page.referrer)):
        if text and (fault := text_fault(text, MAX_TEXT_BYTES)):
            return Refusal(Code.BAD_PROPERTY, f"page.{name}", f"the text {fault}")
    return None


def put_page(draft: Draft, batch: Batch) -> None:
    """The page and where its visitor came from, without secrets; only web addresses, and an app's screens, are
    addresses of pages."""
    if (page := draft.item.page) is None:
        return
    if not page.url:
        draft.warn(Code.BAD_PROPERTY, "page.url", "a page without its address; it was left out")
        return
    url = _web_address(draft, "page.url", page.url)
    if url:
        referrer = _web_address(draft, "page.referrer", page.referrer) if page.referrer else ""
        draft.page = Page(url, page.title or "", referrer)


def drop_unknown_site(draft: Draft, batch: Batch) -> Refusal | None:
    """A server may say of which site an event is; it has to be one of ours."""
    if not isinstance(draft.item, ServerItem) or draft.item.site is None:
        return None
    draft.site = draft.item.site
    return None if batch.is_site(draft.site) else Refusal(Code.MALFORMED, "site", "there is no such site")


def put_said_by_server(draft: Draft, batch: Batch) -> None:
    """Whether a person was active, and whether it is history that nobody should react to."""
    if isinstance(draft.item, ServerItem):
        draft.activity, draft.historical = draft.item.activity, bool(draft.item.historical)


STEPS: tuple[Step, ...] = (
    drop_without_consent,
    drop_bad_id,
    put_category,
    drop_bad_kind,
    drop_bad_time,
    put_time,
    drop_too_old,
    drop_bad_properties,
    drop_misfit,
    drop_bad_object,
    drop_bad_page,
    put_page,
    drop_unknown_site,
    put_said_by_server,
    put_visitor,
    put_identifiers,
    put_attributes,
    drop_nobody,
)

SERVERS_ONLY = frozenset({drop_unknown_site, put_said_by_server, put_visitor})
"""What only a secret door hears: an event of a browser need not pass there."""

PUBLIC_STEPS = tuple(step for step in STEPS if step not in SERVERS_ONLY)


def _refused(code: Code, path: str) -> Refusal:
    return Refusal(code, path, REFUSALS[code].says)


def _bad_key(draft: Draft) -> Refusal | None:
    """A key of one's own is made of letters, digits, - and _."""
    if draft.category == CUSTOM:
        return None if known(CUSTOM, draft.item.key) else _refused(Code.BAD_KEY, "key")
    fault = _fault(draft.item.key, MAX_KEY_BYTES)
    return Refusal(Code.BAD_KEY, "key", fault) if fault else None


def _reserved_key(draft: Draft, batch: Batch) -> Refusal | None:
    """Anybody can read a write key: it says nothing that only servers, deliveries or time can know."""
    if not batch.is_public or accepts_public(draft.category, draft.item.key):
        return None
    path = "key" if draft.category in PUBLIC_CATEGORIES else "category"
    return _refused(Code.RESERVED_KEY, path)


def _unknown_key(draft: Draft) -> Refusal | None:
    """A system category has the events of the catalogue and no others."""
    category, key = draft.category, draft.item.key
    if known(category, key):
        return None
    near = nearest_key(category, key) if draft.index < HINTED else None
    hint = f" Did you mean {near}?" if near else ""
    return Refusal(Code.UNKNOWN_KEY, "key", f"{shown(category)} has no event {shown(key)}.{hint}")


def _fault(text: str, max_bytes: int) -> str:
    """What is wrong with a text that has to be there, "" when nothing is."""
    fault = text_fault(text, max_bytes) if text else "is empty"
    return f"it {fault}" if fault else ""


def _web_address(draft: Draft, path: str, text: str) -> str:
    """The address as it may be stored; "" and a warning when it is none of the web."""
    address = _storable_often(text) if len(text) <= OFTEN_CHARACTERS else _storable(text)
    if not address:
        draft.warn(Code.BAD_PROPERTY, path, "not an http(s) address; it was left out")
    return address


def _storable(address: str) -> str:
    is_whole = address.startswith(SCHEMES) and len(address) > len("https://") and address.isprintable()
    return redact_url(address) if is_whole else ""


_storable_often = lru_cache(maxsize=8_192)(_storable)  # the same pages are visited again and again
