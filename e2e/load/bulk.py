"""What does `sentiero sessionize` cost above the query that it is? Ten million events of 500,000 contacts, in turns.

Makes a Parquet of made-up visits (and says so), in order of time as a log is, and lets our command and the bare query
of DuckDB, each a process of its own from its start to its end, write the same columns from it: first of contact and
instant alone, then with the pages. The bare query has all the memory that it likes, ours a bound: with pages the bare
one takes 1.2 GB and writes nothing aside.
"""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb

from e2e.load.figure import Figure, Limit, middle
from e2e.load.process import peak_mb

EVENTS, CONTACTS, RUNS = 10_000_000, 500_000, 3
VISIT = 4  # events, some seconds to two minutes apart
LOOK_S = 0.02
MAX_RATIO, MAX_MB = 1.3, 1_000

_MADE = f"""
COPY (
    WITH visit AS (
        SELECT n, CAST(hash(n, 1) % {CONTACTS} + 1 AS BIGINT) AS contact_id,
            1780000000000 + CAST(hash(n, 2) % 7776000000 AS BIGINT) AS began_ms
        FROM range({EVENTS // VISIT}) AS t(n)
    )
    SELECT contact_id,
        make_timestamp((began_ms + e * (CAST(hash(n, e, 3) % 30000 AS BIGINT) + 1000)) * 1000) AS occurred_at,
        md5(n || '/' || e) AS id, 'website' AS category,
        CASE WHEN hash(n, e, 4) % 5 < 4 THEN 'page_visited' ELSE 'button_clicked' END AS key,
        'https://shop.example/p/' || hash(n, e, 5) % 5000 AS url
    FROM visit, range({VISIT}) AS r(e)
    ORDER BY occurred_at
) TO 'pages.parquet' (FORMAT parquet);
COPY (SELECT contact_id, occurred_at FROM 'pages.parquet') TO 'plain.parquet' (FORMAT parquet);
"""

# As anybody would write it: mark the gaps, number the sessions, group.
_BARE = """
COPY (
    WITH marked AS (
        SELECT *, occurred_at - lag(occurred_at) OVER w < INTERVAL 30 MINUTES AS goes_on
        FROM '{source}' WINDOW w AS (PARTITION BY contact_id ORDER BY occurred_at)
    ),
    numbered AS (
        SELECT *, sum(CASE WHEN goes_on THEN 0 ELSE 1 END) OVER w AS session
        FROM marked WINDOW w AS (PARTITION BY contact_id ORDER BY occurred_at)
    )
    SELECT contact_id, session, min(occurred_at) AS started_at, max(occurred_at) AS ended_at,
        (epoch_ms(max(occurred_at)) - epoch_ms(min(occurred_at))) // 1000 AS duration_seconds, count(*) AS events{more}
    FROM numbered GROUP BY contact_id, session
) TO 'bare.parquet' (FORMAT parquet)
"""

_BARE_PAGES = """, count(*) FILTER (key = 'page_visited') AS pages,
    arg_min(url, occurred_at) AS entry_page, arg_max(url, occurred_at) AS exit_page"""


class Ran(NamedTuple):
    """A process from its start to its end. peak_mb: of its memory, 10^6 bytes."""

    wall_s: float
    peak_mb: float


def measure(scratch: Path) -> list[Figure]:
    """How long it takes as against the bare query, and the memory at most."""
    print(f"makes up {EVENTS:,} events of {CONTACTS:,} contacts as Parquet …", file=sys.stderr, flush=True)
    _duckdb(_MADE, scratch)
    return [
        *_figures(
            scratch, "plain", "bulk: sessions of 10 million events", _BARE.format(source="plain.parquet", more="")
        ),
        *_figures(
            scratch, "pages", "bulk: the same with pages", _BARE.format(source="pages.parquet", more=_BARE_PAGES)
        ),
    ]


def _figures(scratch: Path, source: str, what: str, bare: str) -> list[Figure]:
    ours, theirs = [], []
    for _ in range(RUNS):
        ours.append(_sentiero("sessionize", f"{source}.parquet", "-o", "ours.parquet", folder=scratch))
        theirs.append(_duckdb(bare, scratch))
    assert _sums(scratch / "bare.parquet") == _sums(scratch / "ours.parquet"), (
        "the two have not found the same sessions"
    )
    return [_time(source, what, ours, theirs), _memory(source, what, ours, theirs)]


def _time(source: str, what: str, ours: Sequence[Ran], theirs: Sequence[Ran]) -> Figure:
    walls, bare = [ran.wall_s for ran in ours], [ran.wall_s for ran in theirs]
    return Figure(
        name=f"bulk_{source}",
        what=what,
        figure=middle(walls),
        unit="s",
        ratio=round(middle(walls) / middle(bare), 3),
        limit=Limit("at most", MAX_RATIO, of="ratio"),
        runs=walls,
        details={"bare_s": bare, "events_per_s": round(EVENTS / middle(walls))},
    )


def _memory(source: str, what: str, ours: Sequence[Ran], theirs: Sequence[Ran]) -> Figure:
    peaks = [ran.peak_mb for ran in ours]
    return Figure(
        name=f"bulk_{source}_memory",
        what=f"{what}, memory at most",
        figure=max(peaks),
        unit="MB",
        limit=Limit("at most", MAX_MB),
        runs=peaks,
        details={"bare_mb": [ran.peak_mb for ran in theirs]},
    )


def _sentiero(*words: str, folder: Path) -> Ran:
    return _run([sys.executable, "-m", "collector", *words], folder)


def _duckdb(sql: str, folder: Path) -> Ran:
    return _run([sys.executable, "-c", f"import duckdb; duckdb.connect().execute({sql!r})"], folder)


def _run(words: Sequence[str], folder: Path) -> Ran:
    """The peak is looked up until the end: what the kernel says afterwards counts the memory of whoever started it."""
    begun, peak = time.perf_counter(), 0.0
    with subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak = max(peak, peak_mb(process.pid))
            time.sleep(LOOK_S)
    wall_s = time.perf_counter() - begun
    assert process.returncode == 0, f"{words[:4]} ended with {process.returncode}"
    return Ran(round(wall_s, 3), round(peak, 1))


def _sums(path: Path) -> tuple[int, ...]:
    found = duckdb.connect().execute(f"SELECT count(*), sum(session), sum(events), sum(duration_seconds) FROM '{path}'")
    return tuple(map(int, found.fetchone() or ()))
