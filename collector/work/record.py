"""How does a row of the log become an event of the store? Unknown, enriched, somebody's: then recorded.

Given events get their contact (`identify.py`), user agent and page; derived ones, which come back through the log,
are recorded, revised or retracted.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby

from collector.log.entry import AUTOMATION_DOOR, DERIVED_DOOR, IDENTITY_DOOR, RECEIPT_DOOR, Entry
from collector.log.port import Row
from collector.store.ports.work import NewEvent, WorkStore
from collector.store.sqlite.body import ACTIVITY, BOT, HISTORICAL
from collector.work.agents import read_agent
from collector.work.decide import Batch, Fresh
from collector.work.identify import Identify, Whose
from collector.work.learn import Learner
from collector.work.receipts import Receipts, is_machine
from sessionizer.catalogue import is_activity
from sessionizer.event import NOTHING, Agent, Event

SAID_ONCE = (IDENTITY_DOOR, RECEIPT_DOOR, AUTOMATION_DOOR)
"""Doors of what this process says beside the rules."""


class Recorder:
    """Turns rows into events of the store. One a worker."""

    def __init__(self, store: WorkStore, identify: Identify, receipts: Receipts) -> None:
        self._store, self._identify, self._receipts = store, identify, receipts
        self._learner = Learner(store.learned)

    def record(self, rows: Sequence[Row]) -> Batch:
        """Record the rows that are new; say which contacts have new events, and who was joined."""
        given = [row for row in rows if row.entry.door != DERIVED_DOOR]
        self._store.people.meet({row.entry.visitor for row in rows if row.entry.visitor})
        self._receipts.meet(row.entry for row in given)
        seen = self._store.histories.recorded([(row.entry.door, row.entry.id) for row in given])
        events: list[NewEvent] = []
        fresh: list[Fresh] = []
        for offset, entry in given:
            name = (entry.door, entry.id)
            if entry.retracted:
                self._identify.part(entry)
            elif name not in seen:
                seen.add(name)
                events.append(self._take(offset, entry, fresh))
        self._store.histories.record(events)
        self._learner.learn(events)
        self._receipts.flush()
        self._settle([entry for _, entry in given if entry.door in SAID_ONCE])
        if len(given) < len(rows):
            self._say([row for row in rows if row.entry.door == DERIVED_DOOR])
        return self._batch(fresh)

    def _take(self, offset: int, entry: Entry, fresh: list[Fresh]) -> NewEvent:
        entry = self._receipts.named(entry)
        number, agent = self._store.agent(entry.user_agent, read_agent) if entry.user_agent else (None, None)
        bot = (agent is not None and agent.bot) or is_machine(entry)
        visitor, contact = self._whose(entry, bot=bot)
        if not bot:
            self._receipts.note(entry, contact)
        event = _event(entry, agent)
        if contact is not None:
            fresh.append(Fresh(offset, event, contact, entry.historical))
        flags = (BOT if bot else 0) | (ACTIVITY if event.activity else 0) | (HISTORICAL if entry.historical else 0)
        return _recorded(offset, entry, visitor, contact, number, flags)

    def _whose(self, entry: Entry, *, bot: bool) -> Whose:
        if bot:
            return self._identify.of_bot(entry)
        if entry.door == IDENTITY_DOOR:
            self._identify.merge(entry)
            return self._identify.of_identity(entry)
        if entry.door == AUTOMATION_DOOR:
            return self._identify.of_automation(entry)
        return self._identify.whose(entry)

    def _settle(self, entries: Sequence[Entry]) -> None:
        """What was said of joins and of messages has come back, and which of the joins were taken back."""
        self._store.histories.retract([entry.id for entry in entries if entry.retracted], door=IDENTITY_DOOR)
        self._store.outgoing.settle((entry.id, False) for entry in entries if not entry.retracted)

    def _say(self, rows: Sequence[Row]) -> None:
        """Derived events have come back, in the order in which they were said: they are no longer on their way."""
        histories, back = self._store.histories, []
        for retracted, run in groupby(rows, key=lambda row: row.entry.retracted):
            together = list(run)
            if retracted:
                histories.retract([row.entry.id for row in together], door=DERIVED_DOOR)
            else:
                histories.say([self._said(*row) for row in together])
            back += [(row.entry.id, retracted) for row in together]
        self._store.outgoing.settle(back)

    def _said(self, offset: int, entry: Entry) -> NewEvent:
        visitor = self._store.people.visitor(entry.visitor) if entry.visitor else None
        return _recorded(offset, entry, visitor.number if visitor else None, entry.contact, None, 0)

    def _batch(self, fresh: list[Fresh]) -> Batch:
        """By survivor: an event is recorded as that of whoever had the browser, and may be another's by now."""
        joins, resolve = self._identify.joined(), self._store.people.resolve
        by_contact: defaultdict[int, list[Fresh]] = defaultdict(list)
        for new in fresh:
            by_contact[resolve(new.contact)].append(new)
        absorbed: defaultdict[int, list[int]] = defaultdict(list)
        for join in joins:
            if (survivor := resolve(join.absorbed)) != join.absorbed:  # else it was taken back in this very batch
                absorbed[survivor].append(join.absorbed)
        parted = {resolve(contact) for contact in self._identify.parted()}
        return Batch(by_contact, absorbed, parted, [join.said for join in joins if join.said is not None])


def _event(entry: Entry, agent: Agent | None) -> Event:
    activity = is_activity(
        entry.category,
        entry.key,
        door_is_browser=entry.public,
        has_visitor=bool(entry.visitor),
        said=entry.activity,
    )
    return Event(
        entry.occurred_at, entry.id, entry.category, entry.key, entry.properties or NOTHING, entry.page, entry.visitor,
        entry.site, agent, activity, depth=entry.depth, object=entry.object,
    )  # fmt: skip


def _recorded(
    offset: int, e: Entry, visitor: int | None, contact: int | None, agent: int | None, flags: int
) -> NewEvent:
    return NewEvent(
        offset, e.id, e.door, e.category, e.key, e.source, e.site, e.occurred_at, e.received_at, visitor, contact,
        e.page, agent, flags, e.ip, e.seq, e.properties, e.identifiers, e.object, e.causes, e.depth, e.attributes,
    )  # fmt: skip
