"""Who may ask? Whoever shows an API key of the deployment whose scope is wide enough, in the header `api-key`.

A key in an address is never looked at: addresses end up in logs. People of the console ask by their login.
"""

from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response

from collector.access.keys import ApiAccess, ApiScope
from collector.access.login import Visitor
from collector.api.frame.idempotency import once
from collector.api.frame.problem import FieldError, Problem
from collector.errors import REFUSALS, Code
from collector.services import Services

LOGIN_COOKIE = "__Host-sentiero"
CSRF_HEADER = "x-csrf"
SAFE = ("GET", "HEAD")

Endpoint = Callable[[Request], Awaitable[Response]]

HEADER = "api-key"


def require(services: Services, scope: ApiScope, endpoint: Endpoint) -> Endpoint:
    """The endpoint, for callers of that scope or a wider one: others get 401 without a good key, 403 with a lesser."""

    @wraps(endpoint)  # its docstring is the reference
    async def guarded(request: Request) -> Response:
        access = caller(services, request)
        if not access.permits(scope):
            raise Problem(403, f"This needs a key of scope {scope}; this one has {access.scope}.", title="Wrong scope")
        if request.method in SAFE:
            return await endpoint(request)
        return await once(services, request, endpoint, asker=f"{access.id} {access.name if not access.id else ''}")

    vars(guarded)["scope"] = scope  # for the document
    return guarded


def caller(services: Services, request: Request) -> ApiAccess:
    """Who asks: a program by its key, or a person of the console by their login. Raises Problem 401, 403."""
    key = request.headers.get(HEADER, "")
    if not key and (cookie := request.cookies.get(LOGIN_COOKIE)):
        visitor = services.logins.find(cookie, now=services.outside())
        if visitor is not None:
            return _by_login(services, request, visitor)
    access = services.keys.api(key) if key else Code.KEY_UNKNOWN
    if isinstance(access, Code):
        says = REFUSALS[access].says if key else "Send the header api-key with a key of this deployment."
        errors = (FieldError(HEADER, access, says),)
        raise Problem(401, says, title="No valid API key", errors=errors, headers={"WWW-Authenticate": "ApiKey"})
    return access


def _by_login(services: Services, request: Request, visitor: Visitor) -> ApiAccess:
    """What the person may do; to change something the page's token must come along."""
    token = request.headers.get(CSRF_HEADER, "")
    if request.method not in SAFE and not services.csrf.holds(token, visitor.login, request.headers):
        raise Problem(
            403, f"A change by login needs the header {CSRF_HEADER} of one of our pages.", title="Not our page"
        )
    return ApiAccess(0, visitor.scope, visitor.user.name)
