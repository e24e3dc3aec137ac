"""`sentiero sessionize`: the sessions of files of events, without a server."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from collector.bulk.format import SUFFIXES, format_of
from collector.bulk.unusable import Unusable
from collector.commands.options import INTERRUPTED, span_ms

if TYPE_CHECKING:
    from collector.bulk.files import Summary


def sessionize(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Events: CSV, NDJSON or Parquet, by suffix.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Sessions: CSV, NDJSON or Parquet, by suffix.")],
    gap: Annotated[str, typer.Option(help="Inactivity that ends a session: 30m, 45s, 1h, 1800000ms.")] = "30m",
) -> None:
    """Find the sessions in files of events. Needs the extra `bulk`; no server, no data folder.

    Columns: `contact_id` and `occurred_at` (ISO 8601, without a zone UTC; a timestamp; or whole milliseconds since
    1970), which every event must have; `activity`, `id`, `category`, `key` and `url` or `page`, which it may. Only
    activity counts; `id` puts events of one instant in order; pages add `pages`, `entry_page`, `exit_page`.

    A row a session, in order of `contact_id` and `session`. Rows without contact or time are left out and counted; what
    cannot be read ends the run, and the output is as it was before.
    """
    for path in (*files, output):
        if format_of(path) is None:
            raise typer.BadParameter(f"{path}: its suffix must be one of {SUFFIXES}")
    begun = time.perf_counter()
    try:
        summary = _sessionized(files, output, gap_ms=span_ms(gap, hint="--gap"))
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    for line in _lines(summary, time.perf_counter() - begun):
        typer.echo(line)


def _sessionized(files: list[Path], output: Path, *, gap_ms: int) -> "Summary":
    """With progress on a terminal."""
    try:
        from collector.bulk.files import sessionize  # here: DuckDB is an extra
    except ModuleNotFoundError as error:
        raise Unusable(f"{error.name} is not installed: pip install 'sentiero[bulk]'") from None
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("sessionizing", total=100)
        return sessionize(files, output, gap_ms=gap_ms, watch=lambda done: progress.update(task, completed=done))


def _lines(summary: "Summary", took_s: float) -> Iterator[str]:
    """What was done, and what was left out."""
    yield (
        f"{summary.sessions:,} sessions of {summary.contacts:,} contacts from {summary.events:,} events "
        f"in {took_s:,.1f} s ({summary.events / took_s:,.0f} events a second)"
    )
    for reason, rows in summary.left_out.items():
        if rows:
            yield f"left out: {rows:,} {'row' if rows == 1 else 'rows'} {reason.replace('_', ' ')}"
