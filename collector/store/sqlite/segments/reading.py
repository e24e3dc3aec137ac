"""Which properties does an event's row have, and do they pass? Of a body only what is asked about is read.

Shops say the same of the same product a million times: what came of plain values is kept, and they are looked up.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from collector.store.sqlite.body import Body
from collector.store.sqlite.segments.asked import Asked, today_of
from sessionizer.properties.path import names_of, values_at
from sessionizer.segments.history import values_pass

BEFORE_PROPERTIES = Body.__struct_fields__[: Body.__struct_fields__.index("properties")]
PLAIN = str | int | float | None | UnsetType
"""Without true and false: as keys they would be 1 and 0."""

MOST_KEPT = 2_000
"""Outcomes of one question: of a shop's products; of totals, which are all different, no more than these."""


class Properties:
    """Reads those of some names: as a tuple, UNSET where there is none."""

    def __init__(self, names: Sequence[str], type: Any = Any) -> None:
        """type: of the values."""
        fields = [(f"p{place}", type, msgspec.field(default=UNSET, name=name)) for place, name in enumerate(names)]
        before = [(name, msgspec.Raw, msgspec.Raw()) for name in BEFORE_PROPERTIES]
        wanted = msgspec.defstruct("Wanted", fields, frozen=True, gc=False)
        row = msgspec.defstruct("Row", [*before, ("properties", wanted | None, None)], array_like=True, gc=False)
        self.none, self.decode = wanted(), msgspec.msgpack.Decoder(row).decode

    def of(self, body: bytes | None) -> Any:
        """A struct of them, equal where they are. Raises msgspec.MsgspecError for a body that is none."""
        found: Any = None if body is None else self.decode(body)
        return found.properties or self.none if found else self.none


class Tests:
    """Tests of the properties in a row's body."""

    def __init__(self, asked: Asked) -> None:
        self.enough, self._today = asked.enough, today_of(asked.now, asked.zone)
        paths = [names_of(test.path) for test in asked.tests]
        names = sorted({path[0] for path in paths})
        self._tests = [
            (names.index(path[0]), path[1:], test) for path, test in zip(paths, asked.tests, strict=True)
        ]  # place among the names, the rest of the path
        self._whole, self._plain = Properties(names), Properties(names, PLAIN)
        self._decode: Callable[[Any], Any] = self._plain.decode
        self._kept: dict[Any, bool] = {}
        is_plain = not any(rest for _, rest, _ in self._tests)
        self.pass_: Callable[[bytes | None], bool] = self._plainly_pass if is_plain else self._wholly_pass
        """Whether all do; what cannot be read does not."""

    def _plainly_pass(self, body: bytes | None) -> bool:
        """Called for each row of a kind: little is done here."""
        try:
            said = self._decode(body).properties
        except (msgspec.ValidationError, TypeError):  # a list, an object, true or false among them; or no body
            return self._wholly_pass(body)
        passed = self._kept.get(said)
        return self._keep(said) if passed is None else passed

    def _keep(self, said: Any) -> bool:
        passed = self._all_pass(said or self._plain.none)
        if len(self._kept) < MOST_KEPT:
            self._kept[said] = passed
        return passed

    def _wholly_pass(self, body: bytes | None) -> bool:
        try:
            return self._all_pass(self._whole.of(body))
        except (msgspec.MsgspecError, ValueError, TypeError):
            return False

    def _all_pass(self, said: Any) -> bool:
        values = msgspec.structs.astuple(said)
        for place, rest, test in self._tests:
            value = values[place]
            if not values_pass(test, [] if value is UNSET else values_at(value, rest), self._today):
                return False
        return True


@lru_cache(maxsize=32)
def tests_of(asked: str) -> Tests:
    """JSON of Asked → tests."""
    return Tests(msgspec.json.decode(asked, type=Asked))
