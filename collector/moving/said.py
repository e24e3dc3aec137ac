"""What do the cells of a row say of a person? Identifiers, what is known of them, lists, consent; by `headings.py`."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from collector.errors import Code
from collector.instant import instant, parse_instant
from collector.moving.cells import SEPARATOR
from collector.moving.columns import Type, day_first
from collector.moving.headings import ATTRIBUTE, FLAG, NOTHING, NUMBER_ELSEWHERE, flag_of, meaning_of
from sessionizer.contact import IDENTIFIER_KINDS
from sessionizer.identifier import canonical

GRANTED, DENIED = "granted", "denied"
_YES = frozenset({True, "true", "yes", "1", "y"})  # 1 is True

_decoder = msgspec.json.Decoder(dict[str, Any])


class BadContact(Exception):
    """A row that says nothing that can be used. path: its column, "" for the whole row."""

    def __init__(self, code: Code, path: str, message: str) -> None:
        super().__init__(message)
        self.code, self.path, self.message = code, path, message


def strays(identifiers: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Further addresses of somebody without any other identifier: nothing would say that they are one person's, so they
    become attributes, `email_id_2` and so on."""
    if len(identifiers) != 1:
        return {}
    ((kind, values),) = identifiers.items()
    return {f"{kind}_{n}": value for n, value in enumerate(values[1:], 2)}


class Found:
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

    def check(self, who: str = "an e-mail address, a telephone number or an ext_id") -> None:
        """Raises BadContact when identifiers were given and none can be used, or nothing was given at all.

        who: what would have named somebody.
        """
        if self.identifiers or self.visitors:
            return
        if self._unusable is not None:
            column, value = self._unusable
            raise BadContact(Code.BAD_IDENTIFIER, column, f"{ascii(value)[:80]} cannot identify a person")
        if not self._named and (self.attributes or self.lists or self.consent):
            raise BadContact(Code.BAD_IDENTIFIER, "", f"no identifier: {who}")

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
