"""Which browser is this? Signed visitor tokens, in a cookie or in the page's own storage.

    token = itsdangerous URLSafeTimedSerializer of [site, visitor_id, epoch]

Signed with the newest key, recognised by each. A visitor id has 26 characters of base32: 130 bits, that nobody guesses;
it is derived from the browser's nonce where there is one, so that a first batch, its retry and the beacon that leaves
in the meantime name the same visitor. Reads no clock: `now` is an argument.
Source: INTERFACES 3.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from itsdangerous import BadData, URLSafeTimedSerializer

from collector.access.signer import TimedSigner

MAX_TOKEN_CHARACTERS = 512
REMEMBERED = 8_192
"""Verified tokens: a visitor's next batch costs a look-up instead of 30 µs of HMAC and JSON."""

_SALT = b"sentiero.visitor"
_ID_CHARACTERS = 26
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [one + two for one in _LETTERS for two in _LETTERS]
_SHIFTS = range(120, -1, -10)


class Visitor(NamedTuple):
    """What a good token says. issued_at: ms UTC, to the second. epoch: counts the persons seen on this browser."""

    site: int
    id: str
    epoch: int
    issued_at: int


class Tokens:
    """Issues and reads the tokens of one deployment."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        """keys: newest first, at least one."""
        self._keys = [*reversed(keys)]  # itsdangerous signs with the last
        self._nonce_key = hmac.digest(keys[0], b"sentiero.visitor.nonce", "sha256")
        self._reader = self._serializer(0)
        self._verified = lru_cache(maxsize=REMEMBERED)(self._verify)
        self.named = lru_cache(maxsize=REMEMBERED)(self.derive)
        """As `derive`, for names that come again and again."""

    def issue(self, site: int, visitor_id: str, epoch: int = 0, *, now: int) -> str:
        """A token for that visitor of that site, stamped with `now` (ms UTC)."""
        return str(self._serializer(now // 1000).dumps([site, visitor_id, epoch]))

    def read(self, token: str) -> Visitor | None:
        """Who it names, of whatever site and age; None when it is not one of ours."""
        if len(token) > MAX_TOKEN_CHARACTERS:
            return None
        try:
            return self._verified(token)  # what raises is not remembered: garbage pushes nobody out
        except (BadData, ValueError):
            return None

    def derive(self, site: int, nonce: str) -> str:
        """The visitor id of a browser that made this nonce: the same each time it is asked."""
        return visitor_id_of(hmac.digest(self._nonce_key, f"{site}:{nonce}".encode(), "sha256"))

    def _verify(self, token: str) -> Visitor:
        payload, at = self._reader.loads(token, return_timestamp=True)
        match payload:
            case [int(site), str(visitor_id), int(epoch)] if len(visitor_id) == _ID_CHARACTERS:
                return Visitor(site, visitor_id, epoch, int(at.timestamp()) * 1000)
        raise ValueError("signed by us, but of another shape")

    def _serializer(self, now_s: int) -> URLSafeTimedSerializer:
        options = {"now_s": now_s, "key_derivation": "hmac", "digest_method": hashlib.sha256}
        return URLSafeTimedSerializer(self._keys, salt=_SALT, signer=TimedSigner, signer_kwargs=options)


def fresh_id() -> str:
    """The id of a visitor of whom nothing is known."""
    return visitor_id_of(secrets.token_bytes(32))


def visitor_id_of(digest: bytes) -> str:
    """Random or hashed bytes (17 or more) → 26 characters a-z2-7.

    The first 130 bits as base32, two characters at a time: `base64.b32encode` takes eight times as long.
    """
    n = int.from_bytes(digest[:17], "big") >> 6
    return "".join([_PAIRS[n >> bits & 1023] for bits in _SHIFTS])
