"""Killed while people come into segments and leave them: who is in is right, and each turn was said once."""

import os
import random
import time
import uuid
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import pytest

from collector.log.entry import Entry
from collector.log.sqlite import SqliteLog
from collector.sqlite import connect
from collector.store.sqlite.definitions.segments import SqliteSegments
from sessionizer.event import Page
from tests.killed.check import check_derived, check_log, check_store, files_at_rest
from tests.killed.load import BROWSER, Batch, Load, envelope, page_visited
from tests.killed.process import Deployment
from tests.killed.test_kill import Killer
from tests.killed.test_timers import worker
from tests.killed.turns import VISITED, Turns, check_segments, definition, make
from tests.killed.wait import until

NIGHTLY = bool(os.environ.get("SENTIERO_NIGHTLY"))
SEED = int(os.environ.get("SENTIERO_SEED") or random.randrange(1_000_000))
ROUNDS, PARTS = (60, 4) if NIGHTLY else (8, 2)
PATIENCE_S = 60.0
KILLS = 30 if NIGHTLY else 4
PEOPLE = 3_000
MINUTE_MS, HOUR_MS = 60_000, 3_600_000
FALL_MS = 4
"""Between two edges."""

TIERS = ("gold", "silver")
GOLD = {"type": "attribute", "name": "tier", "test": {"op": "equals", "value": "gold"}}
OFTEN = VISITED | {"count": {"op": "at_least", "value": 3}}
OF_A_MINUTE = VISITED | {"window": {"last": {"n": 1, "unit": "minutes"}}}
OF_AN_HOUR = VISITED | {"window": {"last": {"n": 1, "unit": "hours"}}}
SEGMENTS: tuple[tuple[str, Any], ...] = (("recent", OF_A_MINUTE), ("often", OFTEN), ("gold", GOLD))


class People(Load):
    """Visitors whose pages are a minute old or soon will be; some tell their tier, some come often, many once."""

    def _batch(self, rng: random.Random) -> Batch:
        """Pages of one visitor of the last 70 seconds, of whom half stay in the last minute for a few seconds more."""
        if rng.random() < 0.5:
            self._nonces.append(str(uuid.UUID(int=rng.getrandbits(128), version=4)))
        now = time.time_ns() // 1_000_000
        ages = [rng.choice((rng.randrange(70_000), rng.randrange(55_000, 61_000))) for _ in range(rng.randint(1, 3))]
        events = [page_visited(rng, now - age) for age in ages]
        if rng.random() < 0.3:
            events[-1] |= {"contact_properties": {"tier": rng.choice(TIERS)}}
        return Batch([event["id"] for event in events], envelope(events, nonce=rng.choice(self._nonces[-60:])))


def count(deployment: Deployment, sql: str) -> int:
    """A number of store.db."""
    with closing(connect(deployment.store_path, readonly=True)) as store:
        return int(store.execute(sql).fetchone()[0] or 0)


def made_long_ago(deployment: Deployment, segments: Sequence[tuple[str, Any]]) -> list[int]:
    """Segments, as if they had been there for two hours: of what was before a segment was made it says nothing.

    The deployment is stopped afterwards.
    """
    deployment.start()
    ids = [make(deployment, name, where) for name, where in segments]
    until(lambda: len(ids) == count(deployment, "SELECT count(*) FROM segment_walks"), 30)
    deployment.terminate()
    with closing(connect(deployment.store_path)) as store:
        store.execute("UPDATE segment_walks SET since = since - ?", (2 * HOUR_MS,))
    return ids


def came_often_before(turns: Turns, segment: int, contact: int) -> bool:
    """Whether three pages were before the segment was made."""
    return sum(at <= turns.since[segment] for at in turns.pages[contact]) >= 3


@pytest.mark.parametrize("part", range(PARTS))
def test_who_is_in_segments_is_right_after_kills_under_load(deployment: Deployment, part: int) -> None:
    """Serve, the worker or both die at random moments; a segment is made in the middle, of whoever there is by then."""
    seed = SEED + part
    print(f"SENTIERO_SEED={SEED}, part {part}")
    recent, _, gold = made_long_ago(deployment, SEGMENTS)
    deployment.start()
    load = People(lambda: deployment.port, seed=seed)
    load.start()
    killer = Killer(deployment, load, random.Random(seed), within_s=PATIENCE_S)
    for number in range(ROUNDS // PARTS):
        if number == ROUNDS // PARTS // 2:
            often = make(deployment, "often, later", OFTEN)
        killer.round()
    load.stop(within_s=30)
    files = files_at_rest(deployment)
    check_log(files.log, acked=load.acked, sent=load.sent)
    check_store(files)
    check_derived(files)
    turns = check_segments(deployment, segments=4, was_in=lambda *one: one[1] == often and came_often_before(*one))
    assert turns.of(recent, why="time", entered=False) > 5
    assert turns.of(often, why="created", entered=True) > 5
    assert 0 < sum(segment == gold for segment, _ in turns.members) < len(turns.members)
    assert [] == load.surprises[:5]


def visits(begin_at: int) -> list[Entry]:
    """Three pages of each visitor at one instant after the other; every second one tells that it is gold."""
    return [
        Entry(
            door="site:1", source="tracker", site=1, id=f"visit-{number}-{page}", category="website",
            key="page_visited", occurred_at=begin_at + number * FALL_MS - page, received_at=begin_at + HOUR_MS,
            visitor=f"{number:026}", page=Page(f"https://shop.example/{page}"), user_agent=BROWSER,
            identify_mode="guarded", attributes={"tier": TIERS[number % 2]} if page == 0 else None,
        )
        for number in range(PEOPLE)
        for page in (2, 1, 0)
    ]  # fmt: skip


def kill_while(deployment: Deployment, chance: random.Random, sql: str, upto: int) -> int:
    """Workers die one after the other while that number grows; how many of them before it had come to its end."""
    in_the_middle = 0
    for kill in range(KILLS):
        with worker(deployment):
            enough = upto * kill // KILLS
            until(lambda enough=enough: count(deployment, sql) > enough, 60)  # type: ignore[misc]  # a lambda's default
            time.sleep(chance.uniform(0, 0.05))  # not a wait: the moment at which it dies
        in_the_middle += count(deployment, sql) < upto
    return in_the_middle


def test_workers_that_die_while_people_come_and_edges_fall_and_a_segment_is_asked_of_all(
    deployment: Deployment,
) -> None:
    """Thousands come in, leave by time alone, and are asked of a new segment: each once, though workers die."""
    print(f"SENTIERO_SEED={SEED}")
    chance = random.Random(SEED)
    recent, often, gold = made_long_ago(deployment, [("hour", OF_AN_HOUR), *SEGMENTS[1:]])
    with closing(SqliteLog(deployment.log_path)) as log:
        log.append(visits(time.time_ns() // 1_000_000 - HOUR_MS + 10_000))
    came = f"SELECT count(*) FROM segment_history WHERE segment = {often}"
    fell = f"SELECT count(*) FROM segment_history WHERE segment = {recent} AND NOT entered"
    assert kill_while(deployment, chance, came, PEOPLE) > 0
    assert kill_while(deployment, chance, fell, PEOPLE) > 0
    with closing(SqliteSegments(deployment.store_path)) as segments:
        new = segments.create("silver", definition({"type": "not", "of": GOLD}), at=time.time_ns() // 1_000_000).id
    walked = f"SELECT sum(walked_to) FROM segment_walks WHERE segment = {new}"
    assert kill_while(deployment, chance, walked, PEOPLE) > 0
    with worker(deployment):
        until(lambda: PEOPLE == count(deployment, fell), 60)
        turns = check_segments(deployment, segments=4)
        check_derived(files_at_rest(deployment))
    assert PEOPLE == turns.of(recent, why="event", entered=True) == turns.of(recent, why="time", entered=False)
    assert PEOPLE == turns.of(often, why="event", entered=True)
    told = sum(turns.of(gold, why=why, entered=True) for why in ("event", "known"))  # between two batches: by itself
    assert (PEOPLE // 2, PEOPLE // 2) == (told, turns.of(new, why="created", entered=True))
