"""`sentiero migrate`: both files are brought up to date, once, and never back."""

import re

import pytest

from tests.collector.commands.files import FILES, UNKNOWN, newer, newest
from tests.collector.commands.terminal import Terminal, ended


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
    """Two processes on an empty folder: both end well, and each migration is applied by one of them."""
    first, second = here.start("migrate"), here.start("migrate")
    both = [ended(first), ended(second)]
    assert [0, 0] == [said.code for said in both], both
    for name in FILES:
        lists = re.findall(rf"{name}: applied ([\d, ]+)\n", "".join(said.out for said in both))
        assert list(range(1, newest(name) + 1)) == sorted(int(number) for text in lists for number in text.split(", "))


@pytest.mark.parametrize("name", FILES)
def test_a_newer_file_is_not_touched(ready: Terminal, name: str) -> None:
    """It ends with 1, names the file and both numbers, and leaves it as it is."""
    path = ready.data / name
    newer(path)
    before = path.read_bytes()
    said = ready.run("migrate")
    assert 1 == said.code
    assert f"{path}: schema {UNKNOWN} is newer than {newest(name)}, the newest that this version knows" in said.err
    assert before == path.read_bytes()
