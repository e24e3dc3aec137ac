"""How does a refusal look to a program? RFC 9457 problem JSON, the same for every route.

    {"type": "about:blank", "title": …, "status": 400, "detail": …, "errors": [{"path", "code", "message"}]}

Raise `Problem` anywhere in a request; `HANDLERS` (given to Starlette) answers it, and gives what the framework refuses
(404, 405) and what failed unforeseen (500, without a word of the inside) the same shape.
"""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from collector.command import NotYet
from collector.store.ports.store import QueryTooSlow, StoreFailed

MEDIA_TYPE = "application/problem+json"


class FieldError(msgspec.Struct, frozen=True):
    """What is wrong with one field or parameter. path: its name. code: of `collector/errors.py`."""

    path: str
    code: str
    message: str


class ProblemAnswer(msgspec.Struct, frozen=True):
    """RFC 9457. errors: the fields or parameters that are wrong, where it is about any."""

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[FieldError, ...]


class Problem(Exception):
    """The request is refused; the sentence says to the caller what to do about it."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        title: str = "",
        errors: tuple[FieldError, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """status: HTTP. title: a few words; by default the status's own."""
        self.title = title or HTTPStatus(status).phrase
        super().__init__(f"{status} {self.title}: {detail}")
        self.status, self.detail, self.errors, self.headers = status, detail, errors, headers


def answer(problem: Problem) -> Response:
    """The response that says it."""
    body = ProblemAnswer("about:blank", problem.title, problem.status, problem.detail, problem.errors)
    headers = {"Cache-Control": "no-store", **(problem.headers or {})}
    return Response(msgspec.json.encode(body), problem.status, headers, MEDIA_TYPE)


def unknown(noun: str, id: str) -> Problem:
    """404: there is no such thing."""
    return Problem(404, f"There is no {noun} {id}.", title=f"No such {noun}")


async def on_problem(request: Request, error: Exception) -> Response:
    """What a handler refused."""
    assert isinstance(error, Problem)
    return answer(error)


async def on_http(request: Request, error: Exception) -> Response:
    """What the framework refused: no such route, or not by this method."""
    assert isinstance(error, HTTPException)
    detail = {404: f"There is nothing at {request.url.path}.", 405: f"Not by {request.method}."}
    return answer(Problem(error.status_code, detail.get(error.status_code, str(error.detail)), headers=error.headers))


async def on_slow(request: Request, error: Exception) -> Response:
    """A question that was stopped, so that it costs nobody else anything."""
    detail = "The question took too long and was stopped. Narrow it, for example by from, to, key or contact."
    return answer(Problem(503, detail, title="Query too slow", headers={"Retry-After": "5"}))


async def on_store(request: Request, error: Exception) -> Response:
    """The store cannot answer now."""
    return answer(Problem(503, "The store cannot answer now. Try again.", headers={"Retry-After": "1"}))


async def on_not_yet(request: Request, error: Exception) -> Response:
    """A command that is on its way."""
    detail = "It is not worked on yet. Make the same call again."
    return answer(Problem(503, detail, title="Not yet", headers={"Retry-After": "1"}))


async def on_error(request: Request, error: Exception) -> Response:
    """What nobody foresaw. The framework logs it after this answer."""
    return answer(Problem(500, "Something failed here. It was noted."))


HANDLERS: Mapping[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
    Problem: on_problem,
    HTTPException: on_http,
    QueryTooSlow: on_slow,
    StoreFailed: on_store,
    NotYet: on_not_yet,
    Exception: on_error,
}
"""`Starlette(exception_handlers=…)`."""
