"""Which websites send events? `/settings/sites`: the list; `/settings/sites/<id>`: one, its rules, its keys."""

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from collector.access.login import Visitor
from collector.api import keys as api_keys
from collector.api import sites as api
from collector.api.frame.body import checked
from collector.api.frame.definitions import id_of
from collector.api.frame.problem import Problem, unknown
from collector.services import Services
from collector.store.ports.definitions.keys import Key
from collector.store.ports.definitions.sites import Site
from collector.ui.guard import Form, Guard

CONSENTS = {"implied": "consent_implied", "required": "consent_required", "off": "consent_off"}
IDENTIFIES = {"guarded": "identify_guarded", "open": "identify_open", "verified": "identify_verified"}
"""Mode → the text that says what it means."""


def routes(services: Services, guard: Guard) -> list[Route]:
    """Everybody sees; admins change."""
    pages = SitePages(services, guard)
    return [
        Route("/settings/sites", guard.page(pages.find), methods=["GET"]),
        Route("/settings/sites", guard.change(pages.create, needs="admin"), methods=["POST"]),
        Route("/settings/sites/new", guard.page(pages.new, needs="admin"), methods=["GET"]),
        Route("/settings/sites/{id}", guard.page(pages.get), methods=["GET"]),
        Route("/settings/sites/{id}", guard.change(pages.change, needs="admin"), methods=["POST"]),
        Route("/settings/sites/{id}/keys", guard.change(pages.add_key, needs="admin"), methods=["POST"]),
        Route("/settings/sites/{id}/keys/{key}", guard.change(pages.end_key, needs="admin"), methods=["POST"]),
    ]


class SitePages:
    """The pages of sites."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._services, self._guard = services, guard

    async def find(self, request: Request, visitor: Visitor) -> Response:
        """The sites, with their good write keys."""
        sites, keys = await asyncio.to_thread(self._all)
        good = {site.id: [key for key in keys if key.site == site.id and not key.revoked_at] for site in sites}
        return self._guard.render(request, "sites/sites.html", {"sites": sites, "keys": good}, visitor=visitor)

    async def new(self, request: Request, visitor: Visitor) -> Response:
        """An empty form."""
        return self._form(request, visitor, {"consent": "implied", "identify": "guarded"})

    async def get(self, request: Request, visitor: Visitor) -> Response:
        """One site; who may not change it sees how it is."""
        site, keys = await self._one(request)
        return self._form(request, visitor, form_of(site), site=site, keys=keys)

    async def create(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """A new site with its first write key: next, its setup."""
        try:
            body = checked(fields_of(form), api.NewSite)
            site, _ = await asyncio.to_thread(api.make, body, self._services)
        except Problem as problem:
            return self._form(request, visitor, form, problem=problem)
        return RedirectResponse(f"/setup?site={site.id}", 303)

    async def change(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Another name, other origins or rules."""
        site, keys = await self._one(request)
        try:
            body = checked(fields_of(form), api.ChangedSite)
            await asyncio.to_thread(api.alter, site.id, body, self._services)
        except Problem as problem:
            return self._form(request, visitor, form, site=site, keys=keys, problem=problem)
        return RedirectResponse(f"/settings/sites/{site.id}?done=saved", 303)

    async def add_key(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """One more write key: it is public, and stays to be seen."""
        site, _ = await self._one(request)
        body = checked({"scope": "write_key", "site": site.id, "name": form.get("name", "")}, api_keys.NewKey)
        await asyncio.to_thread(api_keys.make, body, self._services)
        return RedirectResponse(f"/settings/sites/{site.id}?done=saved", 303)

    async def end_key(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Revoke a write key of this site."""
        site, keys = await self._one(request)
        found = [key for key in keys if str(key.id) == request.path_params["key"]]
        if not found:
            raise unknown("key", request.path_params["key"][:20])
        await asyncio.to_thread(api_keys.end, found[0].id, self._services)
        return RedirectResponse(f"/settings/sites/{site.id}?done=saved", 303)

    def _all(self) -> tuple[list[Site], list[Key]]:
        return self._services.keys.sites.all(), self._services.keys.ring.all()

    async def _one(self, request: Request) -> tuple[Site, list[Key]]:
        """The site of the address and its keys, also the revoked. Raises Problem 404."""
        id = id_of(request, "site")
        sites, keys = await asyncio.to_thread(self._all)
        found = [site for site in sites if site.id == id]
        if not found:
            raise unknown("site", str(id))
        return found[0], [key for key in keys if key.site == id]

    def _form(
        self,
        request: Request,
        visitor: Visitor,
        form: Form,
        *,
        site: Site | None = None,
        keys: list[Key] | None = None,
        problem: Problem | None = None,
    ) -> Response:
        """The form with what was written, and what is wrong in it."""
        context = {
            "site": site,
            "keys": keys or [],
            "form": {name: form.get(name, "") for name in ("name", "origins", "consent", "identify")},
            "wrong": wrong_of(problem, form),
            "consents": CONSENTS,
            "identifies": IDENTIFIES,
            "done": request.query_params.get("done", ""),
        }
        return self._guard.render(
            request, "sites/site.html", context, visitor=visitor, status=problem.status if problem else 200
        )


def form_of(site: Site) -> Form:
    """The form's fields of a site as it is."""
    origins = "\n".join(site.origins)
    return {"name": site.name, "origins": origins, "consent": site.consent, "identify": site.identify}


def fields_of(form: Form) -> Mapping[str, Any]:
    """What was filled in, as the API's body has it: only fields that were there."""
    said: dict[str, Any] = {name: form[name] for name in ("consent", "identify") if name in form}
    if "name" in form:
        said["name"] = form["name"].strip()
    if "origins" in form:
        said["origins"] = lines_of(form["origins"])
    return said


def lines_of(text: str) -> list[str]:
    """One origin a line; empty lines are none."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def wrong_of(problem: Problem | None, form: Form) -> Mapping[str, Any]:
    """Whether each field is wrong, and which lines of the origins."""
    paths = [error.path for error in problem.errors] if problem else []
    fields = {path.partition("[")[0] for path in paths}
    lines = lines_of(form.get("origins", ""))
    bad = [line for index, line in enumerate(lines) if f"origins[{index}]" in paths]
    return {name: name in fields for name in ("name", "origins", "consent", "identify")} | {"lines": bad}
