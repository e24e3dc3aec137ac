"""Who is where in an automation, and why is somebody out? Rows of runs for API and console (port: `…/runs.py`)."""

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from collector.store.ports.automations.runs import AtStep, Figures, Refusal, Stage
from collector.store.sqlite.definitions.transaction import Reading
from sessionizer.automations.run import Run, decode_run

_PASSED = "SELECT automation, step, number FROM automation_passed"
_INSIDE = """SELECT automation, count(*), sum(failed <> '') FROM automation_runs INDEXED BY automation_runs_inside
  WHERE ended_at IS NULL GROUP BY automation"""
_WAITING = """SELECT step, count(*) FROM automation_runs INDEXED BY automation_runs_inside
  WHERE automation = ? AND ended_at IS NULL GROUP BY step"""
_ENTERED = """SELECT entered_at / :day, count(*) FROM automation_runs
  WHERE automation = :automation AND entered_at >= :since AND entered_at < :until GROUP BY 1 ORDER BY 1"""
_FIND = """SELECT body FROM automation_runs WHERE rowid IN (
    SELECT rowid FROM automation_runs {index} WHERE {conditions} ORDER BY entered_at DESC, id DESC LIMIT :limit)
  ORDER BY entered_at DESC, id DESC"""
_GOES_ON = "ended_at IS NULL"
STAGES: Mapping[Stage, str] = {
    "running": f"{_GOES_ON} AND failed = ''",
    "failed": f"{_GOES_ON} AND failed <> ''",
    "ended": "ended_at IS NOT NULL",
}
_THEIRS = "contact IN (SELECT value FROM json_each(:contacts))"
_AFTER = "(entered_at, id) < (:at, :id)"
_ONE = "SELECT body FROM automation_runs WHERE id = ?"
_REFUSALS = """SELECT automation, contact, reason, at, event, times FROM automation_missed
  WHERE {conditions} ORDER BY at DESC, contact DESC LIMIT :limit"""


class SqliteRuns:
    """Implements `ports.automations.runs.Runs` on one store.db."""

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated."""
        self._reading = Reading(path)

    def figures(self) -> Mapping[int, Figures]:
        """See the port."""
        inside = {automation: (number, failed) for automation, number, failed in self._reading.rows(_INSIDE)}
        passed = {(automation, step): number for automation, step, number in self._reading.rows(_PASSED)}
        found = {}
        for id in {*inside, *(automation for automation, _ in passed)}:
            entered, ended, sent = (passed.get((id, step), 0) for step in ("@entered", "@ended", "@sent"))
            found[id] = Figures(*inside.get(id, (0, 0)), entered, ended, sent)
        return found

    def steps(self, automation: int) -> Mapping[str, AtStep]:
        """See the port."""
        waiting = dict(self._reading.rows(_WAITING, (automation,)))
        numbers = self._reading.rows(f"{_PASSED} WHERE automation = ?", (automation,))
        passed = {step: number for _, step, number in numbers if not step.startswith("@")}
        return {step: AtStep(waiting.get(step, 0), passed.get(step, 0)) for step in {**waiting, **passed}}

    def entered(self, automation: int, *, since: int, until: int, day_ms: int) -> list[tuple[int, int]]:
        """See the port."""
        asked = {"automation": automation, "since": since, "until": until, "day": day_ms}
        return [(day, number) for day, number in self._reading.rows(_ENTERED, asked)]

    def find(
        self,
        automation: int,
        *,
        stage: Stage | None = None,
        step: str = "",
        contacts: Collection[int] = (),
        limit: int,
        after: tuple[int, str] | None = None,
    ) -> list[Run]:
        """See the port."""
        at, id = after or (0, "")
        asked = {"automation": automation, "step": step, "contacts": json.dumps(list(contacts)), "at": at, "id": id}
        narrowed = ((stage, STAGES.get(stage or "running", "")), (step, "step = :step AND ended_at IS NULL"),
                    (contacts, _THEIRS), (after, _AFTER))  # fmt: skip
        conditions = ["automation = :automation", *(condition for is_asked, condition in narrowed if is_asked)]
        sql = _FIND.format(index=_along(stage, step, contacts), conditions=" AND ".join(conditions))
        return self._runs(sql, {**asked, "limit": limit})

    def one(self, id: str) -> Run | None:
        """See the port."""
        return next(iter(self._runs(_ONE, (id,))), None)

    def of_contact(self, contacts: Sequence[int], limit: int) -> list[Run]:
        """See the port."""
        sql = _FIND.format(index="INDEXED BY automation_runs_contact", conditions=_THEIRS)
        return self._runs(sql, {"contacts": json.dumps(list(contacts)), "limit": limit})

    def refusals(self, *, automation: int | None = None, contacts: Collection[int] = (), limit: int) -> list[Refusal]:
        """See the port."""
        asked = {"automation": automation, "contacts": json.dumps(list(contacts)), "limit": limit}
        narrowed = ((automation is not None, "automation = :automation"), (contacts, _THEIRS))
        conditions = " AND ".join([condition for is_asked, condition in narrowed if is_asked]) or "true"
        return [Refusal(*row) for row in self._reading.rows(_REFUSALS.format(conditions=conditions), asked)]

    def close(self) -> None:
        """See the port."""
        self._reading.close()

    def _runs(self, sql: str, asked: Mapping[str, object] | Sequence[object]) -> list[Run]:
        return [decode_run(body) for (body,) in self._reading.rows(sql, asked)]


def _along(stage: Stage | None, step: str, contacts: Collection[int]) -> str:
    """Which index is walked: SQLite cannot know that of a contact there is little, and of a step there may be much."""
    if contacts:
        return "INDEXED BY automation_runs_contact"
    if step or stage in ("running", "failed"):
        return "INDEXED BY automation_runs_inside"
    return "INDEXED BY automation_runs_entered"
