"""Is everything there, once? Reads log.db and store.db beside the running deployment and compares.

acknowledged ⊆ log, each once        log's given events = store's, each once, at the same offset
acknowledged ⊆ stored ⊆ sent         log's derived events = store's, each once, taken back in both or in neither
to_log is empty                      sessions = the definition, computed here anew from the given events
"""

import sqlite3
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from collector.event_id import unpack_id
from collector.log.entry import DERIVED_DOOR, Entry, decode_entry
from collector.sqlite import connect
from tests.killed.process import Deployment
from tests.killed.wait import until

GAP_MS = 30 * 60_000
STARTED = "push_session_started"

# Every number in a row of the store must lead somewhere: a rollback must take what was remembered along.
_COLUMNS = ("kind", "door", "source", "visitor", "contact", "page", "agent")
DANGLING = " UNION ALL ".join(
    f"SELECT '{column}', id FROM events WHERE {column} IS NOT NULL AND {column} NOT IN (SELECT id FROM {column}s)"
    for column in _COLUMNS
)
_EVENTS = """
SELECT e.offset, e.id, d.name, k.key, e.at, e.flags & 1, v.visitor
FROM events e JOIN doors d ON d.id = e.door JOIN kinds k ON k.id = e.kind LEFT JOIN visitors v ON v.id = e.visitor
"""


class Stored(NamedTuple):
    """A row of the store. visitor: "" for none."""

    offset: int
    id: str
    door: str
    key: str
    at: int
    superseded: bool
    visitor: str


class Files:
    """What both files hold at one instant."""

    def __init__(self, deployment: Deployment) -> None:
        self.log = _read_log(deployment.log_path)
        with closing(connect(deployment.store_path, readonly=True)) as store:
            self.store = [_stored(row) for row in store.execute(_EVENTS)]
            self.sessions = [(unpack_id(i), at) for i, at in store.execute("SELECT id, started_at FROM sessions")]
            self.dangling = store.execute(DANGLING).fetchall()

    def given(self) -> list[tuple[int, str]]:
        """(offset, id) of the log's rows that somebody told us."""
        return [(offset, entry.id) for offset, entry in self.log if entry.door != DERIVED_DOOR]

    def said(self) -> dict[str, list[Entry]]:
        """What the log says of each derived event, in order."""
        said = defaultdict(list)
        for _, entry in self.log:
            if entry.door == DERIVED_DOOR:
                said[entry.id].append(entry)
        return said


def wait_drained(deployment: Deployment, *, within_s: float = 60.0) -> None:
    """Until the worker has read the whole log, has nothing to say, and no timer is due."""
    until(lambda: _is_drained(deployment), within_s, lambda: f"not drained: {_state(deployment)}\n{deployment.output}")


def files_at_rest(deployment: Deployment, *, within_s: float = 60.0) -> Files:
    """What both files hold at an instant at which nothing is between them, though things go on falling due."""
    return until(lambda: _at_rest(deployment), within_s, lambda: f"never at rest: {_state(deployment)}")


def _at_rest(deployment: Deployment) -> Files | None:
    before = _state(deployment)
    files = Files(deployment)
    position, waiting, _, end = after = _state(deployment)
    return files if before == after and position == end and not waiting else None


def check_all(deployment: Deployment, *, acked: set[str], sent: set[str]) -> Files:
    """Everything of this module's head; the deployment must be drained. Returns what was found."""
    files = Files(deployment)
    check_log(files.log, acked=acked, sent=sent)
    check_store(files)
    check_derived(files)
    check_sessions(files)
    return files


def check_log_alone(deployment: Deployment, *, acked: set[str], sent: set[str]) -> None:
    """What must hold at any instant, also with every process dead: nothing acknowledged is missing or double."""
    check_log(_read_log(deployment.log_path), acked=acked, sent=sent)


def check_log(log: list[tuple[int, Entry]], *, acked: set[str], sent: set[str]) -> None:
    """Each acknowledged id once, and nothing that nobody sent. What was sent and not acknowledged may be there."""
    times = Counter(entry.id for _, entry in log if entry.door != DERIVED_DOOR)
    assert [] == sorted(acked - times.keys())[:5], "acknowledged, but not in the log"
    assert [] == [id for id, count in times.items() if count > 1][:5], "more than once in the log"
    assert [] == sorted(times.keys() - sent)[:5], "in the log, but never sent"


def check_store(files: Files) -> None:
    """The log's given events are the store's, each once, at its place."""
    assert sorted(files.given()) == sorted((row.offset, row.id) for row in files.store if row.door != DERIVED_DOOR)
    assert [] == files.dangling[:5], "a row refers to what is not there"


def check_derived(files: Files) -> None:
    """Each derived event is once in the store, as it was said last in the log, where nothing is said twice in a row."""
    said = files.said()
    assert [] == [id for id, entries in said.items() if _stutters(entries)][:5], "said twice"
    stands = sorted(id for id, entries in said.items() if not entries[-1].retracted)
    rows = [row for row in files.store if row.door == DERIVED_DOOR]
    assert stands == sorted(row.id for row in rows if not row.superseded)
    assert {row.id for row in rows} <= said.keys()


def check_sessions(files: Files) -> None:
    """Each visitor's sessions are what the definition says of its events: a new one after 30 minutes of nothing."""
    pages = defaultdict(list)
    for row in files.store:
        if row.key == "page_visited" and row.visitor:
            pages[row.visitor].append(row.at)
    expected = sorted((visitor, at) for visitor, instants in pages.items() for at in _starts(instants))
    opened = [row for row in files.store if row.key == STARTED and not row.superseded]
    assert expected == sorted((row.visitor, row.at) for row in opened)
    assert sorted((row.id, row.at) for row in opened) == sorted(files.sessions)


def _starts(instants: Iterable[int]) -> list[int]:
    starts, last = [], None
    for at in sorted(instants):
        if last is None or at - last >= GAP_MS:
            starts.append(at)
        last = at
    return starts


def _stutters(entries: list[Entry]) -> bool:
    return any(before == after for before, after in pairwise(entries))


def _read_log(path: Path) -> list[tuple[int, Entry]]:
    with closing(connect(path, readonly=True)) as log:
        assert "ok" == log.execute("PRAGMA quick_check").fetchone()[0]
        return [(offset, decode_entry(body)) for offset, body in log.execute("SELECT offset, body FROM log")]


def _stored(row: tuple[int, bytes | str, str, str, int, int, str | None]) -> Stored:
    offset, id, door, key, at, superseded, visitor = row
    return Stored(offset, unpack_id(id), door, key, at, bool(superseded), visitor or "")


def _is_drained(deployment: Deployment) -> bool:
    position, waiting, due, end = _state(deployment)
    return position == end and waiting == due == 0


def _state(deployment: Deployment) -> tuple[int, int, int, int]:
    """(the worker's position, rows in to_log, timers that are due, end of the log), the log's end read last."""
    try:
        with closing(connect(deployment.store_path, readonly=True)) as store:
            position, waiting, due = store.execute(
                "SELECT coalesce((SELECT offset FROM positions WHERE reader = 'worker'), 0),"
                " (SELECT count(*) FROM to_log),"
                " (SELECT count(*) FROM threads WHERE wake_at <= ?)",
                (time.time_ns() // 1_000_000,),
            ).fetchone()
        with closing(connect(deployment.log_path, readonly=True)) as log:
            return position, waiting, due, log.execute("SELECT coalesce(max(offset), 0) FROM log").fetchone()[0]
    except sqlite3.OperationalError:  # a file that was never opened for writing since a kill, or is busy
        return -1, 0, 0, 0
