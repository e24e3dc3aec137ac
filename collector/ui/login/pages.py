"""Who comes in, and who leaves? `/login`, `/logout`, and the language, which is everybody's own."""

import asyncio

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from collector.access.address import client_address
from collector.access.limits import Buckets, Rate, network_of
from collector.access.login import LEAST_CHARACTERS, STAYS_MS, Visitor, is_good
from collector.api.frame.auth import LOGIN_COOKIE
from collector.services import Services
from collector.ui.guard import Form, Guard, read_form
from collector.ui.page import LANGUAGE_COOKIE

ATTEMPT = 12
ATTEMPTS = Rate(per_second=1, burst=5 * ATTEMPT)
"""Five at once, then one every twelve seconds: five a minute, by address."""

A_YEAR_S = 365 * 86_400


def routes(services: Services, guard: Guard) -> list[Route]:
    """The only pages that people see who are not logged in."""
    pages = LoginPages(services, guard)
    return [
        Route("/login", pages.show, methods=["GET"]),
        Route("/login", pages.enter, methods=["POST"]),
        Route("/logout", guard.change(pages.leave), methods=["POST"]),
        Route("/language", speak, methods=["POST"]),
    ]


class LoginPages:
    """One a process: it counts the attempts."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._services, self._guard, self._attempts = services, guard, Buckets(ATTEMPTS)

    async def show(self, request: Request) -> Response:
        """The form; with a link's secret, the one in which a password is chosen."""
        logins, once = self._services.logins, request.query_params.get("once", "")
        back = request.query_params.get("back", "")
        if not once:
            return self._form(request, problem="no_users" if logins.is_first() else "", back=back)
        user = logins.knows_link(once, now=self._services.outside())
        if user is None:
            return self._form(request, problem="link_used", status=410)
        return self._choice(request, once, user.name)

    async def enter(self, request: Request) -> Response:
        """Name and password, or a link's secret and the password chosen → the cookie."""
        fields, now = await read_form(request), self._services.outside()
        name, password, once = (fields.get(key, "") for key in ("name", "password", "once"))
        if self._is_too_often(request, now):
            return self._form(request, problem="too_many", name=name, status=429)
        if once and not is_good(password):
            return self._choice(request, once, name, problem="least", status=400)
        logins = self._services.logins
        work = (logins.use_link, once) if once else (logins.log_in, name)
        cookie = await asyncio.to_thread(work[0], work[1], password, now=now)
        if cookie is None:
            problem, status = ("link_used", 410) if once else ("wrong", 401)
            return self._form(request, problem=problem, name=name, back=fields.get("back", ""), status=status)
        return keep_login(RedirectResponse(inside(fields.get("back", "")), 303), cookie)

    async def leave(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """End this browser's login."""
        await asyncio.to_thread(self._services.logins.log_out, visitor, now=self._services.outside())
        response = RedirectResponse("/login", 303)
        response.delete_cookie(LOGIN_COOKIE, secure=True, httponly=True, samesite="lax")
        return response

    def _form(
        self, request: Request, *, problem: str = "", name: str = "", back: str = "", status: int = 200
    ) -> Response:
        context = {"problem": problem, "name": name, "back": back}
        return self._guard.render(request, "login/login.html", context, status=status)

    def _choice(self, request: Request, once: str, name: str, *, problem: str = "", status: int = 200) -> Response:
        context = {"once": once, "name": name, "problem": problem, "least": LEAST_CHARACTERS}
        return self._guard.render(request, "login/once.html", context, status=status)

    def _is_too_often(self, request: Request, now: int) -> bool:
        """Each attempt counts, the good ones as well: a program cannot tell them apart by time."""
        peer = request.client.host if request.client else ""
        trusted = self._services.settings.trusted_proxies
        address = client_address(peer, request.headers.get("x-forwarded-for", ""), trusted)
        network = network_of(address)
        if self._attempts.wait_ms(network, ATTEMPT, now):
            return True
        self._attempts.take(network, ATTEMPT, now)
        return False


def keep_login(response: Response, cookie: str) -> Response:
    """The answer that gives the browser its cookie."""
    response.set_cookie(LOGIN_COOKIE, cookie, max_age=STAYS_MS // 1_000, secure=True, httponly=True, samesite="lax")
    return response


async def speak(request: Request) -> Response:
    """Italian or English from now on."""
    fields = await read_form(request)
    response = RedirectResponse(inside(fields.get("back", "")), 303)
    language = "it" if fields.get("language") == "it" else "en"
    response.set_cookie(LANGUAGE_COOKIE, language, max_age=A_YEAR_S, httponly=True, samesite="lax")
    return response


def inside(back: str) -> str:
    """Where to go afterwards: a path of ours, never another site."""
    return back if back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable() else "/"
