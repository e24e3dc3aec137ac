"""Parcels and accounts as the tests of delivery write them."""

import asyncio
from collections.abc import Awaitable, Callable
from ipaddress import ip_network
from typing import Any, TypeVar

from collector.delivery.account_url import AccountUrl
from collector.delivery.mail.account import SmtpAccount, smtp_account
from collector.delivery.port import Outcome, Parcel
from collector.delivery.smtp import Smtp

LAN = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
AT = 1_795_672_800_000  # 2026-11-26T06:00:00Z
ID = "01jdm3s9q0v8e5w7xk2a4b6c8d"

T = TypeVar("T")


def parcel(**changed: Any) -> Parcel:
    """A whole e-mail, of which the test changes what it is about."""
    whole: dict[str, Any] = {
        "id": ID,
        "channel": "email",
        "account": "",
        "recipient": "anna@posta.example",
        "subject": "La tua città",
        "html": "<p>Ciao Anna, 10 €</p>\n",
        "text": "Ciao Anna, 10 €\n",
        "message_id": f"<{ID}@shop.example>",
    }
    return Parcel(**(whole | changed))


def account(port: int, more: str = "starttls=off", *, user: str = "", scheme: str = "smtp") -> SmtpAccount:
    """An account of the test's server."""
    url = f"{scheme}://{user}localhost:{port}?from=negozio@shop.example&hello=shop.example&{more}"
    return smtp_account(AccountUrl(url), LAN)


class Began:
    """A `begun` that counts, and does what the test wants at that moment."""

    def __init__(self, does: Callable[[], object] = lambda: None) -> None:
        self.times, self._does = 0, does

    async def __call__(self) -> None:
        self.times += 1
        self._does()


def through(accounts: list[SmtpAccount], work: Callable[[Smtp], Awaitable[T]]) -> T:
    """What the work with a channel returns; the channel is closed behind it."""

    async def run() -> T:
        channel = Smtp(accounts, lambda: AT)
        try:
            return await work(channel)
        finally:
            await channel.close()

    return asyncio.run(run())


def sent(accounts: SmtpAccount, *parcels: Parcel, begun: Began | None = None) -> list[Outcome]:
    """The outcomes of parcels, sent one after the other by one channel."""

    async def work(channel: Smtp) -> list[Outcome]:
        return [await channel.send(each, begun or Began()) for each in parcels]

    return through([accounts], work)
