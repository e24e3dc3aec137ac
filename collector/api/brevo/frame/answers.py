"""How does an answer of /v3 look? Brevo's names and headers; a refusal is `{code, message}` and nothing else."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from collector.brevo import RATE_HEADERS, Fault, FaultBody

HEADERS = {
    "Cache-Control": "no-store",
    **{name.decode(): value.decode() for name, value in RATE_HEADERS},
}

_encoder = msgspec.json.Encoder()


class BrevoProblem(Exception):
    """The request is refused. metadata: what Brevo's clients may look for beside the sentence."""

    def __init__(
        self, status: int, code: Fault, message: str, *, metadata: Mapping[str, Any] | None = None, retry_s: int = 0
    ) -> None:
        """status: HTTP. retry_s: when to come back, 0 for never."""
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message = status, code, message
        self.metadata, self.retry_s = metadata, retry_s


def answer(value: Any, status: int = 200) -> Response:
    """The response that says it."""
    return Response(_encoder.encode(value), status, HEADERS, "application/json")


def made(request: Request, id: str) -> Response:
    """201: there is a new thing of that id.

    Clients before version 3 (`brevo_clientAPI`, `sendinblue_clientAPI`) read the id as a number and fail on any other.
    """
    is_older = "_clientAPI/" in request.headers.get("user-agent", "")
    return answer({} if is_older and not (id.isascii() and id.isdigit()) else {"id": id}, 201)


def done() -> Response:
    """204: it is done, and there is nothing to say."""
    return Response(status_code=204, headers=HEADERS)


def refusal(problem: BrevoProblem) -> Response:
    """The response that says why not."""
    body = msgspec.to_builtins(FaultBody(problem.code, problem.message))
    response = answer(body | ({"metadata": problem.metadata} if problem.metadata else {}), problem.status)
    if problem.retry_s:
        response.headers["Retry-After"] = str(problem.retry_s)
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = "ApiKey"
    return response


def invalid(name: str, reason: str) -> BrevoProblem:
    """400 about a parameter or a field."""
    return BrevoProblem(400, Fault.INVALID, f"{name}: {reason}")


def missing(name: str) -> BrevoProblem:
    """400: it must be there."""
    return BrevoProblem(400, Fault.MISSING, f"{name} is missing")


def duplicate(message: str, metadata: Mapping[str, Any] | None = None) -> BrevoProblem:
    """400: there is one already."""
    return BrevoProblem(400, Fault.DUPLICATE, message, metadata=metadata)


def unknown(noun: str) -> BrevoProblem:
    """404: there is no such thing."""
    return BrevoProblem(404, Fault.NOT_FOUND, f"{noun} does not exist")


def not_implemented(what: str) -> BrevoProblem:
    """501: Brevo has it, Sentiero has not."""
    return BrevoProblem(501, Fault.NOT_IMPLEMENTED, f"{what} is not implemented. See docs/move-from-brevo.md.")
