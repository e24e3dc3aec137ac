"""`sentiero migrate`: bring the files' schemas up to date. `serve` and `work` do it by themselves."""

import typer

from collector.commands.options import DataOption, settings_of
from collector.log.sqlite import SCHEMA
from collector.sqlite import NewerSchema
from collector.sqlite import migrate as apply
from collector.store.sqlite.work.store import MIGRATIONS


def migrate(data: DataOption = None) -> None:
    """Apply what is missing and say what it was. Exits with 1 when a file is newer than this version."""
    settings = settings_of(data=data)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path, folder in ((settings.log_path, SCHEMA), (settings.store_path, MIGRATIONS)):
        try:
            done = apply(path, folder)
        except NewerSchema as error:
            typer.echo(f"{path}: {error}", err=True)
            raise typer.Exit(1) from None
        typer.echo(f"{path}: {'applied ' + ', '.join(map(str, done)) if done else 'up to date'}")
