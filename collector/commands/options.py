"""How do the commands read what was typed? Flags that several share, names, ids, and the one way to the settings."""

import os
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from collector.config import ConfigError, Settings, load

DataOption = Annotated[Path | None, typer.Option(help="Folder that holds everything.")]
JsonOption = Annotated[bool, typer.Option("--json", help="For programs: JSON instead of a table.")]


NOT_FOUND, INTERRUPTED = 4, 130


def settings_of(**flags: object) -> Settings:
    """Flags (None: not given) > environment > sentiero.toml > default. Exits with 3 when one cannot be used."""
    try:
        return load({name: flag for name, flag in flags.items() if flag is not None}, os.environ, Path.cwd())
    except ConfigError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(error.exit_code) from None


def name_of(text: str, kind: Any, *, hint: str) -> str:
    """The text, when it may be a name. kind: as the API has it (`collector/api/sites.py: Name`). Else a usage error."""
    try:
        text.encode()  # bytes that are not UTF-8 come as half characters, which no file takes
        return str(msgspec.convert(text, kind))
    except (UnicodeEncodeError, msgspec.ValidationError):
        raise typer.BadParameter("at most 100 characters, none of them a control character", param_hint=hint) from None


def absent(noun: str, id: int) -> typer.Exit:
    """To be raised: says that there is none of that id, exits with 4."""
    typer.echo(f"there is no {noun} {id}", err=True)
    return typer.Exit(NOT_FOUND)
