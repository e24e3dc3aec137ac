"""Killed at any moment while mail goes out: none goes twice, none is lost, and what nobody can know is told."""

import os
import random
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from collector.commands.prepare import prepare
from collector.config import Settings, load
from collector.sqlite import connect
from collector.store.ports.messages.outbox import Order, Post
from collector.store.sqlite.messages.deliveries import SqliteDeliveries
from sessionizer.automations.way import effect_id
from sessionizer.messages.message import Content
from tests.fixtures.mail_server import MailServer
from tests.killed.process import COMMAND, ROOT
from tests.killed.wait import until

KILLS = 50 if os.environ.get("SENTIERO_NIGHTLY") else 20
PARTS = 2  # so that two cores can share them
MAILS = 60
"""Put in before each kill: more than go out until it comes."""
MOMENT_S = 0.25
SEED = int(os.environ.get("SENTIERO_SEED") or random.randrange(1_000_000))
CONTENT = Content(channel="email", subject="Order {{ event.n }}", html="<p>{{ event.n }}</p>")


_ID = re.compile(rb"^Message-ID: (\S+)", re.MULTILINE)


class Sender:
    """A data folder and `sentiero work` on it, which sends to a server."""

    def __init__(self, folder: Path, server: MailServer) -> None:
        smtp = f"smtp://127.0.0.1:{server.port}?from=shop@shop.example&final=1&starttls=off"
        self._environ = {"SENTIERO_SMTP": smtp, "SENTIERO_DELIVERY_NETWORKS": "127.0.0.0/8"}
        self.settings: Settings = load({"data": folder / "data"}, self._environ, folder)
        (folder / "data").mkdir()
        prepare(self.settings, now=0)
        self._deliveries = SqliteDeliveries(self.settings.store_path)
        self._output = folder / "output"
        self.server, self.asked = server, 0

    def ask(self, mails: int) -> None:
        """Put so many more into the outbox."""
        numbers = range(self.asked, self.asked + mails)
        self._deliveries.put([post(n) for n in numbers], at=1)
        self.asked += mails

    @contextmanager
    def working(self) -> Iterator["subprocess.Popen[bytes]"]:
        """A worker and its courier, killed at the end of the block, with no chance to do anything."""
        command = [*COMMAND, "work", "--data", str(self.settings.data)]
        with self._output.open("ab") as output:
            environ = {**os.environ, **self._environ}
            worker = subprocess.Popen(command, cwd=ROOT, env=environ, stderr=output, start_new_session=True)
        try:
            yield worker
        finally:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()

    def states(self) -> dict[str, str]:
        """Message-ID → state."""
        with closing(connect(self.settings.store_path, readonly=True)) as store:
            rows = store.execute("SELECT id, state FROM outbox").fetchall()
        return {f"<{id}@127.0.0.1>": state for id, state in rows}

    def sent_events(self) -> Counter[str]:
        """Delivery's Message-ID → how many `Sent` the store has of it."""
        sql = """SELECT o.id FROM outbox o JOIN events e ON e.contact = o.contact
                 JOIN kinds k ON k.id = e.kind AND k.key = 'Sent'"""
        with closing(connect(self.settings.store_path, readonly=True)) as store:
            return Counter(f"<{id}@127.0.0.1>" for (id,) in store.execute(sql))

    def received(self) -> Counter[str]:
        """Message-ID → how often it came."""
        return Counter(_ID.findall(mail.content)[0].decode() for mail in self.server.received)

    def wait_idle(self) -> None:
        """Until nothing waits, and what was said has been read back."""

        def is_idle() -> bool:
            with closing(connect(self.settings.store_path, readonly=True)) as store:
                (waits,) = store.execute(
                    "SELECT (SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending'))"
                    " + (SELECT count(*) FROM to_log)"
                ).fetchone()
            return not waits

        until(is_idle, 60, lambda: self._output.read_text(errors="replace")[-2_000:])


def post(number: int) -> Post:
    """A mail to a person of its own, so that each Sent is one person's."""
    order = Order(params={"n": number}, content=CONTENT)
    return Post(
        id=effect_id("kill", number), channel="email", purpose="transactional",
        recipient=f"reader{number}@mail.example", due_at=0, order=order,
    )  # fmt: skip


@pytest.mark.parametrize("part", range(PARTS))
def test_a_mail_goes_once_wherever_its_sender_is_killed(tmp_path: Path, part: int) -> None:
    """At many instants: each mail that is sent came once, one that is uncertain at most once; then a person decides."""
    chance = random.Random(SEED + part)
    print(f"SENTIERO_SEED={SEED}, part {part}")
    with MailServer() as server:
        sender = Sender(tmp_path, server)
        for _ in range(KILLS // PARTS):
            sender.ask(MAILS)
            with sender.working():
                came = len(server.received)
                until(lambda came=came: len(server.received) > came, 30, lambda: "nothing goes out")  # type: ignore[misc]  # bound
                time.sleep(chance.uniform(0, MOMENT_S))
        with sender.working():
            sender.wait_idle()
            states, received = sender.states(), sender.received()
            assert sender.asked == len(states)
            assert {"sent"} <= set(states.values()) <= {"sent", "uncertain"}, Counter(states.values())
            assert {} == {id: n for id, n in received.items() if n > 1}
            sent = {id for id, state in states.items() if state == "sent"}
            assert sent <= received.keys()
            assert dict.fromkeys(sent, 1) == {id: n for id, n in sender.sent_events().items() if id in sent}
            uncertain = states.keys() - sent
            assert uncertain.isdisjoint(sender.sent_events())
            sender._deliveries.again([id[1:27] for id in uncertain], at=2)
            sender.wait_idle()
            assert {"sent"} == set(sender.states().values())
            received = sender.received()
            assert states.keys() == received.keys()
            assert max(received.values()) <= 2
            assert dict.fromkeys(sent, 1) == {id: received[id] for id in sent}


def test_a_courier_whose_worker_is_killed_ends_what_it_has_in_hand(tmp_path: Path) -> None:
    """The next one waits for it: what was being given away is sent, once, and nobody has to decide anything."""
    with MailServer() as server:
        sender = Sender(tmp_path, server)
        server.may_answer.clear()
        sender.ask(3)
        with sender.working() as first:
            until(lambda: "sending" in sender.states().values(), 30, lambda: "nothing goes out")
            first.kill()
            with sender.working():
                server.may_answer.set()
                sender.wait_idle()
        assert {"sent"} == set(sender.states().values())
        assert {1} == set(sender.received().values())
        assert 3 == len(sender.received())


def test_a_courier_that_dies_is_started_again(tmp_path: Path) -> None:
    """Its worker goes on meanwhile."""
    with MailServer() as server:
        sender = Sender(tmp_path, server)
        with sender.working() as worker:
            lock = sender.settings.data / "courier.lock"
            died = until(lambda: lock.exists() and lock.read_text(), 30, lambda: "no courier took the folder")
            os.kill(int(died), signal.SIGKILL)
            sender.ask(1)
            until(lambda: server.received, 30, lambda: "nothing goes out")
            assert died != lock.read_text()
            assert worker.poll() is None
