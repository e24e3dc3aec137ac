"""How do automations look to programs? Bodies, answers, and how the one becomes what is kept."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from collector.api.automations.desk import NotNow, Numbers, Wrong
from collector.api.frame.answer import Instant
from collector.api.frame.params import MAX_ID
from collector.api.frame.problem import FieldError, Problem
from collector.api.people.changes import Identifiers
from collector.errors import Code
from collector.instant import day, instant
from collector.store.ports.automations.definitions import Automation, Status, Version
from collector.store.ports.automations.runs import AtStep, Refusal, Stage
from sessionizer.automations.check import Fault
from sessionizer.automations.definition import Cap, Definition, HouseRules, Zone, steps_of
from sessionizer.automations.run import Run

AutomationName = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
Id = Annotated[int, Meta(ge=1, lt=MAX_ID)]
LEVELS = 80
"""Of nesting in a body: branches within branches, and conditions in the innermost."""
NOT_STARTED = Definition()


class NewAutomation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/automations. It is a draft, which may have faults."""

    name: AutomationName
    definition: Definition = NOT_STARTED


class ChangedAutomation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of PATCH /api/automations/<id>: what is not there stays. Another definition is a new version."""

    name: AutomationName | UnsetType = UNSET
    definition: Definition | UnsetType = UNSET
    archived: bool | UnsetType = UNSET


class Entering(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/automations/<id>/contacts: one contact, by id or by identifiers, or all of a segment."""

    contact: Id | None = None
    identifiers: Identifiers = {}
    segment: Id | None = None


class FaultAnswer(msgspec.Struct, frozen=True):
    """What is wrong in a definition. path: of the field. step: its id, "" for none."""

    path: str
    step: str
    code: str
    message: str


class CheckAnswer(msgspec.Struct, frozen=True):
    """Everything that is wrong; nothing, and it may be activated."""

    faults: tuple[FaultAnswer, ...]


class AutomationAnswer(msgspec.Struct, frozen=True):
    """An automation in its newest version. active_at: since when it is active."""

    id: int
    name: str
    status: Status
    version: int
    definition: Definition
    faults: tuple[FaultAnswer, ...]
    created_at: Instant
    modified_at: Instant
    active_at: Instant | None
    archived_at: Instant | None


class AutomationVersionAnswer(msgspec.Struct, frozen=True):
    """What an automation was once."""

    version: int
    written_at: Instant
    definition: Definition


class RunAnswer(msgspec.Struct, frozen=True):
    """One contact's walk. key: which of its things. step: where it is. wake_at: when time goes on with it. until: when
    it gives up waiting. failed: why the step could not be done. why: it has ended."""

    id: str
    automation: int
    version: int
    contact_id: int
    key: str
    stage: Stage
    step: str
    entered_at: Instant
    arrived_at: Instant
    wake_at: Instant | None
    until: Instant | None
    failed: str
    ended_at: Instant | None
    why: str


class TriggerAnswer(msgspec.Struct, frozen=True):
    """The event by which somebody came in. category, key: "" for a date, or by hand."""

    id: str
    category: str
    key: str
    occurred_at: Instant
    properties: dict[str, Any]


class PassedAnswer(msgspec.Struct, frozen=True):
    """A line of the way. step: "" of the walk as a whole. what: happened. more: about what."""

    step: str
    at: Instant
    what: str
    more: str


class WalkAnswer(msgspec.Struct, frozen=True):
    """A run with its way."""

    run: RunAnswer
    trigger: TriggerAnswer
    path: tuple[PassedAnswer, ...]


class MissedAnswer(msgspec.Struct, frozen=True):
    """A contact that did not come in: why, the last time, by which event, and how often."""

    automation: int
    contact_id: int
    reason: str
    at: Instant
    event: str
    times: int


class StepAnswer(msgspec.Struct, frozen=True):
    """waiting: who is there now. passed: how many have come there."""

    step: str
    waiting: int
    passed: int


class EnteredAnswer(msgspec.Struct, frozen=True):
    """How many came in on one day."""

    day: str
    entered: int


class FiguresAnswer(msgspec.Struct, frozen=True):
    """How one automation does. inside: who is in now, failed ones among them. sent: messages that it asked for. steps:
    those of the newest version, then older ones. days: the oldest first."""

    inside: int
    failed: int
    entered: int
    ended: int
    sent: int
    steps: tuple[StepAnswer, ...]
    days: tuple[EnteredAnswer, ...]


class ContactAutomationsAnswer(msgspec.Struct, frozen=True):
    """What automations did with a contact, the newest first."""

    runs: tuple[RunAnswer, ...]
    missed: tuple[MissedAnswer, ...]


class RulesAnswer(msgspec.Struct, frozen=True):
    """What holds for all automations together; quiet_from, quiet_to: "" for no quiet hours."""

    quiet_from: str
    quiet_to: str
    zone: Zone
    caps: tuple[Cap, ...]


def fault_of(one: Fault) -> FaultAnswer:
    """What the check says → what programs see."""
    return FaultAnswer(one.path, one.step, one.code, one.says)


def automation_of(one: Automation, found: Sequence[Fault]) -> AutomationAnswer:
    """What the store knows → what programs see. found: its faults."""
    return AutomationAnswer(
        id=one.id,
        name=one.name,
        status=one.status,
        version=one.version,
        definition=one.definition,
        faults=tuple(map(fault_of, found)),
        created_at=instant(one.created_at),
        modified_at=instant(one.modified_at),
        active_at=said_at(one.active_at),
        archived_at=said_at(one.archived_at),
    )


def version_of(one: Version) -> AutomationVersionAnswer:
    """What the store knows → what programs see."""
    return AutomationVersionAnswer(one.version, instant(one.written_at), one.definition)


def stage_of(run: Run) -> Stage:
    """Whether it goes on, has failed, or has ended."""
    return "ended" if not run.goes_on else "failed" if run.failed else "running"


def run_of(one: Run) -> RunAnswer:
    """What the store knows → what programs see."""
    return RunAnswer(
        id=one.id,
        automation=one.automation,
        version=one.version,
        contact_id=one.contact,
        key=one.key,
        stage=stage_of(one),
        step=one.step,
        entered_at=instant(one.entered_at),
        arrived_at=instant(one.arrived_at),
        wake_at=said_at(one.wake_at),
        until=said_at(one.until),
        failed=one.failed,
        ended_at=said_at(one.ended_at),
        why=one.why,
    )


def walk_of(one: Run) -> WalkAnswer:
    """A run with its way."""
    by = one.trigger
    path = tuple(PassedAnswer(line.step, instant(line.at), line.what, line.more) for line in one.path)
    trigger = TriggerAnswer(by.id, by.category, by.key, instant(by.at), dict(by.properties))
    return WalkAnswer(run_of(one), trigger, path)


def missed_of(one: Refusal) -> MissedAnswer:
    """What the store knows → what programs see."""
    return MissedAnswer(one.automation, one.contact, one.reason, instant(one.at), one.event, one.times)


def figures_of(automation: Automation, numbers: Numbers) -> FiguresAnswer:
    """Steps in the order in which they stand."""
    steps = dict.fromkeys([*steps_of(automation.definition), *sorted(numbers.steps)])
    found = {step: numbers.steps.get(step, AtStep(0, 0)) for step in steps}
    return FiguresAnswer(
        **numbers.whole._asdict(),
        steps=tuple(StepAnswer(step, at.waiting, at.passed) for step, at in found.items()),
        days=tuple(EnteredAnswer(day(number), entered) for number, entered in numbers.entered),
    )


def rules_of(rules: HouseRules) -> RulesAnswer:
    """What the store knows → what programs see."""
    return RulesAnswer(rules.quiet_from, rules.quiet_to, rules.zone, rules.caps)


def said_at(at: int | None) -> str | None:
    """An instant that may not have come."""
    return None if at is None else instant(at)


def wrong(error: Wrong) -> Problem:
    """400 with everything that is wrong, and where."""
    errors = tuple(FieldError(one.path, Code.MALFORMED, one.says) for one in error.faults)
    return Problem(400, str(error), title="Bad automation", errors=errors)


def not_now(error: NotNow) -> Problem:
    """409: as things stand."""
    return Problem(409, str(error), title="Not now")
