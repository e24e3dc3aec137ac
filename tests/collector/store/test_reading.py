"""The connection on which definitions are read: for any number of threads, one at a time."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from collector.commands.prepare import upgrade
from collector.store.ports.definitions.keys import KeyDraft
from collector.store.sqlite.definitions.keys import SqliteKeys
from collector.store.sqlite.work.store import MIGRATIONS

THREADS = 8


def test_threads_that_ask_the_same_at_once_all_get_the_answer(tmp_path: Path) -> None:
    """Pages, the API and the timers do; also while another lets go of the connection, as at the end of a process."""
    upgrade(tmp_path / "store.db", MIGRATIONS)
    keys = SqliteKeys(tmp_path / "store.db")
    for number in range(50):
        keys.add(KeyDraft(text=f"sk_{number}", scope="read"), at=0)
    together = threading.Barrier(THREADS)

    def ask(turn: int) -> set[int]:
        together.wait()
        found = {len(keys.all()) for _ in range(200)}
        keys.close()
        return found

    with ThreadPoolExecutor(THREADS) as pool:
        assert [{50}] * THREADS == list(pool.map(ask, range(THREADS)))
