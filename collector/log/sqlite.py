"""The log in a SQLite file: one row an event, appended and read by offset.

Writes `log.db`: events, rejections (exact counters an hour, a ring of samples), salts. Any thread may use one object,
one at a time; two processes may append at once (SQLite lets them through one after the other).
"""

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import chain
from pathlib import Path

import msgspec

from collector.event_id import pack_id, pack_id_often, unpack_id
from collector.log.entry import DERIVED_DOOR, Entry, decode_entry, decode_head, encode_entry
from collector.log.port import Rejection, Row
from collector.sqlite import Blob, connect, empty_wal, migrate

SCHEMA = Path(__file__).parent / "schema"
HOUR_MS = 3_600_000
TRIM_ROWS = 5_000

STATEMENT_ROWS = 128
_READ = "SELECT offset, body FROM log WHERE offset > ? ORDER BY offset LIMIT ?"
_RECEIVED = "SELECT received_at FROM log WHERE offset >= ? ORDER BY offset LIMIT 1"
_END = "SELECT coalesce(max(offset), 0) FROM log"
_COUNT = """INSERT INTO rejections (site, code, hour, count) VALUES (?, ?, ?, 1)
            ON CONFLICT (site, code, hour) DO UPDATE SET count = count + 1"""
_SAMPLE = """INSERT OR REPLACE INTO rejection_samples (site, code, slot, at, path, message, door, origin, sample)
             SELECT ?1, ?2, iif(count(*) < 20, count(*), (SELECT slot FROM rejection_samples
                                                          WHERE site = ?1 AND code = ?2 ORDER BY at, slot LIMIT 1)),
                    ?3, ?4, ?5, ?6, ?7, ?8
             FROM rejection_samples WHERE site = ?1 AND code = ?2"""
_TRIM = "DELETE FROM log WHERE offset IN (SELECT offset FROM log WHERE offset < ? ORDER BY offset LIMIT ?)"

_BODY = "SELECT body FROM log WHERE offset = ?"
_BLANK = "UPDATE log SET id = zeroblob(length(id)), body = zeroblob(length(body)) WHERE offset = ?"
"""As long as before: it is written over what was there, and no page is made anew, which could leave a copy behind."""
_CHANGE = "UPDATE log SET body = ? WHERE offset = ?"
_SAMPLES = "SELECT site, code, slot, at, path, message, door, origin, sample FROM rejection_samples"
_KEEP = "INSERT INTO rejection_samples VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"

LogRow = tuple[bytearray | str, int, int, bytearray]
"""id, site, received_at, body."""


def is_told(body: bytes) -> bool:
    """Whether a row says anything: an erasure has written zeros over those that do not any more."""
    return body != b"" and body[0] != 0


def _row(entry: Entry) -> LogRow:
    return pack_id(entry.id), entry.site, entry.received_at, Blob(encode_entry(entry))


def _said_row(body: bytes) -> LogRow:
    """Of what the worker says, which has packed its id a moment ago."""
    head = decode_head(body)
    return pack_id_often(head.id), head.site, head.received_at, Blob(body)


@cache
def _append(rows: int) -> str:
    """The statement that inserts so many rows. SQLite keeps it compiled: there are at most 128 of them."""
    return f"INSERT INTO log (id, site, received_at, body) VALUES {', '.join(['(?, ?, ?, ?)'] * rows)}"


class SqliteLog:
    """Source of durability: `append` returns after COMMIT with journal_mode=WAL and synchronous=FULL."""

    def __init__(self, path: Path) -> None:
        """Open or create `path` and bring its schema up to date."""
        migrate(path, SCHEMA)
        self._path = path
        self._connection = connect(path)

    def append(self, entries: Sequence[Entry], rejections: Sequence[Rejection] = ()) -> list[int]:
        """As `port.Log.append`. Raises sqlite3.Error when nothing could be written (disk full, locked)."""
        return self._write([_row(entry) for entry in entries], rejections)

    def append_encoded(self, bodies: Sequence[bytes]) -> list[int]:
        """As `append`, of entries as they stand in rows already: what the worker says was encoded when it was saved."""
        return self._write([_said_row(body) for body in bodies])

    def _write(self, rows: list[LogRow], rejections: Sequence[Rejection] = ()) -> list[int]:
        if len(rows) <= STATEMENT_ROWS and not rejections:
            return self._insert(rows)  # one statement is a transaction of its own
        with self._transaction():
            offsets = self._insert(rows)
            for rejection in rejections:
                self._reject(rejection)
        return offsets

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def _insert(self, rows: list[LogRow]) -> list[int]:
        """Many rows a statement: each statement lets go of the interpreter's lock once, and may wait for it after."""
        last: int | None = 0
        for start in range(0, len(rows), STATEMENT_ROWS):
            chunk = rows[start : start + STATEMENT_ROWS]
            last = self._connection.execute(_append(len(chunk)), [*chain.from_iterable(chunk)]).lastrowid
        return list(range((last or 0) - len(rows) + 1, (last or 0) + 1))

    def _reject(self, r: Rejection) -> None:
        self._connection.execute(_COUNT, (r.site, r.code, r.at - r.at % HOUR_MS))
        self._connection.execute(_SAMPLE, (r.site, r.code, r.at, r.path, r.message, r.door, r.origin, r.sample))

    def read(self, after: int, limit: int) -> list[Row]:
        """As `port.Log.read`; rows that an erasure blanked are passed over."""
        while rows := self._connection.execute(_READ, (after, limit)).fetchall():
            if found := [Row(offset, decode_entry(body)) for offset, body in rows if is_told(body)]:
                return found
            after = rows[-1][0]
        return []

    def end(self) -> int:
        """As `port.Log.end`."""
        return int(self._connection.execute(_END).fetchone()[0])

    def trim(self, before: int) -> int:
        """As `port.Log.trim`: at most 5,000 rows a call, so that no other writer waits for long."""
        last = min(before, self.end())
        return self._connection.execute(_TRIM, (last, TRIM_ROWS)).rowcount

    def first_since(self, received_at: int) -> int:
        """The offset of the first row received at or after `received_at` (ms UTC), one behind the newest when none is.

        Halves the range: the times of arrival grow with the offsets, as far as this machine's clock does.
        """
        low, high = 1, self.end() + 1
        while low < high:
            middle = (low + high) // 2
            row = self._connection.execute(_RECEIVED, (middle,)).fetchone()
            if row is None or row[0] >= received_at:
                high = middle
            else:
                low = middle + 1
        return low

    def begin_behind(self, offset: int, received_at: int) -> None:
        """Let the next entry have a greater offset than `offset`, at which a row without a body stands from now on.

        For a store that was filled past the log: whatever it holds came before. received_at: ms UTC.
        """
        self._connection.execute("INSERT INTO log VALUES (?, ?, 0, ?, x'')", (offset, b"", received_at))

    def blank(self, offsets: Sequence[int], refused: Callable[[Entry], Rejection | None] = lambda entry: None) -> None:
        """Empty these rows for good, which keep their place; what `refused` says of them is counted, once.

        One transaction: a few hundred rows, so that no other writer waits for long.
        """
        with self._transaction():
            for offset in offsets:
                (body,) = self._connection.execute(_BODY, (offset,)).fetchone() or (b"",)
                if is_told(body):
                    if rejection := refused(decode_entry(body)):
                        self._reject(rejection)
                    self._connection.execute(_BLANK, (offset,))

    def strip(self, names: Mapping[int, Collection[tuple[str, str]]]) -> None:
        """Take these identifiers (kind, value) out of rows, by offset, that are somebody else's."""
        with self._transaction():
            for offset, some in names.items():
                (body,) = self._connection.execute(_BODY, (offset,)).fetchone() or (b"",)
                if is_told(body):
                    entry = decode_entry(body)
                    kept = {kind: it for kind, it in (entry.identifiers or {}).items() if (kind, it) not in some}
                    changed = msgspec.structs.replace(entry, identifiers=kept or None)
                    self._connection.execute(_CHANGE, (encode_entry(changed), offset))

    def forget_samples(self, is_theirs: Callable[[str], bool]) -> None:
        """Empty the samples of refusals in whose text somebody is found; they keep their place, and are counted."""
        rows = self._connection.execute(_SAMPLES).fetchall()
        kept = [(*row[:4], "", "", row[6], "", "") if is_theirs("\n".join(row[4:])) else row for row in rows]
        if kept != rows:
            with self._transaction():  # all anew: a page that once held a sample may have a copy of it in unused room
                self._connection.execute("DELETE FROM rejection_samples")
                self._connection.executemany(_KEEP, kept)

    def empty_wal(self) -> bool:
        """See `collector/sqlite.py`."""
        return empty_wal(self._connection)

    def said_after(self, offset: int) -> dict[str, bytes]:
        """What the log says last of each derived event, beyond `offset`: id → body. A worker that died appended it."""
        rows = self._connection.execute("SELECT id, body FROM log WHERE offset > ? ORDER BY offset", (offset,))
        return {unpack_id(i): body for i, body in rows if is_told(body) and decode_entry(body).door == DERIVED_DOOR}

    def newest(self, limit: int) -> list[Row]:
        """The last `limit` rows, ordered by offset: what the door still remembers after a restart."""
        return self.read(self.end() - limit, limit)

    def salts(self, day: int) -> dict[int, bytes]:
        """The salts of that day (days since 1970) and the next one, made at first use; all others are deleted.

        So none lives for more than 48 hours. Uses a connection of its own: the writer's may be in a transaction.
        """
        connection = connect(self._path)
        try:
            connection.execute("DELETE FROM salts WHERE day NOT IN (?, ?)", (day, day + 1))
            for one in day, day + 1:
                connection.execute("INSERT OR IGNORE INTO salts VALUES (?, ?)", (one, os.urandom(32)))
            return dict(connection.execute("SELECT day, salt FROM salts WHERE day IN (?, ?)", (day, day + 1)))
        finally:
            connection.close()

    def data_version(self) -> int:
        """Changes when another connection has committed: the cheapest way to notice new rows."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def checkpoint(self) -> None:
        """Move what the WAL holds into the file, as far as readers allow."""
        self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
