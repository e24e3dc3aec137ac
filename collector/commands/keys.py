"""`sentiero keys`: list, create, revoke. Who may send events, and who may ask."""

import json
from contextlib import closing
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from collector.access.keys import API_SCOPES, new_api_key, new_write_key
from collector.api.frame.params import MAX_ID
from collector.api.keys import Label, answer_of
from collector.commands.prepare import ready
from collector.commands.terminal.options import DataOption, JsonOption, absent, name_of
from collector.process.clock import wall_clock
from collector.store.ports.definitions.keys import KeyDraft, Scope
from collector.store.sqlite.definitions.keys import SqliteKeys

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Keys: list, create, revoke."
)

SCOPES: tuple[Scope, ...] = ("write_key", *API_SCOPES)


@app.command("list")
def list_(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Every key, also the revoked; of a secret one only its first characters are known."""
    with _ring(data) as ring:
        rows = ring.all()
    if as_json:
        typer.echo(json.dumps(msgspec.to_builtins([answer_of(row) for row in rows]), ensure_ascii=False))
        return
    table = Table("id", "scope", "site", "name", Column("key", no_wrap=True), "revoked")  # to be copied in one piece
    for row in rows:
        shown = row.shown if row.site else f"{row.shown}…"
        revoked = "revoked" if row.revoked_at else ""
        table.add_row(str(row.id), row.scope, str(row.site or ""), escape(row.name), escape(shown), revoked)
    Console().print(table)


@app.command()
def create(
    scope: Annotated[str, typer.Option(help="write_key (of a site), read, write or admin.")],
    site: Annotated[int | None, typer.Option(help="The site of a write key.")] = None,
    name: Annotated[str, typer.Option(help="What it is for.")] = "",
    data: DataOption = None,
) -> None:
    """A new key, printed this once."""
    known = next((word for word in SCOPES if word == scope), None)
    if known is None:
        raise typer.BadParameter(f"one of {', '.join(SCOPES)}", param_hint="--scope")
    if (known == "write_key") != (site is not None):
        raise typer.BadParameter("a write key belongs to a site, an API key to none", param_hint="--site")
    text = new_write_key() if known == "write_key" else new_api_key()
    draft = KeyDraft(text=text, scope=known, site=site, name=name_of(name, Label, hint="--name"))
    with _ring(data) as ring:
        try:
            key = ring.add(draft, at=wall_clock())
        except (LookupError, OverflowError):  # OverflowError: a number that SQLite cannot hold
            raise absent("site", site or 0) from None
    typer.echo(f"key {key.id} ({key.scope}): {text}")


@app.command()
def revoke(id: Annotated[int, typer.Argument(help="The id in `keys list`.")], data: DataOption = None) -> None:
    """Refuse a key from now on: in every process within a second."""
    with _ring(data) as ring:
        if not (0 < id < MAX_ID and ring.revoke(id, at=wall_clock())):
            raise absent("key", id)
    typer.echo(f"key {id} is revoked")


def _ring(data: DataOption) -> "closing[SqliteKeys]":
    return closing(SqliteKeys(ready(data).store_path))
