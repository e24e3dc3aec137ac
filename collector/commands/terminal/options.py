"""How do the commands read what was typed? Flags that several share, names, ids, and the one way to the settings."""

import os
import re
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from collector.config import ConfigError, Settings, load
from collector.instant import parse_instant

DataOption = Annotated[Path | None, typer.Option(help="Folder that holds everything.")]
JsonOption = Annotated[bool, typer.Option("--json", help="For programs: JSON instead of a table.")]


NOT_FOUND, PARTLY_DONE, INTERRUPTED = 4, 5, 130

UNIT_MS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
MAX_SPAN_MS = 3_650 * UNIT_MS["d"]


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


def span_ms(text: str, *, hint: str) -> int:
    """`30m` → milliseconds, 1 to those of ten years. Else a usage error."""
    found = re.fullmatch(r"([0-9]{1,15})(ms|s|m|h|d)", text.strip())
    span = int(found[1]) * UNIT_MS[found[2]] if found else 0
    if not 1 <= span <= MAX_SPAN_MS:
        raise typer.BadParameter("a span of time such as 30m, 45s, 1h, 1800000ms, at most 3650d", param_hint=hint)
    return span


def span_text(ms: int) -> str:
    """Milliseconds → `1d 2h 30m`; what is less than a second is left out."""
    said = []
    for unit in ("d", "h", "m", "s"):
        count, ms = divmod(ms, UNIT_MS[unit])
        said += [f"{count}{unit}"] if count else []
    return " ".join(said) or "0s"


def absent(noun: str, id: int) -> typer.Exit:
    """To be raised: says that there is none of that id, exits with 4."""
    typer.echo(f"there is no {noun} {id}", err=True)
    return typer.Exit(NOT_FOUND)


def instant_of(text: str, *, hint: str) -> int:
    """`2026-11-01` (UTC), or RFC 3339 → ms UTC; 0 for "". Else a usage error."""
    found = parse_instant(f"{text}T00:00:00Z" if len(text) == len("2026-11-01") else text) if text else 0
    if found is None or found < 0:
        raise typer.BadParameter(
            "a day such as 2026-11-01, or an instant such as 2026-11-01T10:00:00Z", param_hint=hint
        )
    return found
