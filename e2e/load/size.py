"""How much disk does an event take? By SQLite's own account of its pages (`dbstat`), after real work by a real worker.

    page_visited    table `events` and all its indexes, a row's share; and the table `pages` with its indexes, the share
                    of an event that has a page
    all             the whole of store.db an event that was given: people, sessions, threads, derived events as well

The log is left out: it is trimmed. The file is as the worker leaves it, not compacted.
"""

import sqlite3
from pathlib import Path

from collector.work.loop import BATCH_ROWS
from e2e.load.deployment import Folder
from e2e.load.figure import Figure, Limit
from e2e.load.traffic import PAGES, IdKind, entries
from e2e.load.work import filled, work_through

EVENTS = 100_000

_BYTES = """
SELECT m.tbl_name, s.name, sum(s.pgsize) FROM dbstat s JOIN sqlite_master m ON m.name = s.name
GROUP BY 1, 2 ORDER BY 3 DESC"""


def measure(scratch: Path) -> list[Figure]:
    """With both kinds of ids."""
    return [figure for ids in ("uuidv7", "random") for figure in _sized(scratch, ids)]


def _sized(scratch: Path, ids: IdKind) -> list[Figure]:
    path = filled(scratch / ids, entries(EVENTS, ids=ids))
    work_through(path)
    folder = Folder(path)
    sizes = _sizes(folder.store)
    rows, with_page = folder.store.execute("SELECT count(*), count(page) FROM events").fetchone()
    folder.close()
    event = _of(sizes, "events") / rows + _of(sizes, "pages") / with_page
    whole = sum(sizes.values()) / EVENTS
    details = {"rows": rows, "pages": PAGES, "bytes_a_row": _shares(sizes, rows)}
    return [
        _figure(f"size, {ids}: a page_visited with its indexes", event, ids, Limit("at most", 350), details),
        _figure(f"size, {ids}: store.db an event that was given", whole, ids, None, details),
    ]


def _sizes(store: sqlite3.Connection) -> dict[tuple[str, str], int]:
    """(table, table or index) → bytes of all its pages, the largest first."""
    return {(table, name): size for table, name, size in store.execute(_BYTES)}


def _of(sizes: dict[tuple[str, str], int], table: str) -> int:
    return sum(size for (owner, _), size in sizes.items() if owner == table)


def _shares(sizes: dict[tuple[str, str], int], rows: int) -> dict[str, float]:
    return {name: round(size / rows, 1) for (_, name), size in sizes.items() if size >= rows}


def _figure(what: str, size: float, ids: IdKind, limit: Limit | None, details: dict[str, object]) -> Figure:
    name = "size_event" if limit else "size_store"
    return Figure(
        name=f"{name}_{ids}", what=what, figure=round(size, 1), unit="bytes", limit=limit, ids=ids, batch=BATCH_ROWS,
        worker=True, runs=[size], details=details,
    )  # fmt: skip
