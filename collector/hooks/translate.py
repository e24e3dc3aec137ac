"""Which events does a call hold? Each part of its payload, held against each rule of the mapping.

    call → parts → the rules whose condition holds → items, as `POST /api/events` has them

What the events may hold is not decided here but where all events come in. Pure.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from collector.hooks.call import Call
from collector.hooks.compiled import is_false
from collector.hooks.expression import BadExpression, Expression
from collector.hooks.mapping import Fields, HookMapping, Rule, parts_of
from collector.hooks.moment import moment
from collector.instant import instant
from sessionizer.catalogue import CUSTOM, key_of

MAX_PARTS: Final = 2_000
MAX_MADE: Final = 4_000
"""Events of one call: more do not find room at once, however often they come again."""
MAX_ID_BYTES: Final = 128
DAY_MS: Final = 86_400_000

_AROUND = re.compile(r"\b_(headers|body)\b")


class TooManyParts(Exception):
    """One call tells of more things than are looked at, or of each of them too much."""


class Unmade(NamedTuple):
    """An event that did not come out: why, at which field of the mapping, of which part of the payload."""

    path: str
    message: str
    raw: object


class Translation(NamedTuple):
    """What came out. items: in the order of parts and rules. ignored: parts of which nothing came."""

    items: list[dict[str, Any] | Unmade]
    ignored: int


class Translator:
    """A mapping, ready to be used."""

    def __init__(self, mapping: HookMapping) -> None:
        """mapping: without a fault."""
        self.mapping = mapping
        self._each = _Asked(mapping.each) if mapping.each else None
        self.rules = [_Rule(rule.beside(mapping.shared)) for rule in mapping.events]

    def __call__(self, call: Call) -> Translation:
        """The items of one call. Raises Unreadable, TooManyParts."""
        found: list[dict[str, Any] | Unmade] = []
        ignored = 0
        for at, part in enumerate(self.parts(call)):
            made = list(self._made(part, at, call))
            ignored += not made
            found += made
            if len(found) > MAX_MADE:
                raise TooManyParts
        return Translation(found, ignored)

    def parts(self, call: Call) -> Sequence[Any]:
        """What is looked at one by one. Raises Unreadable, TooManyParts."""
        if self._each is None:
            return [call.payload]
        try:
            parts = self._each(call.payload, call)
        except BadExpression:
            parts = None
        if parts is None:
            return []
        if not isinstance(parts, list):
            return [parts]
        if len(parts) > MAX_PARTS:
            raise TooManyParts
        return parts

    def _made(self, part: Any, at: int, call: Call) -> Iterator[dict[str, Any] | Unmade]:
        """What comes out of one part. Of several events only the first has the part's id as it stands."""
        first = True
        for rule in self.rules:
            try:
                if not rule.meets(part, call):
                    continue
                item = rule.item(part, call, at)
            except _Unfit as error:
                yield Unmade(error.path, str(error), part)
                continue
            if not first:
                item["id"] = _short(f"{item['id']}/{item['key']}")
            first = False
            yield item


class _Unfit(Exception):
    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path


class _Asked:
    """An expression of a mapping. What a call holds beside its part is put in only where it is asked for."""

    def __init__(self, text: str) -> None:
        self._expression = Expression(text)
        self._looks_around = _AROUND.search(text) is not None

    def __call__(self, part: Any, call: Call) -> Any:
        """Raises BadExpression."""
        if self._looks_around:
            part = {**part, **call.around} if isinstance(part, dict) else {"_part": part, **call.around}
        return self._expression(part)


class _Rule:
    def __init__(self, rule: Rule) -> None:
        self._when = _asked(rule.when)
        self._event = [piece if at % 2 == 0 else _Asked(piece) for at, piece in enumerate(parts_of(rule.event))]
        self._id, self._occurred_at = _asked(rule.id), _asked(rule.occurred_at)
        self._visitor, self._activity = _asked(rule.visitor_id), rule.activity
        self._groups = {name: _fields(getattr(rule, name)) for name in _GROUPS}
        self._type = rule.object.type if rule.object else ""
        self._thing = _asked(rule.object.id) if rule.object else None

    def meets(self, part: Any, call: Call) -> bool:
        """Whether this event comes out of the part. A condition that cannot be asked of it does not hold."""
        if self._when is None:
            return True
        try:
            return not is_false(self._when(part, call))
        except BadExpression:
            return False

    def item(self, part: Any, call: Call, at: int) -> dict[str, Any]:
        """The event. at: the part's place. Raises _Unfit."""
        category, key = self._kind(part, call)
        item: dict[str, Any] = {
            "id": self._id_of(part, call, at),
            "category": category,
            "key": key,
            "occurred_at": occurred_at(_found("occurred_at", self._occurred_at, part, call), call.at),
        }
        for name, fields in self._groups.items():
            values = fields(part, call, name) if fields else None
            if values:
                item[name] = values
        visitor = _found("visitor_id", self._visitor, part, call)
        if visitor:
            item["visitor_id"] = visitor
        if self._activity is not None:
            item["activity"] = self._activity
        thing = _found("object.id", self._thing, part, call)
        if thing is not None:
            item["object"] = {"type": self._type, "id": thing}
        return item

    def _kind(self, part: Any, call: Call) -> tuple[str, str]:
        pieces = [piece if isinstance(piece, str) else _word(piece, part, call) for piece in self._event]
        category, _, key = "".join(pieces).partition("/")
        if category == CUSTOM and len(pieces) > 1:
            key = key_of(key)
        if not category or not key:
            raise _Unfit("event", "nothing was found that says which event it is")
        return category, key

    def _id_of(self, part: Any, call: Call, at: int) -> str:
        """The provider's; without one, the same body of the same day is the same event."""
        id = _found("id", self._id, part, call)
        if isinstance(id, str | int) and not isinstance(id, bool) and id != "":
            return _short(str(id))
        content = f"{call.at // DAY_MS} {at} ".encode() + call.body
        return hashlib.sha256(content).hexdigest()[:32]


_GROUPS: Final = ("identifiers", "contact_properties", "properties")


class _Fields:
    def __init__(self, fields: Fields) -> None:
        self._fields = {name: _Asked(text) for name, text in fields.items() if text}

    def __call__(self, part: Any, call: Call, group: str) -> dict[str, Any]:
        found = {name: _found(f"{group}.{name}", asked, part, call) for name, asked in self._fields.items()}
        return {name: value for name, value in found.items() if value is not None and value != ""}


class _Whole:
    def __init__(self, text: str) -> None:
        self._asked = _Asked(text)

    def __call__(self, part: Any, call: Call, group: str) -> dict[str, Any]:
        found = _found(group, self._asked, part, call)
        if found is not None and not isinstance(found, dict):
            raise _Unfit(group, "the expression finds something that has no fields")
        return found or {}


def _fields(fields: Fields | str) -> _Fields | _Whole | None:
    if isinstance(fields, str):
        return _Whole(fields) if fields else None
    return _Fields(fields) if fields else None


def _asked(text: str) -> _Asked | None:
    return _Asked(text) if text else None


def _found(path: str, asked: _Asked | None, part: Any, call: Call) -> Any:
    try:
        return None if asked is None else asked(part, call)
    except BadExpression as error:
        raise _Unfit(path, str(error)) from None


def _word(asked: _Asked, part: Any, call: Call) -> str:
    found = _found("event", asked, part, call)
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""


def occurred_at(value: Any, now: int) -> str:
    """RFC 3339, UTC; now (ms UTC) where the payload says nothing."""
    return instant(now) if value is None or value == "" else moment(value)


def _short(id: str) -> str:
    """As it is, or a hash of what is too long to be an id."""
    return id if len(id.encode("utf-8", "replace")) <= MAX_ID_BYTES else hashlib.sha256(id.encode()).hexdigest()
