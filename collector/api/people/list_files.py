"""How does a list go out, and come in, as a CSV? `GET /api/lists/<id>/contacts.csv`, `POST /api/lists/<id>/import`.

What goes out has the columns of `sentiero export contacts`, and comes in again as it was, here or elsewhere.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from collector.api.frame.answer import answer
from collector.api.frame.auth import require
from collector.api.frame.body import content_of, media_type_of
from collector.api.frame.definitions import id_of
from collector.api.frame.operation import CSV, Media, operation
from collector.api.frame.params import Params
from collector.api.frame.problem import Problem
from collector.api.people.list_import import ImportAnswer, ListImport
from collector.api.people.lists import ListPages
from collector.bulk.format import Format, Kind
from collector.bulk.unusable import Unusable
from collector.moving.written import CONTACTS, head, piece
from collector.services import Services
from collector.store.ports.contacts import ContactQuery, StoredContact

MAX_FILE_BYTES, FILE_S = 10 * 1024 * 1024, 60.0
"""Of an import: some 100,000 lines. `sentiero import contacts --list` takes more."""

FILE = Media(CSV, MAX_FILE_BYTES, FILE_S)
IDS, PIECE = 10_000, 500
"""Of an export: ids that are asked for at once, and contacts that are."""

AS_CSV = Format(Kind.CSV)
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Accel-Buffering": "no"}

File = Annotated[str, Meta(examples=["email_id,FIRSTNAME\r\nada@mail.example,Ada\r\n"])]


def routes(services: Services) -> list[Route]:
    """A list as a file."""
    pages = ListFiles(services)
    return [
        Route("/api/lists/{id}/contacts.csv", require(services, "read", pages.send), methods=["GET"]),
        Route("/api/lists/{id}/import", require(services, "write", pages.bring), methods=["POST"]),
    ]


class ListFiles:
    """Lists out and in."""

    def __init__(self, services: Services) -> None:
        self._services, self._lists = services, ListPages(services)

    @operation(places=("id",), answers={200: CSV})
    async def send(self, request: Request) -> Response:
        """Who is on it, by id, as a CSV: a contact a line, what has no column of its own as JSON in one."""
        Params(request, ())
        one = await self._lists.named(id_of(request, "list"))
        first = await self._ids(one.id, 0)  # a question that fails is answered as one
        headers = {**HEADERS, "Content-Disposition": f'attachment; filename="list-{one.id}.csv"'}
        return StreamingResponse(self._pieces(one.id, first), 200, headers, f"{CSV}; charset=utf-8; header=present")

    @operation(places=("id",), body=File, media=FILE, answers={200: ImportAnswer})
    async def bring(self, request: Request) -> Response:
        """Puts the people of a CSV of at most 10 MiB on it: those who are not known are made.

        The first line has the names of the columns, one of them an identifier's: email_id, ext_id, phone_id or
        contact_id. Other columns become attributes. Lines that are refused do not keep the others away; the same file
        may be sent again.
        """
        if media_type_of(request) != CSV:  # a form of another site cannot send this without asking first
            raise Problem(415, f"The body must be a CSV, with Content-Type: {CSV}.")
        content = await content_of(request, most=FILE.max_bytes, within_s=FILE.within_s)
        return answer(await self.bring_content(id_of(request, "list"), content))

    async def bring_content(self, id: int, content: bytes) -> ImportAnswer:
        """See `bring`. Raises Problem 400 for what is no such file, 404."""
        one = await self._lists.named(id)
        try:
            return await ListImport(self._services, one.id).bring(content)
        except Unusable as error:
            raise Problem(400, f"{error}.", title="Bad file") from None

    async def _pieces(self, id: int, first: Sequence[int]) -> AsyncIterator[bytes]:
        """The whole file. When the store fails on the way the transfer breaks off, and nobody takes a part for it."""
        yield head(CONTACTS, AS_CSV)
        ids = first
        while ids:
            for start in range(0, len(ids), PIECE):
                found = await self._contacts(ids[start : start + PIECE])
                yield await asyncio.to_thread(piece, CONTACTS, AS_CSV, found)  # some 20 ms
            ids = await self._ids(id, ids[-1]) if len(ids) == IDS else ()

    async def _ids(self, id: int, after: int) -> Sequence[int]:
        return await asyncio.to_thread(lambda: self._services.lists.members(id, limit=IDS, after=after))

    async def _contacts(self, ids: Sequence[int]) -> list[StoredContact]:
        """By id; whoever was joined to another meanwhile comes with that one, or has come."""
        return (await self._services.store.contacts.find(ContactQuery(ids=tuple(ids)), limit=len(ids)))[::-1]
