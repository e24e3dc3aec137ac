"""How do an automation and a run stand in rows, and how are they read from them?"""

from typing import Any

import msgspec

from collector.sqlite import Blob
from collector.store.ports.automations.definitions import Automation, Version
from sessionizer.automations.definition import Definition, HouseRules
from sessionizer.automations.run import Run, encode_run

AUTOMATIONS = """SELECT a.id, a.name, a.status, a.version, v.body, a.created_at, a.modified_at, a.active_at,
  a.archived_at FROM automations a JOIN automation_versions v ON v.automation = a.id AND v.version = a.version"""
VERSIONS = "SELECT automation, version, body, written_at FROM automation_versions WHERE automation = ?"
RULES = "SELECT body FROM automation_rules"
PUT = """INSERT INTO automation_runs
  (id, automation, version, contact, key, step, wake_at, entered_at, ended_at, why, failed, body)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET automation = excluded.automation, version = excluded.version,
    contact = excluded.contact, key = excluded.key, step = excluded.step, wake_at = excluded.wake_at,
    entered_at = excluded.entered_at, ended_at = excluded.ended_at, why = excluded.why, failed = excluded.failed,
    body = excluded.body"""

_definitions = msgspec.json.Decoder(Definition)
_rules = msgspec.json.Decoder(HouseRules)


def row_of(run: Run) -> tuple[Any, ...]:
    """What PUT binds."""
    return (
        run.id, run.automation, run.version, run.contact, run.key, run.step, run.wake_at, run.entered_at, run.ended_at,
        run.why, run.failed, Blob(encode_run(run)),
    )  # fmt: skip


def body_of(definition: Definition) -> str:
    """What a version's row keeps of it."""
    return msgspec.json.encode(definition).decode()


def automation_of(row: tuple[Any, ...]) -> Automation:
    """A row of AUTOMATIONS."""
    id, name, status, version, body, created_at, modified_at, active_at, archived_at = row
    return Automation(
        id=id, name=name, status=status, version=version, definition=_definitions.decode(body), created_at=created_at,
        modified_at=modified_at, active_at=active_at, archived_at=archived_at,
    )  # fmt: skip


def version_of(row: tuple[Any, ...]) -> Version:
    """A row of VERSIONS."""
    automation, version, body, written_at = row
    return Version(automation=automation, version=version, definition=_definitions.decode(body), written_at=written_at)


def rules_of(rows: list[tuple[Any, ...]]) -> HouseRules:
    """What RULES answers: nothing holds until somebody says so."""
    return _rules.decode(rows[0][0]) if rows else HouseRules()
