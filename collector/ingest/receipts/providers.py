"""What do providers tell of messages? `/hooks/<account>`: delivered, read, bounced, and who answers STOP.

    signed (401 else) → whose message is it → receipts into the log → 202

A receipt may be faster than the answer to the request that sent the message: then its reference is not known yet, and
is waited for a little. What stays unknown is told as that of the number alone. Source: INTERFACES 1, SECURITY 2.
"""

import asyncio
import secrets
from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from collector.delivery.providers.callback import MAX_BODY_BYTES, Forged, Receipt, callback, challenge
from collector.event_id import new_id, unpack_id
from collector.ingest.doors.hook import Challenges
from collector.ingest.receipts.receipt import write_all
from collector.log.entry import RECEIPT_DOOR, Entry
from collector.services import Services
from collector.store.ports.messages.outbox import Delivery
from sessionizer.derived import derived_id
from sessionizer.identifier import canonical
from sessionizer.messages.message import Channel, Purpose
from sessionizer.messages.receipt import IDENTIFIERS, What, kind_of

BODY_S = 10.0
WAIT_S, LOOK_S = 2.0, 0.1
_WHATS: Mapping[str, What] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "opened",
    "soft": "soft",
    "hard": "hard",
    "stop": "left",
}


def routes(services: Services) -> list[Route]:
    """The address that providers call."""
    return [Route("/hooks/{source}", _Hooks(services).answer, methods=["GET", "POST"])]


class _Hooks:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._challenges = Challenges(services)

    async def answer(self, request: Request) -> Response:
        """A call; GET asks whether the address is ours, or carries receipts as well."""
        hook = self._services.hooks.get(request.path_params["source"])
        if hook is None:
            return await self._challenges.answer(request)
        if request.method == "GET" and (said := challenge(hook.account, request.query_params)) is not None:
            return PlainTextResponse(said)
        try:
            async with asyncio.timeout(BODY_S):
                body = await _body(request)
        except TimeoutError:
            return Response(status_code=408)
        query = f"?{request.url.query}" if request.url.query else ""
        url = f"{self._services.settings.url}{request.url.path}{query}"
        now = self._services.clock()
        try:
            told = callback(hook.account, request.headers, body, url, now)
        except Forged:
            return Response(status_code=401)
        known = await self._known([one.reference for one in told if one.reference])
        entries = [entry for one in told if (entry := entry_of(hook.channel, one, known.get(one.reference), now))]
        if not await write_all(self._services, entries):
            return Response(status_code=503, headers={"Retry-After": "5"})
        return Response(status_code=202)

    async def _known(self, references: Sequence[str]) -> Mapping[str, Delivery]:
        """The deliveries behind them, once they are on disk."""
        for _ in range(round(WAIT_S / LOOK_S)):
            ids = await asyncio.to_thread(self._services.deliveries.by_reference, references)
            if len(ids) == len(set(references)):
                break
            await asyncio.sleep(LOOK_S)
        found = {reference: await asyncio.to_thread(self._services.deliveries.one, id) for reference, id in ids.items()}
        return {reference: delivery for reference, delivery in found.items() if delivery is not None}


async def _body(request: Request) -> bytes:
    """At most what a callback may be; of more just enough to be refused."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MAX_BODY_BYTES:
            break
    return bytes(content)


def entry_of(channel: Channel, told: Receipt, delivery: Delivery | None, now: int) -> Entry | None:
    """The entry; None where the catalogue has no event for it. Told twice, it is one event.

    Somebody who answers STOP withdraws consent for the channel: of WhatsApp there is no event of that name.
    """
    what, purpose = _WHATS[told.what], delivery.purpose if delivery else _purpose(told)
    number = canonical(IDENTIFIERS[channel], told.recipient)
    named = {IDENTIFIERS[channel]: number} if number else {}
    if delivery is not None:
        named["delivery"] = delivery.id
    kind, said = kind_of(channel, purpose, what), {"code": told.code, "reason": told.reason}
    if what == "left":
        said["reason"] = "stopped"
    if kind is None and what == "left":
        kind, said = ("contact", "consent_changed"), {"consent": "denied", "channel": channel}
    if kind is None or not named:
        return None
    at = min(told.at, now)
    once = f"{delivery.id}" if delivery else f"{channel} {told.reference} {told.recipient}"
    id = derived_id(RECEIPT_DOOR, kind, once, delivery.created_at if delivery else at)
    if what == "left":  # each time that somebody says so
        id = unpack_id(new_id(at, secrets.randbits(80)))
    return Entry(
        door=RECEIPT_DOOR, source=RECEIPT_DOOR, site=0, id=id, category=kind[0], key=kind[1], occurred_at=at,
        received_at=now, identifiers=named, properties={name: text for name, text in said.items() if text} or None,
    )  # fmt: skip


def _purpose(told: Receipt) -> Purpose:
    """Of a message that is not ours: STOP is about marketing first."""
    return "marketing" if told.what == "stop" else "transactional"
