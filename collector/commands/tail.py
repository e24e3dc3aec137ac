"""`sentiero tail`: watch events arrive, a line each, as the store learns of them."""

import asyncio
from typing import Annotated

import typer

from collector.api.stream import Tail
from collector.commands.terminal.options import INTERRUPTED, DataOption, settings_of
from collector.instant import instant
from collector.store.ports.events import EventQuery, StoredEvent
from collector.store.ports.store import StoreFailed
from collector.store.sqlite.store import SqliteStore


def tail(
    category: Annotated[list[str] | None, typer.Option(help="Only events of this category; may be repeated.")] = None,
    key: Annotated[list[str] | None, typer.Option(help="Only events of this key; may be repeated.")] = None,
    data: DataOption = None,
) -> None:
    """Watch events arrive. Ends with Ctrl-C."""
    settings = settings_of(data=data)
    query = EventQuery(categories=tuple(category or ()), keys=tuple(key or ()))
    try:
        asyncio.run(_follow(SqliteStore(settings.data), query))
    except StoreFailed as error:
        typer.echo(f"{error}: is {settings.data} the right folder? `sentiero init` makes one", err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None


async def _follow(store: SqliteStore, query: EventQuery) -> None:
    watch = Tail(store.events)
    try:
        await store.open()  # in here: a connection that is left open keeps the process alive
        await watch.start()
        async for events in watch.follow(query, await store.events.end()):
            for event in events:
                typer.echo(line_of(event))
    finally:
        await watch.stop()
        await store.close()


def line_of(event: StoredEvent) -> str:
    """`2026-11-24T10:00:00.000Z  website/page_visited  contact 7  https://…`; no control character gets through."""
    who = f"contact {event.contact}" if event.contact else "nobody"
    where = event.page.url if event.page else ""
    line = f"{instant(event.at)}  {event.category}/{event.key}  {who}  {where}".rstrip()
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)
