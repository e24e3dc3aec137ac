"""`sentiero export`: events and contacts of a deployment as a file, beside whatever runs."""

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec
import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from collector.api.events import place_of
from collector.bulk.format import SUFFIXES, Kind, format_of
from collector.commands.terminal.options import INTERRUPTED, DataOption, instant_of, settings_of
from collector.config import Settings
from collector.moving.outgoing import Export, Piece, Source, write_out
from collector.moving.written import CONTACTS, EVENTS, Noun
from collector.process.clock import clock_of
from collector.store.ports.contacts import ContactQuery
from collector.store.ports.events import EventQuery, Place
from collector.store.sqlite.store import SqliteStore

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Events and contacts as a file."
)

PIECE = 1_000
LIMIT_S = 120.0
"""Of a question: nobody waits for it but this command."""

OutputOption = Annotated[
    Path, typer.Option("--output", "-o", help="The file: NDJSON, CSV (both also with .gz) or Parquet, by suffix.")
]
ContactOption = Annotated[list[int] | None, typer.Option(min=1, max=2**53 - 1, help="Only of this contact, by id.")]


class Wanted(NamedTuple):
    """What was typed. source: gives the pieces of a store. asked: in one text, without the output."""

    noun: Noun
    output: Path
    asked: str
    source: Callable[[SqliteStore], Source]


@app.command()
def events(
    output: OutputOption,
    since: Annotated[str, typer.Option("--from", help="Only from then on: 2026-11-01, or an instant.")] = "",
    until: Annotated[str, typer.Option("--to", help="Only before then.")] = "",
    category: Annotated[list[str] | None, typer.Option(help="Only of this category; may be repeated.")] = None,
    key: Annotated[list[str] | None, typer.Option(help="Only of this key; may be repeated.")] = None,
    contact: ContactOption = None,
    site: Annotated[list[int] | None, typer.Option(min=1, max=2**53 - 1, help="Only of this site, by id.")] = None,
    data: DataOption = None,
) -> None:
    """Events as `GET /api/events` answers them, oldest first, up to the moment at which the export began.

    Interrupted, it goes on when the same is typed again. `sentiero import events` reads what it writes.
    """
    settings = settings_of(data=data)
    query = EventQuery(
        categories=tuple(category or ()),
        keys=tuple(key or ()),
        contacts=tuple(contact or ()),
        sites=tuple(site or ()),
        since=instant_of(since, hint="--from") or None,
        until=instant_of(until, hint="--to") or None,
        oldest=True,
    )

    asked = f"events {msgspec.json.encode(query).decode()}"
    _run(settings, Wanted(EVENTS, output, asked, lambda store: partial(_events, store, query)))


@app.command()
def contacts(output: OutputOption, contact: ContactOption = None, data: DataOption = None) -> None:
    """Contacts as `GET /api/contacts` answers them, by id.

    Interrupted, it goes on when the same is typed again. `sentiero import contacts` reads what it writes.
    """
    settings = settings_of(data=data)
    only = tuple(sorted(set(contact or ())))

    _run(settings, Wanted(CONTACTS, output, f"contacts {only}", lambda store: partial(_contacts, store, only)))


async def _events(
    store: SqliteStore, query: EventQuery, after: tuple[Any, ...] | None, until: int
) -> AsyncIterator[Piece]:
    """Those that had happened when the export began."""
    query = msgspec.structs.replace(query, until=min(query.until or until, until))
    place = Place(*after) if after else None
    while found := await store.events.find(query, limit=PIECE, after=place):
        place = place_of(found[-1])
        yield found, place


async def _contacts(
    store: SqliteStore, only: tuple[int, ...], after: tuple[Any, ...] | None, until: int
) -> AsyncIterator[Piece]:
    """Those who were there when the export began, or went on. until: says nothing of contacts."""
    last = int(after[0]) if after else 0
    newest = await store.contacts.find(ContactQuery(), limit=1)
    end = newest[0].id if newest else 0
    ids = [id for id in only if last < id <= end] if only else range(last + 1, end + 1)
    for start in range(0, len(ids), PIECE):
        asked = tuple(ids[start : start + PIECE])
        if found := await store.contacts.find(ContactQuery(ids=asked), limit=PIECE):
            yield found[::-1], (asked[-1],)


def _run(settings: Settings, wanted: Wanted) -> None:
    written = format_of(wanted.output)
    if written is None:
        raise typer.BadParameter(f"{wanted.output}: its suffix must be one of {SUFFIXES}", param_hint="--output")
    if written.kind is Kind.PARQUET:
        import_module("collector.moving.parquet")  # before the work, not after it: DuckDB is an extra
    try:
        rows, before = asyncio.run(_write(settings, wanted))
    except KeyboardInterrupt:
        typer.echo("interrupted: the same command goes on where it stopped", err=True)
        raise typer.Exit(INTERRUPTED) from None
    went_on = f", {before:,} of them by a run before this one" if before else ""
    typer.echo(f"{wanted.output}: {rows:,} {'row' if rows == 1 else 'rows'}{went_on}")


async def _write(settings: Settings, wanted: Wanted) -> tuple[int, int]:
    """With progress on a terminal. The store is opened in here: its connections belong to a loop."""
    store = SqliteStore(settings.data, limit_s=LIMIT_S)
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.completed:,} rows"), TimeElapsedColumn())
    try:
        await store.open()
        export = Export(wanted.noun, wanted.source(store), wanted.asked, wanted.output, clock_of(settings.data)())
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
            task = progress.add_task("exporting", total=None)
            return await write_out(export, lambda rows: progress.update(task, completed=rows))
    finally:
        await store.close()
