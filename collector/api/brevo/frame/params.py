"""What does a request of /v3 ask for? Its query and its body, each part checked before it is used.

Bounds of a body: 512 KiB, 10 levels, whole numbers of 64 bits: what could not be stored is refused here.
"""

import asyncio
import math
import re
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request

from collector.api.brevo.frame.answers import BrevoProblem, invalid, missing
from collector.api.frame.storable import Unstorable, check_storable
from collector.brevo import Fault
from collector.errors import Code
from collector.instant import parse_instant

MAX_BODY_BYTES = 512 * 1024
BODY_S = 10.0
MAX_VALUES, MAX_CHARS = 1_000, 1_024
MAX_ID = 2**53
MAX_SKIP = 10_000_000

_AT = re.compile(r" - at `(?:key in )?\$\.?([^`]*)`$")
_ABSENT = re.compile(r"missing required field `([^`]+)`")

T = TypeVar("T")


class Query:
    """The query string, read by name. Every method raises BrevoProblem 400 when the value is not usable."""

    def __init__(self, request: Request) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in request.query_params.multi_items():
            self._values.setdefault(name, []).append(value)
        for name, values in self._values.items():
            if len(values) > MAX_VALUES or max(map(len, values)) > MAX_CHARS:
                raise BrevoProblem(400, Fault.OUT_OF_RANGE, f"{name[:100]}: at most {MAX_CHARS} characters")

    def text(self, name: str) -> str:
        """The last value, "" when it is not there."""
        return self._values.get(name, [""])[-1].strip()

    def texts(self, name: str) -> tuple[str, ...]:
        """Every value, those with commas apart."""
        parts = (part.strip() for value in self._values.get(name, ()) for part in value.split(","))
        return tuple(part for part in parts if part)

    def number(self, name: str, default: int, *, least: int, most: int) -> int:
        """A whole number within its bounds, both included."""
        text = self.text(name)
        if not text:
            return default
        if not is_digits(text):
            raise invalid(name, f"a whole number, not {text[:40]!r}")
        if not least <= int(text) <= most:
            raise BrevoProblem(400, Fault.OUT_OF_RANGE, f"{name}: from {least} to {most}")
        return int(text)

    def skip(self) -> int:
        """`offset`: how many are left out at the beginning."""
        return self.number("offset", 0, least=0, most=MAX_SKIP)

    def descending(self) -> bool:
        """`sort`: the newest first unless it says otherwise."""
        return self.choice("sort", "desc", ("asc", "desc")) == "desc"

    def choice(self, name: str, default: str, among: tuple[str, ...]) -> str:
        """One word of a closed list."""
        text = self.text(name) or default
        if text not in among:
            raise invalid(name, f"one of {', '.join(among)}, not {text[:40]!r}")
        return text

    def decimal(self, name: str) -> float | None:
        """A number, None when it is not there."""
        return self._read(name, _decimal, "a number")

    def flag(self, name: str) -> bool | None:
        """true or false, None when it is not there."""
        return self._read(name, {"true": True, "false": False}.get, "true or false")

    def instant(self, name: str) -> int | None:
        """A time in ms UTC, None when it is not there."""
        return self._read(name, instant_of, "a time such as 2026-11-24T10:00:00.000Z")

    def ids(self, name: str) -> tuple[int, ...]:
        """Numbers of contacts or lists."""
        found = self.texts(name)
        for text in found:
            if not is_digits(text) or not 0 < int(text) < MAX_ID:
                raise invalid(name, f"whole numbers, not {text[:40]!r}")
        return tuple(map(int, found))

    def _read(self, name: str, read: Callable[[str], T | None], expected: str) -> T | None:
        text = self.text(name)
        found = read(text) if text else None
        if text and found is None:
            raise invalid(name, f"{expected}, not {text[:40]!r}")
        return found


def is_digits(text: str) -> bool:
    """Whether it is a short run of 0 to 9."""
    return text.isascii() and text.isdigit() and len(text) <= 16


def instant_of(text: str) -> int | None:
    """RFC 3339, or a day → ms UTC; a `+` that came as a blank is one. None when it is neither."""
    text = text.replace(" ", "+")
    return parse_instant(f"{text}T00:00:00Z" if len(text) == len("2026-11-25") else text)


def id_of(request: Request, noun: str) -> int:
    """The number in the address. Raises BrevoProblem 400."""
    text = request.path_params["id"]
    if not is_digits(text) or not 0 < int(text) < MAX_ID:
        raise invalid("id", f"{noun} has a whole number as its id, not {text[:40]!r}")
    return int(text)


def _decimal(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


# Bodies ---------------------------------------------------------------------------------------------------------------


async def body_of(request: Request, kind: type[T]) -> T:
    """The JSON body as a struct; fields that it has not are left out. Raises BrevoProblem: 400 by field, 408, 413."""
    try:
        plain = msgspec.json.decode(await _content(request))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BrevoProblem(400, Fault.BAD_REQUEST, "The body is not valid JSON.") from None
    check(plain)
    try:
        return msgspec.convert(plain, kind)
    except msgspec.ValidationError as error:
        raise fault_of(error) from None


def fault_of(error: msgspec.ValidationError) -> BrevoProblem:
    """msgspec's words in Brevo's codes."""
    text = str(error)
    at, absent = _AT.search(text), _ABSENT.search(text)
    path = ".".join(part for part in (at[1] if at else "", absent[1] if absent else "") if part)
    return missing(path) if absent else invalid(path or "body", _AT.sub("", text)[:200])


def check(plain: Any) -> None:
    """Raises BrevoProblem for what could not be stored, wherever it stands."""
    try:
        check_storable(plain)
    except Unstorable as error:
        fault = Fault.INVALID if error.code is Code.MALFORMED else Fault.OUT_OF_RANGE
        raise BrevoProblem(400, fault, f"{error.path}: {error.reason}") from None


async def _content(request: Request) -> bytes:
    content = bytearray()
    try:
        async with asyncio.timeout(BODY_S):
            async for chunk in request.stream():
                content += chunk
                if len(content) > MAX_BODY_BYTES:
                    raise BrevoProblem(413, Fault.OUT_OF_RANGE, f"At most {MAX_BODY_BYTES:,} bytes.")
    except (TimeoutError, ClientDisconnect):
        raise BrevoProblem(408, Fault.UNAVAILABLE, f"The body was not there within {BODY_S:g} s.") from None
    return bytes(content)
