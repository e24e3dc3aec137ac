"""How is a person erased? Step by step, one a turn of the worker; one that is killed goes on at the next start.

    asked   samples of refusals; then, in one transaction, tombstones and all of the person that an index leads to
    gone    events and log are looked through, piece by piece, for what is the person's and was found by no index
    swept   the store is compacted, the WALs are emptied: no byte of the person is in any file. Done

What an erased person did before comes again: late, replayed, restored, or not read yet. It is dropped where the log is
read, counted as a refusal (`erased`), and blanked.
"""

import logging
import re
import sqlite3
import time
from collections.abc import Callable, Sequence

import msgspec

from collector.errors import REFUSALS, Code
from collector.log.entry import AUTOMATION_DOOR, DERIVED_DOOR, ERASURE_DOOR, IDENTITY_DOOR, Entry
from collector.log.port import Rejection, Row
from collector.log.sqlite import SqliteLog
from collector.store.ports.erasing import Left, Open, Person
from collector.store.ports.work import WorkStore
from collector.work.erasure.graves import Graves
from sessionizer.derived import derived_id
from sessionizer.event import Kind

ERASED: Kind = ("contact", "erased")
ANONYMIZED: Kind = ("wallet", "anonymized")
BLANK_ROWS = 200
"""A transaction of the log of at most 5 ms."""
SWEEP_ROWS, SWEEP_EVENTS = 5_000, 20_000
"""A piece of some 20 ms."""
STEP_S = 0.1
"""So long nothing that comes is taken."""
AGAIN_S = 0.5
HOOK = "hook:"
"""Doors of webhooks, which keep what came last."""
SHORT = 4
"""A name that is shorter is looked for in quotes: too many other texts have it in them."""

logger = logging.getLogger(__name__)


class Sweep(msgspec.Struct):
    """How far events and log were looked through (offsets); None: to the end. left: of the agents those not yet met."""

    left: Left
    events_at: int | None = 0
    log_at: int | None = 0
    compacted: bool = False


class Eraser:
    """One a worker."""

    def __init__(self, log: SqliteLog, store: WorkStore, *, key: bytes, position: Callable[[], int]) -> None:
        """key: of the tombstones. position: up to which offset the log was read."""
        self._log, self._store, self._position = log, store, position
        self._erasing = store.erasing
        self._graves = Graves(store.erasing.tombstones, key=key)
        self._sweep: Sweep | None = None
        self._blanks = True  # a worker before this one may have left some
        self._blanked = False
        self._again_at = 0.0

    def sift(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Without those of erased people, which `blank` empties. Within the transaction that takes the others."""
        gone = self._graves.buried(rows)
        if not gone:
            return rows
        self._erasing.to_blank(gone)
        came = [row.entry for row in rows if row.offset in gone and row.entry.door.startswith(HOOK)]
        if came:
            doors = {entry.door for entry in came}
            self._erasing.forget_payloads_of(doors, at=max(entry.received_at for entry in came))
        self._blanks = True
        return [row for row in rows if row.offset not in gone]

    def blank(self) -> None:
        """Empty what `sift` has kept away. After the transaction."""
        while self._blanks:
            offsets = self._erasing.waiting(BLANK_ROWS)
            self._log.blank(offsets, _refused)
            self._erasing.blanked(offsets)
            self._blanks = len(offsets) == BLANK_ROWS
            self._blanked = self._blanked or bool(offsets)

    def waits(self) -> bool:
        """Whether it is time to try again what could not be done before."""
        return 0 < self._again_at <= time.monotonic()

    def step(self, now: int, forget: Callable[[], None]) -> bool:
        """Do a piece of what is to be done; whether anything was. now: ms UTC. forget: what the worker remembers."""
        open = self._erasing.open()
        asked = next((one for one in open if one.upto is None), None)
        if asked is not None:
            self._erase(asked, now)
            forget()
        elif open:
            return self._look_for_a_while(now)
        elif self._blanked:
            return self._settle()
        return asked is not None

    def _erase(self, asked: Open, now: int) -> None:
        people = self._store.people
        contacts = people.closure(people.resolve(asked.contact)) if people.exists(asked.contact) else ()
        person = self._erasing.person(contacts)
        names = finder(person)
        self._log.forget_samples(names)
        at = max(now, person.last_at)
        with self._store.transaction():
            self._erasing.forget_payloads(person, names, at=now)
            self._graves.bury(person, at)
            self._erasing.erase(asked.id, person, at=at, upto=self._position())
        self._graves.remember()
        self._store.forget()
        self._sweep = None

    def _look_for_a_while(self, now: int) -> bool:
        until = time.monotonic() + STEP_S
        while (goes_on := self._look_on(now)) and self._sweep is not None and time.monotonic() < until:
            pass
        return goes_on

    def _look_on(self, now: int) -> bool:
        """One piece of the events, for agents that nobody else has; of the log; then the rest."""
        if self._sweep is None:
            self._sweep = Sweep(self._erasing.left())
        if self._sweep.events_at is not None:
            self._sweep_events(self._sweep, self._sweep.events_at)
        elif self._sweep.log_at is not None:
            self._sweep.log_at = self._sweep_log(self._sweep.log_at, self._sweep.left.upto)
        elif not self._sweep.compacted:
            self._compact()
            self._sweep.compacted = True
        elif self._settle():
            self._log.append([entry for id in self._sweep.left.ids for entry in _said(id, now)])
            self._erasing.done(self._sweep.left.ids, now)
            self._sweep = None
        else:
            return False
        return True

    def _sweep_log(self, after: int, upto: int) -> int | None:
        """Rows of the person that the store has no event of, such as a second copy, or what was taken back."""
        read = self._log.read(after, SWEEP_ROWS)
        theirs = self._graves.buried([row for row in read if row.offset <= upto])
        others = self._erasing.recorded(theirs)
        gone = sorted(theirs.keys() - others)
        for start in range(0, len(gone), BLANK_ROWS):
            self._log.blank(gone[start : start + BLANK_ROWS])
        if claims := {offset: theirs[offset] for offset in others}:
            with self._store.transaction():
                self._erasing.strip(claims)
            self._log.strip(claims)
        return read[-1].offset if read and read[-1].offset < upto else None

    def _sweep_events(self, sweep: Sweep, after: int) -> None:
        with self._store.transaction():
            sweep.events_at, agents = self._erasing.unused(sweep.left.agents, after=after, limit=SWEEP_EVENTS)
            if sweep.events_at is None:
                self._erasing.forget_agents(agents)
        sweep.left = sweep.left._replace(agents=agents)
        if sweep.events_at is None and agents:
            self._store.forget()

    def _compact(self) -> None:
        try:
            self._erasing.compact()
        except sqlite3.OperationalError as error:  # no room for a second file, or locked: the rest is done all the same
            logger.warning("store.db was not compacted after an erasure: %s", error)

    def _settle(self) -> bool:
        """Empty the WALs; whether that could be done now. Else it is tried again soon."""
        if time.monotonic() < self._again_at:
            return False
        settled = self._log.empty_wal() and self._erasing.empty_wal()
        self._again_at = 0.0 if settled else time.monotonic() + AGAIN_S
        self._blanked = self._blanked and not settled
        return settled


def finder(person: Person) -> Callable[[str], bool]:
    """Whether a text names the person."""
    texts = {*person.browsers.values(), *(value for _, value in person.identifiers)}
    words = [re.escape(f'"{text}"' if len(text) < SHORT else text) for text in sorted(texts)]
    found = re.compile("|".join(rf"(?<!\w){word}(?!\w)" for word in words), re.IGNORECASE)
    return lambda text: bool(words) and found.search(text) is not None


def _said(id: str, at: int) -> list[Entry]:
    """That somebody was erased, and not who. Said twice, after a death, it is one event."""
    return [
        Entry(
            ERASURE_DOOR, DERIVED_DOOR, 0, derived_id(ERASURE_DOOR, kind, id, 0), *kind, occurred_at=at, received_at=at
        )
        for kind in (ERASED, ANONYMIZED)
    ]


def _refused(entry: Entry) -> Rejection | None:
    """What was said by the worker itself is nobody's loss."""
    if entry.door in (DERIVED_DOOR, IDENTITY_DOOR, AUTOMATION_DOOR):
        return None
    says = REFUSALS[Code.ERASED].says
    return Rejection(entry.received_at, entry.site, Code.ERASED, "", says, entry.door)
