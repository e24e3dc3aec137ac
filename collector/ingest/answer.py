"""What is answered? A few values that become an ASGI response in one place.

    202   {"accepted", "duplicates", "rejected": [{"index", "id", "code", "path", "message"}], "warnings", "visitor"?}
    4xx   RFC 9457 problem JSON: {"type", "title", "status", "detail", "errors": [{"path", "code", "message"}]}
    503   the same, with Retry-After

Source: INTERFACES 2 and 5, SECURITY 1. The problem's shape is that of `collector/api/frame/problem.py`.
"""

from http import HTTPStatus
from math import ceil
from typing import NamedTuple

import msgspec
from starlette.types import Send

from collector.errors import REFUSALS, Code

Header = tuple[bytes, bytes]

API_KEY_HEADER = "api-key"


class RequestRefused(Exception):
    """The whole request is refused; nothing of it is stored as an event."""

    def __init__(
        self, code: Code, message: str = "", *, path: str = "", status: int = 0, retry_after_s: float = 0, site: int = 0
    ) -> None:
        """message: "" takes the code's own, as does status 0. retry_after_s: 0 for none. site: 0 when not known."""
        self.code, self.path, self.site, self.retry_after_s = code, path, site, retry_after_s
        self.message = message or REFUSALS[code].says
        self.status = status or REFUSALS[code].status
        super().__init__(f"{self.status} {code} {path}: {self.message}")


class Rejected(msgspec.Struct, frozen=True):
    """An event that was refused. id: None when it had none that can be repeated."""

    index: int
    id: str | None
    code: Code
    path: str
    message: str


class Warned(msgspec.Struct, frozen=True):
    """A part of an event that was left out."""

    index: int
    code: Code
    path: str
    message: str


class Taken(msgspec.Struct, frozen=True):
    """What became of a batch. visitor: the token that the page must keep, absent when it has it already."""

    accepted: int
    duplicates: int
    rejected: tuple[Rejected, ...] = ()
    warnings: tuple[Warned, ...] = ()
    visitor: str | msgspec.UnsetType = msgspec.UNSET


class Answer(NamedTuple):
    """A whole response. headers: beside content-type and content-length."""

    status: int
    body: bytes
    media_type: bytes = b"application/json"
    headers: tuple[Header, ...] = ()


_encoder = msgspec.json.Encoder()


def taken(result: Taken, headers: tuple[Header, ...] = ()) -> Answer:
    """202: everything that was accepted is on disk."""
    return Answer(202, _encoder.encode(result), headers=headers)


def refused(refusal: RequestRefused, **more: object) -> Answer:
    """The problem that says why, and when to come back. more: members that another product's clients look for."""
    errors = [{"path": refusal.path, "code": refusal.code, "message": refusal.message}]
    if refusal.status == 403 and refusal.path == API_KEY_HEADER:  # the key is good, its scope is not: no code says that
        errors = []
    return _problem(refusal.status, refusal.message, errors, retry_headers(refusal), **more)


def failed() -> Answer:
    """500: what nobody foresaw, without a word of the inside."""
    return _problem(500, "Something failed here. It was noted.", [], ((b"cache-control", b"no-store"),))


def _problem(
    status: int, detail: str, errors: list[dict[str, str]], headers: tuple[Header, ...], **more: object
) -> Answer:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": errors,
        **more,
    }
    return Answer(status, _encoder.encode(body), b"application/problem+json", headers)


def retry_headers(refusal: RequestRefused) -> tuple[Header, ...]:
    """What a client needs to know beside: not to keep it, how to ask, when to come back."""
    headers: tuple[Header, ...] = ((b"cache-control", b"no-store"),)
    if refusal.status == 401 and refusal.path == API_KEY_HEADER:
        headers += ((b"www-authenticate", b"ApiKey"),)
    if refusal.retry_after_s:
        headers += ((b"retry-after", b"%d" % max(1, ceil(refusal.retry_after_s))),)
    if refusal.status in (408, 413):  # what is left of the body is not worth reading
        headers += ((b"connection", b"close"),)
    return headers


async def send_answer(send: Send, answer: Answer, headers: tuple[Header, ...] = ()) -> None:
    """Send it as ASGI. headers: further ones, such as those of CORS."""
    fixed = ((b"content-type", answer.media_type), (b"content-length", b"%d" % len(answer.body)))
    head = (*fixed, *answer.headers, *headers) if answer.body else (*answer.headers, *headers)
    await send({"type": "http.response.start", "status": answer.status, "headers": head})
    await send({"type": "http.response.body", "body": answer.body})
