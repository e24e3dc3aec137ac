"""Killed at any moment while webhooks are told: none of it is forgotten, and what comes twice has the same id."""

import json
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from collector.commands.prepare import prepare
from collector.config import Settings, load
from collector.delivery.hooks.sink import new_secret
from collector.log.entry import Entry
from collector.log.sqlite import SqliteLog
from collector.process.clock import wall_clock
from collector.sqlite import connect
from collector.store.ports.definitions.webhooks import Writing
from collector.store.sqlite.definitions.webhooks import SqliteWebhooks
from tests.fixtures.provider_server import ProviderServer
from tests.killed.process import COMMAND, ROOT
from tests.killed.wait import until

KILLS = 40 if os.environ.get("SENTIERO_NIGHTLY") else 6
EVENTS = 60
"""Recorded before each kill: more than are told until it comes."""
MOMENT_S = 0.25
SEED = int(os.environ.get("SENTIERO_SEED") or random.randrange(1_000_000))


class Teller:
    """A data folder with a webhook, and `sentiero work` on it."""

    def __init__(self, folder: Path, url: str) -> None:
        self._environ = {"SENTIERO_DELIVERY_NETWORKS": "127.0.0.0/8,::1/128"}
        self.settings: Settings = load({"data": folder / "data"}, self._environ, folder)
        (folder / "data").mkdir()
        prepare(self.settings, now=0)
        with closing(SqliteWebhooks(self.settings.store_path)) as webhooks:
            webhooks.add("Hook", url, Writing(kinds=("custom/*",), secrets=(new_secret(),)), at=0)
        self._output = folder / "output"
        self.happened: list[str] = []

    def happen(self) -> None:
        """So many more events are in the log."""
        first, now = len(self.happened), wall_clock()
        ids = [f"thing-{n}" for n in range(first, first + EVENTS)]
        with closing(SqliteLog(self.settings.log_path)) as log:
            log.append([entry(id, now) for id in ids])
        self.happened += ids

    @contextmanager
    def working(self) -> Iterator[None]:
        """A worker and its courier, killed at the end of the block, with no chance to do anything."""
        command = [*COMMAND, "work", "--data", str(self.settings.data)]
        with self._output.open("ab") as output:
            environ = {**os.environ, **self._environ}
            worker = subprocess.Popen(command, cwd=ROOT, env=environ, stderr=output, start_new_session=True)
        try:
            yield
        finally:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()

    def states(self) -> Counter[str]:
        """How many deliveries stand how."""
        with closing(connect(self.settings.store_path, readonly=True)) as store:
            return Counter(state for (state,) in store.execute("SELECT state FROM webhook_deliveries"))

    def said(self) -> str:
        """What the processes have printed, its end."""
        return f"{self.states()} {self._output.read_text(errors='replace')[-2_000:]}"


def entry(id: str, at: int) -> Entry:
    """An event of a server."""
    return Entry(
        door="api", source="api", site=0, id=id, category="custom", key="thing", occurred_at=at, received_at=at,
        identifiers={"ext_id": id},
    )  # fmt: skip


def test_nothing_is_forgotten_wherever_the_teller_is_killed(tmp_path: Path) -> None:
    """At many instants: every event comes at least once, and each delivery by one id alone."""
    chance = random.Random(SEED)
    print(f"SENTIERO_SEED={SEED}")
    with ProviderServer() as server:
        teller = Teller(tmp_path, server.url)
        for _ in range(KILLS):
            teller.happen()
            came = len(server.asked)
            with teller.working():
                until(lambda came=came: len(server.asked) > came, 60, teller.said)  # type: ignore[misc]  # bound
                time.sleep(chance.uniform(0, MOMENT_S))
        wanted = KILLS * EVENTS
        with teller.working():
            until(lambda: teller.states() == {"done": wanted}, 120, teller.said)
        ids = {(asked.headers["webhook-id"], json.loads(asked.body)["data"]["id"]) for asked in server.asked}
    assert set(teller.happened) == {event for _, event in ids}
    assert wanted == len(ids) == len({id for id, _ in ids})
