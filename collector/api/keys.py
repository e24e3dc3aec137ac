"""Who was given a key? `GET POST /api/keys`, `DELETE /api/keys/<id>`.

The text of a secret key is in the answer that makes it and nowhere else, ever.
"""

import asyncio
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.access.keys import new_api_key, new_write_key
from collector.api.frame.answer import Instant, answer, listing
from collector.api.frame.auth import require
from collector.api.frame.body import body_of
from collector.api.frame.definitions import Place, id_of, page
from collector.api.frame.operation import operation, page_of
from collector.api.frame.params import MAX_ID, PAGING, Params, refuse
from collector.api.frame.problem import unknown
from collector.instant import instant
from collector.services import Services
from collector.store.ports.definitions.keys import Key, KeyDraft, Scope

Label = Annotated[str, Meta(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]


class NewKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/keys. site: of a `write_key`, and only of one."""

    scope: Scope
    name: Label = ""
    site: Annotated[int, Meta(ge=1, lt=MAX_ID)] | None = None


class KeyAnswer(msgspec.Struct, frozen=True):
    """A key as programs see it. shown: a write key whole, of the others their first characters."""

    id: int
    scope: Scope
    name: str
    site: int | None
    shown: str
    created_at: Instant
    last_used_at: Instant | None
    revoked_at: Instant | None


class MadeKey(KeyAnswer, frozen=True):
    """A key that was made just now. key: its text, shown this once."""

    key: str


def answer_of(key: Key) -> KeyAnswer:
    """What the store knows → what programs see."""
    return KeyAnswer(
        id=key.id,
        scope=key.scope,
        name=key.name,
        site=key.site,
        shown=key.shown,
        created_at=instant(key.created_at),
        last_used_at=None if key.last_used_at is None else instant(key.last_used_at),
        revoked_at=None if key.revoked_at is None else instant(key.revoked_at),
    )


def routes(services: Services) -> list[Route]:
    """Listing, making and revoking keys."""
    ring = services.keys.ring

    @operation(query=PAGING, answers={200: page_of("keys", KeyAnswer)})
    async def find(request: Request) -> Response:
        """The keys, also the revoked; secret ones by their first characters."""
        params = Params(request, PAGING)
        limit, place = params.limit(), params.cursor("keys", Place)
        shown, more = page(await asyncio.to_thread(ring.all), "keys", limit=limit, place=place)
        return listing("keys", [answer_of(key) for key in shown], more)

    @operation(body=NewKey, answers={201: MadeKey}, is_secret=True)
    async def create(request: Request) -> Response:
        """A new key; its text is in this answer only."""
        body = await body_of(request, NewKey)
        key, text = await asyncio.to_thread(make, body, services)
        return answer(MadeKey(**msgspec.structs.asdict(answer_of(key)), key=text), 201)

    @operation(places=("id",), answers={204: None})
    async def revoke(request: Request) -> Response:
        """Refuse the key from now on, in every process within a second. Again is the same as once."""
        id = id_of(request, "key")
        if not await asyncio.to_thread(end, id, services):
            raise unknown("key", str(id))
        return Response(status_code=204)

    return [
        Route("/api/keys", require(services, "admin", find), methods=["GET"]),
        Route("/api/keys", require(services, "admin", create), methods=["POST"]),
        Route("/api/keys/{id}", require(services, "admin", revoke), methods=["DELETE"]),
    ]


def make(body: NewKey, services: Services) -> tuple[Key, str]:
    """The key that was made, and its text, which nobody can tell later. Raises Problem 400. Call it in a thread."""
    if (body.site is None) == (body.scope == "write_key"):
        refuse("site", "a write_key belongs to a site, the other scopes to the whole deployment")
    text = new_write_key() if body.scope == "write_key" else new_api_key()
    draft = KeyDraft(text=text, scope=body.scope, site=body.site, name=body.name)
    try:
        key = services.keys.ring.add(draft, at=services.clock())
    except LookupError:
        refuse("site", f"there is no site {body.site}")
    services.keys.reload()
    return key, text


def end(id: int, services: Services) -> bool:
    """Refuse the key from now on; False when there is none. Call it in a thread."""
    found = services.keys.ring.revoke(id, at=services.clock())
    services.keys.reload()
    return found
