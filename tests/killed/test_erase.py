"""Killed while a person is erased: it is done at the next start, with nothing of them in any file."""

import os
import random
import sqlite3
import time
import uuid
from contextlib import closing

import pytest

from collector.sqlite import connect
from tests.collector.work.erasing import files_with
from tests.killed.check import wait_drained
from tests.killed.load import envelope, page_visited
from tests.killed.process import API_KEY, RESTART_S, SLACK, Deployment, end
from tests.killed.wait import until

SEED = int(os.environ.get("SENTIERO_SEED") or random.randrange(1_000_000))
KILLS = 12 if os.environ.get("SENTIERO_NIGHTLY") else 4
CANARY = "kanarienvogel"
EVENTS, BATCH = 3_000, 100
MINUTE_MS = 60_000
WITHIN_S = RESTART_S * SLACK


def send(deployment: Deployment, rng: random.Random, *, nonce: str, path: str, count: int = EVENTS) -> None:
    """So many pages of one browser in the last two days, and who it is."""
    now = time.time_ns() // 1_000_000
    for _ in range(0, count, BATCH):
        events = [page_visited(rng, now - rng.randrange(2 * 1_440) * MINUTE_MS) for _ in range(min(BATCH, count))]
        for number, event in enumerate(events):
            event |= {"page": {"url": f"https://shop.example/{path}/{number % 7}", "title": path}}
        events[0]["identifiers"] = {"email_id": f"{path}@mail.example"}
        assert 202 == deployment.post(envelope(events, nonce=nonce), user_agent=f"Firefox {path}").status


def contact_of(deployment: Deployment, name: str) -> int:
    """Who has that address."""
    found = deployment.get(f"/api/contacts?email_id={name}@mail.example").json()["contacts"]
    return int(found[0]["id"])


def state(deployment: Deployment) -> tuple[int, int]:
    """(contacts, erasures that are not done); (-1, -1) while the file cannot be read."""
    try:
        with closing(connect(deployment.store_path, readonly=True)) as store:
            found: tuple[int, int] = store.execute(
                "SELECT (SELECT count(*) FROM contacts), (SELECT count(*) FROM erasures WHERE done_at IS NULL)"
            ).fetchone()
            return found
    except sqlite3.OperationalError:  # a file that was never opened for writing since a kill
        return -1, -1


@pytest.mark.parametrize("moment", range(KILLS))
def test_a_killed_erasure_goes_on(deployment: Deployment, moment: int) -> None:
    """At a random moment both processes die; afterwards the person is gone, and the neighbour has what they had."""
    rng = random.Random(f"{SEED}:{moment}")
    deployment.start()
    nonces = [str(uuid.UUID(int=rng.getrandbits(128), version=4)) for _ in range(2)]
    send(deployment, rng, nonce=nonces[0], path="neighbour", count=300)
    send(deployment, rng, nonce=nonces[1], path=CANARY)
    wait_drained(deployment, within_s=60)
    contact, other = (contact_of(deployment, name) for name in (CANARY, "neighbour"))
    before = deployment.get(f"/api/contacts/{other}/timeline?limit=500").body
    worker = deployment.wait_at_work(within_s=WITHIN_S)
    answer = deployment.request("DELETE", f"/api/contacts/{contact}", api_key=API_KEY)
    assert 202 == answer.status
    time.sleep(rng.uniform(0, 0.5))  # not a wait: the moment at which it dies
    end(worker)
    deployment.kill()
    deployment.start(within_s=30)
    until(lambda: state(deployment) == (1, 0), 60, lambda: f"seed {SEED}: {state(deployment)} {deployment.output}")
    erasure = deployment.get(f"/api/erasures/{answer.json()['erasure']}").json()
    assert ("done", contact) == (erasure["status"], erasure["contact_id"])
    assert [] == files_with(deployment.data, CANARY), f"seed {SEED}"
    assert before == deployment.get(f"/api/contacts/{other}/timeline?limit=500").body
