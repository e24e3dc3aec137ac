"""What does an account's URL say? `scheme://user:password@host:port?name=value`: checked, no secret in its errors."""

import ssl
from collections.abc import Iterable, Mapping
from typing import TypeVar
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import idna

T = TypeVar("T")


class BadAccount(ValueError):
    """The URL is no account. Its text says what is wrong, never the URL: it holds a password."""


class AccountUrl:
    """The parts of one URL."""

    def __init__(self, text: str) -> None:
        """text: without blanks. Raises BadAccount."""
        try:
            parts = urlsplit(text)
            self.port = parts.port or 0
        except ValueError:
            raise BadAccount("it is no URL (is a / or # of the password percent-encoded?)") from None
        if parts.fragment or (parts.path not in ("", "/") and parts.scheme in ("smtp", "smtps")):
            raise BadAccount("a / or # where none belongs: those of a password are written %2F and %23")
        self.scheme, self.host, self.path = parts.scheme, _ascii(parts.hostname or ""), parts.path
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self._query = _query(parts)

    def only(self, known: Iterable[str]) -> None:
        """Raises BadAccount when the query says something that nobody would read."""
        if unknown := sorted(self._query.keys() - set(known)):
            raise BadAccount(f"it knows no {unknown[0]!r}: one of {', '.join(sorted(known))}")

    def text(self, name: str) -> str:
        """ "" when it is not there."""
        return self._query.get(name, "")

    def below(self, prefix: str) -> dict[str, str]:
        """All whose names start so."""
        return {name: value for name, value in self._query.items() if name.startswith(prefix)}

    def switch(self, name: str) -> bool:
        """1, on, yes, true; 0, off, no, false, not there."""
        return self.one_of(name, {**dict.fromkeys(("1", "on", "yes", "true"), True), **_OFF}, False)

    def one_of(self, name: str, known: Mapping[str, T], default: T) -> T:
        """What the word stands for."""
        word = self.text(name).lower()
        if word and word not in known:
            raise BadAccount(f"{name}={word} is none of {', '.join(known)}")
        return known.get(word, default)

    def trusting(self) -> ssl.SSLContext:
        """TLS that trusts the certificates in the file `ca`, or the system's. TLS 1.2 at least."""
        try:
            context = ssl.create_default_context(cafile=self.text("ca") or None)
        except OSError as error:
            raise BadAccount(f"ca={self.text('ca')} cannot be read ({error})") from None
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context

    def whole(self, name: str, default: int, *, low: int, high: int) -> int:
        """A whole number, low and high included."""
        text = self.text(name)
        if text and not (text.isascii() and text.isdigit() and low <= int(text[:12]) <= high):
            raise BadAccount(f"{name}={text} is no whole number from {low} to {high}")
        return int(text) if text else default

    def number(self, name: str) -> float:
        """A number from 0 to 100,000, 0 when it is not there."""
        try:
            found = float(self.text(name) or "0")
        except ValueError:
            found = -1.0
        if not 0 <= found <= 100_000:
            raise BadAccount(f"{name}={self.text(name)} is no number from 0 to 100000")
        return found


_OFF: Mapping[str, bool] = dict.fromkeys(("0", "off", "no", "false"), False)


def _ascii(host: str) -> str:
    """In Punycode, as it is resolved and as TLS compares it."""
    try:
        return host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise BadAccount("its host is no domain") from None


def _query(parts: SplitResult) -> dict[str, str]:
    """A + is a plus, as in a telephone number, not a blank. Twice the same name: the last."""
    return dict(parse_qsl(parts.query.replace("+", "%2B"), keep_blank_values=True, max_num_fields=50))
