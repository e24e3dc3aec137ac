"""What does a request bring? A JSON body of a known shape, bounded; whatever does not fit is refused by name."""

from typing import TypeVar

import msgspec
from starlette.requests import Request

from collector.api.problem import FieldError, Problem
from collector.errors import Code

MAX_BYTES = 64 * 1024

T = TypeVar("T")


async def read_body(request: Request, kind: type[T]) -> T:
    """The body as a struct. Raises Problem: 415 it is not JSON by name, 413 too large, 400 it does not fit."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Problem(415, "Send application/json.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BYTES:
            raise Problem(413, f"At most {MAX_BYTES} bytes.", errors=(FieldError("", Code.TOO_LARGE, "too large"),))
    try:
        return msgspec.json.decode(bytes(body), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        path = str(error).rpartition("`$.")[2].rstrip("`") if "`$." in str(error) else ""
        raise Problem(400, str(error), errors=(FieldError(path, Code.MALFORMED, str(error)),)) from None
