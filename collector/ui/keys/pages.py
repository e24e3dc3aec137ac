"""Which programs may ask? `/settings/keys`: API keys, made and revoked by admins.

The text of a new key is in the answer to the form that makes it, without a way round by an address: it is kept nowhere.
"""

import asyncio

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from collector.access.login import Visitor
from collector.api import keys as api
from collector.api.frame.body import checked
from collector.api.frame.definitions import id_of
from collector.api.frame.problem import Problem, unknown
from collector.services import Services
from collector.ui.guard import Form, Guard

SCOPES = {"read": "scope_read", "write": "scope_write", "admin": "scope_admin"}
"""Scope → the text that says what it may."""


def routes(services: Services, guard: Guard) -> list[Route]:
    """For admins."""
    pages = KeyPages(services, guard)
    return [
        Route("/settings/keys", guard.page(pages.find, needs="admin"), methods=["GET"]),
        Route("/settings/keys", guard.change(pages.create, needs="admin"), methods=["POST"]),
        Route("/settings/keys/{id}/revoke", guard.change(pages.revoke, needs="admin"), methods=["POST"]),
    ]


class KeyPages:
    """The pages of API keys."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._services, self._guard = services, guard

    async def find(self, request: Request, visitor: Visitor) -> Response:
        """The keys: those that are good, and folded away those that are not."""
        return await self._show(request, visitor)

    async def create(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """A new key, whole, this once."""
        name, scope = form.get("name", "").strip(), form.get("scope", "")
        if scope not in SCOPES:
            return await self._show(request, visitor, problem="choose_one", status=400)
        try:
            body = checked({"scope": scope, "name": name}, api.NewKey)
        except Problem:
            return await self._show(request, visitor, problem="bad_name", status=400)
        _, text = await asyncio.to_thread(api.make, body, self._services)
        return await self._show(request, visitor, made=text, status=201)

    async def revoke(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Refuse the key from now on, in every process within a second. A write key is revoked at its site."""
        id = id_of(request, "key")
        ring = self._services.keys.ring
        if not any(key.id == id and key.site is None for key in await asyncio.to_thread(ring.all)):
            raise unknown("key", str(id))
        await asyncio.to_thread(api.end, id, self._services)
        return RedirectResponse("/settings/keys?done=revoked", 303)

    async def _show(
        self, request: Request, visitor: Visitor, *, made: str = "", problem: str = "", status: int = 200
    ) -> Response:
        keys = [key for key in await asyncio.to_thread(self._services.keys.ring.all) if key.site is None]
        context = {
            "keys": [key for key in keys if key.revoked_at is None][::-1],
            "gone": [key for key in keys if key.revoked_at is not None][::-1],
            "scopes": SCOPES,
            "made": made,
            "problem": problem,
            "done": request.query_params.get("done", ""),
        }
        return self._guard.render(request, "keys/keys.html", context, visitor=visitor, status=status)
