"""`sentiero segment`: check. Is who is in a segment right, by everything that can say it?"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Column, Table

from collector.commands.segment.compare import Compared, Comparison, Sampling, Verdict
from collector.commands.terminal.options import INTERRUPTED, DataOption, absent, settings_of
from collector.config import Settings
from collector.process.clock import clock_of
from collector.store.sqlite.segments.executions import SqliteExecutions

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Segments: check.")

DIFFERENT = 1
SHOWN = 20
"""Contacts of a segment that are named one by one."""


@app.callback()
def segment() -> None:
    """Segments: check."""


@app.command()
def check(
    ids: Annotated[list[int] | None, typer.Argument(metavar="ID...", help="Segments; none: all of them.")] = None,
    sample: Annotated[int, typer.Option(min=0, help="Contacts of a segment of whom the definition is asked.")] = 1_000,
    seed: Annotated[int, typer.Option(help="Which contacts those are: the same for the same number.")] = 0,
    data: DataOption = None,
) -> None:
    """Compare who is in segments: as the worker keeps it, as the store finds it, as the definition means it.

    Reads only, and may be run while everything goes on. What differs is looked at again after a second, and when the
    worker has done what is due; what differs still is said, contact by contact. Exits with 1 then.
    """
    try:
        compared = list(_compared(settings_of(data=data), ids or [], Sampling(sample, seed)))
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    if rows := [one for one in compared if not one.why_not]:
        Console().print(table_of(rows))
    for one in compared:
        for line in lines_of(one):
            typer.echo(line)
    if any(one.differences for one in compared):
        raise typer.Exit(DIFFERENT)


def _compared(settings: Settings, ids: Sequence[int], sampling: Sampling) -> Iterator[Compared]:
    """One after the other, with progress on a terminal. Exits with 4 when there is no such segment."""
    with closing(SqliteExecutions(settings.store_path)) as executions, _progress() as bar:
        there = [one.id for one in executions.questions()]
        if unknown := [id for id in ids if id not in there]:
            raise absent("segment", unknown[0])
        comparison = Comparison(executions, settings.zone, sampling, clock=clock_of(settings.data))
        for id in dict.fromkeys(ids or there):
            task = bar.add_task(f"segment {id}", total=None)
            yield comparison.compare(id, partial(_show, bar, task))
            bar.remove_task(task)


def _show(bar: Progress, task: TaskID, done: int, total: int) -> None:
    bar.update(task, completed=done, total=total)


def _progress() -> Progress:
    """On a terminal alone."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,} contacts"),
        console=console, transient=True, disable=not console.is_terminal,
    )  # fmt: skip


def table_of(compared: Sequence[Compared]) -> Table:
    """A row a segment. compared: of how many contacts the definition was asked as well."""
    numbers = [Column(name, justify="right") for name in ("members", "compared", "differ", "took")]
    table = Table("id", "name", *numbers)
    for one in compared:
        counts = (f"{count:,}" for count in (one.members, one.contacts, len(one.differences)))
        table.add_row(str(one.segment), escape(one.name), *counts, f"{one.took_s:,.2f} s")
    return table


def lines_of(compared: Compared) -> Iterator[str]:
    """Why a segment was not compared; or what differs, contact by contact."""
    head = f"segment {compared.segment} ({compared.name})"
    if compared.why_not:
        yield f"{head}: {compared.why_not}"
    for one in compared.differences[:SHOWN]:
        yield f"{head}, contact {one.contact}: {said(one)}"
    if len(compared.differences) > SHOWN:
        yield f"{head}: and {len(compared.differences) - SHOWN:,} contacts more"


def said(verdict: Verdict) -> str:
    """What each of the three says."""
    answers = (("worker", verdict.kept), ("store", verdict.found), ("definition", verdict.meant))
    words = ", ".join(f"{who} {'in' if is_in else 'out'}" for who, is_in in answers)
    return f"{words} (the worker has yet to look)" if verdict.waits else words
