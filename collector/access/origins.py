"""May a page of this origin send events to the site? An origin is scheme, host and port, as browsers write it.

Reads nothing, writes nothing. The comparison is exact: subdomains, other ports and other schemes are other origins.
"""

import re
from collections.abc import Collection

MAX_CHARACTERS = 300

_ORIGIN = re.compile(r"https?://(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
_DEFAULT_PORT = {"http": ":80", "https": ":443"}


def normalise(origin: str) -> str | None:
    """The origin as a browser sends it: lower case, no default port, no slash at the end; None when it is not one.

    Only http and https have origins that mean something: `null` stands for files, sandboxes and data URLs, anybody's.
    """
    text = origin.strip().lower().removesuffix("/")
    if len(text) > MAX_CHARACTERS or not _ORIGIN.fullmatch(text):
        return None
    return text.removesuffix(_DEFAULT_PORT[text.partition(":")[0]])


def permits(origins: Collection[str], origin: str) -> bool:
    """Whether a request with this `Origin` header ("": none) may bring events.

    origins: of the site, normalised; empty accepts every http(s) origin. Servers send no such header and are accepted:
    the header protects a site from other people's pages, and nobody but a browser is bound to tell the truth.
    """
    if not origin or origin in origins:
        return True
    name = normalise(origin)
    return name is not None and (not origins or name in origins)
