"""How do the commands read their settings? Flags that several share, and the one way to the settings."""

import os
from pathlib import Path
from typing import Annotated

import typer

from collector.config import ConfigError, Settings, load

DataOption = Annotated[Path | None, typer.Option(help="Folder that holds everything.")]
JsonOption = Annotated[bool, typer.Option("--json", help="For programs: JSON instead of a table.")]


def settings_of(**flags: object) -> Settings:
    """Flags (None: not given) > environment > sentiero.toml > default. Exits with 3 when one cannot be used."""
    try:
        return load({name: flag for name, flag in flags.items() if flag is not None}, os.environ, Path.cwd())
    except ConfigError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(error.exit_code) from None
