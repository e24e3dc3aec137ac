"""How is a person erased, and is it done? `DELETE /api/contacts/<id>`, `GET /api/erasures/<id>`.

Asked for here, carried out by the worker within seconds; whoever was joined to the contact goes too.
"""

import asyncio
from typing import Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.frame.answer import Instant, answer
from collector.api.frame.auth import require
from collector.api.frame.operation import operation
from collector.api.frame.params import Params, row_id
from collector.api.frame.problem import unknown
from collector.api.people.contacts import resolve
from collector.command import NotYet
from collector.instant import instant
from collector.services import Services
from collector.store.ports.definitions.erasures import Erasure

PATIENCE_S, LOOK_S = 5.0, 0.02


class Begun(msgspec.Struct, frozen=True):
    """What a request to erase answers. erasure: its id, by which one asks whether it is done."""

    erasure: str


class ErasureAnswer(msgspec.Struct, frozen=True):
    """An erasure as programs see it. done_at: null while it is pending."""

    id: str
    contact_id: int
    status: Literal["pending", "done"]
    asked_at: Instant
    done_at: Instant | None


def answer_of(one: Erasure) -> ErasureAnswer:
    """What the store knows → what programs see."""
    return ErasureAnswer(
        id=one.id,
        contact_id=one.contact,
        status="pending" if one.done_at is None else "done",
        asked_at=instant(one.asked_at),
        done_at=None if one.done_at is None else instant(one.done_at),
    )


def routes(services: Services) -> list[Route]:
    """Asking, and asking about it."""
    erasures = services.erasures

    @operation(places=("id",), answers={202: Begun})
    async def erase(request: Request) -> Response:
        """Removes a person for good: contact, events, sessions, and what comes late of them. Done within seconds."""
        Params(request, ())
        id = request.path_params["id"]
        return answer(Begun((await begun(services, id)).id), 202)

    @operation(answers={200: ErasureAnswer})
    async def get(request: Request) -> Response:
        """Whether it is done; this is all that is kept of it."""
        Params(request, ())
        id = request.path_params["id"]
        found = await asyncio.to_thread(erasures.get, id)
        if found is None:
            raise unknown("erasure", id[:100])
        return answer(answer_of(found))

    return [
        Route("/api/contacts/{id}", require(services, "admin", erase), methods=["DELETE"]),
        Route("/api/erasures/{id}", require(services, "read", get), methods=["GET"]),
    ]


async def begun(services: Services, id: str) -> Erasure:
    """The erasure of that contact, asked for now or before. Raises Problem 404."""
    under_way = await _under_way(services, id)
    if under_way is not None:
        return under_way
    return await ask(services, (await resolve(services.store.contacts, id)).survivor)


async def ask(services: Services, contact: int) -> Erasure:
    """The erasure of a contact that is, or was just now, there."""
    at = services.clock()
    return await asyncio.to_thread(lambda: services.erasures.ask(contact, at=at))


async def _under_way(services: Services, id: str) -> Erasure | None:
    try:
        contact = row_id(id)
    except ValueError:
        return None
    return await asyncio.to_thread(services.erasures.under_way, contact)


async def until_done(services: Services, erasure: Erasure) -> None:
    """Return when nothing of the person is left. Raises NotYet after 5 s."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not await asyncio.to_thread(_is_done, services, erasure.id):  # noqa: ASYNC110  # the worker does it
                await asyncio.sleep(LOOK_S)
    except TimeoutError:
        raise NotYet from None


def _is_done(services: Services, id: str) -> bool:
    found = services.erasures.get(id)
    return found is None or found.done_at is not None
