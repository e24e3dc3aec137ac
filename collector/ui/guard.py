"""May this person see, may this request change? Everything of the console passes here but the login itself.

Reads the login's cookie; writes nothing. Source: SECURITY 2 (CSRF).
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import parse_qsl, quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from collector.access.keys import ApiScope
from collector.access.login import Visitor
from collector.api.frame.auth import CSRF_HEADER, LOGIN_COOKIE
from collector.api.frame.body import media_type_of
from collector.api.frame.operation import CSV
from collector.services import Services
from collector.ui.page import render

MAX_FORM_BYTES, MAX_FORM_FIELDS, FORM_S = 64 * 1024, 50, 10.0

Form = Mapping[str, str]
Page = Callable[[Request, Visitor], Awaitable[Response]]
Change = Callable[[Request, Visitor, Form], Awaitable[Response]]


class Guard:
    """Turns pages into endpoints that only people who are logged in reach."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def visitor(self, request: Request) -> Visitor | None:
        """Who asks; None when nobody is logged in."""
        cookie = request.cookies.get(LOGIN_COOKIE, "")
        return self._services.logins.find(cookie, now=self._services.outside()) if cookie else None

    def page(self, show: Page, *, needs: ApiScope = "read") -> Callable[[Request], Awaitable[Response]]:
        """A page to look at; others are asked to log in, and come back. needs: 403 for a lesser role."""

        @wraps(show)
        async def guarded(request: Request) -> Response:
            visitor = self.visitor(request)
            if visitor is None:
                back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
                return RedirectResponse(f"/login?back={quote(back, safe='')}", 303)
            _admit(visitor, needs)
            return await show(request, visitor)

        return guarded

    def change(
        self, make: Change, *, needs: ApiScope = "read", most: int = MAX_FORM_BYTES, fields: int = MAX_FORM_FIELDS
    ) -> Callable[[Request], Awaitable[Response]]:
        """A form that changes something: only with the token that our own page carries. needs: 403 for a lesser role.

        What everybody may change of their own needs `read`. most, fields: bytes of the form, and how many it has. A
        CSV, which only a script of ours sends, has the token in a header; its body is for `make` to read.
        """

        @wraps(make)
        async def guarded(request: Request) -> Response:
            visitor = self.visitor(request)
            if visitor is None:
                return RedirectResponse("/login", 303)
            is_file = media_type_of(request) == CSV
            form = {} if is_file else await read_form(request, most=most, fields=fields)
            token = request.headers.get(CSRF_HEADER, "") if is_file else form.get("csrf", "")
            if not self._services.csrf.holds(token, visitor.login, request.headers):
                return self.render(request, "frame/forged.html", {}, visitor=visitor, status=403)
            _admit(visitor, needs)
            return await make(request, visitor, form)

        return guarded

    def origin(self, request: Request) -> str:
        """Where pages and people find the collector: the setting, else as this very page was asked for."""
        settings, host = self._services.settings, request.headers.get("host", "")
        is_default = settings.url.endswith(f":{settings.port}")
        return f"{request.url.scheme}://{host}" if is_default and host else settings.url

    def render(
        self,
        request: Request,
        template: str,
        context: Mapping[str, Any],
        *,
        visitor: Visitor | None = None,
        status: int = 200,
        frames: bool = False,
    ) -> Response:
        """A page, with what the frame needs of who looks at it. frames: whether pages of ours stand inside of it."""
        csrf = self._services.csrf.token(visitor.login) if visitor else ""
        frame = {"visitor": visitor, "csrf": csrf, **context}
        return render(request, template, frame, status=status, now=self._services.clock(), frames=frames)


def _admit(visitor: Visitor, needs: ApiScope) -> None:
    if not visitor.permits(needs):
        raise HTTPException(403, f"This needs the scope {needs}.")


async def read_form(request: Request, *, most: int = MAX_FORM_BYTES, fields: int = MAX_FORM_FIELDS) -> Form:
    """The fields of a form of ours: small, urlencoded; of a name that comes twice the last. Anything else is empty."""
    content = bytearray()
    try:
        async with asyncio.timeout(FORM_S):
            async for chunk in request.stream():
                content += chunk
                if len(content) > most:
                    return {}
    except TimeoutError:
        return {}
    try:
        return dict(parse_qsl(content.decode(), keep_blank_values=True, max_num_fields=fields))
    except ValueError:
        return {}
