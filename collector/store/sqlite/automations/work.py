"""What does the worker read and write of automations? Within its transaction (port: `ports/automations/work.py`)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

import msgspec

from collector.store.ports.automations.definitions import Ask, Automation, Version
from collector.store.ports.automations.work import Missed, Sent
from collector.store.sqlite.automations.belongings import forget, rehome
from collector.store.sqlite.automations.dates import Dates
from collector.store.sqlite.automations.rows import (
    AUTOMATIONS,
    PUT,
    RULES,
    VERSIONS,
    automation_of,
    row_of,
    rules_of,
    version_of,
)
from sessionizer.automations.definition import HouseRules
from sessionizer.automations.reach import Mail
from sessionizer.automations.run import Passed, Run, decode_run
from sessionizer.automations.way import Entries

_GOING_ON = """EXISTS (SELECT 1 FROM automation_runs r INDEXED BY automation_runs_inside
  WHERE r.automation = a.id AND r.ended_at IS NULL)"""
_AUTOMATIONS = f"{AUTOMATIONS} WHERE a.archived_at IS NULL OR {_GOING_ON} ORDER BY a.id"
_RUNNING = """SELECT body FROM automation_runs INDEXED BY automation_runs_contact
  WHERE contact IN (SELECT value FROM json_each(?)) AND ended_at IS NULL ORDER BY entered_at, id"""
_STAMP = """SELECT json_array(
  (SELECT json_group_array(json_array(id, status, version, archived_at)) FROM automations),
  (SELECT json_array(count(*), count(archived_at), total(version)) FROM messages),
  (SELECT json_array(count(*), max(modified_at)) FROM segments),
  (SELECT json_group_array(body) FROM automation_rules))"""
_MESSAGES = """SELECT m.id, v.body ->> '$.content.channel', v.body ->> '$.purpose', m.version
  FROM messages m CROSS JOIN message_versions v ON v.message = m.id AND v.version = m.version
  WHERE m.archived_at IS NULL"""
_AFTER = """SELECT body FROM automation_runs WHERE rowid IN (
    SELECT rowid FROM automation_runs INDEXED BY automation_runs_inside
    WHERE automation = ? AND ended_at IS NULL AND id > ? ORDER BY id LIMIT ?) ORDER BY id"""
_RUN = "SELECT body FROM automation_runs WHERE id = ?"
_KNOWN = "SELECT id FROM automation_runs WHERE id IN (SELECT value FROM json_each(?))"
_DUE = """SELECT body FROM automation_runs INDEXED BY automation_runs_due
  WHERE wake_at <= ? AND wake_at IS NOT NULL AND ended_at IS NULL
    AND automation NOT IN (SELECT value FROM json_each(?)) ORDER BY wake_at, id LIMIT ?"""
_NEXT_DUE = """SELECT wake_at FROM automation_runs INDEXED BY automation_runs_due
  WHERE wake_at IS NOT NULL AND ended_at IS NULL AND automation NOT IN (SELECT value FROM json_each(?))
  ORDER BY wake_at, id LIMIT 1"""
_ENTRIES = """SELECT coalesce(sum(key = :key), 0), coalesce(sum(entered_at >= :since), 0),
    max(iif(key = :key, entered_at, NULL)), max(iif(key = :key, ended_at, NULL))
  FROM automation_runs WHERE contact = :contact AND automation = :automation"""
_MISS = """INSERT INTO automation_missed VALUES (?, ?, ?, ?, ?, 1)
  ON CONFLICT DO UPDATE SET times = times + 1, event = iif(excluded.at >= at, excluded.event, event),
    at = max(at, excluded.at)"""
_SENT = "INSERT OR IGNORE INTO automation_sent VALUES (?, ?, ?, ?, ?, ?, ?)"
_MARKETING = "SELECT count(*) FROM automation_sent WHERE contact = ? AND marketing = 1 AND at >= ?"
_PASSED = """INSERT INTO automation_passed VALUES (?, ?, ?)
  ON CONFLICT DO UPDATE SET number = number + excluded.number"""
_ASKS = """SELECT id, automation, what, at, asked_by, contact, segment, run FROM automation_asks
  ORDER BY id LIMIT ?"""
_DONE = "DELETE FROM automation_asks WHERE id = ?"
_MEMBERS = "SELECT contact FROM segment_members WHERE segment = ? AND contact > ? ORDER BY contact LIMIT ?"
_INSIDE = """SELECT body FROM automation_runs INDEXED BY automation_runs_inside
  WHERE automation = ? AND ended_at IS NULL LIMIT ?"""


class SqliteAutomationWork(Dates):
    """Implements `ports.automations.work.AutomationWork`."""

    def automations(self) -> list[Automation]:
        """See the port."""
        return [automation_of(row) for row in self._connection.execute(_AUTOMATIONS)]

    def version(self, automation: int, version: int) -> Version | None:
        """See the port."""
        row = self._connection.execute(f"{VERSIONS} AND version = ?", (automation, version)).fetchone()
        return None if row is None else version_of(row)

    def stamp(self) -> str:
        """See the port."""
        return str(self._connection.execute(_STAMP).fetchone()[0])

    def messages(self) -> Mapping[int, Mail]:
        """See the port."""
        return {id: Mail(*rest) for id, *rest in self._connection.execute(_MESSAGES)}

    def inside(self, automation: int, after: str, limit: int) -> list[Run]:
        """See the port."""
        rows = self._connection.execute(_AFTER, (automation, after, limit))
        return [decode_run(body) for (body,) in rows]

    def rules(self) -> HouseRules:
        """See the port."""
        return rules_of(self._connection.execute(RULES).fetchall())

    def running(self, contacts: Collection[int]) -> Mapping[int, list[Run]]:
        """See the port."""
        found: defaultdict[int, list[Run]] = defaultdict(list)
        for (body,) in self._connection.execute(_RUNNING, (str(list(contacts)),)):
            run = decode_run(body)
            found[run.contact].append(run)
        return dict(found)

    def run(self, id: str) -> Run | None:
        """See the port."""
        row = self._connection.execute(_RUN, (id,)).fetchone()
        return None if row is None else decode_run(row[0])

    def known(self, ids: Collection[str]) -> set[str]:
        """See the port."""
        rows = self._connection.execute(_KNOWN, (msgspec.json.encode(list(ids)).decode(),))
        return {id for (id,) in rows}

    def due(self, now: int, limit: int, paused: Collection[int]) -> list[Run]:
        """See the port."""
        rows = self._connection.execute(_DUE, (now, str(list(paused)), limit))
        return [decode_run(body) for (body,) in rows]

    def next_due(self, paused: Collection[int] = ()) -> int | None:
        """See the port."""
        row = self._connection.execute(_NEXT_DUE, (str(list(paused)),)).fetchone()
        return None if row is None else int(row[0])

    def save(self, runs: Iterable[Run]) -> None:
        """See the port."""
        self._connection.executemany(PUT, map(row_of, runs))

    def entries(self, automation: int, contact: int, key: str, since: int) -> Entries:
        """See the port."""
        values = {"automation": automation, "contact": contact, "key": key, "since": since}
        return Entries(*self._connection.execute(_ENTRIES, values).fetchone())

    def rehome(self, absorbed: int, survivor: int) -> None:
        """See the port."""
        rehome(self._connection, absorbed=absorbed, survivor=survivor)

    def forget(self, contact: int) -> None:
        """See the port."""
        forget(self._connection, [contact])

    def miss(self, missed: Iterable[Missed]) -> None:
        """See the port."""
        self._connection.executemany(_MISS, list(missed))

    def sent(self, rows: Iterable[Sent]) -> None:
        """See the port."""
        for row in rows:
            if self._connection.execute(_SENT, row).rowcount:
                self._connection.execute(_PASSED, (row.automation, "@sent", 1))

    def marketing_since(self, contact: int, since: int) -> int:
        """See the port."""
        return int(self._connection.execute(_MARKETING, (contact, since)).fetchone()[0])

    def passed(self, steps: Mapping[tuple[int, str], int]) -> None:
        """See the port."""
        rows = [(automation, step, number) for (automation, step), number in steps.items()]
        self._connection.executemany(_PASSED, rows)

    def asks(self, limit: int) -> list[Ask]:
        """See the port."""
        return [Ask(*row) for row in self._connection.execute(_ASKS, (limit,))]

    def done(self, asks: Iterable[int]) -> None:
        """See the port."""
        self._connection.executemany(_DONE, [(ask,) for ask in asks])

    def members(self, segment: int, after: int, limit: int) -> list[int]:
        """See the port."""
        return [contact for (contact,) in self._connection.execute(_MEMBERS, (segment, after, limit))]

    def end_all(self, automation: int, why: str, at: int, limit: int) -> int:
        """See the port."""
        bodies = self._connection.execute(_INSIDE, (automation, limit)).fetchall()
        self.save(_ended(decode_run(body), why, at) for (body,) in bodies)
        self.passed({(automation, "@ended"): len(bodies)} if bodies else {})
        return len(bodies)


def _ended(run: Run, why: str, at: int) -> Run:
    path = (*run.path, Passed(run.step, at, "ended", why))
    return msgspec.structs.replace(
        run, step="", wake_at=None, until=None, waits=False, failed="", ended_at=at, why=why, path=path
    )
