"""Which automations does the worker know, with the messages that they send and what holds for all?

Read again when one of them was changed. Whoever is in an older version goes on with that.
"""

import logging
from collections.abc import Mapping
from datetime import tzinfo

from collector.instant import zone_of
from collector.store.ports.automations.definitions import Automation
from collector.store.ports.work import WorkStore
from sessionizer.automations.book import Book, House, Live
from sessionizer.automations.check import Known, faults
from sessionizer.segments import condition as asks

PAUSED, STOPPED, ACTIVE = "paused", "stopped", "active"
LACKING = frozenset({"no_message", "no_recipient", "no_segment", "no_trigger", "no_step"})
"""Faults with which one can walk: a step fails, nobody comes in."""

logger = logging.getLogger(__name__)


class Directory:
    """One a worker."""

    def __init__(self, store: WorkStore, zone: tzinfo) -> None:
        self._store, self._zone = store, zone
        self._version, self._stamp = -1, ""
        self._older: dict[tuple[int, int], Live | None] = {}
        self.book = Book((), House(zone), self._was)
        self.segments: Mapping[int, asks.Condition] = {}
        self._known = Known()
        self.still: frozenset[int] = frozenset()
        """Those in which nothing goes on."""
        self.over: frozenset[int] = frozenset()
        """Those that everybody has to leave."""

    def forget(self) -> None:
        """The transaction was rolled back."""
        self._version, self._stamp = -1, ""

    def refresh(self) -> None:
        """Look whether something was changed; within the transaction."""
        version = self._store.data_version()
        if version != self._version:
            self._version, stamp = version, self._store.automations.stamp()
            if stamp != self._stamp:
                self._stamp = stamp
                self._read()

    def _read(self) -> None:
        work, found = self._store.automations, self._store.automations.automations()
        self._older.clear()
        self.segments = {one.id: one.condition for one in self._store.segments.questions()}
        self._known = Known(
            {id: mail.channel for id, mail in work.messages().items()},
            {id: asks.Definition(one) for id, one in self.segments.items()},
        )
        self.over = frozenset(one.id for one in found if one.status == STOPPED or one.archived_at is not None)
        lives = [self._live(one) for one in found if one.id not in self.over]
        self.still = (
            self.over | {one.id for one in found if one.status != ACTIVE} | {one.id for one in lives if one.still}
        )
        house = House(self._zone, work.rules(), work.messages(), zone_of)
        self.book = Book(lives, house, self._was)

    def _was(self, automation: int, version: int) -> Live | None:
        name = (automation, version)
        if name not in self._older:
            found = self._store.automations.version(automation, version)
            self._older[name] = None if found is None else Live(automation, version, found.definition, active_at=None)
        return self._older[name]

    def _live(self, one: Automation) -> Live:
        """As the sessionizer knows it. What nobody can walk through stands still: it would stop all the others."""
        unsound = [fault for fault in faults(one.definition, self._known) if fault.code not in LACKING]
        if unsound and one.active_at is not None:
            logger.error("automation %d (%s) stands still: %s: %s", one.id, one.name, unsound[0].path, unsound[0].says)
        is_sound = not unsound
        return Live(
            one.id,
            one.version,
            one.definition,
            active_at=one.active_at if is_sound else None,
            still=one.status == PAUSED or not is_sound,
        )
