"""`sentiero work`: run the worker alone. `serve` starts it as a child; a deployment may run it as its own service.

The worker starts the courier as its child, by the same verb: two interpreters, so that mail does not wait for events.
"""

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from collector.access.secret import read_or_create
from collector.commands.prepare import make_folder, prepare, show_first
from collector.commands.terminal.options import INTERRUPTED, DataOption, settings_of
from collector.config import DAY_MS, Settings
from collector.log.sqlite import SqliteLog
from collector.process.clock import clock_of, paced
from collector.process.garbage import look_seldom
from collector.process.lock import Held, hold, patiently
from collector.process.supervisor import Supervisor, kept_alive, say_ready, until_closed
from collector.store.sqlite.work.store import SqliteWorkStore
from sessionizer.engine import Engine
from sessionizer.rules.assignments import rules

if TYPE_CHECKING:
    from collector.work.loop import Worker

CHILD_PATIENCE_S = 8.0  # the worker of a serve that was killed may still end its batch
COURIER_LEAVES_S = 130.0  # longer than one mail may take


def work(
    data: DataOption = None,
    child: Annotated[bool, typer.Option(hidden=True, help="Stop when stdin closes; `serve` says so.")] = False,
    courier: Annotated[bool, typer.Option(hidden=True, help="Give messages away; the worker says so.")] = False,
) -> None:
    """Work: identify, store, sessionize what the log holds. Ends on SIGTERM."""
    settings = settings_of(data=data)
    stop, interrupted = threading.Event(), threading.Event()

    def interrupt(*_: object) -> None:
        interrupted.set()
        stop.set()

    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN if child else interrupt)
    if child:
        threading.Thread(target=until_closed, args=(stop,), daemon=True).start()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    if courier:
        deliver(settings, stop)
    else:
        run(settings, stop, child=child)
    if interrupted.is_set():
        raise typer.Exit(INTERRUPTED)


def run(settings: Settings, stop: threading.Event, *, child: bool) -> None:
    """The worker's whole life. Exits with 3 when another worker has the folder."""
    make_folder(settings)
    try:
        lock = hold(settings.data / "work.lock", patience_s=CHILD_PATIENCE_S if child else 0.0)
    except Held as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(3) from None
    with lock:
        show_first(prepare(settings, now=clock_of(settings.data)()), settings, err=True)
        with working(settings) as worker, kept_alive(Supervisor(settings.data, "--courier", leave_s=COURIER_LEAVES_S)):
            look_seldom()
            if child:
                say_ready()
            worker.run(stop.is_set)


@contextmanager
def working(settings: Settings) -> Iterator["Worker"]:
    """A worker on a folder that is prepared and locked; its files are closed afterwards."""
    from collector.work.loop import Worker  # here: it takes 0.2 s (user agents), for which no other verb shall wait

    log, store = SqliteLog(settings.log_path), SqliteWorkStore(settings.store_path)
    engine = Engine(rules(settings.zone), lateness_ms=settings.lateness_days * DAY_MS)
    key = read_or_create(settings.tombstone_key_path)[0]
    keep_ms = settings.log_keep_days * DAY_MS
    clock = paced(clock_of(settings.data))
    yield Worker(log, store, engine, clock, tombstone_key=key, zone=settings.zone, keep_ms=keep_ms)
    store.close()
    log.close()


def deliver(settings: Settings, stop: threading.Event) -> None:
    """The courier's whole life: what is to be sent goes out. One before it ends what it has in hand first."""
    from collector.work.courier.running import run  # here, as above

    with patiently(settings.data / "courier.lock", stop) as is_ours:
        if is_ours:
            look_seldom()
            say_ready()
            run(settings, clock_of(settings.data), stop)
