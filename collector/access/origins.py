"""May a page of this origin send events to the site? An origin is scheme, host and port, as browsers write it.

Reads nothing, writes nothing. The comparison is exact: subdomains, other ports and other schemes are other origins.
"""

import ipaddress
import re
from collections.abc import Collection

MAX_CHARACTERS = 300

_ORIGIN = re.compile(r"(https?)://([a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[([0-9a-f:.]+)\])(?::([0-9]{1,5}))?")
_DEFAULT_PORT = {"http": 80, "https": 443}
_LAST_PORT = 65_535


def normalise(origin: str) -> str | None:
    """The origin as a browser sends it: lower case, no default port, no slash at the end, IPv6 in its short form.

    None when it is none: only http and https have origins that mean something; `null` stands for files, sandboxes and
    data URLs, anybody's.
    """
    text = origin.strip().lower().removesuffix("/")
    found = _ORIGIN.fullmatch(text) if len(text) <= MAX_CHARACTERS else None
    if found is None:
        return None
    scheme, host, address, digits = found.groups()
    port = int(digits) if digits else _DEFAULT_PORT[scheme]
    name = _short(address) if address else host
    if name is None or port > _LAST_PORT:
        return None
    return f"{scheme}://{name}" if port == _DEFAULT_PORT[scheme] else f"{scheme}://{name}:{port}"


def permits(origins: Collection[str], origin: str) -> bool:
    """Whether a request with this `Origin` header ("": none) may bring events.

    origins: of the site, normalised; empty accepts every http(s) origin. Servers send no such header and are accepted:
    the header protects a site from other people's pages, and nobody but a browser is bound to tell the truth.
    """
    if not origin or origin in origins:
        return True
    name = normalise(origin)
    return name is not None and (not origins or name in origins)


def _short(address: str) -> str | None:
    """`0:0:0:0:0:0:0:1` → `[::1]`; None when it is no address."""
    try:
        return f"[{ipaddress.IPv6Address(address)}]"
    except ValueError:
        return None
