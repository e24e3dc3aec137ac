"""How is a segment built? The form, what it answers while somebody writes in it, and keeping what was written."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from collector.access.login import Visitor
from collector.api.frame.definitions import id_of
from collector.api.frame.problem import Problem
from collector.api.people.membership import Belonging, Membership
from collector.api.people.segments import alter, make
from collector.services import Services
from collector.store.ports.definitions.segments import Segment, SegmentChange
from collector.store.ports.store import QueryTooSlow
from collector.ui.contacts.names import called
from collector.ui.guard import Form, Guard
from collector.ui.page import HEADERS, language_of, translator
from collector.ui.segments import faults
from collector.ui.segments.drafts import Draft, draft_of, written
from collector.ui.segments.offers import Offers
from collector.ui.segments.starts import EMPTY, STARTS
from sessionizer.catalogue import lookup
from sessionizer.event import Kind
from sessionizer.segments.check import Fault
from sessionizer.segments.wording.sentence import sentence


class BuilderPages:
    """The form of a new segment, and of one that is changed."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._services, self._guard = services, guard
        self._members, self._offers = Membership(services), Offers(services)

    async def new(self, request: Request, visitor: Visitor) -> Response:
        """An example to begin with, or hardly anything."""
        wanted = request.query_params.get("from", "")
        start = next((one for one in STARTS if one.slug == wanted), None)
        form = {
            "name": translator(language_of(request))(start.name) if start else "",
            "where": written(start.where if start else EMPTY),
        }
        return await self._form(request, visitor, form)

    async def edit(self, request: Request, visitor: Visitor) -> Response:
        """A segment as it is."""
        segment, _ = await self._members.named(id_of(request, "segment"))
        form = {"name": segment.name, "where": written(segment.definition.where)}
        return await self._form(request, visitor, form, segment=segment)

    async def create(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Keep a new segment; or try it, and keep nothing."""
        every = await self._members.every()
        draft = draft_of(form, every)
        if form.get("do") == "try" or draft.definition is None or draft.faults:
            return await self._form(request, visitor, form, tried=True)
        try:
            made = await make(draft.name, draft.definition, every, self._services)
        except Problem as problem:
            return await self._form(request, visitor, form, tried=True, problem=problem)
        return RedirectResponse(f"/segments/{made.id}?done=saved", 303)

    async def change(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Keep another question or name; or try it, and keep nothing."""
        segment, every = await self._members.named(id_of(request, "segment"))
        draft = draft_of(form, every, id=segment.id)
        if form.get("do") == "try" or draft.definition is None or draft.faults:
            return await self._form(request, visitor, form, segment=segment, tried=True)
        try:
            await alter(segment, SegmentChange(name=draft.name, definition=draft.definition), every, self._services)
        except Problem as problem:
            return await self._form(request, visitor, form, segment=segment, tried=True, problem=problem)
        return RedirectResponse(f"/segments/{segment.id}?done=saved", 303)

    async def preview(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """What the form would answer, without the form: for its script."""
        every = await self._members.every()
        id = int(form["id"]) if form.get("id", "").isdecimal() and len(form["id"]) < 16 else 0
        draft = draft_of(form, every, id=id)
        wrong = [fault for fault in draft.faults if fault.path != "name"]  # it may well come last
        context = await self._answer(request, draft, every, wrong, beside=next((o for o in every if o.id == id), None))
        return self._guard.render(request, "segments/preview.html", context, visitor=visitor)

    async def offers(self, request: Request, visitor: Visitor) -> Response:
        """What may be chosen, for the script."""
        return JSONResponse(await self._offers.all(language_of(request)), headers=HEADERS)

    async def properties(self, request: Request, visitor: Visitor) -> Response:
        """What events of a kind carry, for the script."""
        kind = request.path_params["category"], request.path_params["key"]
        return JSONResponse(await self._offers.properties(kind), headers=HEADERS)

    async def _form(
        self,
        request: Request,
        visitor: Visitor,
        form: Form,
        *,
        segment: Segment | None = None,
        tried: bool = False,
        problem: Problem | None = None,
    ) -> Response:
        """The form with what stands in it. tried: whether it was sent; what is not finished yet is no fault before."""
        every = await self._members.every()
        draft = draft_of(form, every, id=segment.id if segment else 0)
        wrong = [*draft.faults, *([Fault("name", problem.detail)] if problem else [])]
        context = {
            "segment": segment,
            "draft": draft,
            "tried": tried,
            **await self._answer(request, draft, every, wrong if tried else (), beside=segment),
        }
        refused = problem.status if problem else 400
        status = refused if tried and form.get("do") != "try" else 200
        return self._guard.render(request, "segments/builder.html", context, visitor=visitor, status=status)

    async def _answer(
        self,
        request: Request,
        draft: Draft,
        every: Sequence[Segment],
        wrong: Sequence[Fault],
        *,
        beside: Segment | None = None,
    ) -> Mapping[str, Any]:
        """How it reads, who would be in it, and what is wrong. beside: the segment as it is, which it would change."""
        language = language_of(request)
        found: Belonging | None = None
        text, is_slow = "", False
        if draft.is_sound and draft.definition:
            text = sentence(draft.definition, language, await self._members.names(every))
            try:
                found = await self._members.preview(draft.definition.where, every, beside=beside)
            except QueryTooSlow:
                is_slow = True
        said = faults.said(wrong, language)
        return {
            "sentence": text,
            "found": found,
            "is_slow": is_slow,
            "faults": said,
            "wrong_name": next((fault.says for fault in said if fault.path == "name"), ""),
            "label": lambda kind: _label(kind, language),
            "called": called,
        }


def _label(kind: Kind, language: str) -> str:
    """What people call an event."""
    row = lookup(*kind)
    return (row.label_it if language == "it" else row.label_en) if row else "/".join(kind)
