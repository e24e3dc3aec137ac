"""Which lists are there, and who is on them? `/v3/contacts/lists`, `…/<id>`, `…/<id>/contacts[/add|/remove]`."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.brevo.contact_changes import tell
from collector.api.brevo.contacts import by, page
from collector.api.brevo.frame.answers import answer, done, duplicate, invalid, missing, unknown
from collector.api.brevo.frame.auth import require
from collector.api.brevo.frame.params import Query, body_of, id_of
from collector.api.people.changes import Change
from collector.instant import instant
from collector.services import Services
from collector.store.ports.contacts import ContactQuery
from collector.store.ports.definitions.lists import ContactList, NameTaken
from sessionizer.identifier import canonical

DEFAULT_LIMIT, MAX_LIMIT = 10, 50
MAX_MEMBERS, MAX_CHANGED = 500, 150
PIECE = 400

ListName = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
Folder = Annotated[int, Meta(ge=1, lt=2**31)]


class NewList(msgspec.Struct, frozen=True, rename="camel"):
    """Body of POST /v3/contacts/lists."""

    name: ListName
    folder_id: Folder


class ChangedList(msgspec.Struct, frozen=True, rename="camel"):
    """Body of PUT /v3/contacts/lists/<id>: what is not there stays."""

    name: ListName | None = None
    folder_id: Folder | None = None


class Members(msgspec.Struct, frozen=True, rename="camel"):
    """Body of …/add and …/remove: who, by one kind of identifier. all: everybody, to be removed."""

    emails: Annotated[tuple[str, ...], Meta(max_length=MAX_CHANGED)] = ()
    ids: Annotated[tuple[int, ...], Meta(max_length=MAX_CHANGED)] = ()
    ext_ids: Annotated[tuple[str, ...], Meta(max_length=MAX_CHANGED)] = ()
    all: bool = False

    def named(self) -> tuple[str, Sequence[str | int]]:
        """(kind, values) of those that are named. Raises BrevoProblem 400 for none."""
        for kind, values in (("email_id", self.emails), ("contact_id", self.ids), ("ext_id", self.ext_ids)):
            if values:
                return kind, values
        raise missing("emails")


def answer_of(one: ContactList) -> Mapping[str, Any]:
    """A list as Brevo's clients read it."""
    return {
        "id": one.id,
        "name": one.name,
        "folderId": one.folder,
        "totalSubscribers": one.contacts,
        "uniqueSubscribers": one.contacts,
        "totalBlacklisted": 0,
    }


def routes(services: Services) -> list[Route]:
    """Reading, defining and filling lists."""
    pages = ListPages(services)
    one = "/v3/contacts/lists/{id}"
    return [
        Route("/v3/contacts/lists", require(services, "read", pages.find), methods=["GET"]),
        Route("/v3/contacts/lists", require(services, "write", pages.create), methods=["POST"]),
        Route(one, require(services, "read", pages.get), methods=["GET"]),
        Route(one, require(services, "write", pages.change), methods=["PUT"]),
        Route(one, require(services, "write", pages.remove), methods=["DELETE"]),
        Route(f"{one}/contacts", require(services, "read", pages.members), methods=["GET"]),
        Route(f"{one}/contacts/add", require(services, "write", pages.add), methods=["POST"]),
        Route(f"{one}/contacts/remove", require(services, "write", pages.take_off), methods=["POST"]),
    ]


class ListPages:
    """Each answers one address and method."""

    def __init__(self, services: Services) -> None:
        self._services, self._lists = services, services.lists

    async def find(self, request: Request) -> Response:
        """The lists, newest first."""
        query = Query(request)
        limit, skip = query.number("limit", DEFAULT_LIMIT, least=1, most=MAX_LIMIT), query.skip()
        every = await asyncio.to_thread(self._lists.all)
        ordered = every[::-1] if query.descending() else every
        return answer({"lists": [answer_of(one) for one in ordered[skip : skip + limit]], "count": len(every)})

    async def create(self, request: Request) -> Response:
        """A new list."""
        body = await body_of(request, NewList)
        at = self._services.clock()
        try:
            made = await asyncio.to_thread(lambda: self._lists.create(body.name, folder=body.folder_id, at=at))
        except NameTaken:
            raise _taken(body.name) from None
        return answer({"id": made.id}, 201)

    async def get(self, request: Request) -> Response:
        """One list."""
        one = await self._asked(request)
        more = {"createdAt": instant(one.created_at), "dynamicList": False, "campaignStats": []}
        return answer({**answer_of(one), **more})

    async def change(self, request: Request) -> Response:
        """Another name or folder."""
        id, body = id_of(request, "a list"), await body_of(request, ChangedList)
        try:
            changed = await asyncio.to_thread(lambda: self._lists.change(id, name=body.name, folder=body.folder_id))
        except NameTaken:
            raise _taken(str(body.name)) from None
        if changed is None:
            raise unknown("List")
        return done()

    async def remove(self, request: Request) -> Response:
        """The list is no more; its contacts stay."""
        if not await asyncio.to_thread(self._lists.delete, id_of(request, "a list")):
            raise unknown("List")
        return done()

    async def members(self, request: Request) -> Response:
        """Who is on it, newest first."""
        one, query = await self._asked(request), Query(request)
        asked = ContactQuery(lists=(one.id,), modified_since=query.instant("modifiedSince"))
        return await page(self._services, asked, query, most=MAX_MEMBERS)

    async def add(self, request: Request) -> Response:
        """Put contacts on it; which of them are known is in the answer."""
        one, body = await self._asked(request), await body_of(request, Members)
        success, failure, ids = await self._known(*body.named())
        await tell(self._services, [Change({"contact_id": str(id)}, add=[one.name]) for id in ids])
        return answer({"contacts": {"success": success, "failure": failure, "total": len(success)}}, 201)

    async def take_off(self, request: Request) -> Response:
        """Take contacts off it: those that are named, or all."""
        one, body = await self._asked(request), await body_of(request, Members)
        if body.all:
            return answer({"contacts": {"total": await self._empty(one)}}, 201)
        success, failure, ids = await self._known(*body.named())
        await tell(self._services, [Change({"contact_id": str(id)}, remove=[one.name]) for id in ids])
        return answer({"contacts": {"success": success, "failure": failure, "total": len(success)}}, 201)

    async def _empty(self, one: ContactList) -> int:
        """How many were on it; now nobody is."""
        total = after = 0
        while ids := await asyncio.to_thread(lambda: self._lists.members(one.id, limit=PIECE, after=after)):  # noqa: B023  # it is awaited here
            await tell(self._services, [Change({"contact_id": str(id)}, remove=[one.name]) for id in ids])
            total, after = total + len(ids), ids[-1]
        return total

    async def _known(
        self, kind: str, values: Sequence[str | int]
    ) -> tuple[list[str | int], list[str | int], list[int]]:
        """(those that name somebody, those that do not, who it is). Raises BrevoProblem 400 when nobody is named."""
        found = {value: await self._who(kind, value) for value in values}
        success = [value for value, id in found.items() if id is not None]
        if not success:
            raise invalid("contacts", "none of them exists")
        failure = [value for value, id in found.items() if id is None]
        return success, failure, [id for id in found.values() if id is not None]

    async def _who(self, kind: str, value: str | int) -> int | None:
        text = canonical(kind, value)
        contact = await by(self._services, kind, text) if text else None
        return contact.id if contact else None

    async def _asked(self, request: Request) -> ContactList:
        """The list of the address. Raises BrevoProblem 400, 404."""
        id = id_of(request, "a list")
        found = next((one for one in await asyncio.to_thread(self._lists.all) if one.id == id), None)
        if found is None:
            raise unknown("List")
        return found


def _taken(name: str) -> Exception:
    return duplicate(f"There is a list of the name {name}")
