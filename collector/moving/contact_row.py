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

from collector.api.frame.answer import instant
from collector.errors import Code
from collector.event_id import unpack_id
from collector.ingest.draft import Misfit, Refusal
from collector.ingest.item import ServerItem
from collector.instant import parse_instant
from collector.moving.cells import SEPARATOR, unsafe
from collector.moving.columns import Type, day_first
from collector.moving.event_row import LeftOut, raw_of
from collector.moving.headings import ATTRIBUTE, FLAG, NOTHING, NUMBER_ELSEWHERE, flag_of, meaning_of
from collector.moving.rows import Row
from sessionizer.contact import IDENTIFIER_KINDS
from sessionizer.identifier import canonical

CATEGORY = "contact"
GRANTED, DENIED = "granted", "denied"
_YES = frozenset({True, "true", "yes", "1", "y"})  # 1 is True

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


class BadContact(Exception):
    """A row that says nothing that can be used."""

    def __init__(self, code: Code, path: str, message: str) -> None:
        super().__init__(message)
        self.refusal = Refusal(code, path, message)


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
            return Misfit(error.refusal, raw_of(row))
        except (ValueError, RecursionError):
            return Misfit(Refusal(Code.MALFORMED, "", "the row is not one JSON object"), raw_of(row))
        items = list(events_of(said))
        return items or LeftOut.ANONYMOUS

    def _said(self, cells: Mapping[str, Any]) -> Said:
        """Raises BadContact, ValueError."""
        found = _Found()
        for column, value in cells.items():
            if value is not None:
                found.take(column, unsafe(value) if isinstance(value, str) else value, self._types.get(column))
        found.check()
        last = found.instants.get("last_seen_at") or found.instants.get("first_seen_at") or self._written_at
        first = min(found.instants.get("first_seen_at") or last, last)
        lists = list(dict.fromkeys([*found.lists, *self._lists]))
        return Said(
            found.identifiers,
            {**found.attributes, **_strays(found.identifiers)},
            lists,
            found.consent,
            found.visitors,
            first,
            last,
        )


def _strays(identifiers: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Further addresses of somebody without any other identifier: nothing would say that they are one person's, so they
    become attributes, `email_id_2` and so on."""
    if len(identifiers) != 1:
        return {}
    ((kind, values),) = identifiers.items()
    return {f"{kind}_{n}": value for n, value in enumerate(values[1:], 2)}


class _Found:
    """What the cells of a row have said so far."""

    def __init__(self) -> None:
        self.identifiers: dict[str, list[str]] = {}
        self.attributes: dict[str, Any] = {}
        self.lists: list[str] = []
        self.visitors: list[str] = []
        self.instants: dict[str, str] = {}
        self.consent = ""
        self._unusable: tuple[str, object] | None = None
        self._named = False

    def take(self, column: str, value: Any, type: Type | None) -> None:
        """One cell. type: of the column of a CSV."""
        meaning = meaning_of(column)
        if meaning in IDENTIFIER_KINDS:
            self._identify(meaning, column, value)
        elif meaning == FLAG:
            self._flag(column, value)
        elif meaning in (ATTRIBUTE, NUMBER_ELSEWHERE):
            self.attributes[column] = type(value) if type and isinstance(value, str) else value
        elif meaning != NOTHING:
            self._other(meaning, column, value)

    def check(self) -> None:
        """Raises BadContact when identifiers were given and none can be used, or nothing was given at all."""
        if self.identifiers or self.visitors:
            return
        if self._unusable is not None:
            column, value = self._unusable
            raise BadContact(Code.BAD_IDENTIFIER, column, f"{ascii(value)[:80]} cannot identify a person")
        if not self._named and (self.attributes or self.lists or self.consent):
            raise BadContact(
                Code.BAD_IDENTIFIER, "", "no identifier: an e-mail address, a telephone number or an ext_id"
            )

    def _identify(self, kind: str, column: str, value: Any) -> None:
        self._named = True
        several = value.split(SEPARATOR) if isinstance(value, str) and kind != "ext_id" else value
        for one in several if isinstance(several, list | tuple) else [several]:
            if one is None or one == "":
                continue
            text = canonical(kind, one)
            if text is None:
                self._unusable = self._unusable or (column, one)
            elif text not in self.identifiers.setdefault(kind, []):
                self.identifiers[kind].append(text)

    def _flag(self, column: str, value: Any) -> None:
        said = (value.strip().lower() if isinstance(value, str) else value) in _YES
        self.attributes[flag_of(column)] = said
        self.consent = DENIED if said else self.consent

    def _other(self, meaning: str, column: str, value: Any) -> None:
        match meaning:
            case "identifiers":
                for kind, one in _object(column, value).items():
                    if kind != "contact_id":
                        self._identify(kind, f"identifiers.{kind}", one)
            case "attributes":
                self.attributes |= _object(column, value)
            case "lists":
                self.lists += [str(one) for one in _several(value)]
            case "visitors":
                self.visitors += [str(one) for one in _several(value)]
            case "consent":
                self.consent = str(value) if value in (GRANTED, DENIED) and not self.consent else self.consent
            case _:
                self.instants[meaning] = _instant(column, value)


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


def _object(column: str, value: Any) -> dict[str, Any]:
    """A JSON object, or its text. Raises BadContact."""
    try:
        found = _decoder.decode(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadContact(Code.BAD_PROPERTY, column, "a JSON object was expected")
    return found


def _several(value: Any) -> list[Any]:
    """A list, its JSON, or a text with commas or semicolons between."""
    if isinstance(value, str) and value.startswith("["):
        try:
            value = msgspec.json.decode(value)
        except ValueError:
            value = value.strip("[]")
    if isinstance(value, str):
        separator = SEPARATOR if SEPARATOR in value else ","
        value = [one.strip(" \"'") for one in value.split(separator)]
    return [one for one in (value if isinstance(value, list | tuple) else [value]) if one not in (None, "")]


def _instant(column: str, value: Any) -> str:
    """RFC 3339, or a date as Brevo writes it, taken as UTC. Raises BadContact."""
    text = str(value).strip()
    found = parse_instant(text)
    if found is None:
        try:
            text = day_first(text).replace(" ", "T")
        except ValueError:
            raise BadContact(Code.BAD_TIME, column, f"{ascii(value)[:60]} is not a time") from None
        found = parse_instant(f"{text}Z" if "T" in text else f"{text}T00:00:00Z")
    if found is None:
        raise BadContact(Code.BAD_TIME, column, f"{ascii(value)[:60]} is not a time")
    return instant(found)
