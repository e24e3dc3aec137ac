"""Which lists of contacts are there, and who is on them? `/api/lists`, `…/<id>`, `…/<id>/contacts`."""

import asyncio
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.frame.answer import Instant, answer, listing
from collector.api.frame.auth import require
from collector.api.frame.body import body_of
from collector.api.frame.cursor import encode_cursor
from collector.api.frame.definitions import Place, id_of, page
from collector.api.frame.operation import operation, page_of
from collector.api.frame.params import PAGING, Params
from collector.api.frame.problem import Problem, unknown
from collector.api.people.changes import Change, ContactChanges, ListName
from collector.api.people.contacts import ContactAnswer, ContactPlace, answer_of
from collector.instant import instant
from collector.services import Services
from collector.store.ports.contacts import ContactQuery
from collector.store.ports.definitions.lists import ContactList, NameTaken

MAX_CHANGED = 150
Folder = Annotated[int, Meta(ge=1, lt=2**31)]
Ids = Annotated[tuple[Annotated[int, Meta(ge=1, lt=2**53)], ...], Meta(max_length=MAX_CHANGED)]


class NewList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/lists."""

    name: ListName
    folder: Folder = 1


class ChangedList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of PATCH /api/lists/<id>: what is not there stays."""

    name: ListName | UnsetType = UNSET
    folder: Folder | UnsetType = UNSET


class Members(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/lists/<id>/contacts: ids of contacts, at most 150 each."""

    add: Ids = ()
    remove: Ids = ()


class ListAnswer(msgspec.Struct, frozen=True):
    """A list as programs see it. contacts: how many are on it."""

    id: int
    name: str
    folder: int
    contacts: int
    created_at: Instant


def list_of(one: ContactList) -> ListAnswer:
    """What the store knows → what programs see."""
    return ListAnswer(
        id=one.id, name=one.name, folder=one.folder, contacts=one.contacts, created_at=instant(one.created_at)
    )


def routes(services: Services) -> list[Route]:
    """Reading, defining and filling lists."""
    pages = ListPages(services)
    return [
        Route("/api/lists", require(services, "read", pages.find), methods=["GET"]),
        Route("/api/lists", require(services, "write", pages.create), methods=["POST"]),
        Route("/api/lists/{id}", require(services, "read", pages.get), methods=["GET"]),
        Route("/api/lists/{id}", require(services, "write", pages.change), methods=["PATCH"]),
        Route("/api/lists/{id}", require(services, "write", pages.delete), methods=["DELETE"]),
        Route("/api/lists/{id}/contacts", require(services, "read", pages.members), methods=["GET"]),
        Route("/api/lists/{id}/contacts", require(services, "write", pages.fill), methods=["POST"]),
    ]


class ListPages:
    """Lists, and who is on them."""

    def __init__(self, services: Services) -> None:
        self._services, self._lists = services, services.lists

    @operation(query=PAGING, answers={200: page_of("lists", ListAnswer)})
    async def find(self, request: Request) -> Response:
        """Every list, by id."""
        params = Params(request, PAGING)
        limit, place = params.limit(), params.cursor("lists", Place)
        every = await asyncio.to_thread(self._lists.all)
        shown, more = page(every, "lists", limit=limit, place=place)
        return listing("lists", [list_of(one) for one in shown], more)

    @operation(body=NewList, answers={201: ListAnswer})
    async def create(self, request: Request) -> Response:
        """A new list."""
        made = await make(await body_of(request, NewList), self._services)
        response = answer(list_of(made), 201)
        response.headers["Location"] = f"/api/lists/{made.id}"
        return response

    @operation(places=("id",), answers={200: ListAnswer})
    async def get(self, request: Request) -> Response:
        """One list."""
        Params(request, ())
        return answer(list_of(await self.named(id_of(request, "list"))))

    @operation(places=("id",), body=ChangedList, answers={200: ListAnswer})
    async def change(self, request: Request) -> Response:
        """Another name or folder."""
        body, id = await body_of(request, ChangedList), id_of(request, "list")
        return answer(list_of(await alter(id, body, self._services)))

    @operation(places=("id",), answers={204: None})
    async def delete(self, request: Request) -> Response:
        """The list is no more; its contacts stay, on no list less."""
        await end(id_of(request, "list"), self._services)
        return Response(status_code=204)

    @operation(places=("id",), query=PAGING, answers={200: page_of("contacts", ContactAnswer)})
    async def members(self, request: Request) -> Response:
        """Who is on it, by id."""
        params = Params(request, PAGING)
        limit, place = params.limit(), params.cursor("contacts", ContactPlace)
        one = await self.named(id_of(request, "list"))
        after = place.id if place else 0
        ids = await asyncio.to_thread(lambda: self._lists.members(one.id, limit=limit + 1, after=after))
        shown = tuple(ids[:limit])
        found = await self._services.store.contacts.find(ContactQuery(ids=shown), limit=limit) if shown else []
        more = encode_cursor("contacts", ContactPlace(shown[-1])) if len(ids) > limit else None
        return listing("contacts", [answer_of(contact) for contact in reversed(found)], more)

    @operation(places=("id",), body=Members, answers={200: ListAnswer})
    async def fill(self, request: Request) -> Response:
        """Add and remove contacts; answers with the list as it is then."""
        body, one = await body_of(request, Members), await self.named(id_of(request, "list"))
        known = {*(await self._known(body.add)), *(await self._known(body.remove))}
        if missing := [id for id in (*body.add, *body.remove) if id not in known]:
            raise unknown("contact", str(missing[0]))
        changes = ContactChanges(self._services)
        said = [Change({"contact_id": str(id)}, add=[one.name]) for id in body.add]
        said += [Change({"contact_id": str(id)}, remove=[one.name]) for id in body.remove]
        await changes.carry_out_all(said)
        return answer(list_of(await self.named(one.id)))

    async def _known(self, ids: tuple[int, ...]) -> set[int]:
        found = [await self._services.store.contacts.resolve(id) for id in ids]
        return {id for id, resolved in zip(ids, found, strict=True) if resolved is not None}

    async def named(self, id: int) -> ContactList:
        """The list of that id. Raises Problem 404."""
        found = await asyncio.to_thread(self._lists.get, id)
        if found is None:
            raise unknown("list", str(id))
        return found


async def make(body: NewList, services: Services) -> ContactList:
    """A new list. Raises Problem 409 when the name is taken."""
    at = services.clock()
    try:
        return await asyncio.to_thread(lambda: services.lists.create(body.name, folder=body.folder, at=at))
    except NameTaken:
        raise _taken(body.name) from None


async def alter(id: int, body: ChangedList, services: Services) -> ContactList:
    """The list as it is afterwards. Raises Problem 404, 409 when the name is taken."""
    name, folder = (None if said is UNSET else said for said in (body.name, body.folder))
    try:
        changed = await asyncio.to_thread(lambda: services.lists.change(id, name=name, folder=folder))  # type: ignore[arg-type]  # UNSET is gone
    except NameTaken:
        raise _taken(str(name)) from None
    if changed is None:
        raise unknown("list", str(id))
    return changed


async def end(id: int, services: Services) -> None:
    """The list is no more. Raises Problem 404."""
    if not await asyncio.to_thread(services.lists.delete, id):
        raise unknown("list", str(id))


def _taken(name: str) -> Problem:
    return Problem(409, f"There is a list of the name {name}.", title="Name taken")
