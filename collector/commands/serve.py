"""`sentiero serve`: the collector, its worker beside it, and what a newcomer needs to see on the screen."""

import errno
import logging
import socket
from typing import Annotated

import typer
import uvicorn

from collector.api.stream import Tail
from collector.app import build, wall_clock
from collector.commands.greeting import greeting, with_demo_key
from collector.commands.options import DataOption, settings_of
from collector.commands.prepare import prepare
from collector.config import Settings
from collector.connection import Http
from collector.garbage import look_seldom
from collector.lock import Held, hold

GRACEFUL_S = 4
PORTS_TO_TRY = 20
BACKLOG = 2048


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
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        lock = hold(settings.data / "serve.lock")
    except Held as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(3) from None
    with lock:
        run(settings)


def run(settings: Settings) -> None:
    """Prepare the folder, bind, serve until told to stop. Exits with 3 when the port is taken."""
    if settings.demo and not settings.api_key:
        settings = with_demo_key(settings)
    first = prepare(settings, now=wall_clock())
    listener = _listen(settings)
    built = build(settings)
    typer.echo(greeting(settings, listener.getsockname()[1], built.services.keys, first))
    config = uvicorn.Config(
        built.asgi,
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
    look_seldom()
    _Server(config, built.tail).run(sockets=[listener])


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
    for port in range(settings.port, settings.port + tries):
        listener = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, port))
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRINUSE:
                raise
            continue
        listener.set_inheritable(False)
        return listener
    typer.echo(f"port {settings.port} of {settings.host} is taken: choose another with --port", err=True)
    raise typer.Exit(3)
