"""What came over the wire? One request's headers and body, within their bounds.

Raw ASGI: no request object, each header looked at once. Body at most 512 KiB, also when no length was declared and
after inflating; it must be there within 10 s. Source: SECURITY 1 and 2.
"""

import asyncio
import re
import zlib
from collections.abc import Coroutine, Generator, Mapping
from itertools import islice
from types import coroutine
from typing import Any, NamedTuple, TypeVar

from starlette.types import Receive, Scope

from collector.errors import Code
from collector.ingest.answer import RequestRefused

MAX_BODY_BYTES = 512 * 1024
MAX_READ_BYTES = 4 * 1024 * 1024
BODY_DEADLINE_S = 10.0
MAX_AGENT_BYTES = 512

MAX_LONG_NUMBERS = 500
"""Numbers such as 1e305: each takes the parser up to 60 µs, for which it lets nobody else in."""
SURELY_FEW_BYTES = 4 * 1024

_LIKE_ONE_LETTER = bytes.maketrans(b"012345678E", b"999999999e")
_LONG_NUMBER = re.compile(rb"[\[,:\s-][0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]{3}")
_GZIP = 16 + zlib.MAX_WBITS

Headers = Mapping[bytes, bytes]
T = TypeVar("T")


class ClientGone(Exception):
    """The client has closed the connection before its request was whole: nobody waits for an answer."""


class Arrival(NamedTuple):
    """A request whose body is there. at: ms UTC, by our clock. peer: address of the connection, "" if there is none.
    path: decoded. query: as it came, without its question mark."""

    headers: Headers
    body: bytes
    at: int
    peer: str
    scheme: str
    path: str = ""
    query: bytes = b""

    def text(self, name: bytes) -> str:
        """A header as text, "" when it is absent."""
        return self.headers.get(name, b"").decode("latin-1")

    @property
    def user_agent(self) -> str:
        """At most 512 bytes of UTF-8; what is not UTF-8 or NUL is left out."""
        return self.headers.get(b"user-agent", b"")[:MAX_AGENT_BYTES].decode("utf-8", "ignore").replace("\0", "")

    @property
    def same_site(self) -> bool:
        """Whether the browser says so. One that says nothing counts as another site."""
        return self.headers.get(b"sec-fetch-site") in (b"same-origin", b"same-site")

    @property
    def says_gpc(self) -> bool:
        """Whether the browser sends the signal of Global Privacy Control."""
        return self.headers.get(b"sec-gpc") == b"1"

    @property
    def is_of_page(self) -> bool:
        """Whether a browser sends it for a page; else a program does, whose agent and address are not a person's."""
        return bool(self.headers.get(b"origin")) or b"sec-fetch-site" in self.headers


async def read_request(
    scope: Scope, receive: Receive, *, media_types: frozenset[bytes], at: int, deadline_s: float = BODY_DEADLINE_S
) -> Arrival:
    """The request with its whole body, inflated. media_types: that the door takes. at: now, ms UTC.

    Raises RequestRefused (408, 413, 415, 400), ClientGone.
    """
    headers = dict(scope["headers"])
    _check_type(headers, media_types)
    body = await _read_body(headers, receive, deadline_s)
    if headers.get(b"content-encoding"):
        body = _inflate(headers[b"content-encoding"], body)
    _check_numbers(body)
    client = scope.get("client")
    peer = client[0] if client else ""
    return Arrival(headers, body, at, peer, scope.get("scheme", "http"), scope["path"], scope.get("query_string", b""))


def _check_type(headers: Headers, media_types: frozenset[bytes]) -> None:
    given = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
    if given not in media_types:
        expected = " or ".join(sorted(kind.decode() for kind in media_types))
        raise RequestRefused(Code.MALFORMED, f"Content-Type must be {expected}.", path="content-type", status=415)


async def _read_body(headers: Headers, receive: Receive, deadline_s: float) -> bytes:
    length = headers.get(b"content-length", b"0")
    declared = int(length[:12]) if length.isdigit() else 0
    if declared > MAX_READ_BYTES:
        raise _too_large()
    try:
        return await in_time(_collect(receive), deadline_s)
    except TimeoutError:
        if declared > MAX_BODY_BYTES:
            raise _too_large() from None
        message = f"The body was not there within {deadline_s:g} s. Send it again."
        raise RequestRefused(Code.MALFORMED, message, status=408, retry_after_s=1) from None


async def _collect(receive: Receive) -> bytes:
    """The body. One that is too large is read on and thrown away: a client that still sends would not see the answer,
    take it for a broken network, and send it again."""
    chunks, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size <= MAX_BODY_BYTES:
            chunks.append(chunk)
        else:
            chunks.clear()
        if size > MAX_READ_BYTES or not message.get("more_body", False):
            break
    if size > MAX_BODY_BYTES:
        raise _too_large()
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


async def in_time(work: Coroutine[Any, Any, T], deadline_s: float) -> T:
    """The result of `work`; the clock runs from its first pause on. Raises TimeoutError.

    Nearly every body is there already: `asyncio.timeout` would set and cancel a timer all the same, a twentieth of an
    event's whole way.
    """
    try:
        paused_at = work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    async with asyncio.timeout(deadline_s):
        return await _resumed(work, paused_at)


@coroutine
def _resumed(work: Coroutine[Any, Any, T], paused_at: Any) -> Generator[Any, Any, T]:
    """The rest of a coroutine that has paused once: hand its pause on to the loop, then go on with it."""
    try:
        yield paused_at
    except BaseException:
        work.close()
        raise
    result: T = yield from work
    return result


def _inflate(encoding: bytes, body: bytes) -> bytes:
    """gzip, one level, one member. Stops at the first byte above the bound."""
    name = encoding.strip().lower()
    if name == b"identity":
        return body
    if name != b"gzip":
        raise RequestRefused(Code.MALFORMED, "Content-Encoding must be gzip.", path="content-encoding", status=415)
    inflater = zlib.decompressobj(wbits=_GZIP)
    try:
        inflated = inflater.decompress(body, MAX_BODY_BYTES + 1)
    except zlib.error:
        raise RequestRefused(Code.MALFORMED, "The body is not gzip.") from None
    if len(inflated) > MAX_BODY_BYTES:
        raise _too_large()
    if not inflater.eof or inflater.unused_data:
        raise RequestRefused(Code.MALFORMED, "The body must be one whole gzip member and nothing else.")
    return inflated


def _check_numbers(body: bytes) -> None:
    """Refuses a body that would keep everybody waiting. The rough count, at 3 ns a byte, spares most the exact one."""
    if len(body) <= SURELY_FEW_BYTES:
        return
    rough = body.translate(_LIKE_ONE_LETTER)
    if sum(rough.count(end) for end in (b"e999", b"e+999", b"e-999")) <= MAX_LONG_NUMBERS:
        return
    if next(islice(_LONG_NUMBER.finditer(body), MAX_LONG_NUMBERS, None), None) is not None:
        raise RequestRefused(Code.MALFORMED, f"At most {MAX_LONG_NUMBERS} numbers with exponents of three digits.")


def _too_large() -> RequestRefused:
    return RequestRefused(Code.TOO_LARGE, f"At most {MAX_BODY_BYTES:,} bytes, also after inflating.")
