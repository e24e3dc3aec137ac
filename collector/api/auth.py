"""Who may ask? Whoever shows an API key of the deployment whose scope is wide enough, in the header `api-key`.

A key in an address is never looked at: addresses end up in logs. Login sessions of the console come in through `caller`
as well, when there are any.
"""

from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response

from collector.access.keys import ApiAccess, ApiScope
from collector.api.problem import FieldError, Problem
from collector.errors import REFUSALS, Code
from collector.services import Services

Endpoint = Callable[[Request], Awaitable[Response]]

HEADER = "api-key"


def require(services: Services, scope: ApiScope, endpoint: Endpoint) -> Endpoint:
    """The endpoint, for callers of that scope or a wider one: others get 401 without a good key, 403 with a lesser."""

    @wraps(endpoint)  # its docstring is the reference
    async def guarded(request: Request) -> Response:
        access = caller(services, request)
        if not access.permits(scope):
            raise Problem(403, f"This needs a key of scope {scope}; this one has {access.scope}.", title="Wrong scope")
        return await endpoint(request)

    return guarded


def caller(services: Services, request: Request) -> ApiAccess:
    """Who asks. Raises Problem 401."""
    key = request.headers.get(HEADER, "")
    access = services.keys.api(key) if key else Code.KEY_UNKNOWN
    if isinstance(access, Code):
        says = REFUSALS[access].says if key else "Send the header api-key with a key of this deployment."
        errors = (FieldError(HEADER, access, says),)
        raise Problem(401, says, title="No valid API key", errors=errors, headers={"WWW-Authenticate": "ApiKey"})
    return access
