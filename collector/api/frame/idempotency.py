"""What does `Idempotency-Key` do? The same change under the same key happens once, and is answered alike.

    first        carried out; an answer below 500 is kept for 24 hours
    again        the same answer, with `Idempotency-Replayed: true`
    another      422 idempotency_key_reused: of another method, address, body or asker
    at once      409 idempotency_key_running, until the first is answered

Without the header nothing of this happens.
"""

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message

from collector.api.frame.body import content_of
from collector.api.frame.operation import operation_of
from collector.api.frame.problem import FieldError, Problem
from collector.api.frame.problem import answer as refusal
from collector.errors import Code
from collector.idempotency import KeyReused, StillRunning
from collector.services import Services
from collector.store.ports.idempotency import Kept

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
REUSED, RUNNING, GONE = "idempotency_key_reused", "idempotency_key_running", "idempotency_answer_gone"
KEPT_HEADERS = ("content-type", "location", "cache-control")

Endpoint = Callable[[Request], Awaitable[Response]]


async def once(services: Services, request: Request, endpoint: Endpoint, *, asker: str) -> Response:
    """The endpoint's answer, or the one that it gave before. asker: who asks. Raises Problem 400, 409, 422."""
    key = key_of(request)
    if not key:
        return await endpoint(request)
    content = await body_read(request, endpoint)
    fingerprint = fingerprint_of(request, content, asker)
    try:
        services.repeats.begin(key)
    except StillRunning:
        raise problem(409, RUNNING, "The same change is being made now.", headers={"Retry-After": "1"}) from None
    try:
        kept = await asyncio.to_thread(services.repeats.find, key, fingerprint, now=services.clock())
        if kept is not None:
            return replayed(kept)
        return await carried_out(services, again(request, content), endpoint, key=key, fingerprint=fingerprint)
    except KeyReused:
        raise problem(422, REUSED, "This key names another request. Take a new one for each change.") from None
    finally:
        services.repeats.end(key)


async def carried_out(
    services: Services, request: Request, endpoint: Endpoint, *, key: str, fingerprint: bytes
) -> Response:
    """The first answer, kept unless something failed here."""
    try:
        response = await endpoint(request)
    except Problem as error:
        response = refusal(error)
    if response.status_code < 500:
        headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        kept = Kept(fingerprint, response.status_code, headers, bytes(response.body))
        declared = operation_of(endpoint)
        is_secret = declared is not None and declared.is_secret and response.status_code < 300
        await asyncio.to_thread(services.repeats.keep, key, kept, is_secret=is_secret, now=services.clock())
    return response


def key_of(request: Request) -> str:
    """The header, "" without it. Raises Problem 400."""
    key = request.headers.get(HEADER)
    if key is None:
        return ""
    if not re.fullmatch(r"[!-~]{1,255}", key):
        raise problem(400, Code.MALFORMED, "It has 1 to 255 visible characters.")
    return key


async def body_read(request: Request, endpoint: Endpoint) -> bytes:
    """What is to be looked at; nothing where no body is read. Raises Problem 408, 413."""
    declared = operation_of(endpoint)
    if declared is None or declared.body is None:
        return b""
    return await content_of(request, most=declared.media.max_bytes, within_s=declared.media.within_s)


def fingerprint_of(request: Request, content: bytes, asker: str) -> bytes:
    """What makes it the same request; each part stands for itself, wherever it ends."""
    address = f"{request.url.path}?{request.url.query}"
    parts = (request.method.encode(), address.encode(), asker.encode(), content)
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).digest()


def again(request: Request, content: bytes) -> Request:
    """The request as it was before its body was read."""

    async def receive() -> Message:
        return {"type": "http.request", "body": content, "more_body": False}

    return Request(request.scope, receive)


def replayed(kept: Kept) -> Response:
    """The answer of then. Raises Problem 409 when it was a secret, which only the process of then knew."""
    if kept.body is None:
        raise problem(409, GONE, "This was carried out. Its answer held a secret, which is kept nowhere.")
    return Response(kept.body, kept.status, {**kept.headers, REPLAYED: "true"})


def problem(status: int, code: str, says: str, *, headers: dict[str, str] | None = None) -> Problem:
    """About the header."""
    return Problem(status, f"{HEADER}: {says}", errors=(FieldError(HEADER, code, says),), headers=headers)
