"""May the page read our answer? CORS for the doors that browsers use; the secret API has none.

The exact origin is repeated, for the tracker sends its cookie (`credentials: "include"`), with which `*` is forbidden;
`Vary: Origin` keeps caches from mixing sites up. `null` is nobody's origin and gets nothing. Refusals carry the same
headers, or the page could not tell a refusal from a broken network. Source: SECURITY 2, INTERFACES 3.
"""

from functools import lru_cache

from collector.access.origins import normalise
from collector.ingest.answer import Answer, Header

MAX_AGE_S = 86_400
"""How long a browser may remember the preflight; Chromium takes 7,200 at most, Firefox a day."""

_VARY: Header = (b"vary", b"Origin")
_ALWAYS: tuple[Header, ...] = (
    (b"access-control-allow-credentials", b"true"),
    (b"access-control-expose-headers", b"Retry-After"),
    _VARY,
)
_ASKED_HEADERS = ("content-type", "content-encoding")


@lru_cache(maxsize=1_024)
def cors_headers(origin: bytes) -> tuple[Header, ...]:
    """For an answer to a request with this `Origin` header (b"": none)."""
    if not origin or normalise(origin.decode("latin-1")) is None:
        return (_VARY,)
    return ((b"access-control-allow-origin", origin), *_ALWAYS)


def preflight(origin: bytes, more: tuple[str, ...] = ()) -> Answer:
    """The answer to OPTIONS. Which site it is about stands in the body to come: every web origin may ask.

    more: headers that the door reads beside the usual ones.
    """
    headers = cors_headers(origin)
    return Answer(204, b"", headers=headers if headers == (_VARY,) else (*headers, *_permitted(more)))


def _permitted(more: tuple[str, ...]) -> tuple[Header, ...]:
    return (
        (b"access-control-allow-methods", b"POST"),
        (b"access-control-allow-headers", ", ".join((*_ASKED_HEADERS, *more)).encode()),
        (b"access-control-max-age", b"%d" % MAX_AGE_S),
    )
