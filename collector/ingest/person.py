"""Who did it? The pipeline's steps about the person: visitor, identifiers, attributes.

None but the last refuses an event: what cannot be taken is left out with a warning, and the event is stored for whoever
it still belongs to. Reads nothing, writes nothing.
"""

from collections.abc import Callable

from collector.errors import REFUSALS, Code
from collector.ingest.bounds import shown
from collector.ingest.draft import Batch, Draft, Refusal
from collector.ingest.item import ServerItem
from collector.privacy.consent import Mode
from sessionizer.contact import IDENTIFIER_KINDS
from sessionizer.identifier import canonical

MAX_CLAIMED = 20
"""Identifiers in one event: there are six kinds; more is a mistake, and each would be a warning."""

MAX_WARNED = 20
"""Attributes of one event that are named when they are left out: the answer must not outgrow the request."""

ALL_KEPT = Mode.FULL  # asked of every event: to find an enum's member by its name costs 0.1 µs

LINK = "link"
"""A claim of the tracker's own: the token with which a link of a message led here. The worker knows to whom it went."""

_VISITOR_CHARACTERS = 26
_PLAIN = (str, int, float, bool, type(None))


def put_visitor(draft: Draft, batch: Batch) -> None:
    """A browser's request is one visitor's; a server names the visitor of each event."""
    if not isinstance(draft.item, ServerItem) or not (id := draft.item.visitor_id):
        return
    if len(id) == _VISITOR_CHARACTERS and id.isascii() and id.isalnum():
        draft.visitor = id
    else:
        draft.warn(Code.VISITOR_INVALID, "visitor_id", "a visitor id has 26 letters and digits; it was left out")


def put_identifiers(draft: Draft, batch: Batch) -> None:
    """Those that can identify somebody, each in its one way to be written."""
    claimed = draft.item.identifiers
    if not claimed:
        return
    if batch.mode is not ALL_KEPT:
        draft.warn(Code.CONSENT_DENIED, "identifiers", REFUSALS[Code.CONSENT_DENIED].says)
    elif not isinstance(claimed, dict) or len(claimed) > MAX_CLAIMED:
        draft.warn(Code.BAD_IDENTIFIER, "identifiers", f"an object of at most {MAX_CLAIMED} identifiers was expected")
    else:
        draft.identifiers = _legal(draft, batch, claimed) or None


def put_attributes(draft: Draft, batch: Batch) -> None:
    """What is said of the person: texts, numbers, yes and no, and lists of them. Identity knows which of it counts."""
    claimed = draft.item.contact_properties
    if not claimed:
        return
    if batch.mode is not ALL_KEPT:
        draft.warn(Code.CONSENT_DENIED, "contact_properties", REFUSALS[Code.CONSENT_DENIED].says)
        return
    kept = {name: value for name, value in claimed.items() if _is_plain(value)}
    left_out = [name for name in claimed if name not in kept]
    for name in left_out[:MAX_WARNED]:
        message = "a text, a number, true, false or a list of them was expected; it was left out"
        draft.warn(Code.BAD_PROPERTY, f"contact_properties.{shown(name)}", message)
    if more := len(left_out[MAX_WARNED:]):
        draft.warn(Code.BAD_PROPERTY, "contact_properties", f"{more} more of them were left out")
    draft.attributes = kept or None


def drop_nobody(draft: Draft, batch: Batch) -> Refusal | None:
    """An event that names neither a visitor nor anybody is kept, and its sender told; a door may refuse it instead."""
    if draft.visitor or draft.identifiers:
        return None
    if batch.needs_person:
        why = (warning for warning in draft.warnings if warning.path.startswith("identifiers"))
        return next(why, Refusal(Code.BAD_IDENTIFIER, "identifiers", "none of them identifies anybody"))
    draft.warn(Code.BAD_IDENTIFIER, "identifiers", "without visitor_id or identifiers it belongs to nobody")
    return None


def _is_plain(value: object) -> bool:
    return isinstance(value, _PLAIN) or (isinstance(value, list) and all(isinstance(part, _PLAIN) for part in value))


def _legal(draft: Draft, batch: Batch, claimed: dict[str, object]) -> dict[str, str]:
    kept: dict[str, str] = {}
    for kind, value in claimed.items():
        if value is None:
            continue  # programs send null for what they do not know
        if kind == LINK and batch.landed is not None:
            _introduce(draft, batch.landed, value, kept)
            continue
        text = canonical(kind, value)
        if text is None or (kind == "contact_id" and batch.is_public):
            draft.warn(Code.BAD_IDENTIFIER, f"identifiers.{shown(kind)}", _why(kind, text))
        else:
            kept[kind] = text
    return kept


def _introduce(draft: Draft, landed: Callable[[str], str | None], token: object, kept: dict[str, str]) -> None:
    """Somebody has come by a link of a message: the token says by which, and that it is true."""
    delivery = landed(token) if isinstance(token, str) else None
    if delivery is None:
        draft.warn(Code.BAD_IDENTIFIER, f"identifiers.{LINK}", "the link is too old, or not one of ours")
    else:
        kept[LINK], draft.proven = delivery, True


def _why(kind: str, text: str | None) -> str:
    if kind not in IDENTIFIER_KINDS:
        return f"no such kind; there are {', '.join(IDENTIFIER_KINDS)}"
    return REFUSALS[Code.BAD_IDENTIFIER].says if text is None else "only a server may name a contact by its id"
