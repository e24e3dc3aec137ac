"""How are the files read without disturbing who writes them? A few query-only connections, each question time-limited.

WAL readers never block the writer. A question that takes too long is stopped from inside SQLite (a progress handler in
its own thread), so that a careless filter over millions of rows costs at most one connection for `limit_s`.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiosqlite

from collector.store.ports.store import QueryTooSlow, StoreFailed

LIMIT_S = 5.0
STEPS_BETWEEN_LOOKS = 2_000
"""SQLite's instructions between two looks at the clock: some 50 µs of a scan, a few ms of one that decodes bodies."""

Row = tuple[Any, ...]
Functions = Mapping[str, tuple[int, Callable[..., Any]]]
"""SQL name → (number of arguments, function). They must never raise, and give the same for the same."""
Factory = type[sqlite3.Connection]
"""Makes connections that know aggregates as well."""


def readonly(path: str) -> str:
    """The address under which SQLite opens the file for reading only."""
    return f"file:{quote(path)}?mode=ro"


def check(path: str) -> None:
    """Raises sqlite3.Error when it is no database. Plainly: aiosqlite leaves a thread behind when it cannot connect."""
    with closing(sqlite3.connect(readonly(path), uri=True)) as connection:
        connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1")


class Reader:
    """One connection and its thread. Asked by one task at a time."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        """connection: open, read-only."""
        self._connection = connection
        self._deadline = float("inf")

    @classmethod
    async def connect(cls, path: str, *, functions: Functions, factory: Factory) -> "Reader":
        """Open `path` (absolute) read-only. Raises sqlite3.Error."""
        reader = cls(await aiosqlite.connect(readonly(path), uri=True, isolation_level=None, factory=factory))
        try:
            await reader._prepare(functions)
        except BaseException:
            await reader.close()
            raise
        return reader

    async def _prepare(self, functions: Functions) -> None:
        for pragma in ("query_only = 1", "cache_size = -8000", "temp_store = memory", "busy_timeout = 1000"):
            await self._connection.execute_fetchall(f"PRAGMA {pragma}")
        for name, (arity, function) in functions.items():
            await self._connection.create_function(name, arity, function, deterministic=True)
        await self._connection.set_progress_handler(self._expired, STEPS_BETWEEN_LOOKS)

    def _expired(self) -> int:
        """SQLite asks, in the connection's thread: anything but 0 stops the statement."""
        return int(time.monotonic() > self._deadline)

    async def fetch(self, sql: str, values: Mapping[str, Any], *, until: float) -> list[Row]:
        """All rows. until: of the monotonic clock. Raises QueryTooSlow then, StoreFailed when SQLite cannot answer."""
        self._deadline = until
        try:
            return list(await self._connection.execute_fetchall(sql, values))  # type: ignore[arg-type]  # sqlite3 takes mappings
        except asyncio.CancelledError:
            await self._connection.interrupt()  # nobody waits for it any more
            raise
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                raise QueryTooSlow("stopped at its time limit") from error
            raise StoreFailed(str(error)) from error
        except sqlite3.Error as error:
            raise StoreFailed(str(error)) from error

    async def close(self) -> None:
        """Give up what is under way and close."""
        await self._connection.interrupt()
        await self._connection.close()


class Readers:
    """A pool: questions beyond its size wait for their turn, as long as one may take."""

    def __init__(
        self,
        path: Path,
        *,
        size: int,
        functions: Functions | None = None,
        factory: Factory = sqlite3.Connection,
        limit_s: float = LIMIT_S,
    ) -> None:
        """path: of the database. functions, factory: what each connection knows."""
        self._path, self._size, self._limit_s = str(path.absolute()), size, limit_s
        self._functions, self._factory = functions or {}, factory
        self._all: list[Reader] = []
        self._free: asyncio.LifoQueue[Reader] = asyncio.LifoQueue()

    async def open(self) -> None:
        """Connect all. Raises StoreFailed when the file is not there or is no database."""
        try:
            await asyncio.to_thread(check, self._path)
            for _ in range(self._size):
                reader = await Reader.connect(self._path, functions=self._functions, factory=self._factory)
                self._all.append(reader)
                self._free.put_nowait(reader)
        except sqlite3.Error as error:
            await self.close()
            raise StoreFailed(f"{self._path}: {error}") from error

    async def close(self) -> None:
        """Disconnect all."""
        while self._all:
            await self._all.pop().close()

    async def fetch(self, sql: str, values: Mapping[str, Any] = {}) -> list[Row]:
        """All rows of one statement, from one snapshot. values: by name. Raises StoreFailed, QueryTooSlow.

        The limit is for its turn and the answer together.
        """
        until = time.monotonic() + self._limit_s
        async with self._one() as reader:
            return await reader.fetch(sql, values, until=until)

    async def value(self, sql: str, values: Mapping[str, Any] = {}) -> Any:
        """The first column of the first row, None when there is no row."""
        rows = await self.fetch(sql, values)
        return rows[0][0] if rows else None

    @asynccontextmanager
    async def _one(self) -> AsyncIterator[Reader]:
        """A free connection, given back afterwards."""
        try:
            async with asyncio.timeout(self._limit_s):
                reader = await self._free.get()
        except TimeoutError as error:
            raise QueryTooSlow("every connection was busy") from error
        try:
            yield reader
        finally:
            self._free.put_nowait(reader)
