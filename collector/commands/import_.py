"""`sentiero import`: events and contacts from files, as history, beside whatever runs."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from collector.bulk.format import SUFFIXES, Kind, format_of
from collector.commands.prepare import prepare, show_first
from collector.commands.terminal.options import INTERRUPTED, PARTLY_DONE, DataOption, absent, settings_of
from collector.config import Settings
from collector.ingest.draft import Misfit
from collector.ingest.item import ServerItem
from collector.log.sqlite import SqliteLog
from collector.moving.columns import types_of
from collector.moving.contact_row import Contacts
from collector.moving.event_row import EventRow, LeftOut, event_in
from collector.moving.headings import is_brevo
from collector.moving.incoming import Paths, Read, Report, Target, bring_in
from collector.moving.rows import Row, rows
from collector.process.clock import clock_of
from collector.process.garbage import look_never
from collector.process.lock import Held, hold
from collector.store.ports.store import StoreFailed
from collector.store.sqlite.definitions.schemas import SqliteSchemas
from collector.store.sqlite.definitions.sites import SqliteSites
from collector.store.sqlite.work.known import SqliteKnown

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Events and contacts from files."
)

HELD = 3

FilesArgument = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="NDJSON, CSV (both also with .gz) or Parquet, by suffix.")
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Check every row; write nothing.")]

Reader = Callable[[Path], Read]
"""A file → how its rows are read."""


@app.command()
def events(
    files: FilesArgument,
    site: Annotated[int | None, typer.Option(min=1, max=2**53 - 1, help="Of events that name none, by id.")] = None,
    dry_run: DryRunOption = False,
    data: DataOption = None,
) -> None:
    """Bring events in, as history: no automation hears of them.

    A row is as `sentiero export events` writes it, or as `POST /api/events` takes it; in CSV and Parquet there are
    columns of those names, `url`, `title`, `referrer`, `object_type`, `object_id`, `email_id` and other identifiers.
    Each row passes the checks of that door. What is refused stands, with its row and why, in `FILE.rejected.ndjson`,
    and the exit code is 5. Ids are kept, and a row without one gets one from what it says: what is there already, also
    from the same file, is not taken twice. Derived events are left out: they arise again from the others.

    Interrupted or killed, it goes on when the same is typed again. A server need not run; one that runs goes on.
    """
    _run(data, files, lambda path: _event_of, Wanted("events", dry_run, site or 0))


@app.command()
def contacts(
    files: FilesArgument,
    list_: Annotated[list[str] | None, typer.Option("--list", help="Put everybody on it; may be repeated.")] = None,
    dry_run: DryRunOption = False,
    data: DataOption = None,
) -> None:
    """Bring contacts in: who they are, what is known of them, their lists, and who does not want to hear from us.

    A row is as `sentiero export contacts` writes it, or a table's: `email`, `phone` or `sms`, `ext_id`, `whatsapp`,
    `landline_number`, `lists`, `consent`; every other column is an attribute, a number, a date, yes or no where the
    whole column is. The file of Brevo's *export contacts* is read as it is; who is on a blacklist there has withdrawn
    consent. Rows become events of the category `contact`, as of `last_seen_at` or of the file's own date.
    """
    _run(data, files, lambda path: _contacts_of(path, list_ or ()), Wanted("contacts", dry_run))


class Wanted(NamedTuple):
    """What was typed. site: of events that name none, 0 for none."""

    noun: str
    dry_run: bool
    site: int = 0


def _run(data: Path | None, files: Sequence[Path], reader: Reader, wanted: Wanted) -> None:
    settings = settings_of(data=data)
    for path in files:
        if format_of(path) is None:
            raise typer.BadParameter(f"{path}: its suffix must be one of {SUFFIXES}")
        with path.open("rb"):  # before the first is begun
            pass
    if not wanted.dry_run:
        show_first(prepare(settings, now=clock_of(settings.data)()), settings, err=True)
    try:
        with _target(settings, wanted) as target, look_never():
            reports = [_brought_in(_paths(settings, path, wanted), reader(path), target) for path in files]
    except KeyboardInterrupt:
        typer.echo("interrupted: the same command goes on where it stopped", err=True)
        raise typer.Exit(INTERRUPTED) from None
    if any(report.done.refused for report in reports):
        raise typer.Exit(PARTLY_DONE)


@contextmanager
def _target(settings: Settings, wanted: Wanted) -> Iterator[Target]:
    """The log and what is asked of the store. Exits with 3 when another import is under way."""
    with ExitStack() as open_:
        log = None
        if not wanted.dry_run:
            try:
                open_.enter_context(hold(settings.data / "import.lock"))
            except Held as error:
                typer.echo(str(error), err=True)
                raise typer.Exit(HELD) from None
            (settings.data / "imports").mkdir(exist_ok=True, mode=0o700)
            log = open_.enter_context(closing(SqliteLog(settings.log_path)))
        elif not settings.store_path.is_file():
            raise StoreFailed(f"{settings.store_path} is not there: `sentiero init` makes a data folder")
        known = open_.enter_context(closing(SqliteKnown(settings.store_path)))
        schemas = open_.enter_context(closing(SqliteSchemas(settings.store_path)))
        sites = {site.id for site in SqliteSites(settings.store_path).all()}
        if wanted.site and wanted.site not in sites:
            raise absent("site", wanted.site)
        yield Target(
            log=log,
            known=known.among,
            is_site=sites.__contains__,
            clock=clock_of(settings.data),
            ahead_ms=settings.clock_ahead_ms,
            site=wanted.site,
            pinned={(one.category, one.key): one for one in schemas.all()},
        )


def _brought_in(paths: Paths, read: Read, target: Target) -> Report:
    """One file, with progress on a terminal and its report at the end."""
    begun = time.perf_counter()
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[rows]:,} rows"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(paths.file.name, total=1.0, rows=0)
        report = bring_in(paths, read, target, lambda share, rows: progress.update(task, completed=share, rows=rows))
    for line in _lines(paths, report, time.perf_counter() - begun):
        typer.echo(line)
    return report


def _paths(settings: Settings, path: Path, wanted: Wanted) -> Paths:
    """The place is kept in the data folder, for each deployment has its own; refused rows beside the file."""
    known_as = blake2b(bytes(path.resolve()), digest_size=12).hexdigest()
    rejects = path.with_name(f"{path.name}.rejected.ndjson")
    return Paths(
        path, settings.data / "imports" / f"{wanted.noun}-{known_as}.json", None if wanted.dry_run else rejects
    )


def _lines(paths: Paths, report: Report, took_s: float) -> Iterator[str]:
    """What was done, what was left out, what was refused."""
    done = report.done
    verb = "are good" if paths.rejects is None else "taken"
    rate = f"{(done.row - report.went_on) / max(took_s, 0.001):,.0f} rows a second"
    yield f"{paths.file}: {_many(done.taken, 'event')} {verb}, from {_many(done.row, 'row')} ({rate})"
    if report.went_on:
        yield f"  went on behind row {report.went_on:,}, where an earlier run had stopped"
    if done.known:
        yield f"  {_many(done.known, 'event')} {'was' if done.known == 1 else 'were'} there already"
    for reason, count in done.left_out.items():
        yield f"  left out: {count:,} {reason}"
    for warning, count in done.warned.items():
        yield f"  in {_many(count, 'row')}, {warning}"
    if not done.refused:
        return
    counts = ", ".join(f"{count:,} {code}" for code, count in sorted(done.refused.items()))
    kept = "" if paths.rejects is None else f"; they are in {paths.rejects}"
    yield f"  refused: {_many(sum(done.refused.values()), 'row')} ({counts}){kept}"
    for row, path, code, message in report.first:
        yield f"    row {row:,}{f', {path}' if path else ''}: {code}: {message}"


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _event_of(row: Row) -> Sequence[ServerItem] | Misfit | LeftOut:
    event = event_in(row)
    return (event,) if isinstance(event, EventRow) else event


def _contacts_of(path: Path, lists: Sequence[str]) -> Contacts:
    """How the contacts of a file are read. A CSV is looked through first, to know of which type each column is."""
    written = format_of(path)
    types = types_of(row.cells for row in rows(path)) if written and written.kind is Kind.CSV else {}
    if is_brevo(types):
        typer.echo(f"{path}: an export of Brevo's contacts", err=True)
    return Contacts(types, written_at=path.stat().st_mtime_ns // 1_000_000, lists=lists)
