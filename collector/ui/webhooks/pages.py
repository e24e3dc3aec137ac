"""Which webhooks are there? `/settings/webhooks`: those in and out; `…/in/new`: the providers, and a new source."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from collector.access.login import Visitor
from collector.api.frame.body import checked
from collector.api.frame.problem import Problem
from collector.api.hooks import desk
from collector.api.hooks.bodies import NewSource
from collector.hooks.mapping import HookMapping
from collector.hooks.providers import shipped
from collector.services import Services
from collector.ui.guard import Form, Guard
from collector.ui.page import language_of
from collector.ui.webhooks import sources
from collector.ui.webhooks.mapping import MAX_FIELDS, MAX_FORM_BYTES, MappingPages
from collector.ui.webhooks.out import OutPages
from collector.ui.webhooks.receiver import MAX_FIELDS as MAX_KINDS
from collector.ui.webhooks.source import SourcePages

HOME = "/settings/webhooks"


def routes(services: Services, guard: Guard) -> list[Route]:
    """For admins."""
    pages, one, editor = WebhookPages(services, guard), SourcePages(services, guard), MappingPages(services, guard)
    source = f"{HOME}/in/{{name}}"
    edit = guard.change(editor.change, needs="admin", most=MAX_FORM_BYTES, fields=MAX_FIELDS)
    return [
        Route(HOME, guard.page(pages.find, needs="admin"), methods=["GET"]),
        Route(f"{HOME}/in/new", guard.page(pages.new, needs="admin"), methods=["GET"]),
        Route(f"{HOME}/in/new", guard.change(pages.create, needs="admin"), methods=["POST"]),
        Route(source, guard.page(one.get, needs="admin"), methods=["GET"]),
        Route(f"{source}/secrets", guard.change(one.add_secret, needs="admin"), methods=["POST"]),
        Route(f"{source}/older", guard.change(one.remove_older, needs="admin"), methods=["POST"]),
        Route(f"{source}/paused", guard.change(one.pause, needs="admin"), methods=["POST"]),
        Route(f"{source}/remove", guard.change(one.remove, needs="admin"), methods=["POST"]),
        Route(f"{source}/mapping", guard.page(editor.edit, needs="admin"), methods=["GET"]),
        Route(f"{source}/mapping", edit, methods=["POST"]),
        *out_routes(OutPages(services, guard), guard),
    ]


def out_routes(pages: OutPages, guard: Guard) -> list[Route]:
    """Those who are told."""
    one = f"{HOME}/out/{{id}}"
    create = guard.change(pages.create, needs="admin", fields=MAX_KINDS)
    change = guard.change(pages.change, needs="admin", fields=MAX_KINDS)
    return [
        Route(f"{HOME}/out/new", guard.page(pages.new, needs="admin"), methods=["GET"]),
        Route(f"{HOME}/out/new", create, methods=["POST"]),
        Route(one, guard.page(pages.get, needs="admin"), methods=["GET"]),
        Route(f"{one}/edit", guard.page(pages.edit, needs="admin"), methods=["GET"]),
        Route(f"{one}/edit", change, methods=["POST"]),
        Route(f"{one}/secret", guard.change(pages.rotate, needs="admin"), methods=["POST"]),
        Route(f"{one}/test", guard.change(pages.test, needs="admin"), methods=["POST"]),
        Route(f"{one}/paused", guard.change(pages.pause, needs="admin"), methods=["POST"]),
        Route(f"{one}/again", guard.change(pages.again, needs="admin"), methods=["POST"]),
        Route(f"{one}/remove", guard.change(pages.remove, needs="admin"), methods=["POST"]),
    ]


class WebhookPages:
    """The list, and what leads to a new one."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._services, self._guard = services, guard
        self._out = OutPages(services, guard)

    async def find(self, request: Request, visitor: Visitor) -> Response:
        """The sources, with their last call and how they are."""
        found = await asyncio.to_thread(self._all)
        context = {
            "sources": found,
            "states": sources.STATES,
            "origin": self._guard.origin(request),
            "providers": [mapping.title for name, mapping in shipped().items()],
            "done": request.query_params.get("done", ""),
            **await self._out.listed(language_of(request)),
        }
        return self._guard.render(request, "webhooks/webhooks.html", context, visitor=visitor)

    async def new(self, request: Request, visitor: Visitor) -> Response:
        """Which provider; when that is said, the form."""
        provider = request.query_params.get("provider", "")
        if provider:
            return await self._form(request, visitor, {"provider": provider})
        language = language_of(request)
        cards = [(name, mapping, sources.gives(mapping, language)) for name, mapping in shipped().items()]
        context = {"cards": cards}
        return self._guard.render(request, "webhooks/gallery.html", context, visitor=visitor)

    async def create(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """A new address. A secret that is made for it is shown on its page, this once."""
        said = {"provider": form.get("provider", ""), "name": form.get("name", "").strip()}
        secret = form.get("secret", "").strip()
        try:
            body = checked({**said, **({"secret": secret} if secret else {})}, NewSource)
            if body.name == "new":
                raise desk.taken("new", "is the address of this page")
            source, made = await asyncio.to_thread(desk.make, self._services, body)
        except Problem as problem:
            return await self._form(request, visitor, {**form, **said}, problem=problem)
        if not made:
            return RedirectResponse(f"{HOME}/in/{source.name}?done=made", 303)
        return await SourcePages(self._services, self._guard).show(request, visitor, source, made=made, status=201)

    def _all(self) -> list[sources.Looked]:
        return [sources.looked_at(self._services, source) for source in desk.all_of(self._services)]

    async def _form(
        self, request: Request, visitor: Visitor, form: Form, *, problem: Problem | None = None
    ) -> Response:
        provider = form.get("provider", "")
        if provider not in shipped():
            raise HTTPException(404)
        taken = {source.name for source in await asyncio.to_thread(desk.all_of, self._services)}
        mapping = shipped()[provider]
        context = {
            "provider": provider,
            "mapping": mapping,
            "gives": sources.gives(mapping, language_of(request)),
            "origin": self._guard.origin(request),
            "form": {"name": form.get("name") or free_name(provider, taken), "secret": form.get("secret", "")},
            **wrong_of(problem),
        }
        status = problem.status if problem else 200
        return self._guard.render(request, "webhooks/new.html", context, visitor=visitor, status=status)


def free_name(provider: str, taken: set[str]) -> str:
    """The provider's, with a number behind it when there is one of that name."""
    plain = re.sub(r"[^a-z0-9-]", "-", provider)
    others = (f"{plain}-{n}" for n in range(2, len(taken) + 3))
    return next(name for name in (plain, *others) if name not in taken)


def wrong_of(problem: Problem | None) -> Mapping[str, Any]:
    """Which field is wrong; what is about none of them stands above the form."""
    paths = {error.path for error in problem.errors} if problem else set()
    is_taken = problem is not None and problem.status == 409 and "name" in paths
    return {
        "wrong": {name: name in paths for name in ("name", "secret")},
        "is_taken": is_taken,
        "is_full": problem is not None and not paths & {"name", "secret"},
    }


def about(mapping: HookMapping, language: str) -> str:
    """Which events it gives, in words."""
    return mapping.about.it if language == "it" else mapping.about.en
