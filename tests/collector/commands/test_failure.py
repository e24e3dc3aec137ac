"""What a command says when it cannot do its work: one line that names the culprit, an exit code, never a traceback."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.collector.commands.files import contents, folder, garbage, locked, newer
from tests.collector.commands.terminal import Terminal, ended
from tests.killed.wait import until

FAILURE, CONFIGURATION = 1, 3
WRITERS = (
    "serve --port 0 --no-worker",
    "work",
    "init",
    "migrate",
    "keys list",
    "keys create --scope read",
    "keys revoke 1",
    "sites list",
    "sites create Shop",
    "sites set 1 --name Shop",
)

every_writer = pytest.mark.parametrize("command", WRITERS)


def one_line(err: str) -> str:
    """What was said beside the output: a sentence, not a page."""
    assert 1 == len(err.splitlines()), err
    return err


@every_writer
@pytest.mark.parametrize("below", ["", "/deeper/still"])
def test_a_file_instead_of_a_folder(here: Terminal, command: str, below: str) -> None:
    """The folder is a setting that cannot be used; the file is left alone."""
    here.write("data", "somebody's file")
    here.environ["SENTIERO_DATA"] = f"{here.data}{below}"
    said = here.run(*command.split())
    assert CONFIGURATION == said.code
    assert f"setting data = '{here.data}{below}'" in one_line(said.err)
    assert "somebody's file" == here.data.read_text()


def test_a_folder_where_none_can_be_made(here: Terminal) -> None:
    """Nobody, not even root, makes a folder in /proc."""
    here.environ["SENTIERO_DATA"] = "/proc/sentiero"
    assert CONFIGURATION == here.run("init").code


ILLS: tuple[tuple[str, Callable[[Path], None], str], ...] = (
    ("log.db", garbage, "file is not a database"),
    ("store.db", garbage, "file is not a database"),
    ("log.db", folder, "unable to open database file"),
    ("store.db", folder, "unable to open database file"),
    ("log.db", newer, "schema 99 is newer than"),
    ("store.db", newer, "schema 99 is newer than"),
    ("secret", garbage, "restore it from a backup"),
    ("secret", folder, "restore it from a backup"),
)


@every_writer
@pytest.mark.parametrize(("name", "spoil", "says"), ILLS, ids=lambda part: getattr(part, "__name__", None))
def test_a_file_that_cannot_be_used(
    ready: Terminal, command: str, name: str, spoil: Callable[[Path], None], says: str
) -> None:
    """It fails, names the file and the reason, and repairs nothing by guessing. (`migrate` needs no secret.)"""
    for companion in ready.data.glob(f"{name}-*"):
        companion.unlink()
    spoil(ready.data / name)
    before = contents(ready.data / name)
    said = ready.run(*command.split())
    if (name, command) != ("secret", "migrate"):
        assert FAILURE == said.code
        assert f"{ready.data / name}" in one_line(said.err)
        assert says in said.err
    assert before == contents(ready.data / name)


@pytest.mark.parametrize(("name", "spoil"), [ill[:2] for ill in ILLS[:4]])
def test_a_tail_that_has_nothing_to_read(ready: Terminal, name: str, spoil: Callable[[Path], None]) -> None:
    """It says which file, asks whether this is the right folder, and leaves no thread that keeps it from ending."""
    spoil(ready.data / name)
    before = set(threading.enumerate())
    said = ready.run("tail")
    assert FAILURE == said.code
    assert one_line(said.err).startswith(f"{ready.data / name}: ")
    assert f"is {ready.data} the right folder?" in said.err
    assert until(lambda: all(thread.daemon for thread in set(threading.enumerate()) - before), 5)


def test_a_locked_database(ready: Terminal) -> None:
    """Who must write waits 5 s, then says what is locked; who only reads (`doctor`) is not disturbed."""
    with locked(ready.data / "store.db"):
        writers = [ready.start(*command.split()) for command in ("migrate", "keys revoke 1", "sites create Shop")]
        assert 0 == ready.run("doctor").code
        for said in map(ended, writers):
            assert FAILURE == said.code
            assert f"sentiero: {ready.data / 'store.db'}: database is locked\n" == said.err
    assert [None, None] == [key["revoked_at"] for key in json.loads(ready.done("keys", "list", "--json"))]


def test_nobody_reads_any_more(ready: Terminal) -> None:
    """`sentiero keys list | head -0`: the pipe is closed before it is written to."""
    with ready.start("keys", "list") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert "" == process.stderr.read()
    assert FAILURE == process.returncode
