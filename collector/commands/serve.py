"""`sentiero serve`: the collector, its worker beside it, and what a newcomer needs to see on the screen."""

import errno
import logging
import signal
import socket
import sqlite3
import sys
from typing import Annotated

import msgspec
import typer
import uvicorn
from starlette.types import ASGIApp

from collector.access.login import ensure_admin
from collector.api.stream import Tail
from collector.app import build
from collector.commands.prepare import make_folder, prepare
from collector.commands.terminal.greeting import greeting, with_demo_key
from collector.commands.terminal.options import DataOption, settings_of
from collector.config import Settings, at_port
from collector.process.clock import clock_of, make_demo
from collector.process.connection import Http
from collector.process.garbage import look_seldom
from collector.process.lock import Held, hold
from collector.sqlite import verdict_on

GRACEFUL_S = 4
PORTS_TO_TRY = 20
BACKLOG = 2048
LAST_PORT = 65_535
CHECKED_BYTES = 256 * 1024 * 1024


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 lets the system choose.")] = None,
    data: DataOption = None,
    demo: Annotated[bool | None, typer.Option("--demo", help="Serve the demo shop, show keys and examples.")] = None,
    no_worker: Annotated[bool, typer.Option("--no-worker", help="Do not start a worker beside it.")] = False,
) -> None:
    """Serve: take events, answer questions. Ends on SIGTERM, within 10 s."""
    settings = settings_of(host=host, port=port, data=data, demo=demo, worker=False if no_worker else None)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    make_folder(settings)
    try:
        lock = hold(settings.data / "serve.lock")
    except Held as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(3) from None
    with lock:
        run(settings)


def run(settings: Settings) -> None:
    """Bind, prepare the folder, serve until told to stop. Exits with 3 when it cannot listen there.

    In this order: keys that are made are shown once, so nothing may fail between making and showing them.
    """
    with _listen(settings) as listener:
        asked, port = settings.port, listener.getsockname()[1]
        settings = at_port(settings, port)
        if settings.demo and not settings.api_key:
            settings = with_demo_key(settings)
        clock = make_demo(settings.data) if settings.demo else clock_of(settings.data)
        first = prepare(settings, now=clock())
        _refuse_damaged(settings)
        built = build(settings, clock=clock)
        once = ensure_admin(built.services.logins, settings.admin_password, now=built.services.outside())
        as_asked = msgspec.structs.replace(settings, port=asked)
        typer.echo(greeting(as_asked, port, built.services.keys, first, once))
        look_seldom()
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # uvicorn raises it once more when all is done
        _Server(_config(built.asgi), built.tail).run(sockets=[listener])


def _refuse_damaged(settings: Settings) -> None:
    """Nothing is written into a file that is damaged. Large ones are left to `doctor`: a start takes a second."""
    for path in settings.log_path, settings.store_path:
        if path.stat().st_size <= CHECKED_BYTES and (verdict := verdict_on(path)) != "ok":
            raise sqlite3.DatabaseError(f"{path} is damaged ({verdict}): restore a backup; nothing was accepted")


def _config(asgi: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        asgi,
        loop="uvloop",
        http=Http,
        lifespan="on",
        access_log=False,
        proxy_headers=False,  # whose word counts is a setting of ours: collector/access/address.py
        server_header=False,
        log_level="warning",
        backlog=BACKLOG,
        timeout_graceful_shutdown=GRACEFUL_S,
        ws="none",
    )


class _Server(uvicorn.Server):
    """Ends the live tails first: uvicorn waits for every answer that is under way, and theirs never end."""

    def __init__(self, config: uvicorn.Config, tail: Tail) -> None:
        super().__init__(config)
        self._tail = tail

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._tail.close()
        await super().shutdown(sockets)


def _listen(settings: Settings) -> socket.socket:
    """A bound socket. With --demo the next free port will do; else a port that is taken is an error."""
    tries = PORTS_TO_TRY if settings.demo and settings.port else 1
    for port in range(settings.port, min(settings.port + tries, LAST_PORT + 1)):
        try:
            return _bound(settings.host, port)
        except (OSError, UnicodeError) as error:  # UnicodeError: a name with a part that is empty or too long
            if getattr(error, "errno", None) == errno.EADDRINUSE:
                continue
            reason = getattr(error, "strerror", None) or error
            typer.echo(f"cannot listen on port {port} of {settings.host} ({reason}): choose another", err=True)
            raise typer.Exit(3) from None
    typer.echo(f"port {settings.port} of {settings.host} is taken: choose another with --port", err=True)
    raise typer.Exit(3)


def _bound(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except BaseException:
        listener.close()
        raise
    listener.set_inheritable(False)
    return listener
