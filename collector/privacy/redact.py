"""What must not be stored? Ends of IP addresses, secrets and mail addresses in URLs, secrets in samples.

Reads nothing, writes nothing; each function takes a text and gives the text that may be kept. All are linear in its
length: they read what strangers send.
"""

import ipaddress
import re
from functools import lru_cache

REDACTED = "redacted"

_NAME = (
    r"[\w.\-]*(?:token|secret|passw(?:or)?d|passwd|pwd|api_?-?key|signature|session_?-?id|sessid|credentials?|jwt|otp)"
    r"|auth|authorization|sig|sid|_sl|pass|pin"
)
_IN_URL = re.compile(rf"([?&;#](?:{_NAME}|key)(?:\[\]|%5b%5d)?=)[^&;#\s\"\\]+", re.IGNORECASE)
_BEFORE = r"(?:[?&;#]|%(?:25)*(?:3f|26|3b|23))"  # as it is, or of an address inside of an address
_WITHIN = r"(?:(?:[\w.\-\]]|%5d)+(?:\[|%5b))*"  # user[password]: frameworks nest what a form says
_END = r"(?:\]|%5d)?(?:\[\]|%5b%5d)?(?:=|%(?:25)*3d)"
_DEEP_IN_URL = re.compile(rf"({_BEFORE}{_WITHIN}(?:{_NAME}|key){_END})[^&;#\s\"\\]+", re.IGNORECASE)
_MEMBER = re.compile(rf'"(?:{_NAME})"\s*:', re.IGNORECASE)  # not `key`: that is the name of the event
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]|[^\s,"\[\]{}]+')
_NESTING = {"[": 1, "{": 1, "]": -1, "}": -1}
_ADDRESS = re.compile(r'https?://[^\s"\\]+', re.IGNORECASE)
_USERINFO = re.compile(r"^(https?://)[^/?#]*@", re.IGNORECASE)
_PIECE = re.compile(r"[^/?&#=;,\"\s]+")
_AT = re.compile(r"@|%(?:25)*40")
_DOMAIN_END = re.compile(r"\.[a-z]{2,}", re.IGNORECASE)


def redact_url(url: str) -> str:
    """An http(s) address without userinfo; values of secret query keys and mail addresses say `redacted`."""
    if "%" in url or "[" in url:
        url = _DEEP_IN_URL.sub(rf"\1{REDACTED}", url)
    elif "=" in url:
        url = _IN_URL.sub(rf"\1{REDACTED}", url)
    if ("@" in url or "%" in url) and _AT.search(url):
        url = _USERINFO.sub(r"\1", url)
        url = _PIECE.sub(_without_mail, url)
    return url


def redact_sample(text: str) -> str:
    """A piece of JSON, perhaps cut off, without the values of secret members; URLs in it as `redact_url` gives them."""
    kept, at = [], 0
    while member := _MEMBER.search(text, at):
        kept += [text[at : member.end()], f'"{REDACTED}"']
        at = _value_end(text, member.end())
    text = "".join(kept) + text[at:]
    text = _ADDRESS.sub(lambda address: redact_url(address[0]), text)
    return _IN_URL.sub(rf"\1{REDACTED}", text)


@lru_cache(maxsize=4_096)
def truncate_ip(address: str) -> str:
    """The network of an address: the first 24 bits of IPv4, 48 of IPv6; "" when it is not an address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if parsed.version == 6 and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    bits = 32 - 24 if parsed.version == 4 else 128 - 48
    return str(type(parsed)(int(parsed) >> bits << bits))


def _value_end(text: str, start: int) -> int:
    """Where the JSON value that begins at `start` ends, with all that is inside of it."""
    depth = 0
    for token in _TOKEN.finditer(text, start):
        depth += _NESTING.get(token[0], 0)
        if depth <= 0:
            return token.end()
    return len(text)


def _without_mail(piece: re.Match[str]) -> str:
    """`anna@shop.it` and `anna%40shop.it` go; `@anna`, a name in a path, and `htmx@2.0.4`, a version, stay."""
    text = piece[0]
    at = _AT.search(text, 1)
    return REDACTED if at and _DOMAIN_END.search(text, at.end()) else text
