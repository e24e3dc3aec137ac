"""Which events does a row of contacts become? Those of category `contact` that say of the person what the row says.

    identified            who: one identifier of each kind; then each further one, and each visitor      first seen
    attributes_updated    what is known of the person                                                    last seen
    list_added            each list                                                                      last seen
    consent_changed       granted, or denied: what is on a blacklist has withdrawn it                    last seen

First and last seen are the row's; without them the instant at which the file was written. None of the events is
activity: nobody was there. Their ids are made of what they say: the same file again says nothing new.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from collector.errors import Code
from collector.event_id import unpack_id
from collector.ingest.draft import Misfit, Refusal
from collector.ingest.item import ServerItem
from collector.instant import instant
from collector.moving.cells import unsafe
from collector.moving.columns import Type
from collector.moving.event_row import LeftOut, raw_of
from collector.moving.rows import Row
from collector.moving.said import BadContact, Found, strays

CATEGORY = "contact"

_encode = msgspec.msgpack.Encoder(order="deterministic").encode
_decoder = msgspec.json.Decoder(dict[str, Any])


class Said(NamedTuple):
    """What a row says of a person. identifiers: kind → values, the first is primary. seen: RFC 3339."""

    identifiers: dict[str, list[str]]
    attributes: dict[str, Any]
    lists: list[str]
    consent: str
    visitors: list[str]
    first_seen_at: str
    last_seen_at: str


class Contacts:
    """Reads the rows of one file."""

    def __init__(self, types: Mapping[str, Type], *, written_at: int, lists: Sequence[str] = ()) -> None:
        """types: of a CSV's columns. written_at: ms UTC, of the file. lists: into which everybody goes."""
        self._types, self._written_at, self._lists = types, instant(written_at), list(lists)

    def __call__(self, row: Row) -> Sequence[ServerItem] | Misfit | LeftOut:
        """The events of a row, ready for the pipeline; or why there are none."""
        try:
            said = self._said(_decoder.decode(row.line) if row.line else row.cells)
        except BadContact as error:
            return Misfit(Refusal(error.code, error.path, error.message), raw_of(row))
        except (ValueError, RecursionError):
            return Misfit(Refusal(Code.MALFORMED, "", "the row is not one JSON object"), raw_of(row))
        items = list(events_of(said))
        return items or LeftOut.ANONYMOUS

    def _said(self, cells: Mapping[str, Any]) -> Said:
        """Raises BadContact, ValueError."""
        found = Found()
        for column, value in cells.items():
            if value is not None:
                found.take(column, unsafe(value) if isinstance(value, str) else value, self._types.get(column))
        found.check()
        last = found.instants.get("last_seen_at") or found.instants.get("first_seen_at") or self._written_at
        first = min(found.instants.get("first_seen_at") or last, last)
        lists = list(dict.fromkeys([*found.lists, *self._lists]))
        return Said(
            found.identifiers,
            {**found.attributes, **strays(found.identifiers)},
            lists,
            found.consent,
            found.visitors,
            first,
            last,
        )


def events_of(said: Said) -> Iterator[ServerItem]:
    """In the order in which they are to be heard."""
    who: dict[str, str] = {kind: values[0] for kind, values in said.identifiers.items() if values}
    first, last = said.first_seen_at, said.last_seen_at
    if who:
        yield _event("identified", first, who)
    for kind, values in said.identifiers.items():
        if anchor := {name: value for name, value in who.items() if name != kind}:
            yield from (_event("identified", last, {**anchor, kind: value}) for value in values[1:])
    for visitor in said.visitors:
        if who:
            yield _event("identified", first, who, visitor_id=visitor)
    if not who and not (said.attributes or said.lists or said.consent):
        return
    owner = {} if who else {"visitor_id": said.visitors[0]}
    later = [
        *([{"key": "attributes_updated", "contact_properties": said.attributes}] if said.attributes else ()),
        *({"key": "list_added", "properties": {"list": name}} for name in said.lists),
        *([{"key": "consent_changed", "properties": {"consent": said.consent}}] if said.consent else ()),
    ]
    if not later and last != first:
        later = [{"key": "identified"}]
    for more in later:
        yield _event(more.pop("key"), last, who, **owner, **more)


def _event(key: str, at: str, who: Mapping[str, str], **more: Any) -> ServerItem:
    item = ServerItem("", key, at, category=CATEGORY, identifiers=dict(who), activity=False, historical=True, **more)
    item.id = unpack_id(blake2b(_encode(item), digest_size=16).digest())
    return item
