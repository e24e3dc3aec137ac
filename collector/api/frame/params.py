"""What does a request ask for? Its query parameters, each checked; whatever is not understood is refused by name.

A wrong parameter is always a 400 that names it: a filter that was silently ignored would answer another question.
"""

import enum
from collections.abc import Callable, Collection
from typing import Any, NoReturn, TypeVar

from starlette.requests import Request

from collector.api.frame.cursor import decode_cursor
from collector.api.frame.problem import FieldError, Problem
from collector.errors import Code
from collector.instant import parse_instant

T = TypeVar("T")
E = TypeVar("E", bound=enum.StrEnum)
P = TypeVar("P", bound=tuple[Any, ...])

DEFAULT_LIMIT = 100
MAX_LIMIT = 500
MAX_VALUES = 100
"""Values of one parameter."""
MAX_CHARS = 1024
"""Characters of one value."""
MAX_ID = 2**53

PAGING = ("limit", "cursor")


class Params:
    """The query string of one request, read by name. Every method raises Problem 400 when the value is not usable."""

    def __init__(self, request: Request, known: Collection[str]) -> None:
        """known: every parameter that the route has."""
        self._values: dict[str, list[str]] = {}
        for name, value in request.query_params.multi_items():
            self._values.setdefault(name, []).append(value)
        self._refuse_unknown(known)
        for name, values in self._values.items():
            if len(values) > MAX_VALUES or max(map(len, values)) > MAX_CHARS:
                refuse(name, f"at most {MAX_VALUES} values of {MAX_CHARS} characters", Code.TOO_MANY)

    def _refuse_unknown(self, known: Collection[str]) -> None:
        says = f"There is no such parameter here. There are: {' '.join(known) or 'none'}."
        wrong = tuple(FieldError(name[:MAX_CHARS], Code.MALFORMED, says) for name in self._values if name not in known)
        if wrong:
            names = ", ".join(error.path for error in wrong)
            raise Problem(400, f"Unknown: {names}. {says}", title="Unknown parameter", errors=wrong)

    def each(self, name: str, read: Callable[[str], T]) -> tuple[T, ...]:
        """Every value that is not empty. read: value → what it means, raises ValueError with the reason."""
        try:
            return tuple(read(value) for value in self._values.get(name, ()) if value)
        except ValueError as error:
            refuse(name, str(error))

    def one(self, name: str, read: Callable[[str], T], default: T, *, code: Code = Code.MALFORMED) -> T:
        """The value of a parameter that may come once."""
        values = [value for value in self._values.get(name, ()) if value]
        if len(values) > 1:
            refuse(name, "it may be given once", Code.TOO_MANY)
        try:
            return read(values[0]) if values else default
        except ValueError as error:
            refuse(name, str(error), code)

    def texts(self, name: str) -> tuple[str, ...]:
        """Texts, as given."""
        return self.each(name, str)

    def text(self, name: str) -> str:
        """One text, "" when it is not there."""
        return self.one(name, str, "")

    def ids(self, name: str) -> tuple[int, ...]:
        """Numbers of contacts or sites."""
        return self.each(name, row_id)

    def choice(self, name: str, default: E) -> E:
        """One word of a closed list."""
        kind = type(default)
        return self.one(name, lambda value: one_of(kind, value), default)

    def flag(self, name: str) -> bool | None:
        """true or false, None when it is not there."""
        return self.one(name, true_or_false, None)

    def instant(self, name: str) -> int | None:
        """A time in ms UTC, None when it is not there."""
        return self.one(name, instant_of, None, code=Code.BAD_TIME)

    def limit(self) -> int:
        """How many rows a page has."""
        return self.one("limit", page_size, DEFAULT_LIMIT)

    def cursor(self, noun: str, kind: type[P]) -> P | None:
        """Where the list goes on, None at its beginning. noun: the list that the cursor must belong to."""
        return self.one("cursor", lambda value: decode_cursor(noun, value, kind), None)


def refuse(name: str, reason: str, code: Code = Code.MALFORMED) -> NoReturn:
    """400, by name."""
    raise Problem(400, f"{name}: {reason}.", title="Bad parameter", errors=(FieldError(name, code, reason),))


def page_size(text: str) -> int:
    """1 to 500."""
    if not is_digits(text) or not 1 <= int(text) <= MAX_LIMIT:
        raise ValueError(f"a number from 1 to {MAX_LIMIT}, not {text[:40]!r}")
    return int(text)


def row_id(text: str) -> int:
    """A positive integer below 2^53."""
    if not is_digits(text) or not 0 < int(text) < MAX_ID:
        raise ValueError(f"a positive whole number, not {text[:40]!r}")
    return int(text)


def is_digits(text: str) -> bool:
    """Whether it is a short run of 0 to 9."""
    return text.isascii() and text.isdigit() and len(text) <= 16


def true_or_false(text: str) -> bool:
    """Raises ValueError for any other word."""
    if text not in ("true", "false"):
        raise ValueError(f"true or false, not {text[:40]!r}")
    return text == "true"


def one_of(kind: type[E], text: str) -> E:
    """A word of the list."""
    try:
        return kind(text)
    except ValueError:
        raise ValueError(f"one of {' '.join(kind)}, not {text[:40]!r}") from None


def instant_of(text: str) -> int:
    """RFC 3339 with a zone → ms UTC; a `+` that came as a blank, as addresses have it, is one. Raises ValueError."""
    found = parse_instant(text.replace(" ", "+"))
    if found is None:
        raise ValueError(f"a time such as 2026-11-24T10:00:00.000Z, not {text[:40]!r}")
    return found
