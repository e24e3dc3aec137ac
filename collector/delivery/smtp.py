"""How does an e-mail leave? By SMTP, through one of the accounts, on connections that are kept for the next mail.

MAIL and RCPT go before `begun`, DATA behind it: who is refused at RCPT was never in flight.
"""

import asyncio
import contextlib
import itertools
import logging
import re
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final

import aiosmtplib

from collector.delivery.email import Mail, compose
from collector.delivery.guard import Forbidden, Unresolved
from collector.delivery.mail import replies
from collector.delivery.mail.account import SmtpAccount
from collector.delivery.mail.address import BadMail, Mailbox, mailbox
from collector.delivery.mail.pool import Pool
from collector.delivery.mail.wire import Lost, Reply, Wire
from collector.delivery.port import Accepted, Begun, Broken, Deferred, Outcome, Parcel, Refused, Uncertain

WHOLE_S: Final = 120.0
CLOSING: Final = 421
FAILURES: Final = (Forbidden, Unresolved, Lost, aiosmtplib.SMTPException, OSError)

log = logging.getLogger(__name__)


class Smtp:
    """The channel `email`."""

    def __init__(self, accounts: Sequence[SmtpAccount], now: Callable[[], int]) -> None:
        """accounts: at least one; the first is asked when a parcel names none. now: ms UTC, for Date."""
        self._accounts = {account.name: account for account in accounts}
        self._pools = {account.name: Pool(account) for account in accounts}
        self._first, self._now = accounts[0].name, now

    async def send(self, parcel: Parcel, begun: Begun) -> Outcome:
        """Send one mail, waiting for a free connection when all are busy."""
        name = parcel.account or self._first
        account = self._accounts.get(name)
        if account is None:
            return Broken(f"there is no SMTP account {name!r}: one of {', '.join(self._accounts)}")
        try:
            mail = compose(parcel, _sender(parcel, account), self._now())
        except BadMail as error:
            return Broken(str(error))
        async with self._pools[name].slot():
            return await _Attempt(self._pools[name], account, parcel.id, mail).run(begun)

    async def close(self) -> None:
        """Quit every connection that is idle; those in use close when their mail is through."""
        for pool in self._pools.values():
            await pool.close()


def _sender(parcel: Parcel, account: SmtpAccount) -> Mailbox:
    return mailbox(parcel.sender or account.sender, parcel.sender_name or account.sender_name)


class _Attempt:
    """One mail on one connection. gone: whether all of the content is in the system's hands."""

    def __init__(self, pool: Pool, account: SmtpAccount, id: str, mail: Mail) -> None:
        self._pool, self._account, self._id, self._mail = pool, account, id, mail
        self._gone = False

    async def run(self, begun: Begun) -> Outcome:
        try:
            async with asyncio.timeout(WHOLE_S) as limit:
                return await self._through(begun)
        except Exception as error:  # an edge (STYLE 16): whatever it is, this mail has an outcome
            if limit.expired():
                return self._cut("timeout", f"not through within {WHOLE_S:g} s")
            if isinstance(error, FAILURES):
                return self._cut("lost", str(error)) if self._gone else replies.of_failure(error)
            log.exception("delivery %s", self._id)
            return self._cut("failure", f"{type(error).__name__}: {error}")

    def _cut(self, code: str, reason: str) -> Outcome:
        return Uncertain(f"{reason}, after all was sent") if self._gone else Deferred(code, reason)

    async def _through(self, begun: Begun) -> Outcome:
        async with self._wire() as (wire, replied):
            if (refused := self._judged(replied)) is not None:
                return refused
            await begun()
            return await self._content(wire)

    @contextlib.asynccontextmanager
    async def _wire(self) -> AsyncIterator[tuple[Wire, list[Reply]]]:
        """A connection on which MAIL and RCPT were answered; given back at the end if it is fit for the next mail."""
        wire, replied = await self._greeted()
        fit = False
        try:
            yield wire, replied
            fit = True
        finally:
            self._pool.put(wire) if fit else wire.close()

    async def _greeted(self) -> tuple[Wire, list[Reply]]:
        """A kept connection may be gone without our knowing: then, once, a new one."""
        if (kept := self._pool.kept()) is not None:
            with contextlib.suppress(Lost):
                replied = await self._ask(kept)
                if all(reply.code != CLOSING for reply in replied):
                    return kept, replied
                kept.close()
        wire = await self._pool.open()
        return wire, await self._ask(wire)

    async def _ask(self, wire: Wire) -> list[Reply]:
        """The answers to MAIL and each RCPT; none when the server cannot be asked this."""
        if self._mail.utf8 and not wire.offers("smtputf8"):
            return []
        before = ["RSET"] if wire.in_mail else []
        wire.in_mail = True
        try:
            return (await wire.ask(*before, *self._envelope(wire)))[len(before) :]
        except BaseException:
            wire.close()
            raise

    def _envelope(self, wire: Wire) -> list[str]:
        receipts = wire.offers("dsn") and not self._account.final
        sender = f"MAIL FROM:<{self._mail.sender}>"
        sender += f" SIZE={len(self._mail.content)}" if wire.offers("size") else ""
        sender += " SMTPUTF8 BODY=8BITMIME" if self._mail.utf8 else ""
        sender += f" RET=HDRS ENVID={xtext(self._id)}" if receipts else ""
        return [sender, *(_recipient(address, receipts=receipts) for address in self._mail.recipients)]

    def _judged(self, replied: list[Reply]) -> Outcome | None:
        """None: go on. The first recipient is the parcel's; copies that are refused do not stop it."""
        if not replied:
            return Refused("5.6.7", "the server takes no address with such letters (it does not offer SMTPUTF8)", False)
        return replies.of_sender(replied[0]) or replies.of_recipient(replied[1])

    async def _content(self, wire: Wire) -> Outcome:
        (ready,) = await wire.ask("DATA")
        if (refused := replies.of_content(ready)) is not None:
            return refused
        if ready.code != 354:
            raise Lost(f"{ready.said} to DATA")
        await wire.give(self._mail.content)
        self._gone = True
        said = await wire.answer()
        wire.in_mail = False
        return replies.of_content(said) or Accepted(said.said, reference(said.text), self._account.final)


def _recipient(address: str, *, receipts: bool) -> str:
    wanted = f" NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;{xtext(address)}" if receipts and address.isascii() else ""
    return f"RCPT TO:<{address}>{wanted}"


_XTEXT = re.compile(r"[!-*,-<>-~]*")


def xtext(text: str) -> str:
    """Source: RFC 3461 4: visible ASCII but + and = as it is, the rest as +XX."""
    if _XTEXT.fullmatch(text):
        return text
    return "".join(c if "!" <= c <= "~" and c not in "+=" else "".join(f"+{b:02X}" for b in c.encode()) for c in text)


def reference(text: str) -> str:
    """The id under which the server has queued it, where its sentence names one: `queued as 4F1D2`."""
    words = text.replace("<", " ").replace(">", " ").split()
    for before, word in itertools.pairwise(words):
        if before.lower() in ("as", "id", "id:", "id="):
            return word[:100]
    return ""
