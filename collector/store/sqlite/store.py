"""What can be asked of this data folder? The nouns on their connections: store.db, and log.db for what was refused."""

from pathlib import Path

from collector.store.sqlite import event_query, sessions
from collector.store.sqlite.contacts import SqliteContacts
from collector.store.sqlite.events import SqliteEvents
from collector.store.sqlite.learned import SqliteLearned
from collector.store.sqlite.objects import SqliteObjects
from collector.store.sqlite.readers import LIMIT_S, Readers
from collector.store.sqlite.rejections import SqliteRejections
from collector.store.sqlite.segments import functions as segments
from collector.store.sqlite.segments.members import SqliteMembers
from collector.store.sqlite.sessions import SqliteSessions
from collector.store.sqlite.totals import SqliteTotals

READERS = 3
"""Questions that run at once. More would take the cores from the way in."""


class SqliteStore:
    """The port `Store` on two files. The live tail has a connection of its own: no slow question delays it."""

    def __init__(self, folder: Path, *, limit_s: float = LIMIT_S) -> None:
        """folder: holds store.db and log.db, both already migrated when `open` is called."""
        functions = {**event_query.FUNCTIONS, **sessions.FUNCTIONS, **segments.FUNCTIONS}
        self._readers = Readers(
            folder / "store.db", size=READERS, functions=functions, factory=segments.Connection, limit_s=limit_s
        )
        self._tail = Readers(folder / "store.db", size=1, functions=functions, limit_s=limit_s)
        self._log = Readers(folder / "log.db", size=1, limit_s=limit_s)
        self.events = SqliteEvents(self._readers, self._tail)
        self.contacts = SqliteContacts(self._readers)
        self.sessions = SqliteSessions(self._readers)
        self.objects = SqliteObjects(self._readers)
        self.totals = SqliteTotals(self._readers)
        self.members = SqliteMembers(self._readers)
        self.learned = SqliteLearned(self._readers)
        self.rejections = SqliteRejections(self._log)

    async def open(self) -> None:
        """See the port."""
        for readers in (self._readers, self._tail, self._log):
            await readers.open()

    async def close(self) -> None:
        """See the port."""
        for readers in (self._readers, self._tail, self._log):
            await readers.close()

    async def log_end(self) -> int:
        """See the port."""
        return int(await self._log.value("SELECT coalesce(max(offset), 0) FROM log"))

    async def position(self) -> int:
        """See the port."""
        return int(await self._readers.value("SELECT coalesce(min(offset), 0) FROM positions"))
