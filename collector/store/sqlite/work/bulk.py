"""How do millions of events get into an empty store quickly? In one transaction, with indexes and totals at its end.

An index that grows row by row is read and written all over; one that is made of finished rows is sorted once. What is
dropped is made again from the schema's own words (`sqlite_schema`), so that migrations stay the only home of them.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from collector.sqlite import Blob, connect
from collector.store.ports.bulk import Happened, Known, NotEmpty, People, Sort
from collector.store.sqlite.body import ACTIVITY, BOT, Body, encode_body
from collector.store.sqlite.work.histories import AT, FLAGS, INSERT, KIND
from collector.store.sqlite.work.objects import keep_objects
from collector.store.sqlite.work.sessions import SqliteSessionRows
from collector.store.sqlite.work.totals import count, count_sessions
from collector.store.sqlite.work.words import Words
from sessionizer.event import Agent
from sessionizer.session import Session
from sessionizer.thread import UNFOLDED

CACHE_KIB = 131_072
READER = "worker"

_BESIDE = """SELECT type, name, sql FROM sqlite_schema
             WHERE type IN ('index', 'trigger') AND tbl_name IN ('events', 'sessions') AND sql IS NOT NULL"""
_EMPTY = """SELECT NOT EXISTS (SELECT 1 FROM events) AND NOT EXISTS (SELECT 1 FROM contacts)
            AND NOT EXISTS (SELECT 1 FROM visitors)"""
_CONTACT = """INSERT INTO contacts (id, anonymous, first_seen_at, last_seen_at, attributes, unverified)
              VALUES (?, ?, ?, ?, ?, ?)"""
_LINK = "INSERT INTO contact_links (absorbed, joined_to, survivor, at, event) VALUES (?1, ?2, ?2, ?3, ?4)"
_REHOME = """UPDATE sessions SET contact = (SELECT survivor FROM contact_links WHERE absorbed = contact)
             WHERE contact IN (SELECT absorbed FROM contact_links)"""
_THREADS = """INSERT INTO threads (contact, body)
              SELECT id, ? FROM contacts WHERE id NOT IN (SELECT absorbed FROM contact_links)"""

Columns = tuple[int, int, int, int, int | None, int]
"""door, kind, source, site, page, flags of a sort."""


@contextmanager
def bulk(path: Path, *, after: int) -> Iterator["SqliteBulk"]:
    """What is written inside is committed at the end of the block, or nothing of it.

    path: of store.db, migrated; whoever calls keeps every other writer out. after: offsets begin behind it. Raises
    NotEmpty.
    """
    with closing(connect(path)) as connection:  # what is not committed when it closes is rolled back
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.execute("BEGIN IMMEDIATE")
        if not connection.execute(_EMPTY).fetchone()[0]:
            raise NotEmpty
        beside = connection.execute(_BESIDE).fetchall()
        for kind, name, _ in beside:
            connection.execute(f'DROP {kind} "{name}"')  # words of the schema
        writing = SqliteBulk(connection, after=after)
        yield writing
        for _, _, sql in beside:
            connection.execute(sql)
        count_sessions(connection)
        connection.execute("INSERT OR REPLACE INTO positions VALUES (?, ?)", (READER, writing.last))
        connection.execute("DELETE FROM segment_walks")  # the worker asks segments of everybody who has come
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


class SqliteBulk:
    """Implements `ports.bulk.Bulk` in a transaction that has begun."""

    def __init__(self, connection: sqlite3.Connection, *, after: int) -> None:
        self._connection, self.last = connection, after
        self._words, self._sessions = Words(connection), SqliteSessionRows(connection)
        self._columns: dict[Sort, Columns] = {}

    def agent(self, user_agent: str, read: Callable[[str], Agent]) -> tuple[int, Agent]:
        """See the port."""
        return self._words.agent(user_agent, read)

    def record(self, events: Iterable[Happened]) -> None:
        """See the port."""
        events, first = list(events), self.last + 1
        rows = list(map(self._row, events))
        self._connection.executemany(INSERT, rows)
        keep_objects(
            self._connection,
            [(e.object.type, e.object.id, e.at, first + n) for n, e in enumerate(events) if e.object],
        )
        count(self._connection, [(row[KIND], row[AT]) for row in rows if not row[FLAGS] & BOT], 1)

    def _row(self, e: Happened) -> tuple[Any, ...]:
        door, kind, source, site, page, flags = self._columns.get(e.sort) or self._learn(e.sort)
        body = Body(e.ip, e.seq, e.referrer, e.properties, e.identifiers, e.object, e.causes, e.depth, e.attributes)
        blob = encode_body(body)
        self.last += 1
        return (
            self.last, Blob(e.id), door, kind, source, site, e.at, e.received_at - e.at, e.visitor, e.contact, page,
            e.agent, flags, None if blob is None else Blob(blob),
        )  # fmt: skip

    def _learn(self, sort: Sort) -> Columns:
        words = self._words
        door, kind, source = words.door(sort.door), words.kind(sort.category, sort.key), words.source(sort.source)
        page = words.page(sort.page) if sort.page else None
        flags = (BOT if sort.bot else 0) | (ACTIVITY if sort.activity else 0)
        return self._columns.setdefault(sort, (door, kind, source, sort.site, page, flags))

    def put(self, sessions: Iterable[tuple[int, Session]]) -> None:
        """See the port."""
        self._sessions.put(sessions)

    def people(self, people: People) -> None:
        """See the port."""
        write = self._connection.executemany
        write(_CONTACT, map(_contact, people.contacts))
        write("INSERT INTO visitors VALUES (?, ?, ?)", people.visitors)
        write("INSERT INTO identifiers VALUES (?, ?, ?, ?, ?)", people.identifiers)
        write("INSERT INTO epochs VALUES (?, ?, ?)", people.epochs)
        write(_LINK, people.links)
        self._connection.execute(_THREADS, (UNFOLDED,))
        self._connection.execute(_REHOME)


def _contact(known: Known) -> tuple[object, ...]:
    attributes = json.dumps(known.attributes, ensure_ascii=False)
    unverified = json.dumps(sorted(known.unverified))
    return (known.contact, known.anonymous, known.first_seen_at, known.last_seen_at, attributes, unverified)
