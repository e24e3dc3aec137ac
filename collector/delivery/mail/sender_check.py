"""May we send as this domain, by what its name servers say? SPF, DKIM and DMARC, for `sentiero doctor`.

Reads DNS; answers within five seconds, whatever DNS does. It does not evaluate SPF for an address: which servers send
is known to who runs them. Source: RFC 7208, RFC 6376, RFC 7489.
"""

import asyncio
import re
from collections.abc import Coroutine
from typing import Any, Final, NamedTuple

import dns.asyncresolver
import dns.exception
import dns.resolver

WITHIN_S: Final = 5.0

_SPF = re.compile(r"v=spf1( |$)", re.I)
_DKIM_KEY = re.compile(r"(?:^|;)\s*p=\s*([^;\s]*)", re.I)
_POLICY = re.compile(r";\s*p\s*=\s*(none|quarantine|reject)\b", re.I)


class Record(NamedTuple):
    """What one record is worth. well: nothing to do; None: it is not known. says: what to do, else what is there."""

    name: str
    well: bool | None
    says: str


class _Unknown(Exception):
    """The name servers could not be asked. Its text says why."""


async def check_sender(
    domain: str, selector: str = "", *, resolver: dns.asyncresolver.Resolver | None = None, within_s: float = WITHIN_S
) -> list[Record]:
    """spf, dkim, dmarc of the domain, in this order. selector: of DKIM; "" when it is not known."""
    try:
        asked = resolver or dns.asyncresolver.Resolver()
    except (dns.exception.DNSException, OSError) as error:  # no name server is configured on this machine
        return [Record(name, None, f"cannot be looked up ({_why(error)})") for name in ("spf", "dkim", "dmarc")]
    lookups = (_spf(asked, domain), _dkim(asked, domain, selector), _dmarc(asked, domain))
    named = zip(("spf", "dkim", "dmarc"), lookups, strict=True)
    return list(await asyncio.gather(*(_within(name, lookup, within_s) for name, lookup in named)))


async def _within(name: str, lookup: Coroutine[Any, Any, Record], within_s: float) -> Record:
    try:
        async with asyncio.timeout(within_s):
            return await lookup
    except TimeoutError:
        return Record(name, None, f"cannot be looked up (no answer within {within_s:g} s)")
    except _Unknown as error:
        return Record(name, None, f"cannot be looked up ({error})")


async def _spf(resolver: dns.asyncresolver.Resolver, domain: str) -> Record:
    found = [text for text in await _texts(resolver, domain) if _SPF.match(text)]
    if not found:
        return Record("spf", False, f"{domain} has no TXT record `v=spf1 … -all`: name there who sends for it")
    if len(found) > 1:
        return Record("spf", False, f"{domain} has {len(found)} SPF records, so none counts: leave one")
    if re.search(r"(^| )\+?all( |$)", found[0], re.I):
        return Record("spf", False, f"`{found[0]}` lets anybody send as {domain}: end it by ~all or -all")
    return Record("spf", True, found[0])


async def _dkim(resolver: dns.asyncresolver.Resolver, domain: str, selector: str) -> Record:
    if not selector:
        return Record("dkim", None, "not looked at: name the key by dkim_selector=… in the account")
    name = f"{selector}._domainkey.{domain}"
    keys = [key[1] for text in await _texts(resolver, name) if (key := _DKIM_KEY.search(text))]
    if not keys:
        return Record("dkim", False, f"{name} has no TXT record with a key (p=…): publish what your mail server shows")
    if not any(keys):
        return Record("dkim", False, f"the key at {name} was revoked (p= is empty): publish the present one")
    return Record("dkim", True, f"there is a key at {name}")


async def _dmarc(resolver: dns.asyncresolver.Resolver, domain: str) -> Record:
    """Of the domain, or of the one above it: mail.shop.example asks shop.example too."""
    above = domain.partition(".")[2]
    for name in (domain, above) if "." in above else (domain,):
        found = [text for text in await _texts(resolver, f"_dmarc.{name}") if text.lower().startswith("v=dmarc1")]
        if found:
            policy = _POLICY.search(found[0])
            says = f"`{found[0]}` has no policy: say p=none, p=quarantine or p=reject"
            return Record("dmarc", True, found[0]) if policy else Record("dmarc", False, says)
    return Record("dmarc", False, f"_dmarc.{domain} has no TXT record: `v=DMARC1; p=none; rua=mailto:…` is a beginning")


async def _texts(resolver: dns.asyncresolver.Resolver, name: str) -> list[str]:
    """The TXT records of a name; none when there is no such name. Raises _Unknown."""
    try:
        found = await resolver.resolve(f"{name}.", "TXT")
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError) as error:
        raise _Unknown(_why(error)) from None
    return [b"".join(record.strings).decode("utf-8", "replace") for record in found]


def _why(error: Exception) -> str:
    """A sentence of dnspython's can hold every server that it tried."""
    return " ".join(str(error).split())[:120] or type(error).__name__
