"""What do all the other rules cost the worker? A mixed stream, with every rule and with the session rule alone in turn.

Four events in five are a visitor's pages and clicks; the fifth is told by a server of one of 5,000 customers: points,
counters, vouchers, subscriptions, meetings, conversations, carts and orders. Counted as `work.py` counts, per CPU
second of the worker's process: `python -m e2e.load.mixed FOLDER all`, or `sessions`, is `sentiero work` with those.
"""

import random
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from shutil import copytree, rmtree
from typing import Any

import msgspec

from collector.log.entry import Entry
from collector.log.sqlite import SqliteLog
from collector.process.clock import wall_clock
from collector.process.garbage import look_seldom
from collector.store.sqlite.work.store import SqliteWorkStore
from collector.work.loop import BATCH_ROWS, Worker
from e2e.load.deployment import Folder, running
from e2e.load.figure import Figure, Limit, middle
from e2e.load.traffic import SEED, entries, uuid7
from e2e.load.work import Worked, filled, work_through
from sessionizer.engine import Engine
from sessionizer.rule import Rule
from sessionizer.rules.assignments import RULES
from sessionizer.rules.inactivity import Sessions
from sessionizer.wall_clock import text_of

EVENTS, RUNS = 60_000, 3
SERVERS_SHARE, CLICKS_SHARE = 0.2, 0.25
CUSTOMERS = 5_000
DAY_MS = 86_400_000

SETS: Mapping[str, tuple[Rule, ...]] = {"all": RULES, "sessions": (Sessions(),)}


def measure(scratch: Path) -> list[Figure]:
    """Runs with both sets of rules in turn, on copies of one log."""
    full = filled(scratch / "full", stream(EVENTS))
    runs: dict[str, list[Worked]] = {name: [] for name in SETS}
    for turn in range(RUNS):
        for name in SETS:
            runs[name].append(_run(full, scratch / f"{name}-{turn}", name))
    rates = {name: [run.events / run.cpu_s for run in several] for name, several in runs.items()}
    return [
        Figure(
            name="work_mixed",
            what="work, all rules, 20 % by servers: events a core",
            figure=middle(rates["all"]),
            unit="events/CPU s",
            limit=Limit("at least", 12_000),
            ids="uuidv7",
            batch=BATCH_ROWS,
            worker=True,
            runs=rates["all"],
            details={"events": EVENTS, "derived": runs["all"][0].derived},
        ),
        Figure(
            name="work_mixed_ratio",
            what="the same, to its rate with the session rule alone",
            figure=middle(rates["sessions"]),
            unit="events/CPU s",
            ratio=middle([ours / alone for ours, alone in zip(*rates.values(), strict=True)]),
            limit=Limit("at least", 0.85, of="ratio"),
            ids="uuidv7",
            batch=BATCH_ROWS,
            worker=True,
            runs=rates["sessions"],
            details={"derived": runs["sessions"][0].derived},
        ),
    ]


def _run(full: Path, path: Path, rules: str) -> Worked:
    copytree(full, path)
    try:
        return work_through(path, partial(_working, rules))
    finally:
        rmtree(path)


@contextmanager
def _working(rules: str, folder: Folder) -> Iterator[int]:
    with running(["-m", "e2e.load.mixed", str(folder.path), rules], folder.path / "work.out") as process:
        yield process.pid


def main() -> None:
    """Work on a folder with a set of rules until told to stop."""
    path, rules = Path(sys.argv[1]), SETS[sys.argv[2]]
    look_seldom()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    log, store = SqliteLog(path / "log.db"), SqliteWorkStore(path / "store.db")
    Worker(log, store, Engine(rules), wall_clock, tombstone_key=b"").run(stop.is_set)
    store.close()
    log.close()


def stream(count: int) -> Iterator[Entry]:
    """`traffic.entries`, of which a quarter are clicks and a fifth give their place to a server's."""
    chance = random.Random(SEED)
    for entry in entries(count, ids="uuidv7"):
        if chance.random() < SERVERS_SHARE:
            yield _of_server(entry.occurred_at, chance)
        elif chance.random() < CLICKS_SHARE:
            yield msgspec.structs.replace(entry, key="link_clicked", properties={"url": "https://elsewhere.example/"})
        else:
            yield entry


def _of_server(at: int, chance: random.Random) -> Entry:
    """What happens to a customer, as `POST /api/events` writes it into the log."""
    customer = chance.randrange(CUSTOMERS)
    category, key, properties = chance.choice(_TELLS)(at, customer, chance)
    return Entry(
        door="api", source="api", site=1, id=uuid7(at, chance), category=category, key=key, occurred_at=at,
        received_at=at + 80, properties=properties, identifiers={"ext_id": f"customer-{customer}"},
    )  # fmt: skip


Told = tuple[str, str, dict[str, Any]]


def _points(at: int, customer: int, chance: random.Random) -> Told:
    change, value = chance.choice((10, 25, 50, -20)), chance.randrange(500)
    limits = {"minimum_value": 20, "maximum_value": 450, "expires_at": text_of(at + 90 * DAY_MS)}
    return (
        "loyalty",
        "balance_value_updated",
        {"balance_id": f"b{customer}", "value": value, "change": change, **limits},
    )


def _counter(at: int, customer: int, chance: random.Random) -> Told:
    return (
        "wallet",
        "counter_value_changed",
        {"counter_id": f"c{customer}", "value": chance.randrange(11), "max_value": 10},
    )


def _voucher(at: int, customer: int, chance: random.Random) -> Told:
    key = chance.choice(("voucher_created", "voucher_updated", "voucher_redeemed"))
    return "loyalty", key, {"voucher_id": f"v{customer}-{chance.randrange(3)}", "expires_at": text_of(at + 30 * DAY_MS)}


def _subscription(at: int, customer: int, chance: random.Random) -> Told:
    key = chance.choice(("subscription_created", "subscription_created", "subscription_revoked"))
    return "loyalty", key, {"subscription_id": f"s{customer}", "program_id": "gold"}


def _meeting(at: int, customer: int, chance: random.Random) -> Told:
    key = chance.choice(("meeting_booked", "meeting_booked", "meeting_canceled"))
    begin = at + chance.randrange(1, 14) * DAY_MS
    return (
        "meetings",
        key,
        {"meeting_id": f"m{customer}", "starts_at": text_of(begin), "ends_at": text_of(begin + 3_600_000)},
    )


def _conversation(at: int, customer: int, chance: random.Random) -> Told:
    key = chance.choice(("conversation_started", "message_received", "agent_replied", "agent_assigned"))
    of = {"conversation_id": f"t{customer}", "channel": "chat", "direction": "inbound", "agent_id": f"a{customer % 7}"}
    return "conversations", key, of


def _commerce(at: int, customer: int, chance: random.Random) -> Told:
    items = [{"id": f"p{chance.randrange(2_000)}", "price": 49.9, "quantity": 1} for _ in range(3)]
    key = chance.choice(("cart_updated", "order_created", "order_completed"))
    return "ecommerce", key, {"total": 149.7, "currency": "EUR", "items": items}


_TELLS: tuple[Callable[[int, int, random.Random], Told], ...] = (
    _points, _points, _counter, _voucher, _subscription, _meeting, _conversation, _conversation, _commerce, _commerce,
)  # fmt: skip


if __name__ == "__main__":
    main()
