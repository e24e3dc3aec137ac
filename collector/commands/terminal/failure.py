"""What does a person read when a command cannot do its work? One line that names the culprit, and an exit code.

What the machine refuses (a folder, a file, a disk) is expected. Anything else is a defect and keeps its traceback.
"""

import io
import sqlite3
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from collector.access.secret import SecretError
from collector.bulk.unusable import Unusable
from collector.config import ConfigError
from collector.sqlite import NewerSchema
from collector.store.ports.store import StoreFailed

FAILURE = 1
EXPECTED = (OSError, sqlite3.Error, SecretError, NewerSchema, StoreFailed, Unusable)


class Commands(TyperGroup):
    """All the verbs: the one edge at which their failures become words."""

    def invoke(self, ctx: Any) -> Any:
        """Run a verb. ctx: of typer, whose class has moved between its versions."""
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")  # a name that the terminal cannot show is no failure
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # `sentiero tail | head`: typer ends in silence
        except ConfigError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(error.exit_code) from None
        except EXPECTED as error:
            typer.echo(f"sentiero: {said(error)}", err=True)
            raise typer.Exit(FAILURE) from None


def said(error: Exception) -> str:
    """`/srv/data/secret: Permission denied` instead of `[Errno 13] Permission denied: '/srv/data/secret'`."""
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return f"{error.filename}: {error.strerror}"
    return str(error) or type(error).__name__
