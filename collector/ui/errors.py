"""How does a refusal look to a person? The same answer that a program gets, as a page.

Browsers ask for `text/html`; whoever does not, and every address of the API, keeps problem JSON.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from collector.api.frame.problem import HANDLERS, Problem
from collector.ui.guard import Guard

Handler = Callable[[Request, Exception], Awaitable[Response]]

SAID = {
    400: ("bad_address", ""),
    403: ("not_allowed", "not_allowed_says"),
    404: ("not_found", "not_found_says"),
    503: ("too_slow", "too_slow_says"),
}
FAILED = ("failed", "failed_says")


def handlers(guard: Guard) -> Mapping[Any, Handler]:
    """`Starlette(exception_handlers=…)`: those of the API, which speak HTML to people."""
    return {error: _speaking(handler, guard) for error, handler in HANDLERS.items()}


def _speaking(handler: Handler, guard: Guard) -> Handler:
    async def answer(request: Request, error: Exception) -> Response:
        plain = await handler(request, error)
        return _page(request, error, plain.status_code, guard) if wants_page(request) else plain

    return answer


def wants_page(request: Request) -> bool:
    """Whether a person is looking."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")


def _page(request: Request, error: Exception, status: int, guard: Guard) -> Response:
    title, says = SAID.get(status, FAILED)
    detail = error.detail if isinstance(error, Problem) else ""
    context = {"title": title, "says": says, "detail": detail}
    return guard.render(request, "frame/error.html", context, visitor=guard.visitor(request), status=status)
