"""How is kept what a shop tells of its goods? Products and categories alike: by their ids, page by page with a count.

The text of a question is made of constants of a subclass; whatever came from outside is a bound value.
"""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from collector.store.ports.definitions.products import AlreadyThere, Put
from collector.store.sqlite.definitions.transaction import Reading, transaction
from collector.store.sqlite.event_query import Clause, listed

T = TypeVar("T")
Row = tuple[Any, ...]


class Told(Protocol):
    """What both queries ask for."""

    @property
    def ids(self) -> tuple[str, ...]: ...
    @property
    def name(self) -> str: ...
    @property
    def modified_since(self) -> int | None: ...
    @property
    def created_since(self) -> int | None: ...
    @property
    def deleted(self) -> bool | None: ...


class Goods(ABC, Generic[T]):
    """One table of them. Its name and columns are the subclass's."""

    table = ""
    columns = ""

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated."""
        self._path = path
        self._reading = Reading(path)
        self._one = f"SELECT {self.columns} FROM {self.table} WHERE id = :id"

    def get(self, id: str) -> T | None:
        """See the port."""
        rows = self._reading.rows(self._one, {"id": id})
        return self._read(rows[0]) if rows else None

    def put(self, changes: Sequence[Mapping[str, Any]], *, update: bool, at: int) -> Put:
        """See the port."""
        with transaction(self._path) as connection:
            known = [self._put(connection, change, update=update, at=at) for change in changes]
        return Put(created=known.count(False), updated=known.count(True))

    def close(self) -> None:
        """Close the reading connection; the next question opens it again."""
        self._reading.close()

    def _page(self, clauses: Iterable[Clause], *, order: str, limit: int, skip: int) -> tuple[list[T], int]:
        """One page of those that meet all clauses, and how many there are in all."""
        known = list(clauses)
        where = " AND ".join(text for text, _ in known) or "1"
        values = {name: value for _, bound in known for name, value in bound.items()}
        text = f"SELECT {self.columns} FROM {self.table} WHERE {where} ORDER BY {order} LIMIT :limit OFFSET :skip"
        rows = self._reading.rows(text, {**values, "limit": limit, "skip": skip})
        ((count,),) = self._reading.rows(f"SELECT count(*) FROM {self.table} WHERE {where}", values)
        return [self._read(row) for row in rows], count

    def _put(self, connection: sqlite3.Connection, change: Mapping[str, Any], *, update: bool, at: int) -> bool:
        """Whether it was there already."""
        row = connection.execute(self._one, {"id": change["id"]}).fetchone()
        if row and not update:
            raise AlreadyThere(change["id"])
        self._keep(connection, change, self._read(row) if row else None, at)
        return row is not None

    @abstractmethod
    def _read(self, row: Row) -> T:
        """A row of `columns` → what it is."""

    @abstractmethod
    def _keep(self, connection: sqlite3.Connection, change: Mapping[str, Any], before: T | None, at: int) -> None:
        """Write a change; before: as it is kept, None for a new one."""


def clauses_of(query: Told) -> Iterator[Clause]:
    """The conditions that both have, each with the values that it binds."""
    if query.ids:
        yield "id IN (SELECT value FROM json_each(:ids))", {"ids": listed(query.ids)}
    if query.name:
        yield "name = :name", {"name": query.name}
    if query.modified_since is not None:
        yield "modified_at >= :modified", {"modified": query.modified_since}
    if query.created_since is not None:
        yield "created_at >= :created", {"created": query.created_since}
    if query.deleted is not None:
        yield "deleted = :deleted", {"deleted": query.deleted}
