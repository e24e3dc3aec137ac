"""Which segments are there, who is in one, and why? `/segments`: the list; `/segments/<id>`: one; pause and archive."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from collector.access.login import Visitor
from collector.api.automations.desk import Desk
from collector.api.frame.definitions import id_of
from collector.api.frame.params import MAX_ID, is_digits
from collector.api.people.kept import users_of
from collector.api.people.membership import Membership
from collector.api.people.segments import alter
from collector.services import Services
from collector.store.ports.definitions.segments import Segment, SegmentChange
from collector.store.ports.store import QueryTooSlow
from collector.ui.contacts.meant import meant
from collector.ui.contacts.pages import CALLED
from collector.ui.guard import Form, Guard
from collector.ui.page import HEADERS, language_of
from collector.ui.segments.builder import BuilderPages
from collector.ui.segments.history import history_of, sizes_of
from collector.ui.segments.starts import STARTS
from sessionizer.segments.wording.sentence import lines, sentence
from sessionizer.segments.wording.voice import Names

ROWS = 100
MEMBERS = 20
DONE = {
    "saved": "segments_done_saved", "archived": "segments_done_archived", "taken": "segments_done_taken",
    "paused": "segments_done_paused", "resumed": "segments_done_resumed",
}  # fmt: skip


def routes(services: Services, guard: Guard) -> list[Route]:
    """Everybody sees; editors build and put away."""
    pages, builder, one = SegmentPages(services, guard), BuilderPages(services, guard), "/segments/{id}"
    return [
        Route("/segments", guard.page(pages.find), methods=["GET"]),
        Route("/segments", guard.change(builder.create, needs="write"), methods=["POST"]),
        Route("/segments/new", guard.page(builder.new, needs="write"), methods=["GET"]),
        Route("/segments/offers", guard.page(builder.offers), methods=["GET"]),
        Route("/segments/offers/{category}/{key}", guard.page(builder.properties), methods=["GET"]),
        Route("/segments/preview", guard.change(builder.preview), methods=["POST"]),
        Route(one, guard.page(pages.get), methods=["GET"]),
        Route(one, guard.change(builder.change, needs="write"), methods=["POST"]),
        Route(f"{one}/edit", guard.page(builder.edit, needs="write"), methods=["GET"]),
        Route(f"{one}/count", guard.page(pages.count), methods=["GET"]),
        Route(f"{one}/progress", guard.page(pages.progress), methods=["GET"]),
        Route(f"{one}/pause", guard.change(pages.pause, needs="write"), methods=["POST"]),
        Route(f"{one}/archive", guard.change(pages.archive, needs="write"), methods=["POST"]),
    ]


class SegmentPages:
    """The list and one of them."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._services, self._guard = services, guard
        self._store, self._members = services.store, Membership(services)

    async def find(self, request: Request, visitor: Visitor) -> Response:
        """Those in use, or those that were put away; one of them counted, where a link asks for it."""
        every, given = await self._members.every(), request.query_params
        is_archived = given.get("archived") == "true"
        after = int(given["after"]) if is_digits(given.get("after", "")) else 0
        wanted = [one for one in every if (one.archived_at is not None) == is_archived and one.id > after]
        names, shown = await self._members.names(every), wanted[:ROWS]
        counted = next((one for one in wanted if str(one.id) == given.get("count", "")), None)
        context = {
            "segments": shown,
            "followed": await self._members.followed(shown, every),
            "sizes": await self._members.sizes(shown, every),
            "next": f"?{_tab(is_archived)}after={wanted[ROWS - 1].id}" if len(wanted) > ROWS else "",
            "first": f"?{_tab(is_archived)}" if after else "",
            "is_archived": is_archived,
            "archived": sum(1 for one in every if one.archived_at is not None),
            "says": lambda one: sentence(one.definition, language_of(request), names),
            "counts": {counted.id: await self._count(counted, every)} if counted else {},
            "starts": STARTS,
        }
        return self._guard.render(request, "segments/segments.html", context, visitor=visitor)

    async def count(self, request: Request, visitor: Visitor) -> Response:
        """How many are in it now, for the script of the list; null when that takes too long."""
        segment, every = await self._members.named(id_of(request, "segment"))
        return JSONResponse({"count": await self._count(segment, every)}, headers=HEADERS)

    async def progress(self, request: Request, visitor: Visitor) -> Response:
        """How far the worker is with asking it of everybody, for scripts; how many are in it, when it is done."""
        segment, every = await self._members.named(id_of(request, "segment"))
        known = (await self._members.followed([segment], every))[segment.id]
        size = (await self._members.sizes([segment], every)).get(segment.id)
        said = {"done": known.done, "asked": known.asked, "of": known.of, "size": size}
        return JSONResponse(said, headers=HEADERS)

    async def get(self, request: Request, visitor: Visitor) -> Response:
        """One: what it asks, who is in it, who came and went, who asks for it, and why somebody is in it or not."""
        segment, every = await self._members.named(id_of(request, "segment"))
        names, language = await self._members.names(every), language_of(request)
        followed = (await self._members.followed([segment], every))[segment.id]
        context = {
            "segment": segment,
            "says": sentence(segment.definition, language, names),
            "lines": lines(segment.definition, language, names),
            "count": await self._count(segment, every),
            "users": users_of(segment.id, every),
            "automations": await Desk(self._services).that_ask_for(segment.id),
            "followed": followed,
            "chart": await sizes_of(segment, self._services, language) if followed.done else None,
            "done": DONE.get(request.query_params.get("done", ""), ""),
            **await self._page(request, segment, every),
            **await history_of(request, segment, self._services),
            **await self._test(request, segment, every, names),
            **CALLED,
        }
        return self._guard.render(request, "segments/segment.html", context, visitor=visitor)

    async def archive(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Put it away, or take it back into use."""
        segment, every = await self._members.named(id_of(request, "segment"))
        is_archived = form.get("archived") == "true"
        await alter(segment, SegmentChange(archived=is_archived), every, self._services)
        return RedirectResponse(f"/segments/{segment.id}?done={'archived' if is_archived else 'taken'}", 303)

    async def pause(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Let who is in it stay as it is, or follow it again."""
        segment, every = await self._members.named(id_of(request, "segment"))
        is_paused = form.get("paused") == "true"
        await alter(segment, SegmentChange(paused=is_paused), every, self._services)
        return RedirectResponse(f"/segments/{segment.id}?done={'paused' if is_paused else 'resumed'}", 303)

    async def _count(self, segment: Segment, every: Sequence[Segment]) -> int | None:
        """None when it takes too long."""
        try:
            return await self._members.count(segment, every)
        except QueryTooSlow:
            return None

    async def _page(self, request: Request, segment: Segment, every: Sequence[Segment]) -> Mapping[str, Any]:
        """One page of who is in it."""
        given = request.query_params.get("before", "")
        before = min(int(given), MAX_ID) if is_digits(given) else None
        try:
            people, last = await self._members.page(segment, every, limit=MEMBERS, before=before)
        except QueryTooSlow:
            people, last = [], None
        return {"people": people, "next": f"?before={last}" if last else "", "is_first": before is None}

    async def _test(
        self, request: Request, segment: Segment, every: Sequence[Segment], names: Names
    ) -> Mapping[str, Any]:
        """Why one contact is in it, or not; those who are meant, where it could be several."""
        who, language = request.query_params.get("who", "").strip(), language_of(request)
        found = await meant(self._store.contacts, who) if who else []
        reason = None
        if len(found) == 1:
            resolved = await self._store.contacts.resolve(found[0].id)
            reason = await self._members.why(segment.definition.where, resolved, every) if resolved else None
        return {"who": who, "meant": found, "reason": reason, "told": lambda one: lines(one, language, names).text}


def _tab(is_archived: bool) -> str:
    return "archived=true&" if is_archived else ""
