"""How does a file become events of the log? Batch by batch: read, decide, append, remember how far.

    rows → events (`event_row.py`, `contact_row.py`) → the pipeline of the secret door → one commit → the place

The log takes rows of several processes, one after the other: an import needs no server, and disturbs none. An append is
on disk before its place is written; a run that was killed repeats at most one batch, and the store keeps each id once.
What the store has is not sent again: a file may be imported twice, or again when it has grown.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import msgspec

from collector.ingest.bounds import MAX_PROPERTIES_BYTES
from collector.ingest.draft import Batch, Draft, Misfit, Refusal, entry_of
from collector.ingest.item import ServerItem
from collector.ingest.pipeline import decide
from collector.ingest.skew import FIRST_AT
from collector.log.entry import Entry
from collector.log.port import Log
from collector.moving.event_row import EventRow, LeftOut, agent_of, raw_of
from collector.moving.place import PlaceFile
from collector.moving.rejects import Refused, Rejects
from collector.moving.rows import Row, rows
from collector.store.ports.definitions.schemas import PinnedSchema
from collector.told_agent import told
from sessionizer.event import Kind

DOOR = SOURCE = "import"
BATCH_ROWS = 2_000
"""A commit of some 10 ms: so long a running server may wait for its own."""

NAMED = 10
"""Refused rows that are named one by one."""

WARNINGS = 50
"""Different ones that are counted."""

Read = Callable[[Row], "Sequence[ServerItem] | Misfit | LeftOut"]
"""A row → the events that it becomes."""

Watch = Callable[[float, int], None]
"""Told now and then: the share of the file that is read (0 to 1), and rows."""


class Target(NamedTuple):
    """Where it goes. log: None when nothing is to be written. known: which entries the store has, by id.

    site: of rows that name none, 0 for none. pinned: schemas that events are held to.
    """

    log: Log | None
    known: Callable[[Sequence[Entry]], set[str]]
    is_site: Callable[[int], bool]
    clock: Callable[[], int]
    ahead_ms: int
    site: int = 0
    pinned: Mapping[Kind, PinnedSchema] = {}


class Done(msgspec.Struct):
    """How far a file is imported, and what came of it. rejects_bytes: length of the file of refused rows.

    size, changed_ns: of the file; another one is another file. taken, known: events; the others are rows.
    """

    size: int
    changed_ns: int
    row: int = 0
    rejects_bytes: int = 0
    taken: int = 0
    known: int = 0
    left_out: dict[str, int] = {}
    refused: dict[str, int] = {}
    warned: dict[str, int] = {}


class Paths(NamedTuple):
    """The file, where its place is kept meanwhile, and where refused rows go (None: nowhere)."""

    file: Path
    place: Path
    rejects: Path | None


class Report(NamedTuple):
    """What came of a file. first: refused rows of this run, as many as are named. went_on: the row it began behind."""

    done: Done
    first: list[Refused]
    went_on: int


def bring_in(paths: Paths, read: Read, target: Target, watch: Watch = lambda share, rows: None) -> Report:
    """Import a file from where it was interrupted, or from its beginning.

    Raises Unusable for a file that cannot be read, OSError, sqlite3.Error when there is no room; what was imported by
    then stays, and the same call goes on.
    """
    place = PlaceFile(paths.place, Done)
    done, writes = _begun(paths.file, place), target.log is not None
    went_on = done.row
    with closing(Rejects(paths.rejects, done.rejects_bytes)) as rejects:
        run = _Run(read, target, done, rejects)
        waiting = rows(paths.file, after=done.row)
        while chunk := list(islice(waiting, BATCH_ROWS)):
            run.take(chunk)
            if writes:
                place.write(done)
            watch(chunk[-1].at / max(done.size, 1), done.row)
    if writes:
        place.remove()
    return Report(done, run.first, went_on)


def _begun(file: Path, place: PlaceFile[Done]) -> Done:
    """Where an earlier run of the same file has stopped, else its beginning."""
    stat, done = file.stat(), place.read()
    if done is not None and (done.size, done.changed_ns) == (stat.st_size, stat.st_mtime_ns):
        return done
    return Done(stat.st_size, stat.st_mtime_ns)


class _Run:
    """One file on its way in."""

    def __init__(self, read: Read, target: Target, done: Done, rejects: Rejects) -> None:
        self._read, self._target, self._done, self._rejects = read, target, done, rejects
        self.first: list[Refused] = []

    def take(self, chunk: Sequence[Row]) -> None:
        """Decide about some rows, and append what they say."""
        entries: list[Entry] = []
        large, small = self._batch(is_small=False), self._batch(is_small=True)
        for row in chunk:
            items = self._read(row)
            if isinstance(items, LeftOut):
                _count(self._done.left_out, items)
            elif isinstance(items, Misfit):
                self._refuse(row, items.refusal)
            else:
                entries += self._decided(row, items, small if 0 < len(row.line) <= MAX_PROPERTIES_BYTES else large)
        self._append(entries)
        self._done.row, self._done.rejects_bytes = chunk[-1].number, self._rejects.length

    def _batch(self, *, is_small: bool) -> Batch:
        target = self._target
        return Batch(
            door=DOOR,
            source=SOURCE,
            received_at=target.clock(),
            oldest_at=FIRST_AT,
            ahead_ms=target.ahead_ms,
            is_small=is_small,
            site=target.site,
            is_site=target.is_site,
            pinned=target.pinned,
        )

    def _decided(self, row: Row, items: Iterable[ServerItem], batch: Batch) -> list[Entry]:
        """The entries of a row: all of its events, or none."""
        drafts = []
        for item in items:
            draft = decide(item, 0, batch)
            if not isinstance(draft, Draft):
                self._refuse(row, draft)
                return []
            drafts.append(draft)
        for draft in drafts:
            for warning in draft.warnings:
                self._warn(f"{warning.path or 'row'}: {warning.message}")
        return [_entry(draft, batch) for draft in drafts]

    def _append(self, entries: list[Entry]) -> None:
        known = self._target.known(entries) if entries else set()
        fresh = [entry for entry in entries if entry.id not in known] if known else entries
        if fresh and self._target.log is not None:
            self._target.log.append(fresh)
        self._done.taken += len(fresh)
        self._done.known += len(entries) - len(fresh)

    def _refuse(self, row: Row, refusal: Refusal) -> None:
        _count(self._done.refused, refusal.code)
        refused = Refused(row.number, refusal.path, refusal.code, refusal.message)
        if len(self.first) < NAMED:
            self.first.append(refused)
        self._rejects.keep(refused, raw_of(row))

    def _warn(self, warning: str) -> None:
        if warning in self._done.warned or len(self._done.warned) < WARNINGS:
            _count(self._done.warned, warning)


def _entry(draft: Draft, batch: Batch) -> Entry:
    entry = entry_of(draft, batch)
    agent = draft.item.agent if type(draft.item) is EventRow else None
    return entry if agent is None else msgspec.structs.replace(entry, user_agent=told(agent_of(agent)))


def _count(counts: dict[str, int], name: str) -> None:
    counts[str(name)] = counts.get(str(name), 0) + 1
