"""`sentiero init`: make the data folder, its secret and files, the first site and its keys."""

import typer

from collector.commands.prepare import prepare, show_first
from collector.commands.terminal.options import DataOption, settings_of
from collector.process.clock import wall_clock


def init(data: DataOption = None) -> None:
    """Make the data folder and print its first keys, once."""
    settings = settings_of(data=data)
    first = prepare(settings, now=wall_clock())
    typer.echo(f"{settings.data} is ready")
    show_first(first, settings)
