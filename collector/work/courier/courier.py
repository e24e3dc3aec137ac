"""How do messages go out? What is due is taken, looked at, printed, given to its channel, settled; many at a time.

Reads the clock that it is given. One an outbox: what it has in hand stands only in its memory, so that a courier that
dies leaves everything where it was, but for what it was just giving away.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from collector.access.standing import UNANSWERED
from collector.delivery.mail.address import spellings
from collector.delivery.pace import Lane, Pace
from collector.delivery.port import Accepted, Broken, Channel, Deferred, Outcome, Refused, Uncertain
from collector.privacy.tombstone import Name
from collector.store.ports.messages.outbox import Delivery, Due, Journal, Person, Settlement, Suppression
from collector.work.courier.group import Group
from collector.work.courier.printing import DENIED, Printed, Printer, Unprintable
from collector.work.courier.verdict import Moment, Verdict, receipt_of, row_of, verdict
from sessionizer.identifier import canonical
from sessionizer.messages.receipt import IDENTIFIERS, left_as

SLOTS = 32
"""So many are given away at once; a channel may take fewer."""
AHEAD = 128
MOST_HELD = 500
FIRST_REST_MS, LONGEST_REST_MS = 2_000, 60_000
WAY = frozenset({"connect", "resolve", "tls"})
"""Codes by which nobody answers: the next mail would fare alike."""
KNOWN_AGAIN = frozenset({"webhook"})
"""Channels where whoever gets a delivery twice knows it by its id."""
BUSY_S, QUIET_S, QUIET_AFTER_S = 0.02, 0.2, 10.0

logger = logging.getLogger(__name__)


class Withdrawn(asyncio.CancelledError):
    """Somebody cancelled it in the last moment: the channel lets go of it, as when the courier stops."""


class Shut(NamedTuple):
    """A channel whose way is shut: until when it is left alone, ms UTC, after so many failures in a row."""

    until: int
    failures: int

    def again(self, now: int) -> "Shut":
        """It was tried and was shut; those that were under way when the rest began say nothing new."""
        if now < self.until:
            return self
        return Shut(now + min(LONGEST_REST_MS, FIRST_REST_MS << min(self.failures, 10)), self.failures + 1)


OPEN = Shut(0, 0)


class Ways(NamedTuple):
    """With what a courier works. clock: ms UTC. chance: a number from 0 to 1. hash_of: of the tombstones. resends:
    whether what is uncertain is sent again."""

    journal: Journal
    printer: Printer
    channels: Mapping[str, Channel]
    pace: Pace
    clock: Callable[[], int]
    chance: Callable[[], float]
    hash_of: Callable[[Name], bytes]
    resends: bool


class Courier:
    """One a worker. Everything in the loop in which `run` was called."""

    def __init__(self, ways: Ways, group: Group) -> None:
        self._ways, self._group = ways, group
        self._ready: deque[tuple[Delivery, Lane]] = deque()
        self._tasks: dict[asyncio.Task[None], str] = {}
        self._held: dict[str, int] = {}  # domain: until when it rests, ms UTC
        self._shut: dict[str, Shut] = {}  # channel
        self._quiet_since = asyncio.get_running_loop().time()

    async def run(self, stopping: Callable[[], bool]) -> None:
        """Go round until told to stop; what is being given away then comes to its end."""
        await self.begin()
        while not stopping():
            try:
                await self._round()
            except Exception:  # a loop edge: a disk that is full or a locked file passes
                logger.exception("courier: a round failed and will be tried again")
                await asyncio.sleep(1)
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def begin(self) -> None:
        """Settle what a process that died was giving away: nobody knows whether it went."""
        now = self._ways.clock()
        says = "the process died while it was given away"
        for id, channel in self._ways.journal.interrupted():
            if self._ways.resends or channel in KNOWN_AGAIN:
                await self._group.settle(Settlement(id, "waiting", now, f"uncertain: {says}", due_at=now))
            else:
                await self._group.settle(Settlement(id, "uncertain", now, says))

    async def empty(self) -> None:
        """Go round until nothing is due; for tests and benchmarks."""
        while self._fill() or self._tasks:
            await self._wait(BUSY_S)

    async def _round(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._fill() or self._tasks:
            self._quiet_since = now
        await self._wait(BUSY_S if now - self._quiet_since < QUIET_AFTER_S else QUIET_S)

    async def _wait(self, seconds: float) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        else:
            await asyncio.sleep(seconds)

    def _fill(self) -> bool:
        """Begin as many as there is room for; whether any were due."""
        now = self._ways.clock()
        if len(self._ready) < SLOTS:
            self._fetch(now)
        begun = False
        while self._ready and len(self._tasks) < SLOTS:
            delivery, lane = self._ready.popleft()
            if now < self._shut.get(delivery.channel, OPEN).until:
                continue  # it is fetched again when the way may be open
            wait_ms = self._ways.pace.take(lane, now)
            if wait_ms:
                self._held[delivery.domain] = now + wait_ms
            else:
                self._begin(delivery, lane)
                begun = True
        return begun

    def _lane(self, delivery: Delivery) -> Lane:
        domain = delivery.domain if delivery.channel == "email" else ""
        return Lane(delivery.channel, self._ways.printer.account_of(delivery), domain)

    def _fetch(self, now: int) -> None:
        """What is due, but for domains that rest; of so many that everything rests, nothing until one is free again."""
        self._held = {domain: until for domain, until in self._held.items() if until > now}
        if len(self._held) < MOST_HELD:
            in_hand = {*self._tasks.values(), *(one.id for one, _ in self._ready)}
            shut = [channel for channel, rest in self._shut.items() if now < rest.until]
            wanted = Due(now, AHEAD - len(self._ready), without=in_hand, held=self._held.keys(), shut=shut)
            found = self._ways.journal.due(wanted)
            if found:
                self._ways.printer.refresh()
            self._ready += [(one, self._lane(one)) for one in found]

    def _begin(self, delivery: Delivery, lane: Lane) -> None:
        task = asyncio.create_task(self._carry(delivery, lane))
        self._tasks[task] = delivery.id
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.pop(task, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("courier: a delivery failed in an unforeseen way", exc_info=error)

    async def _carry(self, delivery: Delivery, lane: Lane) -> None:
        """One delivery, from waiting to settled."""
        reason = self._forbidden(delivery)
        if reason:
            await self._group.settle(Settlement(delivery.id, "skipped", self._ways.clock(), reason))
            return
        try:
            printed = self._ways.printer.print(self._spared(delivery), self._ways.clock())
        except UNANSWERED:
            raise  # a file that is locked passes
        except Exception as error:  # a loop edge: what cannot be made is one delivery's fault, and not tried for ever
            if not isinstance(error, Unprintable):
                logger.exception("courier: delivery %s cannot be made", delivery.id)
            await self._group.settle(Settlement(delivery.id, "failed", self._ways.clock(), str(error)[:500]))
            return
        try:
            outcome = await self._give(delivery, printed)
        except Withdrawn:
            return
        self._learn(delivery, lane, outcome)
        await self._settle(delivery, outcome, printed)

    def _forbidden(self, delivery: Delivery) -> str:
        """Why it must not be sent; "" when it may."""
        if delivery.purpose == "marketing" and self._ways.printer.consent_of(delivery) == DENIED:
            return "consent was withdrawn: no marketing is sent there"
        row = self._left(delivery, delivery.recipient)
        return (
            "" if row is None else f"{row.reason}: nothing {'' if row.scope == 'all' else row.scope + ' '}is sent there"
        )

    def _left(self, delivery: Delivery, address: str) -> Suppression | None:
        """Why an address is left alone, however its domain is written."""
        kind, purpose = IDENTIFIERS.get(delivery.channel, delivery.channel), left_as(delivery.purpose)
        rows = (
            self._ways.journal.suppression(delivery.channel, self._ways.hash_of((kind, one)), purpose)
            for one in (spellings(address) if delivery.channel == "email" else (address,))
        )
        return next((row for row in rows if row is not None), None)

    def _spared(self, delivery: Delivery) -> Delivery:
        """Without copies to those who are left alone."""
        order = delivery.order
        if not (order.cc or order.bcc):
            return delivery

        def spared(people: Iterable[Person]) -> tuple[Person, ...]:
            named = ((one, canonical("email_id", one.email) or one.email) for one in people)
            return tuple(one for one, address in named if self._left(delivery, address) is None)

        return replace(delivery, order=replace(order, cc=spared(order.cc), bcc=spared(order.bcc)))

    async def _give(self, delivery: Delivery, printed: Printed) -> Outcome:
        channel = self._ways.channels.get(delivery.channel)
        if channel is None:
            return Broken(
                f"this deployment has no way to send {delivery.channel}: docs/delivery.md says how to set it up"
            )
        begun = False

        async def begin() -> None:
            nonlocal begun
            if not await self._group.begin(delivery.id):
                raise Withdrawn
            begun = True

        try:
            return await channel.send(printed.parcel, begin)
        except Exception as error:  # a loop edge: a channel's mistake is one delivery's, not everybody's
            logger.exception("courier: channel %s failed", delivery.channel)
            return Uncertain(repr(error)) if begun else Broken(repr(error))

    def _learn(self, delivery: Delivery, lane: Lane, outcome: Outcome) -> None:
        """When the way itself is shut, everything that goes there rests; else the recipient's domain, if it defers."""
        now = self._ways.clock()
        if isinstance(outcome, Accepted):
            self._shut.pop(delivery.channel, None)
        if is_shut(outcome):
            self._shut[delivery.channel] = self._shut.get(delivery.channel, OPEN).again(now)
        elif isinstance(outcome, Deferred):
            self._ways.pace.deferred(lane, now, outcome.after_ms)
        elif isinstance(outcome, Accepted | Refused):
            self._ways.pace.went(lane)

    async def _settle(self, delivery: Delivery, outcome: Outcome, printed: Printed) -> None:
        moment = Moment(self._ways.clock(), self._ways.chance(), self._ways.resends)
        what: Verdict = verdict(delivery, outcome, moment)
        settlement, subject = what.settlement, printed.parcel.subject
        if isinstance(outcome, Broken):
            logger.error("delivery %s cannot be sent: %s", delivery.id, outcome.reason)
        if settlement.state == "sent":
            settlement = settlement._replace(shown=printed.shown)
        said = enumerate(what.said)  # one after the other, so that they are shown in this order
        entries = (receipt_of(delivery, one, at=moment.now + place, subject=subject) for place, one in said)
        receipts = [row_of(entry) for entry in entries if entry is not None]
        await self._group.settle(settlement._replace(subject=subject), receipts)


def is_shut(outcome: Outcome) -> bool:
    """Whether every other delivery of the channel would fare alike."""
    if isinstance(outcome, Broken):
        return outcome.everybody
    return isinstance(outcome, Deferred) and outcome.code in WAY
