"""Where does a demo send to, that has no account? To itself: an SMTP server on loopback, and an address for texts.

It takes everything, relays nothing, and is there only for the worker that this very process supervises.
"""
# ruff: noqa: N802  # aiosmtpd finds the methods by the names of the commands

import asyncio
import logging
import secrets
from collections.abc import Callable, Mapping
from ipaddress import ip_network
from urllib.parse import urlsplit

from aiosmtpd.smtp import SMTP, Envelope, Session
from msgspec.structs import replace

from collector.config import Settings
from collector.demo.mailbox.kept import Kept, Suffix

LOOPBACK = "127.0.0.1"
MAX_BYTES = 20 * 1024 * 1024
SENDER = "shop@demo.example"
OWN = tuple(map(ip_network, ("127.0.0.0/8", "::1/128")))


def at_home(settings: Settings) -> Settings:
    """Of a demo, which may reach what runs beside it."""
    more = tuple(network for network in OWN if network not in settings.delivery_networks)
    return replace(settings, delivery_networks=settings.delivery_networks + more)


class Sink:
    """One a process. secret: a part of the address at which texts are taken, so that nobody else brings any."""

    def __init__(self, settings: Settings, kept: Kept, clock: Callable[[], int]) -> None:
        """clock: ms UTC."""
        self._settings, self.kept, self._clock = settings, kept, clock
        self.secret = secrets.token_urlsafe(16)
        self._server: asyncio.Server | None = None

    async def start(self) -> Mapping[str, str]:
        """Listen; returns the settings of a worker that sends here, as its environment."""
        logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd's: it names recipients
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._met, LOOPBACK, 0)
        return self._environment(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Take no more."""
        if self._server is not None:
            self._server.close()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """A mail has come."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        await asyncio.to_thread(self.take, content, ".eml")
        return "250 2.0.0 OK"

    def take(self, content: bytes, suffix: Suffix) -> None:
        """Keep what has come."""
        self.kept.put(content, suffix, at=self._clock())

    @property
    def is_used(self) -> bool:
        """Whether mails come here, and not to an account of the deployment's own."""
        return self._settings.worker and not self._settings.smtp

    def _met(self) -> SMTP:
        return SMTP(self, hostname="demo.example", data_size_limit=MAX_BYTES, enable_SMTPUTF8=True)

    def _environment(self, port: int) -> dict[str, str]:
        settings = self._settings
        told = {"SENTIERO_DELIVERY_NETWORKS": ",".join(map(str, at_home(settings).delivery_networks))}
        if not settings.smtp:
            told["SENTIERO_SMTP"] = f"smtp://{LOOPBACK}:{port}?from={SENDER}&name=demo&final=1&starttls=off"
        if not settings.sms:
            own = f"http-json://{self._host()}/demo/sms/{self.secret}?from=Bottega&name=demo&final=1"
            told["SENTIERO_SMS"] = f"{own}&body.to={{recipient}}&body.from={{sender}}&body.text={{text}}"
        return told

    def _host(self) -> str:
        """Where this process is reached from here, whatever its public address."""
        host = {"0.0.0.0": LOOPBACK, "::": "::1"}.get(self._settings.host, self._settings.host)
        host = LOOPBACK if host == "localhost" else host
        return urlsplit(
            f"//[{host}]:{self._settings.port}" if ":" in host else f"//{host}:{self._settings.port}"
        ).netloc
