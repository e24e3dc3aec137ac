"""How does DuckDB work here? In bounded memory and without a network; one query, with its progress."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

import duckdb

from collector.bulk.source import LEFT_OUT

MEMORY_LIMIT = "750MB"
"""What DuckDB counts; the process takes about 100 MB more. What does not fit goes to the scratch folder."""

MAX_THREADS = 8
"""Each has buffers of its own: more of them would not fit."""

LOOK_S = 0.1

Watch = Callable[[float], None]
"""Told now and then how far it is, 0 to 100."""


@contextmanager
def working(scratch: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the counters of what is left out. scratch: for what does not fit into memory; None: nothing."""
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": False,  # no download, whatever a file asks for
            "autoload_known_extensions": False,
            "memory_limit": MEMORY_LIMIT,
            "preserve_insertion_order": False,  # it would keep the result in memory
            "temp_directory": str(scratch or ""),
            "threads": min(len(os.sched_getaffinity(0)), MAX_THREADS),
        }
    )
    try:
        connection.execute("SET TimeZone = 'UTC'")  # what times without a zone are in
        connection.execute("SET enable_progress_bar = true")
        connection.execute("SET enable_progress_bar_print = false")
        for name in LEFT_OUT:
            connection.execute(f"CREATE SEQUENCE {name}")
        yield connection
    finally:
        connection.close()


def run(connection: duckdb.DuckDBPyConnection, sql: str, watch: Watch) -> None:
    """Run a statement to its end, beside this thread: here Ctrl-C is heard, which stops it. Raises duckdb.Error."""
    with ThreadPoolExecutor(1) as beside:
        running = beside.submit(connection.execute, sql)
        try:
            while not _is_over(running):
                watch(max(connection.query_progress(), 0.0))
        except BaseException:
            connection.interrupt()
            raise
    running.result()


def left_out(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many rows each counter has counted."""
    rows = connection.execute("SELECT sequence_name, coalesce(last_value, 0) FROM duckdb_sequences()").fetchall()
    counted = dict(rows)
    return {name: counted[name] for name in LEFT_OUT}


def _is_over(running: "Future[duckdb.DuckDBPyConnection]") -> bool:
    return not wait([running], LOOK_S).not_done
