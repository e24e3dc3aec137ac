"""What the name servers say of a sender's domain, asked of a real one."""

import asyncio
import time
from collections.abc import Iterator

import dns.rcode
import pytest

from collector.delivery.mail.sender_check import Record, check_sender
from tests.fixtures.name_server import NameServer

GOOD = {
    "shop.example": ["google-site-verification=x", "v=spf1 include:mail.example ~all"],
    "k1._domainkey.shop.example": ["v=DKIM1; k=rsa; p=" + "A" * 392],
    "_dmarc.shop.example": ["v=DMARC1; p=quarantine; rua=mailto:dmarc@shop.example"],
}


@pytest.fixture
def names() -> Iterator[NameServer]:
    """A domain that is well."""
    with NameServer(GOOD) as running:
        yield running


def asked(names: NameServer, domain: str = "shop.example", selector: str = "k1", within_s: float = 5) -> list[Record]:
    """The three records."""
    return asyncio.run(check_sender(domain, selector, resolver=names.resolver(), within_s=within_s))


def test_a_domain_that_is_well(names: NameServer) -> None:
    """All three are there; a long key comes in pieces."""
    found = asked(names)
    assert [("spf", True), ("dkim", True), ("dmarc", True)] == [(record.name, record.well) for record in found]
    assert "v=spf1 include:mail.example ~all" == found[0].says


def test_a_domain_below_is_covered_by_dmarc_above(names: NameServer) -> None:
    """Not by SPF."""
    assert [False, False, True] == [record.well for record in asked(names, "mail.shop.example")]


@pytest.mark.parametrize(
    ("name", "texts", "says"),
    [
        ("shop.example", [], "no TXT record `v=spf1"),
        ("shop.example", ["v=spf1 -all", "v=spf1 ~all"], "2 SPF records"),
        ("shop.example", ["v=spf1 +all"], "anybody"),
        ("shop.example", ["v=spf10 -all"], "no TXT record"),
        ("k1._domainkey.shop.example", [], "no TXT record with a key"),
        ("k1._domainkey.shop.example", ["v=DKIM1; p="], "revoked"),
        ("_dmarc.shop.example", [], "no TXT record"),
        ("_dmarc.shop.example", ["v=DMARC1; rua=mailto:x@y.example"], "no policy"),
    ],
)
def test_what_is_ill_says_what_to_do(names: NameServer, name: str, texts: list[str], says: str) -> None:
    """One is ill, the others are well."""
    names.records[name] = texts
    (ill,) = [record for record in asked(names) if not record.well]
    assert ill.well is False
    assert says in ill.says


def test_without_a_selector_dkim_is_not_known(names: NameServer) -> None:
    """It says how to name it, and asks for nothing."""
    dkim = asked(names, selector="")[1]
    assert dkim.well is None
    assert "dkim_selector" in dkim.says
    assert not any("_domainkey" in name for name in names.asked)


def test_a_server_that_fails_says_nothing_of_the_domain(names: NameServer) -> None:
    """It is not known then, which is not ill."""
    names.code = dns.rcode.SERVFAIL
    assert [None, None, None] == [record.well for record in asked(names, within_s=2)]


def test_a_server_that_is_silent_is_not_waited_for(names: NameServer) -> None:
    """All three are asked at once, and given up together."""
    names.silent = True
    started = time.monotonic()
    found = asked(names, within_s=0.2)
    assert [None, None, None] == [record.well for record in found]
    assert "no answer within 0.2 s" in found[0].says
    assert time.monotonic() - started < 4
