"""Through whom is e-mail sent? An account: a server, a user, a sender, and how much at once.

Read from `smtp://user:password@host:587?name=main&from=shop@x.example`; `smtps://` speaks TLS from the first byte.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from collector.delivery.account_url import AccountUrl, BadAccount
from collector.delivery.guard import MAIL_PORTS, Guard, Network
from collector.delivery.mail.address import BadMail, mailbox
from collector.delivery.mail.wire import Door

KNOWN: Final = frozenset(
    "name from sender_name final dkim_selector starttls connections mails idle_s hello ca rate".split()
)
TLS: Final[Mapping[str, str]] = {"required": "required", "on": "required", "try": "try", "off": "off"}


class SmtpAccount(msgspec.Struct, frozen=True):
    """One account.

    final: its server delivers itself, so its 250 means delivered and no receipt is asked for.
    connections: at once. mails: at most so many a connection. idle_s: a connection unused so long is closed.
    rate_per_s: mails a second, 0 for no limit. dkim_selector: looked for by `sentiero doctor`.
    """

    name: str
    door: Door
    sender: str
    sender_name: str = ""
    final: bool = False
    connections: int = 8
    mails: int = 100
    idle_s: float = 20.0
    rate_per_s: float = 0.0
    dkim_selector: str = ""


def smtp_account(url: AccountUrl, lan: tuple[Network, ...]) -> SmtpAccount:
    """The account of one URL. lan: networks that may be reached although they are not public. Raises BadAccount."""
    url.only(KNOWN)
    if not url.host:
        raise BadAccount("an SMTP account names a host: smtp://user:password@mail.example.com:587?from=…")
    sender = _sender(url)
    implicit = url.scheme == "smtps"
    port = url.port or (465 if implicit else 587)
    tls = "implicit" if implicit else url.one_of("starttls", TLS, "required")
    hello = url.text("hello") or sender.rpartition("@")[2]
    guard = Guard(MAIL_PORTS | {port}, lan)  # a port that the operator has typed is allowed
    return SmtpAccount(
        name=url.text("name") or "main",
        door=Door(url.host, port, tls, url.user, url.password, hello, url.trusting(), guard),
        sender=sender,
        sender_name=url.text("sender_name"),
        final=url.switch("final"),
        connections=url.whole("connections", 8, low=1, high=100),
        mails=url.whole("mails", 100, low=1, high=100_000),
        idle_s=url.whole("idle_s", 20, low=1, high=3_600),
        rate_per_s=url.number("rate"),
        dkim_selector=url.text("dkim_selector"),
    )


def _sender(url: AccountUrl) -> str:
    try:
        return mailbox(url.text("from")).address
    except BadMail:
        raise BadAccount("an SMTP account says from whom its mails are: ?from=shop@example.com") from None
