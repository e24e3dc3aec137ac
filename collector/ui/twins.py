"""How does a program get what a list shows? At the list's address with `.json`: the API's answer to the same filters.

`/events.json?key=cart_updated` is `/api/events?key=cart_updated`, for whoever is logged in or has a key.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

TWINS: Mapping[str, str] = {
    "/events.json": "/api/events",
    "/events/rejected.json": "/api/rejections",
    "/contacts.json": "/api/contacts",
    "/contacts/{id}.json": "/api/contacts/{id}",
    "/lists.json": "/api/lists",
    "/lists/{id}.json": "/api/lists/{id}",
    "/lists/{id}/contacts.json": "/api/lists/{id}/contacts",
    "/lists/{id}/contacts.csv": "/api/lists/{id}/contacts.csv",
    "/segments.json": "/api/segments",
    "/segments/{id}.json": "/api/segments/{id}",
    "/automations.json": "/api/automations",
    "/automations/{id}.json": "/api/automations/{id}",
    "/messages.json": "/api/messages",
    "/messages/outbox.json": "/api/messages/outbox",
    "/messages/suppressions.json": "/api/messages/suppressions",
    "/messages/blocks.json": "/api/messages/blocks",
    "/messages/{id}.json": "/api/messages/{id}",
    "/sessions.json": "/api/sessions",
    "/sessions/{id}.json": "/api/sessions/{id}",
    "/catalogue.json": "/api/catalogue",
    "/settings/sites.json": "/api/sites",
    "/settings/keys.json": "/api/keys",
}
"""Address of a list → the API's route whose answer it is."""

OF_SCREENS = frozenset(
    {"open", "columns", "tab", "by", "last", "done", "count", "after", "who", "segments", "history", "starters", "n"}
)
"""Parameters that say how a list is shown; they change nothing of what is in it."""


def routes(api: Iterable[BaseRoute]) -> list[Route]:
    """api: the API's own routes."""
    answers = {route.path: route for route in api if isinstance(route, Route) and "GET" in (route.methods or ())}
    return [Route(twin, _twin(answers[path]), methods=["GET"]) for twin, path in TWINS.items()]


def _twin(route: Route) -> Callable[[Request], Awaitable[Response]]:
    async def twin(request: Request) -> Response:
        """What the API answers, without the parameters that only a screen knows."""
        kept = [(name, value) for name, value in parse_qsl(request.url.query) if name not in OF_SCREENS]
        scope = {**request.scope, "query_string": urlencode(kept).encode()}
        response: Response = await route.endpoint(Request(scope, request.receive))
        return response

    return twin
