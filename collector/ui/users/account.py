"""What does everybody set of their own? `/settings/account`: the password, and out of every browser."""

import asyncio

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from collector.access.limits import Buckets
from collector.access.login import ADMIN, LEAST_CHARACTERS, Visitor, fits, is_good
from collector.services import Services
from collector.ui.guard import Form, Guard
from collector.ui.login.pages import ATTEMPT, ATTEMPTS, keep_login


def routes(services: Services, guard: Guard) -> list[Route]:
    """For everybody."""
    pages = AccountPages(services, guard)
    return [
        Route("/settings/account", guard.page(pages.show), methods=["GET"]),
        Route("/settings/account/password", guard.change(pages.change_password), methods=["POST"]),
        Route("/settings/account/logout", guard.change(pages.leave_everywhere), methods=["POST"]),
    ]


class AccountPages:
    """One a process: it counts the attempts to guess a password in a browser that was left alone."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._services, self._guard, self._attempts = services, guard, Buckets(ATTEMPTS)

    async def show(self, request: Request, visitor: Visitor) -> Response:
        """Who one is here."""
        return self._show(request, visitor)

    async def change_password(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """By the old one; every other browser is logged out."""
        now, user, name = self._services.outside(), visitor.user, str(visitor.user.id)
        if self._attempts.wait_ms(name, ATTEMPT, now):
            return self._show(request, visitor, problem="too_many", status=429)
        self._attempts.take(name, ATTEMPT, now)
        if not is_good(form.get("new", "")):
            return self._show(request, visitor, problem="least", status=400)
        if not await asyncio.to_thread(fits, user.password, form.get("old", "")):
            return self._show(request, visitor, problem="wrong_old", status=403)
        cookie = await asyncio.to_thread(self._services.logins.choose, user, form["new"], now=now)
        return keep_login(RedirectResponse("/settings/account?done=password", 303), cookie)

    async def leave_everywhere(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Every browser, this one as well."""
        now = self._services.outside()
        await asyncio.to_thread(self._services.logins.log_out_everywhere, visitor.user, now=now)
        return RedirectResponse("/login", 303)

    def _show(self, request: Request, visitor: Visitor, *, problem: str = "", status: int = 200) -> Response:
        user, settings = visitor.user, self._services.settings
        context = {
            "problem": problem,
            "is_set": user.name == ADMIN and bool(settings.admin_password),
            "least": LEAST_CHARACTERS,
            "seen_at": self._services.logins.seen_at(user),
            "done": request.query_params.get("done", ""),
        }
        return self._guard.render(request, "users/account.html", context, visitor=visitor, status=status)
