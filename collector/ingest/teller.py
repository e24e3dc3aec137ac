"""How does what a program decides about contacts get into the log? As events of the secret door, waited for.

    told → the server door's own checks → one commit → until the worker has passed them → the store can answer

So there is one way for everything that is known of a person; a replay of the log knows it too. Source: INTERFACES 4.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from collector.access.keys import Keys
from collector.command import NotYet, Refused, Told
from collector.config import Settings
from collector.ingest.answer import RequestRefused
from collector.ingest.dialects.sentiero import SECRET, parse
from collector.ingest.draft import Batch
from collector.ingest.intake import Intake
from collector.ingest.skew import FIRST_AT
from collector.log.entry import IDENTITY_DOOR, Entry
from collector.log.writer import Overloaded, WriteFailed, Writer
from collector.metrics import Metrics
from collector.store.ports.store import Store

PATIENCE_S, LOOK_S = 5.0, 0.005
WRONG_BODY = 500

_encode = msgspec.json.Encoder().encode


class Teller:
    """Implements `command.Commands`. One a process."""

    def __init__(
        self, settings: Settings, keys: Keys, writer: Writer, store: Store, metrics: Metrics, clock: Callable[[], int]
    ) -> None:
        """clock: ms UTC."""
        self._settings, self._keys, self._writer, self._store, self._clock = settings, keys, writer, store, clock
        self._intake = Intake(writer, metrics, name="api", reserved=True)

    async def tell(self, events: Sequence[Mapping[str, Any]]) -> Told:
        """See the protocol."""
        body = _encode({"events": events})
        try:
            taken = await self._intake.take(parse(SECRET, body).items, self._batch(), size_bytes=len(body))
        except RequestRefused as refusal:
            if refusal.status >= WRONG_BODY:
                raise NotYet from refusal
            return Told((Refused(0, refusal.path, refusal.code, refusal.message),))
        await self._until_known()
        return Told(
            tuple(Refused(one.index, one.path, one.code, one.message) for one in taken.rejected),
            tuple(Refused(one.index, one.path, one.code, one.message) for one in taken.warnings),
        )

    async def say(self, entry: Entry) -> None:
        """See the protocol."""
        assert entry.door == IDENTITY_DOOR, "events of others come by `tell`"
        try:
            await self._writer.write([entry], reserved=True)
        except (Overloaded, WriteFailed) as error:
            raise NotYet from error
        await self._until_known()

    def _batch(self) -> Batch:
        return Batch(
            door="api",
            source="api",
            received_at=self._clock(),
            oldest_at=FIRST_AT,
            ahead_ms=self._settings.clock_ahead_ms,
            is_small=False,
            is_site=lambda id: self._keys.site(id) is not None,
        )

    async def _until_known(self) -> None:
        end = await self._store.log_end()
        try:
            async with asyncio.timeout(PATIENCE_S):
                while await self._store.position() < end:  # noqa: ASYNC110  # another process moves it
                    await asyncio.sleep(LOOK_S)
        except TimeoutError:
            raise NotYet from None
