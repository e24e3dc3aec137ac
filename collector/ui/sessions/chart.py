"""How many sessions began when? Totals as lines that a chart can stack: the largest parts, and all others together.

Pure: rows of the port `Totals` in, numbers out. A step without sessions is a nought, not a gap.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from collector.store.ports.totals import SessionTotal

MOST_PARTS = 6
"""Lines that an eye still tells apart."""


class Line(NamedTuple):
    """One part. part: as the split has it, None for all others together. counts: one a step."""

    part: str | None
    counts: list[int]


class Chart(NamedTuple):
    """at: the beginning of each step, ms UTC. lines: the largest part first."""

    at: Sequence[int]
    lines: list[Line]

    @property
    def totals(self) -> list[int]:
        """Sessions a step."""
        return [sum(counts) for counts in zip(*(line.counts for line in self.lines), strict=True)]


def chart_of(rows: Iterable[SessionTotal], at: Sequence[int]) -> Chart:
    """at: the beginnings of all steps, in order; what began in no step of them is left out."""
    kept = [row for row in rows if row.at in at]
    sums: Counter[str] = Counter()
    for row in kept:
        sums[row.part] += row.sessions
    largest = sorted(sums, key=lambda part: (-sums[part], part))[:MOST_PARTS]
    lines = {part: Line(part, [0] * len(at)) for part in largest}
    others = Line(None, [0] * len(at))
    place = {instant: n for n, instant in enumerate(at)}
    for row in kept:
        lines.get(row.part, others).counts[place[row.at]] += row.sessions
    return Chart(at, [*lines.values(), *([others] if any(others.counts) else [])])


def drawn(chart: Chart, names: Sequence[str], step: str) -> dict[str, Any]:
    """What the script reads. names: of the lines."""
    return {
        "step": step,
        "at": [instant // 1000 for instant in chart.at],
        "lines": [{"name": name, "counts": line.counts} for name, line in zip(names, chart.lines, strict=True)],
    }
