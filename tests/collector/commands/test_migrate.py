"""`sentiero migrate`: both files are brought up to date, once, and never back."""

from pathlib import Path

import pytest

from collector.sqlite import connect
from tests.collector.commands.terminal import Terminal, ended

FILES = ("log.db", "store.db")


def schema(path: Path) -> int:
    """The number of the migration that was applied last."""
    connection = connect(path, readonly=True)
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()


def set_schema(path: Path, number: int) -> None:
    """As if another version of Sentiero had written the file."""
    connection = connect(path)
    connection.execute(f"PRAGMA user_version = {number}")
    connection.close()


def test_it_says_what_it_has_applied(here: Terminal) -> None:
    """On an empty folder everything; each file by its path."""
    lines = here.done("migrate").splitlines()
    assert [f"{here.data / name}: applied 1" for name in FILES] == [line.partition(", ")[0] for line in lines]


def test_again_it_finds_nothing_to_do(ready: Terminal) -> None:
    """Not one byte changes. (`init` may leave a WAL, which the first to open the file moves into it.)"""
    ready.done("migrate")
    before = [(ready.data / name).read_bytes() for name in FILES]
    assert [f"{ready.data / name}: up to date" for name in FILES] == ready.done("migrate").splitlines()
    assert before == [(ready.data / name).read_bytes() for name in FILES]


def test_two_at_once_do_it_once(here: Terminal) -> None:
    """Two processes on an empty folder: both end well, and the files are whole."""
    first, second = here.start("migrate"), here.start("migrate")
    both = [ended(first), ended(second)]
    assert [0, 0] == [said.code for said in both], both
    printed = "".join(said.out for said in both)
    assert [1, 1] == [printed.count(f"{name}: applied 1") for name in FILES]
    assert [1, 1] == [printed.count(f"{name}: up to date") for name in FILES]


@pytest.mark.parametrize("name", FILES)
def test_a_newer_file_is_not_touched(ready: Terminal, name: str) -> None:
    """It ends with 1, names the file and both numbers, and leaves it as it is."""
    path = ready.data / name
    set_schema(path, 99)
    before = path.read_bytes()
    said = ready.run("migrate")
    assert 1 == said.code
    assert f"{path}: schema 99 is newer than {schema_known(name)}" in said.err
    assert before == path.read_bytes()
    assert 99 == schema(path)


def schema_known(name: str) -> int:
    """The newest schema of a file, as its folder of migrations has it."""
    folders = {"log.db": "collector/log/schema", "store.db": "collector/store/sqlite/migrations"}
    scripts = (Path(__file__).parents[3] / folders[name]).glob("[0-9]*.sql")
    return max(int(script.stem) for script in scripts)
