"""`sentiero automation`: list, show, check, dry-run. Which are there, how do they do, is anything wrong?"""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec
import typer
from rich.console import Console

from collector.api.automations.bodies import automation_of
from collector.api.automations.desk import known_from
from collector.api.automations.looking import rehearsal_of
from collector.api.automations.rehearsal import DAYS, MOST_DAYS, Asked, grounds_of, rehearsed, unaskable
from collector.commands.automation.printed import head_of, list_of, rehearsal_lines, steps_table, wrong_lines
from collector.commands.terminal.options import DataOption, JsonOption, absent, settings_of
from collector.instant import DAY_MS
from collector.process.clock import clock_of
from collector.store.sqlite.automations.definitions import SqliteAutomations
from collector.store.sqlite.automations.past import SqlitePast
from collector.store.sqlite.automations.runs import SqliteRuns
from collector.store.sqlite.definitions.lists import SqliteLists
from collector.store.sqlite.definitions.messages import SqliteMessages
from collector.store.sqlite.definitions.segments import SqliteSegments
from sessionizer.automations.check import Known, faults
from sessionizer.automations.definition import Definition

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Automations: list, show, check, dry-run.",
)

FAULTY = 1
MAX_ID = 2**53


class Kept(NamedTuple):
    """What is read of one store.db. known: what definitions may name."""

    automations: SqliteAutomations
    runs: SqliteRuns
    known: Known


@app.command("list")
def list_(
    archived: Annotated[bool, typer.Option(help="Those that were put away, instead of those in use.")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Every automation, with how many are in, came in, and how much was sent; as JSON in the words of the API."""
    with _kept(data) as kept:
        rows = [one for one in kept.automations.all() if (one.archived_at is not None) == archived]
        if as_json:
            _echo_json([automation_of(row, faults(row.definition, kept.known)) for row in rows])
        else:
            Console().print(list_of(rows, kept.runs.figures()))


@app.command()
def show(
    id: Annotated[int, typer.Argument(help="The id in `automation list`.")],
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """One automation: its steps with who is there, and what is wrong with it; as JSON with its definition."""
    with _kept(data) as kept:
        found = kept.automations.one(id) if 0 < id < MAX_ID else None
        if found is None:
            raise absent("automation", id)
        wrong = faults(found.definition, kept.known)
        if as_json:
            _echo_json(automation_of(found, wrong))
            return
        typer.echo(head_of(found))
        Console().print(steps_table(found.definition, kept.runs.steps(id)))
        for line in wrong_lines(found.name, wrong):
            typer.echo(line)


@app.command()
def check(
    ids: Annotated[list[int] | None, typer.Argument(metavar="ID...", help="Automations; none: all in use.")] = None,
    file: Annotated[Path | None, typer.Option(help="A definition that is kept nowhere yet, as JSON, instead.")] = None,
    data: DataOption = None,
) -> None:
    """Say what is wrong in automations, by the messages, segments and lists that there are now. Exits with 1 then."""
    with _kept(data) as kept:
        asked = {str(file): _read(file)} if file else dict(_definitions(kept.automations, ids or []))
        lines = [line for name, one in asked.items() for line in wrong_lines(name, faults(one, kept.known))]
    for line in lines:
        typer.echo(line)
    if lines:
        raise typer.Exit(FAULTY)


@app.command()
def dry_run(
    id: Annotated[int, typer.Argument(help="The id in `automation list`.")],
    days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="Of how many days the events are walked.")] = DAYS,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say who would have come in lately, where they would stand, what would have been sent. Nothing is done."""
    settings = settings_of(data=data)
    with ExitStack() as stack:
        path = settings.store_path
        automations = stack.enter_context(closing(SqliteAutomations(path)))
        one = automations.one(id) if 0 < id < MAX_ID else None
        if one is None:
            raise absent("automation", id)
        messages, segments = stack.enter_context(closing(SqliteMessages(path))), SqliteSegments(path)
        stack.enter_context(closing(segments))
        lists = stack.enter_context(closing(SqliteLists(path)))
        if wrong := unaskable(one.definition, known_from(messages, segments, lists)):
            for line in wrong_lines(one.name, wrong):
                typer.echo(line, err=True)
            raise typer.Exit(FAULTY)
        grounds = grounds_of(automations.rules(), messages, segments, zone=settings.zone)
        past, until = stack.enter_context(closing(SqlitePast(path))), clock_of(settings.data)()
        found = rehearsed(one.definition, Asked(until - days * DAY_MS, until), grounds, past)
    if as_json:
        _echo_json(rehearsal_of(found))
        return
    for line in rehearsal_lines(found):
        typer.echo(line)


def _definitions(automations: SqliteAutomations, ids: list[int]) -> Iterator[tuple[str, Definition]]:
    """By name: those that are named, or all in use. Exits with 4 when there is no such automation."""
    there = {one.id: one for one in automations.all()}
    if unknown := [id for id in ids if id not in there]:
        raise absent("automation", unknown[0])
    for id in ids or [id for id, one in there.items() if one.archived_at is None]:
        yield there[id].name, there[id].definition


def _read(file: Path) -> Definition:
    """Of a file. Else a usage error."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Definition)
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise typer.BadParameter(str(error), param_hint="--file") from None


@contextmanager
def _kept(data: Path | None) -> Iterator[Kept]:
    path = settings_of(data=data).store_path
    with ExitStack() as stack:
        automations, runs = stack.enter_context(closing(SqliteAutomations(path))), SqliteRuns(path)
        stack.enter_context(closing(runs))
        messages, segments = stack.enter_context(closing(SqliteMessages(path))), SqliteSegments(path)
        stack.enter_context(closing(segments))
        lists = stack.enter_context(closing(SqliteLists(path)))
        yield Kept(automations, runs, known_from(messages, segments, lists))


def _echo_json(value: object) -> None:
    typer.echo(msgspec.json.encode(value).decode())
