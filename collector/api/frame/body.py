"""What does a request bring? Its body, within 64 KiB and ten seconds: a small JSON document, checked field by field.

Files may be larger; their operation says how they are sent (`operation.Media`).
"""

import asyncio
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request

from collector.api.frame.problem import FieldError, Problem
from collector.api.frame.storable import MAX_DEPTH, Unstorable, check_storable
from collector.errors import REFUSALS, Code

T = TypeVar("T")

MAX_BODY_BYTES = 64 * 1024
BODY_S = 10.0


async def content_of(request: Request, *, most: int = MAX_BODY_BYTES, within_s: float = BODY_S) -> bytes:
    """The body's bytes, at most so many. Raises Problem 408, 413."""
    content = bytearray()
    try:
        async with asyncio.timeout(within_s):
            async for chunk in request.stream():
                content += chunk
                if len(content) > most:
                    raise Problem(413, f"At most {most} bytes.")
    except TimeoutError:
        raise Problem(408, "The body did not come in time.") from None
    return bytes(content)


def media_type_of(request: Request) -> str:
    """How the body is said to be written; "" when it is not said."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def body_of(request: Request, kind: type[T], *, levels: int = MAX_DEPTH) -> T:
    """The JSON body as a struct. levels: of nesting, at most.

    Raises Problem: 415 not application/json, 413 over 64 KiB, 408, 400 by field.
    """
    if media_type_of(request) != "application/json":  # a form of another site cannot send this without asking first
        raise Problem(415, "The body must be JSON, with Content-Type: application/json.")
    try:
        value = msgspec.json.decode(await content_of(request))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise bad_body([""], "the body is not JSON") from None
    try:
        check_storable(value, depth=MAX_DEPTH - levels + 1)
    except Unstorable as error:
        raise bad_body([error.path], error.reason, error.code) from None
    return checked(value, kind)


def checked(value: Any, kind: type[T]) -> T:
    """A body that was read, from JSON or a form, as a struct. Raises Problem 400 by field."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at ")
        raise bad_body([path.strip("`").removeprefix("$").removeprefix(".")], reason) from None


def bad_body(paths: Sequence[str], reason: str, code: Code = Code.MALFORMED) -> Problem:
    """paths: of the fields that are wrong for this reason, [""] for the body itself."""
    says = REFUSALS[Code.MALFORMED].says
    detail = f"{', '.join(paths)}: {reason}." if paths[0] else f"{reason}. {says}"
    errors = tuple(FieldError(path, code, reason) for path in paths)
    return Problem(400, detail, title="Bad body", errors=errors)
