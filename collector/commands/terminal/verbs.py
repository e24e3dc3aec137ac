"""Which verbs are there? Their names in the order of the help; each one's file is imported when it is needed.

All of them together take a second to import: who types `sentiero sessionize` shall not wait for the console's pages.
"""

from importlib import import_module
from keyword import iskeyword
from typing import Any

import typer

from collector.commands.terminal.failure import Commands

VERBS = (
    "serve", "work", "init", "demo", "export", "import", "sessionize", "segment", "automation", "tail", "migrate",
    "doctor", "sites", "keys",
)  # fmt: skip


class Verbs(Commands):
    """The group whose commands are files of `collector/commands/`."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Every verb. ctx: of typer, whose class has moved between its versions."""
        return list(VERBS)

    def get_command(self, ctx: Any, name: str) -> Any:
        """The verb of that name; None when there is none."""
        return command_of(name) if name in VERBS else None


def command_of(verb: str) -> Any:
    """As typer runs it. A file has a function of the verb's name, or an `app` with verbs of its own.

    A verb that Python keeps for itself has a file with `_` at its end: `import_.py`.
    """
    module = import_module(f"collector.commands.{verb}{'_' if iskeyword(verb) else ''}")
    app = getattr(module, "app", None)
    if app is None:
        app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        app.command()(getattr(module, verb))
    command = typer.main.get_command(app)
    command.name = verb
    return command
