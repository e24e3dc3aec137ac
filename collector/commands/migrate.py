"""`sentiero migrate`: bring the files' schemas up to date. `serve` and `work` do it by themselves."""

import typer

from collector.commands.prepare import make_folder, upgrade
from collector.commands.terminal.options import DataOption, settings_of
from collector.log.sqlite import SCHEMA
from collector.store.sqlite.work.store import MIGRATIONS


def migrate(data: DataOption = None) -> None:
    """Apply what is missing and say what it was. Exits with 1 when a file is newer than this version."""
    settings = settings_of(data=data)
    make_folder(settings)
    for path, folder in ((settings.log_path, SCHEMA), (settings.store_path, MIGRATIONS)):
        done = upgrade(path, folder)
        typer.echo(f"{path}: {'applied ' + ', '.join(map(str, done)) if done else 'up to date'}")
