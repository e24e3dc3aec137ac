"""The door for bounces: only bounces come in, and none is lost that could not be kept."""

import asyncio
import smtplib
from collections.abc import Callable
from typing import TypeVar

from collector.delivery.bounces import Report
from collector.delivery.inbound import Door, Inbound, door
from tests.collector.delivery.bounced import VERP, dsn
from tests.collector.delivery.parcels import AT, ID

FAILED = dsn("failed", "5.1.1", "550 User unknown")

T = TypeVar("T")


def opened(
    ask: Callable[[int], T], *, now: Callable[[], int] = lambda: AT, fails: bool = False
) -> tuple[T, list[Report]]:
    """What the client's work returns, and which reports were given on."""
    kept: list[Report] = []

    async def take(reports: list[Report]) -> None:
        if fails:
            raise OSError("disk full")
        kept.extend(reports)

    async def run() -> T:
        inbound = Inbound(Door("127.0.0.1", 0, "bounce@mail.shop.example"), take, now)
        port = await inbound.start()
        try:
            return await asyncio.to_thread(ask, port)
        finally:
            await inbound.close()

    return asyncio.run(run()), kept


def given(port: int, *recipients: str, content: bytes = FAILED) -> list[int]:
    """The codes of the answers to each RCPT, and to the content if any was accepted."""
    with smtplib.SMTP("127.0.0.1", port, local_hostname="mx.posta.example", timeout=20) as client:
        client.ehlo()
        started = client.docmd("MAIL FROM:<>")[0]
        codes = [client.docmd(f"RCPT TO:<{recipient}>")[0] for recipient in recipients]
        if started == 250 and 250 in codes:
            codes.append(client.data(b"\r\n".join(content.splitlines()))[0])
        return [started, *codes]


def test_a_bounce_comes_in() -> None:
    """By the delivery's own address and by the plain one, however they are written."""
    codes, kept = opened(lambda port: [given(port, VERP), given(port, "Bounce@Mail.Shop.Example")])
    assert [[250, 250, 250], [250, 250, 250]] == codes
    assert [ID, ID] == [report.delivery for report in kept]


def test_nothing_is_relayed() -> None:
    """Another domain, another name, a delivery's id that is none."""
    strangers = [
        "anna@posta.example",
        "info@mail.shop.example",
        "bounce+x@mail.shop.example",
        f"bounce+{ID}@posta.example",
    ]
    codes, kept = opened(lambda port: given(port, *strangers))
    assert [250, 550, 550, 550, 550] == codes
    assert [] == kept


def test_what_could_not_be_kept_comes_again() -> None:
    """The sender is told: not now."""
    codes, _ = opened(lambda port: given(port, VERP), fails=True)
    assert [250, 250, 451] == codes


def test_a_mail_without_a_report_is_taken_and_forgotten() -> None:
    """Spam, an answer of somebody on holiday."""
    codes, kept = opened(lambda port: given(port, VERP, content=b"Subject: ciao\r\n\r\nciao\r\n"))
    assert ([250, 250, 250], []) == (codes, kept)


def test_too_large_is_refused() -> None:
    """A megabyte is a long bounce."""
    codes, kept = opened(lambda port: given(port, VERP, content=FAILED + (b"x" * 70 + b"\n") * 16_000))
    assert ([250, 250, 552], []) == (codes, kept)


def test_so_many_a_second() -> None:
    """Who comes faster is told to come again; the time stands still here."""
    codes, kept = opened(lambda port: [given(port, VERP)[0] for _ in range(12)])
    assert ([250] * 10 + [451] * 2, 10) == (codes, len(kept))


def test_settings_name_the_door() -> None:
    """IPv4, IPv6, a name."""
    assert Door("0.0.0.0", 25, "b@x.example") == door("0.0.0.0:25", "b@x.example")
    assert Door("::", 2525, "b@x.example") == door("[::]:2525", "b@x.example")
