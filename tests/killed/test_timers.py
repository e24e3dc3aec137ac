"""Killed in the middle of firing thousands of timers: each fires once, with the time at which it was due."""

import os
import random
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

from collector.log.entry import Entry
from collector.log.sqlite import SqliteLog
from collector.sqlite import connect
from sessionizer.event import Page
from tests.killed.check import Files, check_derived, check_sessions, check_store, wait_drained
from tests.killed.load import BROWSER
from tests.killed.process import Deployment, start
from tests.killed.wait import until

VISITORS = 4_000
KILLS = 40 if os.environ.get("SENTIERO_NIGHTLY") else 5
SEED = int(os.environ.get("SENTIERO_SEED") or random.randrange(1_000_000))
GAP_MS = 30 * 60_000
ENDED = "session_ended"


@contextmanager
def worker(deployment: Deployment) -> Iterator[int]:
    """`sentiero work` alone on the folder, killed at the end; its process id."""
    with (deployment.data.parent / "work-output").open("ab") as output:
        process = start("work", deployment.data, output=output)
        try:
            yield process.pid
        finally:
            process.kill()
            process.wait()


def visits(begin_at: int) -> list[Entry]:
    """Two pages of each visitor, within five minutes."""
    found = []
    for number in range(VISITORS):
        for page in range(2):
            at = begin_at + number * 60 + page * 60_000
            found.append(
                Entry(
                    door="site:1", source="tracker", site=1, id=f"visit-{number}-{page}", category="website",
                    key="page_visited", occurred_at=at, received_at=at, visitor=f"{number:026}",
                    page=Page(f"https://shop.example/{page}"), user_agent=BROWSER, identify_mode="guarded",
                )
            )  # fmt: skip
    return sorted(found, key=lambda entry: entry.occurred_at)


def stored(deployment: Deployment) -> int:
    """How many sessions the store says have ended."""
    with closing(connect(deployment.store_path, readonly=True)) as store:
        return int(store.execute("SELECT count(*) FROM sessions WHERE NOT open").fetchone()[0])


def test_each_of_thousands_of_timers_fires_once_through_many_kills(deployment: Deployment) -> None:
    """The worker dies between any two steps of its turns; after downtime they fire with the time they were due."""
    print(f"SENTIERO_SEED={SEED}")
    chance = random.Random(SEED)
    begin_at = time.time_ns() // 1_000_000 - 3 * 3_600_000
    deployment.start()
    deployment.terminate()
    with closing(SqliteLog(deployment.log_path)) as log:
        log.append(visits(begin_at))
    in_the_middle = 0
    for kill in range(KILLS):
        with worker(deployment):
            enough = VISITORS * kill // KILLS
            until(lambda enough=enough: stored(deployment) > enough, 60)  # type: ignore[misc]  # a lambda's default
            time.sleep(chance.uniform(0, 0.05))
        in_the_middle += stored(deployment) < VISITORS
    assert in_the_middle >= KILLS // 3
    with worker(deployment):
        wait_drained(deployment)
    files = Files(deployment)
    for check in (check_store, check_derived, check_sessions):
        check(files)
    ends = [entry for _, entry in files.log if entry.key == ENDED]
    assert VISITORS == len({entry.id for entry in ends}) == len(ends)
    last = {f"visit-{number}-1": begin_at + number * 60 + 60_000 for number in range(VISITORS)}
    assert [] == [entry for entry in ends if entry.occurred_at != last[entry.causes[0]] + GAP_MS][:5]
