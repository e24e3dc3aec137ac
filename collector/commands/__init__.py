"""The commands of `sentiero`, one file a verb."""

import typer

from collector.commands import keys, sites
from collector.commands.demo import demo
from collector.commands.doctor import doctor
from collector.commands.init import init
from collector.commands.migrate import migrate
from collector.commands.serve import serve
from collector.commands.sessionize import sessionize
from collector.commands.tail import tail
from collector.commands.terminal.failure import Commands
from collector.commands.work import work

app = typer.Typer(
    name="sentiero",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="An open, self-hosted customer-event platform.",
)
for command in (serve, work, init, demo, sessionize, tail, migrate, doctor):
    app.command()(command)
app.add_typer(sites.app, name="sites")
app.add_typer(keys.app, name="keys")
