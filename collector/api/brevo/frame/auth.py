"""Who may ask /v3, and what becomes of a refusal? Whoever shows an API key whose scope is wide enough.

By the header `api-key`, or as a bearer token, as newer clients can. Whatever is refused below, by whomever, is answered
in Brevo's shape here. An endpoint that declares its `operation` hears `Idempotency-Key`, as all of ours do.
"""

from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response

from collector.access.keys import ApiAccess, ApiScope
from collector.api.brevo.frame.answers import HEADERS, BrevoProblem, refusal
from collector.api.frame.idempotency import once
from collector.api.frame.operation import operation_of
from collector.api.frame.problem import Problem
from collector.brevo import Fault, of_code, of_status
from collector.command import NotYet
from collector.errors import REFUSALS, Code
from collector.services import Services
from collector.store.ports.store import StoreFailed

HEADER, BEARER = "api-key", "bearer "

Endpoint = Callable[[Request], Awaitable[Response]]


def require(services: Services, scope: ApiScope, endpoint: Endpoint) -> Endpoint:
    """The endpoint, for callers of that scope or a wider one: others get 401 without a good key, 403 with a lesser."""

    async def admitted(request: Request) -> Response:
        access = admit(services, request, scope)
        if operation_of(endpoint) is None:
            return await endpoint(request)
        response = await once(services, request, answered(endpoint), asker=str(access.id))
        response.headers.update(HEADERS)
        return response

    return answered(wraps(endpoint)(admitted))  # its docstring is the reference


def answered(endpoint: Endpoint) -> Endpoint:
    """The endpoint, with a refusal as an answer."""

    @wraps(endpoint)
    async def answering(request: Request) -> Response:
        try:
            return await endpoint(request)
        except BrevoProblem as problem:
            return refusal(problem)
        except Problem as problem:
            return refusal(said_of(problem))
        except (StoreFailed, NotYet):
            return refusal(BrevoProblem(503, Fault.UNAVAILABLE, "Busy. Make the same call again.", retry_s=1))

    return answering


def admit(services: Services, request: Request, scope: ApiScope) -> ApiAccess:
    """Who asks. Raises BrevoProblem 401, 403."""
    key = request.headers.get(HEADER, "")
    bearer = request.headers.get("authorization", "")
    if not key and bearer.lower().startswith(BEARER):
        key = bearer[len(BEARER) :].strip()
    access = services.keys.api(key) if key else Code.KEY_UNKNOWN
    if isinstance(access, Code):
        says = REFUSALS[access].says if key else "Key not found: send the header api-key with a key of this deployment."
        raise BrevoProblem(401, Fault.UNAUTHORIZED, says)
    if not access.permits(scope):
        says = f"This needs a key of scope {scope}; this one has {access.scope}."
        raise BrevoProblem(403, Fault.FORBIDDEN, says)
    return access


def said_of(problem: Problem) -> BrevoProblem:
    """What our own interface refuses, in Brevo's words."""
    code = of_status(problem.status)
    if problem.status == 400 and problem.errors:
        first = problem.errors[0]
        code = of_code(Code(first.code), first.message)
    retry_s = int((problem.headers or {}).get("Retry-After", 0))
    return BrevoProblem(problem.status, code, problem.detail or problem.title, retry_s=retry_s)
