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
PEOPLE = 1_500
MOMENT_S = 0.6
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
    """A folder with an automation, and people who come in: their hour is over within the next seconds."""
    deployment = Deployment(folder)
    deployment.data.mkdir()
    prepare(load({"data": deployment.data}, {}, folder), now=0)
    content = Content(channel="email", subject="Yours", html="<p>{{ event.n }}</p>")
    SqliteMessages(deployment.store_path).create("Mail", Writing(purpose="transactional", content=content), at=0)
    automations = SqliteAutomations(deployment.store_path)
    automations.change(
        automations.create("killed", parse(AUTOMATION), at=0).id, AutomationChange(status="active"), at=0
    )
    began = time.time_ns() // 1_000_000 - HOUR_MS + 2_000
    with closing(SqliteLog(deployment.log_path)) as log:
        for number in range(PEOPLE):
            at = began + number * 5
            log.append(
                [
                    Entry(
                        door="api", source="api", site=0, id=f"go-{number}", category="custom", key="go", occurred_at=at,
                        received_at=at, properties={"n": number}, identifiers={"email_id": f"r{number}@mail.example"},
                    )
                ]
            )  # fmt: skip
    return deployment


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


def is_over(deployment: Deployment) -> bool:
    """Whether everybody is through, and everything that was said has been read back."""
    return [(PEOPLE, 0)] == found(
        deployment,
        "SELECT (SELECT count(*) FROM automation_runs WHERE ended_at IS NOT NULL), (SELECT count(*) FROM to_log)",
    )


@pytest.mark.parametrize("part", range(PARTS))
def test_each_step_is_done_once_wherever_the_worker_is_killed(tmp_path: Path, part: int) -> None:
    """Each person came in once; has one mail, one more in the attribute, and both events, once."""
    chance = random.Random(SEED + part)
    print(f"SENTIERO_SEED={SEED}, part {part}")
    deployment = prepared(tmp_path)
    for _ in range(KILLS // PARTS):
        with working(deployment):
            deadline = time.monotonic() + chance.uniform(0.6, 0.6 + MOMENT_S)
            until(lambda deadline=deadline: time.monotonic() > deadline, 5)  # type: ignore[misc]  # bound
    with working(deployment):
        until(lambda: is_over(deployment), 90, lambda: f"not through: {deployment.output[-2_000:]}")
        said = found(
            deployment,
            "SELECT k.key, e.contact FROM events e JOIN kinds k ON k.id = e.kind WHERE k.key IN ('came', 'went')",
        )
        assert {1} == set(Counter(said).values())
        assert 2 * PEOPLE == len(said)
        assert [(PEOPLE, PEOPLE)] == found(deployment, "SELECT count(*), count(DISTINCT recipient) FROM outbox")
        assert [(1, PEOPLE)] == found(deployment, "SELECT attributes ->> '$.COUNT', count(*) FROM contacts GROUP BY 1")
        steps = dict(found(deployment, "SELECT step, number FROM automation_passed"))
        assert {PEOPLE} == {
            steps[one] for one in ("@entered", "came", "wait", "mail", "count", "went", "@ended", "@sent")
        }
    deployment.close()
