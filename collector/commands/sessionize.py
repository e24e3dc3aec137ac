"""`sentiero sessionize`: the sessions of files of events, without a server; or those of a deployment, repaired."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from collector.bulk.format import SUFFIXES, format_of
from collector.bulk.unusable import Unusable
from collector.commands.rebuild import rebuild as rebuild_store
from collector.commands.terminal.options import INTERRUPTED, DataOption, instant_of, settings_of, span_ms

if TYPE_CHECKING:
    from collector.bulk.files import Summary


def sessionize(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE...", help="Events: CSV, NDJSON or Parquet, by suffix.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Sessions: CSV, NDJSON or Parquet, by suffix.")
    ] = None,
    gap: Annotated[str, typer.Option(help="Inactivity that ends a session: 30m, 45s, 1h, 1800000ms.")] = "30m",
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Not files: repair the sessions of a deployment.")] = False,
    since: Annotated[str, typer.Option(help="--rebuild only people who did something since, as 2026-11-01.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="--rebuild nothing; say what would change.")] = False,
    data: DataOption = None,
) -> None:
    """Find the sessions in files of events, without a server; or repair those of a deployment (--rebuild).

    Files need the extra `bulk`. Columns: `contact_id` and `occurred_at` (ISO 8601, without a zone UTC; a timestamp; or
    whole milliseconds since 1970), which every event must have; `activity`, `id`, `category`, `key` and `url` or
    `page`, which it may. Only activity counts; `id` puts events of one instant in order; pages add `pages`,
    `entry_page`, `exit_page`. A row a session, in order of `contact_id` and `session`. Rows without contact or time are
    left out and counted; what cannot be read ends the run, and the output is as it was before.

    `--rebuild` looks at every history of a deployment from its beginning, with the events that came too late, says
    where sessions or derived events are not what they would be, and has the worker put those right while it runs.
    """
    try:
        if rebuild:
            if files or output:
                raise typer.BadParameter("it repairs a deployment: name no files", param_hint="--rebuild")
            rebuild_store(settings_of(data=data), since=instant_of(since, hint="--since"), dry_run=dry_run)
        elif since or dry_run:
            raise typer.BadParameter("only with --rebuild", param_hint="--since" if since else "--dry-run")
        else:
            _files(files or [], output, gap_ms=span_ms(gap, hint="--gap"))
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None


def _files(files: list[Path], output: Path | None, *, gap_ms: int) -> None:
    if not files or output is None:
        raise typer.BadParameter("name the files to read, and with -o the one to write; or --rebuild a deployment")
    for path in (*files, output):
        if format_of(path) is None:
            raise typer.BadParameter(f"{path}: its suffix must be one of {SUFFIXES}")
    begun = time.perf_counter()
    summary = _sessionized(files, output, gap_ms=gap_ms)
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
