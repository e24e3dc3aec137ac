"""The commands of `sentiero`, one file a verb: each is imported when it is typed, or when all of them are listed."""

import typer

from collector.commands.terminal.verbs import Verbs

app = typer.Typer(
    name="sentiero",
    cls=Verbs,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="An open, self-hosted customer-event platform.",
)


@app.callback()
def sentiero() -> None:
    """An open, self-hosted customer-event platform."""
