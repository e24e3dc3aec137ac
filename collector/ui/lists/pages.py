"""Which lists are there, and who is on one? `/lists`: all of them; `/lists/<id>`: one, its people, who asks for it."""

import asyncio
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from collector.access.login import Visitor
from collector.api.frame.body import checked
from collector.api.frame.definitions import id_of
from collector.api.frame.params import MAX_ID, is_digits
from collector.api.frame.problem import Problem
from collector.api.people import lists as api
from collector.api.people.changes import Change, ContactChanges
from collector.api.people.membership import Membership
from collector.api.people.naming import named
from collector.services import Services
from collector.store.ports.contacts import ContactQuery
from collector.store.ports.definitions.lists import ContactList
from collector.store.ports.definitions.segments import Segment
from collector.ui.contacts.pages import CALLED
from collector.ui.guard import Form, Guard
from collector.ui.lists.importing import MAX_PASTED_BYTES, ImportPages
from sessionizer.contact import IDENTIFIER_KINDS
from sessionizer.identifier import canonical
from sessionizer.segments.condition import OnList, leaves

ROWS = 100
MEMBERS = 50
DONE = {
    "made": "lists_done_made",
    "saved": "lists_done_saved",
    "added": "lists_done_added",
    "already": "lists_done_already",
    "removed": "lists_done_removed",
    "deleted": "lists_done_deleted",
}


def routes(services: Services, guard: Guard) -> list[Route]:
    """Everybody sees; editors make and fill."""
    pages, files, one = ListPages(services, guard), ImportPages(services, guard), "/lists/{id}"
    bring = guard.change(files.bring, needs="write", most=MAX_PASTED_BYTES)
    return [
        Route("/lists", guard.page(pages.find), methods=["GET"]),
        Route("/lists", guard.change(pages.create, needs="write"), methods=["POST"]),
        Route(one, guard.page(pages.get), methods=["GET"]),
        Route(one, guard.change(pages.change, needs="write"), methods=["POST"]),
        Route(f"{one}/add", guard.change(pages.add, needs="write"), methods=["POST"]),
        Route(f"{one}/remove", guard.change(pages.remove, needs="write"), methods=["POST"]),
        Route(f"{one}/delete", guard.change(pages.delete, needs="write"), methods=["POST"]),
        Route(f"{one}/import", guard.page(files.show, needs="write"), methods=["GET"]),
        Route(f"{one}/import", bring, methods=["POST"]),
    ]


class ListPages:
    """All of them, and one."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._services, self._guard = services, guard
        self._contacts, self._lists = services.store.contacts, api.ListPages(services)

    async def find(self, request: Request, visitor: Visitor) -> Response:
        """The lists, the oldest first, and how many are on each."""
        return await self._show_all(request, visitor)

    async def create(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """A new one, which is shown next."""
        name = form.get("name", "").strip()
        try:
            made = await api.make(checked({"name": name}, api.NewList), self._services)
        except Problem as problem:
            return await self._show_all(request, visitor, name=name, problem=problem)
        return RedirectResponse(f"/lists/{made.id}?done=made", 303)

    async def get(self, request: Request, visitor: Visitor) -> Response:
        """One list."""
        return await self._show(request, visitor, await self._named(request))

    async def change(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Another name."""
        one, name = await self._named(request), form.get("name", "").strip()
        try:
            await api.alter(one.id, checked({"name": name}, api.ChangedList), self._services)
        except Problem as problem:
            return await self._show(request, visitor, one, name=name, problem=problem)
        return RedirectResponse(f"/lists/{one.id}?done=saved", 303)

    async def add(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Put somebody on it, who is known by an identifier; by an e-mail address also who is not."""
        one, who = await self._named(request), form.get("who", "").strip()
        names = {kind: [text] for kind in IDENTIFIER_KINDS if (text := canonical(kind, who)) is not None}
        known = (await named(self._contacts, [names])).of(names)
        if known is None and "email_id" not in names:
            return await self._show(request, visitor, one, who=who)
        if known is not None and one.name in known.lists:
            return RedirectResponse(f"/lists/{one.id}?done=already", 303)
        whom = {"contact_id": str(known.id)} if known else {"email_id": names["email_id"][0]}
        await ContactChanges(self._services).carry_out(Change(whom, add=[one.name]))
        return RedirectResponse(f"/lists/{one.id}?done=added", 303)

    async def remove(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Take somebody off it; they stay known."""
        one, contact = await self._named(request), form.get("contact", "")
        if canonical("contact_id", contact) is not None:
            await ContactChanges(self._services).carry_out(Change({"contact_id": contact}, remove=[one.name]))
        return RedirectResponse(f"/lists/{one.id}?done=removed", 303)

    async def delete(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """The list is no more; its people stay known."""
        await api.end((await self._named(request)).id, self._services)
        return RedirectResponse("/lists?done=deleted", 303)

    async def _named(self, request: Request) -> ContactList:
        """The list of the address. Raises Problem 404."""
        return await self._lists.named(id_of(request, "list"))

    async def _show_all(
        self, request: Request, visitor: Visitor, *, name: str = "", problem: Problem | None = None
    ) -> Response:
        given = request.query_params
        after = int(given["after"]) if is_digits(given.get("after", "")) else 0
        rest = [one for one in await asyncio.to_thread(self._services.lists.all) if one.id > after]
        context = {
            "lists": rest[:ROWS],
            "next": f"?after={rest[ROWS - 1].id}" if len(rest) > ROWS else "",
            "first": "/lists" if after else "",
            "name": name,
            "wrong": wrong_of(problem),
            "done": DONE.get(given.get("done", ""), ""),
        }
        status = problem.status if problem else 200
        return self._guard.render(request, "lists/lists.html", context, visitor=visitor, status=status)

    async def _show(
        self,
        request: Request,
        visitor: Visitor,
        one: ContactList,
        *,
        name: str = "",
        problem: Problem | None = None,
        who: str = "",
    ) -> Response:
        """name, problem: what was wrong with another name. who: somebody who is not known."""
        context = {
            "list": one,
            "name": name if problem else one.name,
            "wrong": wrong_of(problem),
            "who": who,
            "users": [segment for segment in await Membership(self._services).every() if asks_for(segment, one.name)],
            "done": DONE.get(request.query_params.get("done", ""), ""),
            **await self._page(request, one),
            **CALLED,
        }
        status = problem.status if problem else 400 if who else 200
        return self._guard.render(request, "lists/list.html", context, visitor=visitor, status=status)

    async def _page(self, request: Request, one: ContactList) -> dict[str, Any]:
        """One page of who is on it, the newest contacts first."""
        given = request.query_params.get("before", "")
        before = min(int(given), MAX_ID) if is_digits(given) else None
        found = await self._contacts.find(ContactQuery(lists=(one.id,)), limit=MEMBERS + 1, before=before)
        people = found[:MEMBERS]
        next_ = f"?before={people[-1].id}" if len(found) > MEMBERS else ""
        return {"people": people, "next": next_, "first": f"/lists/{one.id}" if before else ""}


def wrong_of(problem: Problem | None) -> str:
    """What is to be said of a name; "" when it is good."""
    if problem is None:
        return ""
    return "lists_taken" if problem.status == 409 else "bad_name"


def asks_for(segment: Segment, name: str) -> bool:
    """Whether its question is about the list of that name."""
    found: Sequence[Any] = list(leaves(segment.definition.where))
    return any(isinstance(leaf, OnList) and leaf.name == name for leaf in found)
