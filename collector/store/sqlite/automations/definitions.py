"""Which automations are there? Their rows in store.db (port: `ports/automations/definitions.py`)."""

import sqlite3
from pathlib import Path

import msgspec

from collector.store.ports.automations.definitions import Ask, Automation, AutomationChange, Meanwhile, Version
from collector.store.ports.definitions.lists import NameTaken
from collector.store.sqlite.automations.rows import (
    AUTOMATIONS,
    RULES,
    VERSIONS,
    automation_of,
    body_of,
    rules_of,
    version_of,
)
from collector.store.sqlite.definitions.transaction import Reading, transaction
from sessionizer.automations.definition import Definition, HouseRules

_ONE = f"{AUTOMATIONS} WHERE a.id = ?"
_CREATE = """INSERT INTO automations (name, status, version, created_at, modified_at) VALUES (?, 'draft', 1, ?, ?)
  RETURNING id"""
_WRITE = "INSERT INTO automation_versions (automation, version, body, written_at) VALUES (?, ?, ?, ?)"
_CHANGE = """UPDATE automations SET name = coalesce(:name, name), status = :status, version = :version,
  modified_at = :at, active_at = CASE WHEN :status = 'active' THEN coalesce(active_at, :at) END,
  archived_at = CASE WHEN :archived IS NULL THEN archived_at WHEN :archived THEN coalesce(archived_at, :at) END
  WHERE id = :id"""
_ASK = """INSERT INTO automation_asks (automation, what, at, asked_by, contact, segment, run)
  VALUES (?, ?, ?, ?, ?, ?, ?)"""
_PUT_RULES = "INSERT OR REPLACE INTO automation_rules VALUES (1, ?)"


class SqliteAutomations:
    """Implements `ports.automations.definitions.Automations` on one store.db."""

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated."""
        self._path, self._reading = path, Reading(path)

    def all(self) -> list[Automation]:
        """See the port."""
        return [automation_of(row) for row in self._reading.rows(f"{AUTOMATIONS} ORDER BY a.id")]

    def one(self, id: int) -> Automation | None:
        """See the port."""
        return next(map(automation_of, self._reading.rows(_ONE, (id,))), None)

    def version(self, automation: int, version: int) -> Version | None:
        """See the port."""
        rows = self._reading.rows(f"{VERSIONS} AND version = ?", (automation, version))
        return next(map(version_of, rows), None)

    def versions(self, automation: int) -> list[Version]:
        """See the port."""
        return [version_of(row) for row in self._reading.rows(f"{VERSIONS} ORDER BY version DESC", (automation,))]

    def create(self, name: str, definition: Definition, *, at: int) -> Automation:
        """See the port."""
        with transaction(self._path) as connection:
            _refuse_taken(connection, name, besides=0)
            (id,) = connection.execute(_CREATE, (name, at, at)).fetchone()
            connection.execute(_WRITE, (id, 1, body_of(definition), at))
        return Automation(
            id=id, name=name, status="draft", version=1, definition=definition, created_at=at, modified_at=at
        )

    def change(self, id: int, change: AutomationChange, *, at: int) -> Automation | None:
        """See the port."""
        with transaction(self._path) as connection:
            row = connection.execute(_ONE, (id,)).fetchone()
            if row is None:
                return None
            _change(connection, automation_of(row), change, at)
            row = connection.execute(_ONE, (id,)).fetchone()
        return automation_of(row)

    def ask(self, ask: Ask) -> None:
        """See the port."""
        values = (ask.automation, ask.what, ask.at, ask.by, ask.contact, ask.segment, ask.run)
        with transaction(self._path) as connection:
            connection.execute(_ASK, values)

    def rules(self) -> HouseRules:
        """See the port."""
        return rules_of(self._reading.rows(RULES))

    def put_rules(self, rules: HouseRules) -> None:
        """See the port."""
        with transaction(self._path) as connection:
            connection.execute(_PUT_RULES, (msgspec.json.encode(rules).decode(),))

    def data_version(self) -> int:
        """See the port."""
        return self._reading.version()

    def close(self) -> None:
        """See the port."""
        self._reading.close()


def _change(connection: sqlite3.Connection, automation: Automation, change: AutomationChange, at: int) -> None:
    if change.seen not in (None, automation.seen):
        raise Meanwhile
    version, status = automation.version, change.status or automation.status
    if change.name is not None:
        _refuse_taken(connection, change.name, besides=automation.id)
    if change.definition is not None and change.definition != automation.definition:
        version += 1
        connection.execute(_WRITE, (automation.id, version, body_of(change.definition), at))
    if change.archived and status != "draft":
        status = "stopped"  # who is in does not stay in what nobody sees any more
    values = {"id": automation.id, "name": change.name, "status": status, "version": version, "at": at}
    connection.execute(_CHANGE, {**values, "archived": change.archived})


def _refuse_taken(connection: sqlite3.Connection, name: str, *, besides: int) -> None:
    if connection.execute("SELECT 1 FROM automations WHERE name = ? AND id <> ?", (name, besides)).fetchone():
        raise NameTaken(name)
