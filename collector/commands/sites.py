"""`sentiero sites`: list, create, set. Which websites may send events, and by which rules."""

import json
from contextlib import closing
from typing import Annotated, TypeVar

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from collector.access.keys import new_write_key
from collector.access.origins import normalise
from collector.api.frame.params import MAX_ID
from collector.api.sites import Name, answer_of
from collector.commands.prepare import ready
from collector.commands.terminal.options import DataOption, JsonOption, absent, name_of
from collector.process.clock import wall_clock
from collector.store.ports.definitions.sites import Site, SiteChange, SiteDraft
from collector.store.sqlite.definitions.keys import SqliteKeys
from collector.store.sqlite.definitions.sites import SqliteSites

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Websites: list, create, set."
)

OriginOption = Annotated[
    list[str] | None, typer.Option("--origin", help="Where its pages are; none: any http(s) origin.")
]
ConsentOption = Annotated[str | None, typer.Option(help="implied, required or off.")]
IdentifyOption = Annotated[str | None, typer.Option(help="guarded, open or verified.")]

T = TypeVar("T", SiteDraft, SiteChange)


@app.command("list")
def list_(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Every site; as JSON with its write keys, in the words of `/api/sites`."""
    path = ready(data).store_path
    rows = SqliteSites(path).all()
    if as_json:
        with closing(SqliteKeys(path)) as ring:
            keys = ring.all()
        typer.echo(json.dumps(msgspec.to_builtins([answer_of(row, keys) for row in rows]), ensure_ascii=False))
        return
    table = Table("id", "name", "origins", "consent", "identify")
    for row in rows:
        table.add_row(str(row.id), escape(row.name), escape("\n".join(row.origins)) or "any", row.consent, row.identify)
    Console().print(table)


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="What people call it.")],
    origin: OriginOption = None,
    consent: ConsentOption = None,
    identify: IdentifyOption = None,
    data: DataOption = None,
) -> None:
    """A new site; prints its write key."""
    name = name_of(name, Name, hint="NAME")
    draft = _checked(SiteDraft, name=name, origins=_origins(origin or []), consent=consent, identify=identify)
    key = new_write_key()
    site = _sites(data).create(draft, write_key=key, at=wall_clock())
    typer.echo(f"site {site.id} ({site.name}), write key {key}")


@app.command("set")
def set_(
    id: Annotated[int, typer.Argument(help="The id in `sites list`.")],
    name: Annotated[str | None, typer.Option(help="Its new name.")] = None,
    origin: OriginOption = None,
    consent: ConsentOption = None,
    identify: IdentifyOption = None,
    data: DataOption = None,
) -> None:
    """Change what is named; the rest stays."""
    origins = None if origin is None else _origins(origin)
    name = None if name is None else name_of(name, Name, hint="--name")
    change = _checked(SiteChange, name=name, origins=origins, consent=consent, identify=identify)
    sites = _sites(data)
    site: Site | None = sites.change(id, change) if 0 < id < MAX_ID else None
    if site is None:
        raise absent("site", id)
    typer.echo(
        f"site {site.id} ({site.name}): {', '.join(site.origins) or 'any origin'}, {site.consent}, {site.identify}"
    )


def _sites(data: DataOption) -> SqliteSites:
    return SqliteSites(ready(data).store_path)


def _origins(origins: list[str]) -> tuple[str, ...]:
    found = {origin: normalise(origin) for origin in origins if origin}
    wrong = [origin for origin, name in found.items() if name is None]
    if wrong:
        raise typer.BadParameter(f"{wrong[0]!r} is not like https://shop.example", param_hint="--origin")
    return tuple(dict.fromkeys(name for name in found.values() if name))


def _checked(kind: type[T], **fields: object) -> T:
    """The struct of the fields that were given; what is not of a closed list is a usage error."""
    try:
        return msgspec.convert({name: value for name, value in fields.items() if value is not None}, kind)
    except (msgspec.ValidationError, UnicodeEncodeError) as error:
        raise typer.BadParameter(str(error)) from None
