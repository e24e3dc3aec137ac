"""How does a test erase somebody, and see that nothing is left? On a deployment that is turned by hand."""

from pathlib import Path

from collector.store.sqlite.definitions.erasures import SqliteErasures
from collector.work.loop import Turn
from tests.collector.work.deployment import MINUTE, T0, Deployment


def ask(here: Deployment, contact: int, minute: float) -> str:
    """Ask for an erasure, as `serve` does; its id."""
    erasures = SqliteErasures(here.folder / "store.db")
    return erasures.ask(contact, at=T0 + round(minute * MINUTE)).id


def erase(here: Deployment, contact: int, minute: float) -> None:
    """The contact is erased at that minute, and all is done."""
    id = ask(here, contact, minute)
    here.work(minute)
    assert [(id,)] == here.ask("SELECT id FROM erasures WHERE id = ? AND done_at = ?", id, here.now)


def files_with(folder: Path, *texts: str) -> list[tuple[str, str]]:
    """(file, text) wherever one of the texts is, whatever the file."""
    contents = {path.name: path.read_bytes().lower() for path in folder.rglob("*") if path.is_file()}
    return [
        (name, text) for name, content in sorted(contents.items()) for text in texts if text.lower().encode() in content
    ]


def one_turn(here: Deployment) -> Turn:
    """The worker goes round once, and is then another one, as after a death."""
    turn = here.worker.turn()
    here.store.close()
    here.start()
    return turn
