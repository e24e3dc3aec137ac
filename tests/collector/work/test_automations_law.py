"""Does the running worker say of random automations what a plain re-run says? With crashes and restarts."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from collector.log.entry import Entry
from collector.store.ports.automations.definitions import AutomationChange
from collector.store.sqlite.automations.definitions import SqliteAutomations
from collector.store.sqlite.automations.runs import SqliteRuns
from sessionizer.automations import definition as asks
from sessionizer.automations.check import Known, faults
from sessionizer.automations.run import Run
from sessionizer.event import Event
from tests.collector.work.deployment import Deployment
from tests.conftest import NIGHTLY
from tests.sessionizer.automations.plain import rerun
from tests.sessionizer.automations.test_law import END, definitions, histories
from tests.sessionizer.automations.walking import MINUTE, NOON

EXAMPLES = 500 if NIGHTLY else 25
KIM = "kim@mail.example"


class Dies(Exception):
    """Between the transaction and the log."""


def entry_of(event: Event) -> Entry:
    """As a server would send it."""
    return Entry(
        door="api", source="api", site=0, id=event.id, category=event.category, key=event.key, occurred_at=event.at,
        received_at=event.at, properties=dict(event.properties), identifiers={"email_id": KIM},
    )  # fmt: skip


def turn(here: Deployment, now: int) -> None:
    """The worker catches up at that instant."""
    here.now = now
    while any(here.worker.turn()):
        pass


def die(here: Deployment) -> None:
    """A turn whose transaction is on disk and whose log is not; then a new worker."""

    def fail(bodies: object) -> None:
        raise Dies

    append, here.log.append_encoded = here.log.append_encoded, fail  # type: ignore[method-assign,assignment]
    try:
        here.worker.turn()
    except Dies:
        pass
    finally:
        here.log.append_encoded = append  # type: ignore[method-assign]
    here.start()


@given(definitions, histories, st.data())
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_worker_says_what_a_plain_rerun_says(
    definition: asks.Definition, history: list[Event], data: st.DataObject
) -> None:
    """Each run's end, each deed with its instant, once."""
    assume(not faults(definition, Known()))
    with tempfile.TemporaryDirectory() as folder:
        here = Deployment(Path(folder))
        here.now = NOON
        automations = SqliteAutomations(here.folder / "store.db")
        made = automations.create("law", definition, at=0)
        automations.change(made.id, AutomationChange(status="active"), at=0)
        now = NOON
        for event in history:
            while now < event.at - 1:  # nothing is looked at an hour late
                now = min(event.at - 1, now + 30 * MINUTE)
                turn(here, now)
            now = here.now = event.at
            here.log.append([entry_of(event)])
            what = data.draw(st.sampled_from(["turn", "turn", "restart", "die"]))
            if what == "restart":
                here.start()
            elif what == "die":
                die(here)
            turn(here, now)
        while now < END:
            now += 30 * MINUTE
            turn(here, min(now, END))
        runs = SqliteRuns(here.folder / "store.db").find(made.id, limit=500)
        said = here.ask("SELECT e.at FROM events e JOIN kinds k ON k.id = e.kind WHERE k.key = 'said' ORDER BY e.at")
        here.log.close()
        here.store.close()
    check(definition, history, runs, [at for (at,) in said])


def check(definition: asks.Definition, history: list[Event], runs: list[Run], said: list[int]) -> None:
    """Against the plain words."""
    stories = rerun(definition, history, END)
    found = {run.trigger.id: run for run in runs}
    assert {story.trigger.id for story in stories} == found.keys()
    for story in stories:
        run = found[story.trigger.id]
        assert story.ended == (None if run.goes_on else (run.ended_at, run.why))
    assert sorted(at for story in stories for _, at in story.did) == said
