"""Who uses the console? `/settings/users`: people and their roles, for admins.

A link that lets somebody in is in the answer to the form that makes it, and kept nowhere but as a hash.
"""

import asyncio
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from collector.access.login import Visitor
from collector.api.frame.body import checked
from collector.api.frame.definitions import id_of
from collector.api.frame.problem import Problem, unknown
from collector.api.sites import Name
from collector.services import Services
from collector.store.ports.definitions.users import LastAdmin, NameTaken, Role, User
from collector.ui.guard import Form, Guard

ROLES = {"viewer": "role_viewer", "editor": "role_editor", "admin": "role_admin"}
"""Role → the text that says what it may."""


class NewUser(msgspec.Struct, frozen=True):
    """What the form of a new user says."""

    name: Name
    role: Role


class NewRole(msgspec.Struct, frozen=True):
    """What the form of a role says."""

    role: Role


def routes(services: Services, guard: Guard) -> list[Route]:
    """For admins."""
    pages = UserPages(services, guard)
    one = "/settings/users/{id}"
    return [
        Route("/settings/users", guard.page(pages.find, needs="admin"), methods=["GET"]),
        Route("/settings/users", guard.change(pages.create, needs="admin"), methods=["POST"]),
        Route(one, guard.page(pages.get, needs="admin"), methods=["GET"]),
        Route(f"{one}/role", guard.change(pages.give_role, needs="admin"), methods=["POST"]),
        Route(f"{one}/link", guard.change(pages.give_link, needs="admin"), methods=["POST"]),
        Route(f"{one}/disable", guard.change(pages.disable, needs="admin"), methods=["POST"]),
        Route(f"{one}/enable", guard.change(pages.enable, needs="admin"), methods=["POST"]),
    ]


class UserPages:
    """The pages of users."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._services, self._guard, self._logins = services, guard, services.logins

    async def find(self, request: Request, visitor: Visitor) -> Response:
        """Everybody, also the disabled."""
        return await self._list(request, visitor, {})

    async def get(self, request: Request, visitor: Visitor) -> Response:
        """One person."""
        return self._one(request, visitor, await self._user(request))

    async def create(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """A new user, and the link by which a password is chosen."""
        given = {"name": form.get("name", "").strip(), "role": form.get("role", "")}
        try:
            body = checked(given, NewUser)
            now = self._services.clock()
            user = await asyncio.to_thread(self._logins.users.add, body.name, body.role, password="", at=now)
        except Problem as problem:
            said = {"problem": "choose_one" if problem.errors[0].path == "role" else "bad_name"}
            return await self._list(request, visitor, {**given, **said}, status=400)
        except NameTaken:
            return await self._list(request, visitor, {**given, "problem": "name_taken"}, status=409)
        return await self._linked(request, visitor, user)

    async def give_link(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """A new link, for who has forgotten the password or let the link expire."""
        user = await self._user(request)
        if user.disabled_at is not None:
            return self._one(request, visitor, user, problem="is_disabled", status=409)
        return await self._linked(request, visitor, user)

    async def give_role(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Another role: it counts from the next page on."""
        user = await self._user(request)
        try:
            role = checked({"role": form.get("role", "")}, NewRole).role
        except Problem:
            return self._one(request, visitor, user, problem="choose_one", status=400)
        return await self._change(request, visitor, user, role=role)

    async def disable(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Out everywhere within a second, and in no more."""
        return await self._change(request, visitor, await self._user(request), off=self._services.clock())

    async def enable(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """May log in again, by the old password."""
        return await self._change(request, visitor, await self._user(request), off=0)

    async def _change(self, request: Request, visitor: Visitor, user: User, **given: Any) -> Response:
        try:
            await asyncio.to_thread(self._logins.users.change, user.id, **given)
        except LastAdmin:
            return self._one(request, visitor, user, problem="last_admin", status=409)
        await asyncio.to_thread(self._logins.reload, self._services.outside())
        return RedirectResponse(f"/settings/users/{user.id}?done=saved", 303)

    async def _linked(self, request: Request, visitor: Visitor, user: User) -> Response:
        secret = await asyncio.to_thread(self._logins.link, user, now=self._services.outside())
        link = f"{self._guard.origin(request)}/login?once={secret}"
        return self._one(request, visitor, user, link=link, status=201)

    async def _user(self, request: Request) -> User:
        """The user of the address. Raises Problem 404."""
        id = id_of(request, "user")
        found = [user for user in await asyncio.to_thread(self._logins.users.all) if user.id == id]
        if not found:
            raise unknown("user", str(id))
        return found[0]

    async def _list(self, request: Request, visitor: Visitor, form: dict[str, str], *, status: int = 200) -> Response:
        now = self._services.outside()
        users = await asyncio.to_thread(self._logins.users.all)
        context = {
            "people": [(user, self._logins.seen_at(user), self._logins.has_link(user, now=now)) for user in users],
            "roles": ROLES,
            "form": {"name": "", "role": "", "problem": "", **form},
        }
        return self._guard.render(request, "users/users.html", context, visitor=visitor, status=status)

    def _one(
        self, request: Request, visitor: Visitor, user: User, *, link: str = "", problem: str = "", status: int = 200
    ) -> Response:
        now = self._services.outside()
        context = {
            "user": user,
            "seen_at": self._logins.seen_at(user),
            "has_link": self._logins.has_link(user, now=now),
            "roles": ROLES,
            "link": link,
            "problem": problem,
            "done": request.query_params.get("done", ""),
        }
        return self._guard.render(request, "users/user.html", context, visitor=visitor, status=status)
