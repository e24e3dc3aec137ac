"""How is a source connected, and what came by it? `/settings/webhooks/in/<name>`: three steps, word by word."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from collector.access.login import Visitor
from collector.api.frame.body import checked
from collector.api.frame.problem import Problem
from collector.api.hooks import desk
from collector.api.hooks.bodies import ChangedSource, NewSecret
from collector.hooks.providers import shipped
from collector.services import Services
from collector.store.ports.definitions.sources import Source
from collector.ui.guard import Form, Guard
from collector.ui.page import language_of
from collector.ui.webhooks import sources

HOME = "/settings/webhooks"


class SourcePages:
    """The page of one."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._services, self._guard = services, guard

    async def get(self, request: Request, visitor: Visitor) -> Response:
        """Where to enter its address, which secret it has, what came."""
        return await self.show(request, visitor, await self._named(request))

    async def add_secret(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """A newer one: the provider's, or one of ours, shown this once. The older stay good."""
        source, given = await self._named(request), form.get("secret", "").strip()
        if not given and form.get("do") != "make":
            return await self.show(request, visitor, source, is_bad=True, status=400)
        try:
            body = checked({"secret": given} if given else {}, NewSecret)
        except Problem:
            return await self.show(request, visitor, source, is_bad=True, status=400)
        source, made = await asyncio.to_thread(desk.add_secret, self._services, source.name, body)
        if made:
            return await self.show(request, visitor, source, made=made, status=201)
        return _back(source.name, "secret")

    async def remove_older(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Only the newest is good from now on."""
        source = await self._named(request)
        if source.secrets:
            body = NewSecret(secret=source.secrets[0], replace=True)
            await asyncio.to_thread(desk.add_secret, self._services, source.name, body)
        return _back(source.name, "older")

    async def pause(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Answer 503 for a while, or take what comes again."""
        source, body = await self._named(request), ChangedSource(paused=form.get("paused") == "yes")
        await asyncio.to_thread(desk.change, self._services, source.name, body)
        return _back(source.name, "saved")

    async def remove(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Forget it."""
        source = await self._named(request)
        await asyncio.to_thread(desk.remove, self._services, source.name)
        return RedirectResponse(f"{HOME}?done=removed", 303)

    async def show(
        self,
        request: Request,
        visitor: Visitor,
        source: Source,
        *,
        made: str = "",
        is_bad: bool = False,
        status: int = 200,
    ) -> Response:
        """The page. made: a secret of ours that is new. is_bad: whether what was given for one cannot be a secret."""
        services, language = self._services, language_of(request)
        looked = await asyncio.to_thread(sources.looked_at, services, source)
        since = looked.last.at if looked.last else 0
        mapping = looked.mapping or shipped().get(source.provider)
        context = {
            "looked": looked,
            "source": source,
            "mapping": mapping,
            "states": sources.STATES,
            "gives": sources.gives(mapping, language) if mapping else [],
            "asked_for": sources.asked_for(mapping) if mapping else [],
            "calls": await asyncio.to_thread(sources.calls, services, source, language),
            "unsigned": await sources.unsigned(services.store.rejections, source.name, since=since),
            "origin": self._guard.origin(request),
            "is_bearer": mapping is not None and any(way.scheme == "bearer" for way in mapping.signature),
            "made": made,
            "is_bad": is_bad,
            "done": request.query_params.get("done", ""),
        }
        return self._guard.render(request, "webhooks/source.html", context, visitor=visitor, status=status)

    async def _named(self, request: Request) -> Source:
        try:
            return await asyncio.to_thread(desk.get, self._services, request.path_params["name"])
        except Problem:
            raise HTTPException(404) from None


def _back(name: str, done: str) -> Response:
    return RedirectResponse(f"{HOME}/in/{name}?done={done}", 303)
