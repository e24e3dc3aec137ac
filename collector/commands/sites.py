"""`sentiero sites`: list, create, set. Which websites may send events, and by which rules."""

import json
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from collector.access.keys import new_write_key
from collector.access.origins import normalised
from collector.app import wall_clock
from collector.commands.options import DataOption, JsonOption, settings_of
from collector.commands.prepare import prepare
from collector.store.ports.sites import Site, SiteChange, SiteDraft
from collector.store.sqlite.sites import SqliteSites

app = typer.Typer(no_args_is_help=True, help="Websites: list, create, set.")

OriginOption = Annotated[list[str] | None, typer.Option("--origin", help="Where its pages are; none: any http(s) origin.")]
ConsentOption = Annotated[str | None, typer.Option(help="implied, required or off.")]
IdentifyOption = Annotated[str | None, typer.Option(help="guarded, open or verified.")]

NOT_FOUND = 4


@app.command("list")
def list_(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Every site."""
    rows = _sites(data).all()
    if as_json:
        typer.echo(json.dumps([msgspec.to_builtins(row) for row in rows], ensure_ascii=False))
        return
    table = Table("id", "name", "origins", "consent", "identify")
    for row in rows:
        table.add_row(str(row.id), row.name, "\n".join(row.origins) or "any", row.consent, row.identify)
    Console().print(table)


@app.command()
def create(
    name: str,
    origin: OriginOption = None,
    consent: ConsentOption = None,
    identify: IdentifyOption = None,
    data: DataOption = None,
) -> None:
    """A new site; prints its write key."""
    draft = _checked(SiteDraft, name=name, origins=_origins(origin or []), consent=consent, identify=identify)
    key = new_write_key()
    site = _sites(data).create(draft, write_key=key, at=wall_clock())
    typer.echo(f"site {site.id} ({site.name}), write key {key}")


@app.command("set")
def set_(
    id: int,
    name: Annotated[str | None, typer.Option(help="Its new name.")] = None,
    origin: OriginOption = None,
    consent: ConsentOption = None,
    identify: IdentifyOption = None,
    data: DataOption = None,
) -> None:
    """Change what is named; the rest stays."""
    origins = None if origin is None else _origins(origin)
    change = _checked(SiteChange, name=name, origins=origins, consent=consent, identify=identify)
    site: Site | None = _sites(data).change(id, change)
    if site is None:
        typer.echo(f"there is no site {id}", err=True)
        raise typer.Exit(NOT_FOUND)
    typer.echo(f"site {site.id} ({site.name}): {', '.join(site.origins) or 'any origin'}, {site.consent}, {site.identify}")


def _sites(data: DataOption) -> SqliteSites:
    settings = settings_of(data=data)
    prepare(settings, now=wall_clock())
    return SqliteSites(settings.store_path)


def _origins(origins: list[str]) -> tuple[str, ...]:
    try:
        return tuple(dict.fromkeys(normalised(origin) for origin in origins if origin))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--origin") from None


def _checked(kind: type[msgspec.Struct], **fields: object) -> "SiteDraft | SiteChange":  # type: ignore[misc]
    try:
        return msgspec.convert({k: v for k, v in fields.items() if v is not None}, kind)  # type: ignore[return-value]
    except msgspec.ValidationError as error:
        raise typer.BadParameter(str(error)) from None
