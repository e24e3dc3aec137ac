"""How do automations look on a terminal? Tables and lines, of what was read."""

from collections.abc import Iterator, Mapping, Sequence

from rich.markup import escape
from rich.table import Column, Table

from collector.api.automations.desk import NONE
from collector.api.automations.rehearsal import Rehearsal
from collector.instant import instant
from collector.store.ports.automations.definitions import Automation
from collector.store.ports.automations.runs import AtStep, Figures
from sessionizer.automations.check import Fault
from sessionizer.automations.definition import Definition, walk_steps


def list_of(rows: Sequence[Automation], figures: Mapping[int, Figures]) -> Table:
    """A row an automation. sent: messages that it asked for."""
    numbers = [Column(name, justify="right") for name in ("inside", "failed", "entered", "sent")]
    table = Table("id", "name", "status", "version", *numbers)
    for one in rows:
        found = figures.get(one.id, NONE)
        counts = (f"{count:,}" for count in (found.inside, found.failed, found.entered, found.sent))
        table.add_row(str(one.id), escape(one.name), one.status, str(one.version), *counts)
    return table


def head_of(one: Automation) -> str:
    """Which it is, and how it stands."""
    since = f" since {instant(one.active_at)}" if one.active_at is not None else ""
    away = ", put away" if one.archived_at is not None else ""
    return f"automation {one.id} ({one.name}): {one.status}{since}, version {one.version}{away}"


def steps_table(definition: Definition, numbers: Mapping[str, AtStep]) -> Table:
    """A row a step, branches below; then steps of older versions at which somebody is."""
    table = Table("step", "type", "id", *[Column(name, justify="right") for name in ("waiting", "passed")])
    there = {step.id: (path, str(step.__struct_config__.tag)) for path, step in walk_steps(definition.steps)}
    gone = {id: ("of an older version", "") for id in sorted(numbers) if id not in there and numbers[id].waiting}
    for id, (path, type) in {**there, **gone}.items():
        at = numbers.get(id, AtStep(0, 0))
        table.add_row(escape(path), type, id, f"{at.waiting:,}", f"{at.passed:,}")
    return table


def wrong_lines(name: str, wrong: Sequence[Fault]) -> Iterator[str]:
    """A line a fault."""
    for fault in wrong:
        yield f"{name}: {fault.path}: {fault.says}"


def rehearsal_lines(found: Rehearsal) -> Iterator[str]:
    """What would have been, a line a number."""
    more = ", and there are more" if found.cut else ""
    yield f"{instant(found.asked.since)} to {instant(found.asked.until)}: {found.contacts:,} contacts looked at{more}"
    yield f"would have come in: {found.entered:,}"
    sums: Sequence[tuple[str, Mapping[str, int] | Mapping[int, int]]] = (
        ("would stand at", found.inside),
        ("would have ended", found.ended),
        ("would have been sent, message", found.sent),
        ("would not have been sent", found.unsent),
        ("would not have come in", found.missed),
    )
    for name, numbers in sums:
        for which, number in sorted(numbers.items(), key=lambda one: (-one[1], str(one[0]))):
            yield f"{name} {which}: {number:,}"
    for type in found.unheard:
        yield f"not rehearsed, it is no event: {type}"
