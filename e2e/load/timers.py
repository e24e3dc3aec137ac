"""What does a timer cost, with a million of them pending? Found, called, fired; and the worker that waits for the rest.

    scan       the store says who is due
    on_time    the engine's call for a contact whose visit has ended, its state in memory
    firing     all of it, by `sentiero work`: scan, load, decode, fold, save, say, append to the log, read back, record

A store of some 12,000 visits that ended while nobody looked; the others' timers are due within a year. The first two
are measured by `python -m e2e.load.timers FOLDER`, a process of its own that prints what it found as JSON.
"""

import subprocess
import sys
import time
from pathlib import Path
from time import process_time

import msgspec

from collector.log.sqlite import SqliteLog
from collector.process.clock import wall_clock
from collector.store.sqlite.work.store import SqliteWorkStore
from collector.work.loop import Worker
from e2e.load.deployment import ROOT, Folder, until, working
from e2e.load.figure import Figure, Limit, middle, named
from e2e.load.process import cpu_seconds
from e2e.load.traffic import entries
from e2e.load.work import is_done
from sessionizer.contact import Contact
from sessionizer.engine import Engine
from sessionizer.rules.assignments import RULES

PENDING = 1_000_000
EVENTS = 50_000  # of the visits that ended
FIRST_OTHER = 10_000_000  # contact
TWO_HOURS_MS, YEAR_MS = 7_200_000, 31_536_000_000
RUNS, TIMEOUT_S = 3, 600
CALM_S, IDLE_S = 12, 10

_OTHERS = """
WITH RECURSIVE other (contact) AS (SELECT ?1 UNION ALL SELECT contact + 1 FROM other WHERE contact < ?1 + ?2 - 1)
INSERT INTO threads SELECT contact, (SELECT body FROM threads LIMIT 1), ?3 + abs(contact * 2654435761) % ?4 FROM other
"""  # a multiplication that scatters: who comes first in the table is not due first


class Looked(msgspec.Struct):
    """Microseconds of CPU time a timer, a turn each."""

    scan: list[float] = []
    on_time: list[float] = []


def measure(scratch: Path) -> list[Figure]:
    """On one store, in this order."""
    folder = _filled(scratch / "timers")
    command = [sys.executable, "-m", "e2e.load.timers", str(folder.path)]
    looked = msgspec.json.decode(
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout, type=Looked
    )
    firing, idle = _fired(folder)
    folder.close()
    return [
        _figure("scan: who is due", looked.scan, Limit("at most", 30)),
        _figure("on_time: the engine's answer", looked.on_time, Limit("at most", 30)),
        _figure("a whole firing", [firing], Limit("at most", 120)),
        Figure(
            name="timers_idle",
            what="a million timers pending: CPU of an idle worker",
            figure=middle(idle),
            unit="% of a core",
            worker=True,
            runs=idle,
        ),
    ]


def _filled(path: Path) -> Folder:
    """Visits of two hours ago, folded by a worker whose clock stood still then; and all the others."""
    folder, then = Folder(path), wall_clock() - TWO_HOURS_MS
    log, store = SqliteLog(path / "log.db"), SqliteWorkStore(path / "store.db")
    waiting = list(entries(EVENTS, ids="uuidv7", ends_at=then))
    for start in range(0, EVENTS, 500):
        log.append(waiting[start : start + 500])
    worker = Worker(log, store, Engine(RULES), lambda: then, tombstone_key=b"")
    while any(worker.turn()):
        pass
    pending = len(store.threads.due(then + YEAR_MS, PENDING))
    with store.transaction():
        store.threads._connection.execute(
            _OTHERS, (FIRST_OTHER, PENDING - pending, wall_clock() + YEAR_MS // 50, YEAR_MS)
        )
    log.close()
    store.close()
    return folder


def main() -> None:
    """Look at the timers of a folder, change nothing."""
    store, engine, looked = SqliteWorkStore(Path(sys.argv[1]) / "store.db"), Engine(RULES), Looked()
    for _ in range(RUNS):
        start = process_time()
        due = store.threads.due(wall_clock(), PENDING)
        looked.scan.append((process_time() - start) / len(due) * 1e6)
        blobs = store.threads.load([contact for contact, _ in due])
        threads = [(engine.decode_thread(blob), Contact(contact)) for contact, blob in blobs.items()]
        now, start = wall_clock(), process_time()
        for thread, contact in threads:
            engine.fold(thread, (), contact, now)
        looked.on_time.append((process_time() - start) / len(threads) * 1e6)
    store.close()
    sys.stdout.buffer.write(msgspec.json.encode(looked))


def _fired(folder: Folder) -> tuple[float, list[float]]:
    """(CPU microseconds a timer, from the first commit on; percent of a core when nothing is left to do)."""
    given, ended = folder.log_end(), _open(folder)
    with working(folder) as pid:
        until(lambda: _open(folder) < ended, TIMEOUT_S, "the worker fires nothing", every_s=0.002)
        cpu, first = cpu_seconds(pid), _open(folder)
        until(lambda: is_done(folder, given), TIMEOUT_S, "the worker does not come to an end", every_s=0.01)
        firing = (cpu_seconds(pid) - cpu) / (first - _open(folder)) * 1e6
        time.sleep(CALM_S)
        idle = [_share(pid) for _ in range(RUNS)]
    return firing, idle


def _open(folder: Folder) -> int:
    return int(folder.store.execute("SELECT count(*) FROM sessions WHERE open").fetchone()[0])


def _share(pid: int) -> float:
    before = cpu_seconds(pid)
    time.sleep(IDLE_S)
    return (cpu_seconds(pid) - before) / IDLE_S * 100


def _figure(what: str, runs: list[float], limit: Limit) -> Figure:
    return Figure(
        name=named(f"timers {what}"),
        what=f"a million timers pending, {what}",
        figure=middle(runs),
        unit="us/timer",
        limit=limit,
        runs=runs,
        details={"pending": PENDING},
    )


if __name__ == "__main__":
    main()
