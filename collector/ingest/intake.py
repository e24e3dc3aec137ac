"""What becomes of a batch? Its items through the pipeline, into the log, and the words for its sender.

    items → decide each → entries and rejections → one commit → Taken

Every door ends here, whatever format it reads. Writes to the log by `collector/log/writer.py`, and the metrics.
"""

import asyncio
import json
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from collector.errors import Code
from collector.ingest.answer import Rejected, RequestRefused, Taken, Warned
from collector.ingest.bounds import text_fault
from collector.ingest.draft import Batch, Draft, Misfit, Refusal, entry_of
from collector.ingest.item import Item
from collector.ingest.pipeline import MAX_ID_BYTES, decide
from collector.log.entry import Entry
from collector.log.port import Rejection
from collector.log.writer import Overloaded, WriteFailed, Writer, Written
from collector.metrics import Metrics
from collector.privacy.consent import Mode
from collector.privacy.redact import redact_sample

LARGE_BYTES = 64 * 1024
MAX_SAMPLE_BYTES = 4 * 1024

_encoder = msgspec.json.Encoder()


class Decided(NamedTuple):
    """The pipeline's verdict on a batch. refused: with the item as it came."""

    drafts: list[Draft]
    refused: list[tuple[int, Item | object, Refusal]]


def decide_all(items: Sequence[Item | Misfit], batch: Batch) -> Decided:
    """Each item by itself: what one of them holds concerns no other."""
    decided = Decided([], [])
    for index, item in enumerate(items):
        if isinstance(item, Misfit):
            refusal = decide_misfit(item, batch)
            decided.refused.append((index, item.raw, refusal))
        elif isinstance(verdict := decide(item, index, batch), Draft):
            decided.drafts.append(verdict)
        else:
            decided.refused.append((index, item, verdict))
    return decided


def decide_misfit(misfit: Misfit, batch: Batch) -> Refusal:
    """Without consent nothing is said of an event, not even what is wrong with it."""
    if batch.mode is Mode.NOTHING:
        return Refusal(Code.CONSENT_DENIED, "", "The visitor has not agreed to this.")
    return misfit.refusal


class Intake:
    """Brings batches of one door to the log. reserved: the secret API may use the last 20 % of the queue."""

    def __init__(self, writer: Writer, metrics: Metrics, *, name: str, reserved: bool) -> None:
        """name: of the door in the metrics."""
        self._writer, self._metrics, self._reserved = writer, metrics, reserved
        self._accepted = metrics.accepted.labels(name)
        self._duplicates = metrics.duplicates.labels(name)

    async def take(
        self, items: Sequence[Item | Misfit], batch: Batch, *, size_bytes: int, invalid_visitors: int = 0
    ) -> Taken:
        """Returns when all is on disk. size_bytes: of the body. Raises RequestRefused (503): nothing is stored."""
        # A great batch may take a tenth of a second: in a thread the others are served in between.
        in_turn = size_bytes <= LARGE_BYTES
        drafts, refused = decide_all(items, batch) if in_turn else await asyncio.to_thread(decide_all, items, batch)
        rejections = [_rejection(place, batch) for place in refused]
        rejections += [_invalid_visitor(batch)] * invalid_visitors
        warnings = [(draft, warning) for draft in drafts for warning in draft.warnings]
        rejections += [_flagged(*each, batch) for each in warnings if each[1].code is Code.SCHEMA_MISFIT]
        entries = [entry_of(draft, batch) for draft in drafts]
        written = await self._write(entries, rejections, batch, size_bytes)
        self._count(written.accepted, written.duplicates, rejections)
        dead = [(drafts[place].index, drafts[place].item, _DEAD) for place in written.dead]
        return Taken(
            written.accepted,
            written.duplicates,
            tuple(map(_rejected, sorted([*refused, *dead], key=lambda place: place[0]))) if refused or dead else (),
            tuple(_warned(draft.index, warning) for draft, warning in warnings),
        )

    async def _write(self, entries: list[Entry], rejections: list[Rejection], batch: Batch, size_bytes: int) -> Written:
        try:
            return await self._writer.write(entries, rejections, reserved=self._reserved, size_bytes=size_bytes)
        except (Overloaded, WriteFailed) as error:
            raise overloaded(error, site=batch.site) from error

    def salt(self, day: int) -> bytes:
        """The salt of that day's cookieless visitors (days since 1970). Raises RequestRefused (503)."""
        try:
            return self._writer.salt(day)
        except sqlite3.Error as error:
            raise overloaded(error, site=0) from error

    def _count(self, accepted: int, duplicates: int, rejections: Sequence[Rejection]) -> None:
        if accepted:
            self._accepted.inc(accepted)
        if duplicates:
            self._duplicates.inc(duplicates)
        for rejection in rejections:
            self._metrics.rejected.labels(rejection.code).inc()


def overloaded(error: Exception, *, site: int) -> RequestRefused:
    """503: refused for now; the same ids may be sent again."""
    return RequestRefused(Code.OVERLOADED, retry_after_s=getattr(error, "retry_after_s", 5), site=site)


def path_of(index: int, path: str) -> str:
    """`events[3].occurred_at`; of the whole event `events[3]`."""
    return f"events[{index}].{path}" if path else f"events[{index}]"


def sample_of(item: Item | object, batch: Batch) -> str:
    """The item as JSON, cut and without secrets; "" of a visitor of whom nothing but the event itself may be kept."""
    if batch.mode is not Mode.FULL:
        return ""
    try:
        text = _encoder.encode(item).decode()
    except (ValueError, OverflowError, RecursionError):  # half characters, great numbers: escaped instead
        text = _escaped(item)
    return redact_sample(text.encode()[:MAX_SAMPLE_BYTES].decode("utf-8", "ignore")).replace("\0", "")


_DEAD = Refusal(Code.MALFORMED, "", "it cannot be stored")


def _escaped(item: Item | object) -> str:
    try:
        return json.dumps(msgspec.to_builtins(item))
    except (ValueError, OverflowError, RecursionError):
        return ""


def _rejection(place: tuple[int, Item | object, Refusal], batch: Batch) -> Rejection:
    index, item, refusal = place
    return Rejection(
        at=batch.received_at,
        site=batch.site,
        code=refusal.code,
        path=path_of(index, refusal.path),
        message=refusal.message,
        door=batch.door,
        origin=batch.origin,
        sample=sample_of(item, batch),
    )


def _flagged(draft: Draft, warning: Refusal, batch: Batch) -> Rejection:
    """Counted, not refused: the event is taken although it does not fit its schema."""
    message = f"Taken all the same: {warning.message}"
    return _rejection((draft.index, draft.item, warning._replace(message=message)), batch)


def _invalid_visitor(batch: Batch) -> Rejection:
    """Counted, not refused: the event is taken, for a new visitor."""
    message = "The visitor token is not ours, or of another site: a new visitor was made."
    return Rejection(
        at=batch.received_at,
        site=batch.site,
        code=Code.VISITOR_INVALID,
        path="visitor",
        message=message,
        door=batch.door,
        origin=batch.origin,
    )


def _rejected(place: tuple[int, Item | object, Refusal]) -> Rejected:
    index, item, refusal = place
    id = item.id if isinstance(item, Item) else item.get("id") if isinstance(item, dict) else None
    may_be_said = isinstance(id, str) and not text_fault(id, MAX_ID_BYTES)
    return Rejected(index, id if may_be_said else None, refusal.code, path_of(index, refusal.path), refusal.message)


def _warned(index: int, warning: Refusal) -> Warned:
    return Warned(index, warning.code, path_of(index, warning.path), warning.message)
