"""What can be done with webhooks? Made, changed, tried; their secrets made anew; their deliveries looked at and told
again. Without HTTP: API, Brevo's addresses and console do the same by it."""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit

from msgspec.structs import replace

from collector.delivery.guard import WEB_PORTS, Forbidden
from collector.delivery.hooks.sink import FREE_PORT, Heard, Signed, Sink, address_of, key_of, new_secret, request_of
from collector.delivery.http import port_of
from collector.instant import DAY_MS
from collector.process.clock import outside
from collector.services import Services
from collector.store.ports.definitions.webhooks import SIGNING, Webhook, WebhookChange, Writing
from collector.store.ports.webhooks.deliveries import Health, Listed, State, offset_of
from collector.told.body import body_of, headers_of
from collector.told.sample import sample_of

T = TypeVar("T")


class Refused(Exception):
    """Nothing is posted to such an address, wherever it leads. It says why."""


class Shown(NamedTuple):
    """A webhook, and how it does."""

    webhook: Webhook
    health: Health


class Desk:
    """One a process."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._webhooks, self._told = services.webhooks, services.told

    # Definitions ------------------------------------------------------------------------------------------------------

    async def all(self) -> list[Webhook]:
        """Every one, by id."""
        return await asyncio.to_thread(self._webhooks.all)

    async def one(self, id: int) -> Webhook | None:
        """One of them."""
        return await asyncio.to_thread(self._webhooks.get, id)

    async def shown(self, webhooks: Sequence[Webhook]) -> list[Shown]:
        """With how each does: what failed is that of the last 24 hours."""
        since = self._services.clock() - DAY_MS
        return await asyncio.to_thread(lambda: [Shown(one, self._told.health(one.id, since=since)) for one in webhooks])

    async def create(self, name: str, url: str, writing: Writing) -> Webhook:
        """A new one, with a secret of its own, told of what happens from now on. Raises Refused, TooMany."""
        check(url)
        made = replace(writing, secrets=(new_secret(),))
        return await self._later(lambda at: self._webhooks.add(name, url, made, at=at))

    async def change(self, webhook: Webhook, change: WebhookChange) -> Webhook | None:
        """As it is afterwards; None when it is gone meanwhile. Raises Refused."""
        if change.url is not None:
            check(change.url)
        return await self._later(lambda at: self._webhooks.change(webhook.id, change, at=at))

    async def remove(self, webhook: Webhook) -> None:
        """Forget it, and what it was told."""
        await asyncio.to_thread(self._webhooks.remove, webhook.id)

    async def rotate(self, webhook: Webhook) -> str:
        """A new secret. What is sent is signed by it and by the one before, until the next."""
        secret = new_secret()
        kept = (secret, *webhook.writing.secrets)[:SIGNING]
        await self.change(webhook, WebhookChange(writing=replace(webhook.writing, secrets=kept)))
        return secret

    async def test(self, webhook: Webhook) -> Heard:
        """Send a sample of what it wants, now; what its receiver says. It stands in no log."""
        services = self._services
        id, now = f"msg_{webhook.id}_test_{secrets.token_hex(8)}", outside(services.clock)
        body = body_of(webhook, sample_of(webhook, services.clock()), urlsplit(services.settings.url).hostname or "")
        sink = Sink(services.settings.delivery_networks, now)
        try:
            keys = [key_of(secret) for secret in webhook.writing.secrets[:SIGNING]]
            return await sink.post(request_of(webhook.url, body, Signed(keys, id, now() // 1_000), headers_of(webhook)))
        except (Forbidden, ValueError) as error:
            return Heard(None, str(error))
        finally:
            sink.close()

    # What was told ----------------------------------------------------------------------------------------------------

    async def deliveries(
        self, webhook: Webhook, *, state: State | None = None, limit: int, before: int | None = None
    ) -> list[Listed]:
        """The newest event first. before: offset of the last one seen."""
        return await asyncio.to_thread(self._told.find, webhook.id, state=state, limit=limit, before=before)

    async def delivery(self, webhook: Webhook, id: str) -> Listed | None:
        """One of them, by its `msg_…`."""
        offset = offset_of(webhook.id, id)
        return None if offset is None else await asyncio.to_thread(self._told.one, webhook.id, offset)

    async def again(self, webhook: Webhook, id: str) -> bool:
        """Tell it once more, now, by the same id. False when there is none, or it waits anyway."""
        offset = offset_of(webhook.id, id)
        if offset is None:
            return False
        return await self._later(lambda at: self._told.again(webhook.id, offset, at=at))

    async def again_since(self, webhook: Webhook, since: int) -> int:
        """Tell once more what failed or was dropped since then, ms UTC; how many."""
        return await self._later(lambda at: self._told.again_since(webhook.id, since, at=at))

    async def _later(self, write: Callable[[int], T]) -> T:
        """Write, in a thread. at: now, ms UTC."""
        return await asyncio.to_thread(write, self._services.clock())


def check(url: str) -> None:
    """What its form alone forbids; where a name leads is looked at when something is delivered. Raises Refused."""
    try:
        port = port_of(address_of(url))
    except Forbidden as error:
        raise Refused(str(error)) from None
    if port < FREE_PORT and port not in WEB_PORTS:
        raise Refused(f"port {port} is not allowed: 80, 443, or from {FREE_PORT} on in networks of your own")
