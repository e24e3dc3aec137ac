"""`sentiero init`: make the data folder, its secret and files, the first site and its keys."""

import typer

from collector.app import wall_clock
from collector.commands.options import DataOption, settings_of
from collector.commands.prepare import prepare


def init(data: DataOption = None) -> None:
    """Make the data folder and print its first keys, once."""
    settings = settings_of(data=data)
    first = prepare(settings, now=wall_clock())
    typer.echo(f"{settings.data} is ready")
    if first.write_key:
        typer.echo(f"  write key (public, of the site default): {first.write_key}")
    if first.api_key:
        typer.echo(f"  API key (scope admin, shown this once): {first.api_key}")
