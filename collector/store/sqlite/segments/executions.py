"""Who is in a segment by each of the three executions? Read for `sentiero segment check`, beside the worker.

What the worker keeps (`segment_members`), what the statement finds (`compile.py`), and what the definition needs to say
it: people with their histories. All that is read within one `instant` is of one state of the store.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from collector.store.ports.contacts import Meets
from collector.store.ports.work import Question, Walk
from collector.store.sqlite.contacts import ANSWER, contact_of
from collector.store.sqlite.readers import readonly
from collector.store.sqlite.segments.compile import EVERYBODY, compiled
from collector.store.sqlite.segments.functions import FUNCTIONS, Connection
from collector.store.sqlite.segments.survivors import SURVIVOR
from collector.store.sqlite.segments.work import SqliteSegmentWork
from collector.store.sqlite.work.histories import SqliteHistories
from collector.store.sqlite.work.words import Words
from sessionizer.event import Event, Kind
from sessionizer.segments.history import Person, order

CACHE_KIB = 65_536
BUSY_MS = 5_000

_KEPT = "SELECT contact FROM segment_members WHERE segment = ?"
_MEMBERS = """SELECT absorbed, survivor FROM contact_links
              WHERE survivor IN (SELECT value FROM json_each(?))"""
_KNOWN = f"{ANSWER} AND c.id IN (SELECT value FROM json_each(:ids))"
_DUE = f"""SELECT contact FROM segment_threads WHERE wake_at <= ? UNION
           SELECT {SURVIVOR.format("contact")} FROM to_log"""


class SqliteExecutions:
    """Implements `ports.segments.Executions`."""

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated; opened for reading only. Raises sqlite3.OperationalError where none is."""
        self._connection = opened(path)
        for pragma in ("query_only = 1", f"busy_timeout = {BUSY_MS}", f"cache_size = -{CACHE_KIB}"):
            self._connection.execute(f"PRAGMA {pragma}")
        for name, (arity, function) in FUNCTIONS.items():
            self._connection.create_function(name, arity, function, deterministic=True)
        self._histories = SqliteHistories(self._connection, Words(self._connection))
        self._work = SqliteSegmentWork(self._connection)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def instant(self) -> Iterator[None]:
        """See the port."""
        self._connection.execute("BEGIN")
        self._connection.execute("SELECT 1 FROM segment_walks LIMIT 1").fetchall()  # what is read is settled by now
        try:
            yield
        finally:
            self._connection.execute("COMMIT")

    def questions(self) -> list[Question]:
        """See the port."""
        return self._work.questions()

    def walks(self) -> list[Walk]:
        """See the port."""
        return self._work.walks()

    def everybody(self) -> list[int]:
        """See the port."""
        return sorted(contact for (contact,) in self._connection.execute(EVERYBODY))

    def kept(self, segment: int) -> set[int]:
        """See the port."""
        return {contact for (contact,) in self._connection.execute(_KEPT, (segment,))}

    def found(self, meets: Meets) -> set[int]:
        """See the port."""
        statement = compiled(meets.condition, meets.moment)
        return {contact for (contact,) in self._connection.execute(statement.text, statement.values)}

    def persons(self, contacts: Sequence[int], kinds: Iterable[Kind]) -> list[Person]:
        """See the port."""
        homes = {contact: contact for contact in contacts} | dict(
            self._connection.execute(_MEMBERS, (_json(contacts),))
        )
        histories: dict[int, list[Event]] = {contact: [] for contact in contacts}
        for recorded, event in self._histories.of_kinds(list(homes), kinds):
            histories[homes[recorded]].append(event)
        known = map(contact_of, self._connection.execute(_KNOWN, {"ids": _json(contacts)}))
        return [Person(one.person, sorted(histories[one.id], key=order)) for one in known]

    def unsettled(self, now: int) -> set[int]:
        """See the port."""
        return {contact for (contact,) in self._connection.execute(_DUE, (now,))}


def opened(path: Path) -> sqlite3.Connection:
    """A connection that reads only. Raises sqlite3.OperationalError, which names the file."""
    try:
        return sqlite3.connect(readonly(str(path.absolute())), uri=True, isolation_level=None, factory=Connection)
    except sqlite3.OperationalError as error:
        raise sqlite3.OperationalError(f"{path}: {error}") from None


def _json(contacts: Sequence[int]) -> str:
    return str(list(contacts))
