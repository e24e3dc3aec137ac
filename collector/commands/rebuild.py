"""How does `sentiero sessionize --rebuild` go? It looks at every history, says what would be other, has it mended.

A worker that runs does the mending, in its own transactions, while it goes on; without one this command does it itself.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from collector.commands.prepare import prepare
from collector.commands.work import working
from collector.config import Settings
from collector.process.clock import clock_of
from collector.process.lock import Held, hold
from collector.sqlite import connect
from collector.store.sqlite.rebuild import SqliteWholes
from collector.store.sqlite.work.rebuilds import SqliteRebuilds
from sessionizer.wall_clock import text_of

if TYPE_CHECKING:
    from collector.work.review import Difference

SHOWN = 20
"""Contacts whose differences are named one by one."""

STALLED = 1
LOOK_S, PATIENCE_S = 0.2, 60.0


class Found(NamedTuple):
    """What the look has found."""

    contacts: int
    events: int
    took_s: float
    differences: list["Difference"]


def rebuild(settings: Settings, *, since: int, dry_run: bool) -> None:
    """Say what would be other; without `dry_run` also mend it. since: ms UTC, 0 for everybody."""
    prepare(settings, now=clock_of(settings.data)())
    found = _look(settings, since)
    typer.echo(summary(found))
    for line in details(found.differences):
        typer.echo(line)
    if found.differences and not dry_run:
        _mend(settings, [one.contact for one in found.differences])
        typer.echo(f"mended {_many(len(found.differences), 'contact')}")


def _look(settings: Settings, since: int) -> Found:
    from collector.work.review import Task, review  # here: it takes 0.2 s, for which no other verb shall wait

    begun, events, differences = time.monotonic(), 0, list["Difference"]()
    with closing(SqliteWholes(settings.store_path)) as wholes:
        contacts = wholes.contacts(since)
    with _progress() as bar:
        looking = bar.add_task("looking", total=len(contacts))
        for some in review(Task(settings.store_path, settings.zone, clock_of(settings.data)()), contacts):
            bar.advance(looking, some.contacts)
            events += some.events
            differences += some.differences
    return Found(len(contacts), events, time.monotonic() - begun, differences)


def summary(found: Found) -> str:
    """What was looked at, and what would be other, in two lines."""
    rate = f"{found.took_s:,.1f} s ({found.events / max(found.took_s, 0.001):,.0f} a second)"
    looked = f"looked at {_many(found.events, 'event')} of {_many(found.contacts, 'contact')} in {rate}"
    differences = found.differences
    if not differences:
        return f"{looked}\nall sessions and derived events are what the events say"
    counts = (
        (sum(len(one.added) for one in differences), "derived event", "missing"),
        (sum(len(one.retracted) for one in differences), "derived event", "wrong"),
        (sum(len(one.revised) for one in differences), "derived event", "with other properties"),
        (sum(one.sessions for one in differences), "session", "that differ"),
        (sum(one.late for one in differences), "event", "too late to be heard"),
    )
    parts = ", ".join(f"{_many(count, noun)} {what}" for count, noun, what in counts if count)
    return f"{looked}\n{_many(len(differences), 'contact')} to mend: {parts}"


def details(differences: Sequence["Difference"]) -> Iterator[str]:
    """The first contacts, line by line: `+` what is missing, `-` what is wrong, `~` what says something else."""
    for one in differences[:SHOWN]:
        yield f"contact {one.contact}: {_many(one.sessions, 'session')}, {_many(one.late, 'late event')}"
        for sign, derived in (("+", one.added), ("-", one.retracted), ("~", one.revised)):
            yield from (f"  {sign} {text_of(event.at)} {event.category}/{event.key}" for event in derived[:SHOWN])
    if len(differences) > SHOWN:
        yield f"and {_many(len(differences) - SHOWN, 'contact')} more"


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _mend(settings: Settings, contacts: Sequence[int]) -> None:
    """Ask, and wait until it is done: by the worker that runs, or here."""
    with closing(connect(settings.store_path)) as connection, _progress() as bar:
        rebuilds = SqliteRebuilds(connection)
        connection.execute("BEGIN IMMEDIATE")
        rebuilds.ask(contacts)
        connection.execute("COMMIT")
        mending = bar.add_task("mending", total=len(contacts))

        def left() -> int:
            count = rebuilds.left()
            bar.update(mending, completed=len(contacts) - count)
            return count

        try:
            lock = hold(settings.data / "work.lock")
        except Held:
            _wait(left)
            return
        with lock, working(settings) as worker:
            worker.run(lambda: not left())


def _wait(left: Callable[[], int]) -> None:
    """Another process does it. Exits with 1 when it does not go on."""
    count, changed_at = left(), time.monotonic()
    while count:
        time.sleep(LOOK_S)
        before, count = count, left()
        changed_at = time.monotonic() if count != before else changed_at
        if time.monotonic() - changed_at > PATIENCE_S:
            typer.echo(
                f"{_many(count, 'contact')} to go: the worker has taken none for {PATIENCE_S:.0f} s (look at its log);"
                " it will take them when it goes on",
                err=True,
            )
            raise typer.Exit(STALLED)


def _progress() -> Progress:
    """On a terminal alone."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,} of {task.total:,} contacts"),
        TimeRemainingColumn(), console=console, transient=True, disable=not console.is_terminal,
    )  # fmt: skip
