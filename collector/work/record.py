"""How does a row of the log become an event of the store? Unknown, enriched, somebody's: then recorded.

Given events get their contact (`identify.py`), user agent and page; derived ones, which come back through the log,
are recorded, revised or retracted.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from collector.log.entry import DERIVED_DOOR, IDENTITY_DOOR, Entry
from collector.log.port import Row
from collector.store.ports.work import NewEvent, Said, WorkStore
from collector.store.sqlite.body import ACTIVITY, BOT, HISTORICAL
from collector.work.agents import read_agent
from collector.work.decide import Fresh
from collector.work.identify import Identify, Whose
from sessionizer.catalogue import is_activity
from sessionizer.event import NOTHING, Agent, Event


class Batch(NamedTuple):
    """What a batch brought. fresh: new events of contacts (survivors). joins: survivor → those whom it absorbed.

    said: what the joins have to say to the log.
    """

    fresh: dict[int, list[Fresh]]
    joins: dict[int, list[int]]
    said: list[Said]


class Recorder:
    """Turns rows into events of the store. One a worker."""

    def __init__(self, store: WorkStore, identify: Identify) -> None:
        self._store, self._identify = store, identify

    def record(self, rows: Sequence[Row]) -> Batch:
        """Record the rows that are new; say which contacts have new events, and who was joined."""
        given = [row for row in rows if row.entry.door != DERIVED_DOOR]
        self._store.people.meet({row.entry.visitor for row in rows if row.entry.visitor})
        seen = self._store.histories.recorded([(row.entry.door, row.entry.id) for row in given])
        events: list[NewEvent] = []
        fresh: list[tuple[int, Fresh]] = []
        for offset, entry in given:
            name = (entry.door, entry.id)
            if name not in seen:
                seen.add(name)
                events.append(self._take(offset, entry, fresh))
        self._store.histories.record(events)
        self._store.outgoing.settle((entry.id, False) for _, entry in given if entry.door == IDENTITY_DOOR)
        if len(given) < len(rows):
            self._say([row for row in rows if row.entry.door == DERIVED_DOOR])
        return self._batch(fresh)

    def _take(self, offset: int, entry: Entry, fresh: list[tuple[int, Fresh]]) -> NewEvent:
        number, agent = self._store.agent(entry.user_agent, read_agent) if entry.user_agent else (None, None)
        bot = agent is not None and agent.bot
        visitor, contact = self._whose(entry, bot=bot)
        event = _event(entry, agent)
        if contact is not None:
            fresh.append((contact, Fresh(offset, event)))
        flags = (BOT if bot else 0) | (ACTIVITY if event.activity else 0) | (HISTORICAL if entry.historical else 0)
        return _recorded(offset, entry, visitor, contact, number, flags)

    def _whose(self, entry: Entry, *, bot: bool) -> Whose:
        if bot:
            return self._identify.of_bot(entry)
        return self._identify.of_identity(entry) if entry.door == IDENTITY_DOOR else self._identify.whose(entry)

    def _say(self, rows: Sequence[Row]) -> None:
        """Derived events have come back, in the order in which they were said: they are no longer on their way."""
        histories, back = self._store.histories, []
        for retracted, run in groupby(rows, key=lambda row: row.entry.retracted):
            together = list(run)
            if retracted:
                histories.retract([row.entry.id for row in together])
            else:
                histories.say([self._said(*row) for row in together])
            back += [(row.entry.id, retracted) for row in together]
        self._store.outgoing.settle(back)

    def _said(self, offset: int, entry: Entry) -> NewEvent:
        visitor = self._store.people.visitor(entry.visitor) if entry.visitor else None
        return _recorded(offset, entry, visitor.number if visitor else None, entry.contact, None, 0)

    def _batch(self, fresh: list[tuple[int, Fresh]]) -> Batch:
        """By survivor: a contact of an early row may have been absorbed by a later one."""
        joins = self._identify.joined()
        resolve = self._store.people.resolve if joins else int
        by_contact: defaultdict[int, list[Fresh]] = defaultdict(list)
        for contact, new in fresh:
            by_contact[resolve(contact)].append(new)
        absorbed: defaultdict[int, list[int]] = defaultdict(list)
        for join in joins:
            absorbed[self._store.people.resolve(join.absorbed)].append(join.absorbed)
        return Batch(by_contact, absorbed, [join.said for join in joins])


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
        entry.site, agent, activity,
    )  # fmt: skip


def _recorded(
    offset: int, e: Entry, visitor: int | None, contact: int | None, agent: int | None, flags: int
) -> NewEvent:
    return NewEvent(
        offset, e.id, e.door, e.category, e.key, e.source, e.site, e.occurred_at, e.received_at, visitor, contact,
        e.page, agent, flags, e.ip, e.seq, e.properties, e.identifiers, e.object, e.causes, e.depth, e.attributes,
    )  # fmt: skip
