"""`sentiero demo`: a made-up history of a shop, written at once, so that there is something to look at."""

import time
from contextlib import ExitStack, closing
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from collector.access.keys import new_write_key
from collector.commands.prepare import ready
from collector.commands.terminal.options import DataOption, settings_of, span_ms, span_text
from collector.config import DAY_MS, Settings
from collector.demo.history import Request
from collector.demo.people import CRAWLER_AGENTS, PEOPLE_AGENTS
from collector.demo.refusals import refusals
from collector.demo.teller import telling
from collector.log.sqlite import SqliteLog
from collector.process.clock import NoDemo, TooFar, clock_of, demo_clock, make_demo
from collector.process.garbage import look_never
from collector.process.lock import Held, hold
from collector.store.ports.bulk import Bulk, NotEmpty
from collector.store.ports.definitions.sites import SiteDraft
from collector.store.sqlite.definitions.sites import SqliteSites
from collector.store.sqlite.work.bulk import bulk
from sessionizer.wall_clock import text_of

REFUSED = 3
MOST_A_DAY = 60
"""Events of one contact: more would not fit between the pauses that end sessions."""

MAX_EVENTS, MAX_DAYS, MAX_SEED = 1_000_000_000, 3_650, 2**63 - 1


def demo(
    events: Annotated[int, typer.Option(min=1, max=MAX_EVENTS, help="How many, derived ones included.")] = 100_000,
    contacts: Annotated[int, typer.Option(min=1, max=MAX_EVENTS, help="At most so many; fewer if few events.")] = 2_000,
    days: Annotated[int, typer.Option(min=1, max=MAX_DAYS, help="How far back the history goes.")] = 30,
    seed: Annotated[int, typer.Option(min=0, max=MAX_SEED, help="Another one makes up another history.")] = 1,
    data: DataOption = None,
    fast_forward: Annotated[
        str, typer.Option(metavar="SPAN", help="Only move the clock of a demo on, such as by 90s, 30m, 2h or 3d.")
    ] = "",
) -> None:
    """Fill an empty deployment with the made-up history of a shop, up to half an hour ago; or move its clock on."""
    if fast_forward:
        move_on(settings_of(data=data), span_ms(fast_forward, hint="--fast-forward"))
        return
    if events > contacts * days * MOST_A_DAY:
        raise typer.BadParameter(f"at most {MOST_A_DAY} events a contact and day", param_hint="--events")
    settings = ready(data)
    with ExitStack() as locks:
        try:
            for name in ("serve.lock", "work.lock"):
                locks.enter_context(hold(settings.data / name))
        except Held as error:
            raise _refused(f"{error}; stop it first") from None
        locks.enter_context(look_never())
        try:
            now = clock_of(settings.data)()
            written = write(settings, Request(events, contacts, days, seed, now, settings.url))
        except NotEmpty:
            raise _refused(f"{settings.data} has events already: choose an empty folder with --data") from None
        make_demo(settings.data)
    typer.echo(written)


def move_on(settings: Settings, by_ms: int) -> None:
    """Move its clock on, and say what it shows now. Exits with 3 when it is no demo."""
    try:
        clock = demo_clock(settings.data)
        ahead_ms = clock.move_on(by_ms)
    except (NoDemo, TooFar) as error:
        raise _refused(str(error)) from None
    typer.echo(f"its clock shows {text_of(clock())}: {span_text(ahead_ms)} ahead")


def write(settings: Settings, request: Request) -> str:
    """Make it up and write it; returns what was done, in one line. Raises NotEmpty, and then nothing is changed."""
    begun = time.perf_counter()
    with closing(SqliteLog(settings.log_path)) as log:
        if log.read(0, 1):
            raise NotEmpty  # what waits for the worker would come before what has happened already
        with bulk(settings.store_path, after=log.end()) as writing:
            contacts = _tell(writing, request)
            _close_log(log, request, last=writing.last)
    _name_blog(SqliteSites(settings.store_path), at=request.now)
    took = time.perf_counter() - begun
    rate = request.events / took
    return f"{request.events:,} events of {contacts:,} contacts in {took:,.1f} s ({rate:,.0f} a second)"


def _tell(writing: Bulk, request: Request) -> int:
    """The whole history into the store; returns the number of contacts."""
    from collector.work.agents import read_agent  # here: it takes 0.2 s, for which no other verb shall wait

    agents = {text: writing.agent(text, read_agent) for text in (*PEOPLE_AGENTS, *CRAWLER_AGENTS)}
    with telling(request, agents) as teller:
        console = Console(stderr=True)
        for chapter in track(teller.chapters(), "writing", teller.expected, console=console, transient=True):
            writing.record(chapter.events)
            writing.put(chapter.sessions)
        everybody = teller.everybody
    assert everybody is not None, "it comes after the last chapter"
    writing.people(everybody)
    return len(everybody.contacts)


def _close_log(log: SqliteLog, request: Request, *, last: int) -> None:
    """Before the store commits: a store that is ahead of its log would lose what comes next."""
    since, now = request.now - request.days * DAY_MS, request.now
    log.append((), refusals(request.events, seed=request.seed, since=since, until=now))
    log.begin_behind(last, now)


def _name_blog(sites: SqliteSites, *, at: int) -> None:
    """The history has two sites; the first one is there already."""
    if len(sites.all()) == 1:
        sites.create(SiteDraft(name="Blog"), write_key=new_write_key(), at=at)


def _refused(says: str) -> typer.Exit:
    typer.echo(says, err=True)
    return typer.Exit(REFUSED)
