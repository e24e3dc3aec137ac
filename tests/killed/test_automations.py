"""Killed at any moment while automations let people in and do their steps: nothing twice, nothing forgotten."""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from collector.commands.prepare import prepare
from collector.config import load
from collector.log.entry import Entry
from collector.log.sqlite import SqliteLog
from collector.sqlite import connect
from collector.store.ports.automations.definitions import AutomationChange
from collector.store.ports.definitions.messages import Writing
from collector.store.sqlite.automations.definitions import SqliteAutomations
from collector.store.sqlite.definitions.messages import SqliteMessages
from sessionizer.automations.definition import parse
from sessionizer.messages.message import Content
from tests.killed.process import Deployment, start
from tests.killed.wait import until

KILLS = 50 if os.environ.get("SENTIERO_NIGHTLY") else 20
PARTS = 2  # so that two cores can share them
PEOPLE = 150
"""Come in before each kill."""
MOMENT_S = 0.4
APART_MS = 3
HOUR_MS = 3_600_000
SEED = int(os.environ.get("SENTIERO_SEED") or random.randrange(1_000_000))
AUTOMATION: dict[str, Any] = {
    "triggers": [{"type": "event", "category": "custom", "key": "go"}],
    "entry": {"max_age_minutes": 240},
    "steps": [
        {"type": "emit", "id": "came", "key": "came"},
        {"type": "wait", "id": "wait", "span": {"n": 1, "unit": "hours"}},
        {"type": "send", "id": "mail", "message": 1},
        {"type": "attribute", "id": "count", "name": "COUNT", "op": "add", "value": 1},
        {"type": "emit", "id": "went", "key": "went"},
    ],
}


def prepared(folder: Path) -> Deployment:
    """A folder with an automation that is active."""
    deployment = Deployment(folder)
    deployment.data.mkdir()
    prepare(load({"data": deployment.data}, {}, folder), now=0)
    content = Content(channel="email", subject="Yours", html="<p>{{ event.n }}</p>")
    SqliteMessages(deployment.store_path).create("Mail", Writing(purpose="transactional", content=content), at=0)
    automations = SqliteAutomations(deployment.store_path)
    made = automations.create("killed", parse(AUTOMATION), at=0)
    automations.change(made.id, AutomationChange(status="active"), at=0)
    return deployment


def come(deployment: Deployment, first: int) -> None:
    """Some more people come in, whose hour is nearly over."""
    began = time.time_ns() // 1_000_000 - HOUR_MS
    with closing(SqliteLog(deployment.log_path)) as log:
        for number in range(first, first + PEOPLE):
            at = began + (number - first) * APART_MS
            entry = Entry(
                door="api", source="api", site=0, id=f"go-{number}", category="custom", key="go", occurred_at=at,
                received_at=at, properties={"n": number}, identifiers={"email_id": f"r{number}@mail.example"},
            )  # fmt: skip
            log.append([entry])


@contextmanager
def working(deployment: Deployment) -> Iterator[None]:
    """`sentiero work`, killed at the end of the block, with no chance to do anything."""
    with (deployment.data.parent / "output").open("ab") as output:
        process = start("work", deployment.data, output=output)
        try:
            yield
        finally:
            process.kill()
            process.wait()


def found(deployment: Deployment, sql: str) -> list[tuple[Any, ...]]:
    """Rows of store.db."""
    with closing(connect(deployment.store_path, readonly=True)) as store:
        return store.execute(sql).fetchall()


def steps_done(deployment: Deployment) -> int:
    """By all of them together."""
    return int(found(deployment, "SELECT coalesce(sum(number), 0) FROM automation_passed")[0][0])


def is_over(deployment: Deployment, people: int) -> bool:
    """Whether everybody is through, and everything that was said has been read back."""
    ended = "SELECT count(*) FROM automation_runs WHERE ended_at IS NOT NULL"
    return [(people, 0)] == found(deployment, f"SELECT ({ended}), (SELECT count(*) FROM to_log)")


@pytest.mark.parametrize("part", range(PARTS))
def test_each_step_is_done_once_wherever_the_worker_is_killed(tmp_path: Path, part: int) -> None:
    """Each person came in once; has one mail, one more in the attribute, and both events, once."""
    chance = random.Random(SEED + part)
    print(f"SENTIERO_SEED={SEED}, part {part}")
    deployment, people = prepared(tmp_path), KILLS // PARTS * PEOPLE
    for first in range(0, people, PEOPLE):
        come(deployment, first)
        before = steps_done(deployment)
        with working(deployment):
            until(lambda before=before: steps_done(deployment) > before, 60, lambda: deployment.output[-2_000:])  # type: ignore[misc]  # bound
            time.sleep(chance.uniform(0, MOMENT_S))
    with working(deployment):
        until(lambda: is_over(deployment, people), 90, lambda: f"not through: {deployment.output[-2_000:]}")
        said = found(
            deployment,
            "SELECT k.key, e.contact FROM events e JOIN kinds k ON k.id = e.kind WHERE k.key IN ('came', 'went')",
        )
        assert {1} == set(Counter(said).values())
        assert 2 * people == len(said)
        assert [(people, people)] == found(deployment, "SELECT count(*), count(DISTINCT recipient) FROM outbox")
        assert [(1, people)] == found(deployment, "SELECT attributes ->> '$.COUNT', count(*) FROM contacts GROUP BY 1")
        steps = dict(found(deployment, "SELECT step, number FROM automation_passed"))
        names = ("@entered", "came", "wait", "mail", "count", "went", "@ended", "@sent")
        assert {people} == {steps[name] for name in names}
    deployment.close()
