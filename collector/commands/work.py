"""`sentiero work`: run the worker alone. `serve` starts it as a child; a deployment may run it as its own service."""

import logging
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from collector.access.secret import read_or_create
from collector.commands.prepare import make_folder, prepare, show_first
from collector.commands.terminal.options import INTERRUPTED, DataOption, settings_of
from collector.config import DAY_MS, Settings
from collector.log.sqlite import SqliteLog
from collector.process.clock import wall_clock
from collector.process.garbage import look_seldom
from collector.process.lock import Held, hold
from collector.process.supervisor import READY
from collector.store.sqlite.work.store import SqliteWorkStore
from sessionizer.engine import Engine
from sessionizer.rules.assignments import rules

if TYPE_CHECKING:
    from collector.work.loop import Worker

STDIN, STDOUT = 0, 1
CHILD_PATIENCE_S = 8.0  # the worker of a serve that was killed may still end its batch


def work(
    data: DataOption = None,
    child: Annotated[bool, typer.Option(hidden=True, help="Stop when stdin closes; `serve` says so.")] = False,
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
        threading.Thread(target=_until_closed, args=(stop,), daemon=True).start()
    run(settings, stop, child=child)
    if interrupted.is_set():
        raise typer.Exit(INTERRUPTED)


def run(settings: Settings, stop: threading.Event, *, child: bool) -> None:
    """The worker's whole life. Exits with 3 when another worker has the folder."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    make_folder(settings)
    try:
        lock = hold(settings.data / "work.lock", patience_s=CHILD_PATIENCE_S if child else 0.0)
    except Held as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(3) from None
    with lock:
        show_first(prepare(settings, now=wall_clock()), settings, err=True)
        with working(settings) as worker, courier_beside(settings):
            look_seldom()
            if child:
                os.write(STDOUT, READY)
            worker.run(stop.is_set)


@contextmanager
def working(settings: Settings) -> Iterator["Worker"]:
    """A worker on a folder that is prepared and locked; its files are closed afterwards."""
    from collector.work.loop import Worker  # here: it takes 0.2 s (user agents), for which no other verb shall wait

    log, store = SqliteLog(settings.log_path), SqliteWorkStore(settings.store_path)
    engine = Engine(rules(settings.zone), lateness_ms=settings.lateness_days * DAY_MS)
    key = read_or_create(settings.tombstone_key_path)[0]
    keep_ms = settings.log_keep_days * DAY_MS
    yield Worker(log, store, engine, wall_clock, tombstone_key=key, zone=settings.zone, keep_ms=keep_ms)
    store.close()
    log.close()


def courier_beside(settings: Settings) -> AbstractContextManager[None]:
    """What is to be sent goes out while the worker works."""
    from collector.work.courier.running import beside  # here, as above

    return beside(settings, wall_clock)


def _until_closed(stop: threading.Event) -> None:
    """The parent holds the other end of stdin: it closes when the parent ends, however it ends.

    Reads the descriptor itself: a thread that waits inside of `sys.stdin` holds its lock, and an interpreter that ends
    on SIGTERM meanwhile aborts.
    """
    while os.read(STDIN, 1):
        pass
    stop.set()
