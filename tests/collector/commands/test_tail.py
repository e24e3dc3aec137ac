"""`sentiero tail`: events appear as the store learns of them, a line each, until Ctrl-C."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from collector.commands.tail import line_of
from collector.store.ports.events import StoredEvent
from sessionizer.event import Page
from tests.collector.commands.terminal import Terminal, interrupted
from tests.collector.work.deployment import T0, Deployment
from tests.killed.wait import until

FAILURE, INTERRUPTED = 1, 130
HOME = Page("https://shop.example/")


@contextmanager
def tail(here: Terminal, path: Path, *flags: str) -> Iterator[subprocess.Popen[str]]:
    """A tail that prints into the file; gone afterwards, whatever happens."""
    with path.open("w") as file, here.start("tail", *flags, stdout=file) as process:
        try:
            yield process
        finally:
            process.kill()


class Visit:
    """Somebody goes from page to page and claps on each: p0, c0, p1, c1, …; the worker takes note at once."""

    def __init__(self, folder: Path) -> None:
        self._deployment = Deployment(folder)
        self.ids: list[str] = []

    def go_on(self) -> None:
        """One page further."""
        number = len(self.ids) // 2
        for id, kind in ((f"p{number}", {}), (f"c{number}", {"category": "custom", "key": "clapped"})):
            self._deployment.say(id, number / 1_000, **kind)
            self.ids.append(id)
        self._deployment.work(number / 1_000)


def shown(path: Path) -> list[str]:
    """The ids, read from the addresses at the lines' ends, of what was printed."""
    return [line.rpartition("/")[2] for line in path.read_text().splitlines() if "shop.example" in line]


def test_events_appear_as_they_come_until_ctrl_c(ready: Terminal) -> None:
    """All from now on, each once, in order; only what was asked for; Ctrl-C ends it with 130 and without a word."""
    visit, everything, claps = Visit(ready.data), ready.folder / "everything", ready.folder / "claps"
    for _ in range(3):
        visit.go_on()
    with (
        tail(ready, everything) as first,
        tail(ready, claps, "--category", "custom", "--key", "clapped", "--key", "nosuch") as second,
    ):
        until(lambda: shown(everything) and shown(claps), 30, rest=visit.go_on)
        for _ in range(10):
            visit.go_on()
        until(lambda: visit.ids[-1] in shown(everything) and visit.ids[-1] in shown(claps), 10)
        assert [(INTERRUPTED, "", "")] * 2 == [interrupted(process) for process in (first, second)]
    said, wanted = visit.ids, [id for id in visit.ids if id.startswith("c")]
    assert said[-len(shown(everything)) :] == shown(everything)
    assert wanted[-len(shown(claps)) :] == shown(claps)
    assert 20 < len(shown(everything)) <= len(said) - 6, "what was before it began is not shown"


def test_a_line_says_when_what_who_where(ready: Terminal) -> None:
    """Time, kind, contact, address; what is not known is left out."""
    assert "2026-09-21T14:13:20.000Z  website/page_visited  contact 7  https://shop.example/" == line_of(
        event(contact=7)
    )
    assert "2026-09-21T14:13:20.000Z  website/page_visited  nobody" == line_of(event(page=None))


@pytest.mark.parametrize("character", ["\n", "\r", "\x1b", "\x07", "\x9b", "\u202e", "\u2028", "\ud800", "\0"])
def test_a_stranger_cannot_write_on_the_terminal(character: str) -> None:
    """Control characters, line breaks and changes of direction become a sign that something was there."""
    line = line_of(event(page=Page(f"https://shop.example/{character}[31m")))
    assert line.endswith("https://shop.example/\N{REPLACEMENT CHARACTER}[31m")


def event(*, contact: int | None = None, page: Page | None = HOME) -> StoredEvent:
    """A page that was visited."""
    return StoredEvent(
        offset=1, id="e", category="website", key="page_visited", source="tracker", at=T0, received_at=T0, site=1,
        visitor="", contact=contact, session=None, page=page, agent=None, properties={}, identifiers={}, object=None,
        causes=(), superseded=False, late=False,
    )  # fmt: skip


def test_a_folder_that_is_not_there(here: Terminal) -> None:
    """It says so, names the command that makes one, and makes none."""
    said = here.run("tail")
    assert FAILURE == said.code
    assert f"{here.data / 'store.db'}: unable to open database file" in said.err
    assert "`sentiero init` makes one" in said.err
    assert not here.data.exists()
