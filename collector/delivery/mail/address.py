"""How is a mailbox written on the wire? Domains in Punycode, names quoted or encoded, nothing that could end a line.

Source: RFC 5321 4.1.2, RFC 5322 3.4, RFC 5891.
"""

import functools
import re
from typing import NamedTuple

import idna

MAX_LOCAL_BYTES, MAX_DOMAIN_BYTES = 64, 253


class BadMail(Exception):
    """It cannot become a mail: a line break where none may be, no address, no sender. Its text says what."""


class Mailbox(NamedTuple):
    """An address, ready for the wire: its domain is ASCII, its local part may not be (SMTPUTF8)."""

    address: str
    name: str = ""

    @property
    def domain(self) -> str:
        """Behind the @, in Punycode and lower case."""
        return self.address.rpartition("@")[2]


# Nothing that a server would read as the end of the address, and no blank; quoted local parts are not accepted.
_ADDRESS = re.compile(r"[^\x00-\x20\x7f<>()\[\]\\,;:\"@]+@[^\x00-\x20\x7f<>()\[\]\\,;:\"@]+")
_BREAK = re.compile(r"[\r\n\0\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def mailbox(address: str, name: str = "") -> Mailbox:
    """A checked mailbox. Raises BadMail when the address is none, or the name holds a line break."""
    if not (address.isprintable() and _ADDRESS.fullmatch(address)):
        raise BadMail(f"{address!r} is no e-mail address")
    local, _, domain = address.rpartition("@")
    if len(local.encode("utf-8", "replace")) > MAX_LOCAL_BYTES or ".." in local:
        raise BadMail(f"{address!r} is no e-mail address")
    return Mailbox(f"{local}@{ascii_domain(domain)}", " ".join(one_line(name, "a name").split()))


@functools.lru_cache(maxsize=4_096)  # a shop's customers are at a few hundred domains
def ascii_domain(domain: str) -> str:
    """`città.example` → `xn--citt-3na.example`. Raises BadMail when it is no domain."""
    try:
        found = domain.lower() if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise BadMail(f"{domain!r} is no domain") from None
    if len(found) > MAX_DOMAIN_BYTES or not re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", found):
        raise BadMail(f"{domain!r} is no domain")
    return found


def spellings(address: str) -> tuple[str, ...]:
    """The address as it is, and with its domain in Punycode or out of it: one mailbox."""
    local, at, domain = address.rpartition("@")
    if not at or (domain.isascii() and "xn--" not in domain):
        return (address,)
    try:
        other = idna.decode(domain) if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return (address,)
    return address, f"{local}@{other}"


def one_line(value: str, what: str) -> str:
    """The value itself. Raises BadMail when it holds a line break, a NUL, or half a character."""
    if _BREAK.search(value):
        raise BadMail(f"{what} holds a line break or a NUL")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise BadMail(f"{what} holds half a character (a lone surrogate)") from None
    return value
