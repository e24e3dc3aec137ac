"""Which visitor sends this batch, and must the browser be told? Cookie, token, nonce; or for one day only.

    same-site request    the cookie decides and is set; else the token; else the nonce
    any other request    the token decides and is answered when it is new; else the nonce

Reads nothing, writes nothing: a decision over what the request has shown. Source: INTERFACES 3.
"""

from typing import NamedTuple

from collector.access.tokens import MAX_TOKEN_CHARACTERS, Tokens, Visitor, fresh_id

COOKIE_AGE_S = 34_128_000
"""395 days; browsers keep no cookie for more than 400."""

RENEW_MS = 7 * 86_400_000


class Shown(NamedTuple):
    """What a request says of its visitor. site: of its write key. cookie, token, nonce: "" when absent."""

    site: int
    same_site: bool
    cookie: str = ""
    token: str = ""
    nonce: str = ""
    reset: bool = False


class Recognised(NamedTuple):
    """Whose batch it is. fresh: a token that the browser must keep, "" when it has it. by_cookie: set it as a cookie,
    else it goes into the answer. invalid: how many of the two were not ours."""

    visitor_id: str
    fresh: str = ""
    by_cookie: bool = False
    invalid: int = 0


def recognise(tokens: Tokens, shown: Shown, *, now: int) -> Recognised:
    """The visitor. A token that is not ours, or of another site, makes a new one; nothing ever fails. now: ms UTC."""
    in_cookie = tokens.read(shown.cookie) if shown.cookie and shown.same_site else None
    in_token = tokens.read(shown.token) if shown.token else None
    invalid = _count_invalid(shown, in_cookie, in_token)
    # Two sites under one domain share the collector's cookie: the second leaves it alone and uses the token.
    by_cookie = shown.same_site and (in_cookie is None or in_cookie.site == shown.site)
    known = _own(in_cookie, shown.site) or _own(in_token, shown.site)
    if known is None or shown.reset:
        visitor_id = _new_id(tokens, shown, known, by_cookie=known is not None and known is in_cookie)
        return Recognised(visitor_id, tokens.issue(shown.site, visitor_id, now=now), by_cookie, invalid)
    is_kept = known is in_cookie if by_cookie else True
    if is_kept and now - known.issued_at < RENEW_MS:
        return Recognised(known.id, invalid=invalid)
    return Recognised(known.id, tokens.issue(known.site, known.id, known.epoch, now=now), by_cookie, invalid)


def cookie_of(header: str, name: str) -> str:
    """The value of that cookie in a `Cookie` header, "" when it is absent or cannot be a token."""
    for pair in header.split(";"):
        key, _, value = pair.strip().partition("=")
        if key == name:
            return value if len(value) <= MAX_TOKEN_CHARACTERS else ""
    return ""


def set_cookie(name: str, value: str, *, secure: bool) -> bytes:
    """A `Set-Cookie` header: host-only, for this site's requests, out of reach of scripts. value "": forget it."""
    age = COOKIE_AGE_S if value else 0
    text = f"{name}={value}; Max-Age={age}; Path=/; HttpOnly; SameSite=Lax{'; Secure' if secure else ''}"
    return text.encode("ascii")


def needs_secure(scheme: str, host: str) -> bool:
    """Whether a cookie is marked Secure: always, but on plain http to this very machine, where it would be lost.

    scheme: http when TLS ends at a proxy. host: the header, with or without a port.
    """
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    is_local = name in ("localhost", "127.0.0.1", "[::1]") or name.endswith(".localhost")
    return scheme != "http" or not is_local


def _own(visitor: Visitor | None, site: int) -> Visitor | None:
    return visitor if visitor is not None and visitor.site == site else None


def _count_invalid(shown: Shown, in_cookie: Visitor | None, in_token: Visitor | None) -> int:
    bad_cookie = shown.same_site and shown.cookie != "" and in_cookie is None
    bad_token = shown.token != "" and _own(in_token, shown.site) is None
    return bad_cookie + bad_token


def _new_id(tokens: Tokens, shown: Shown, known: Visitor | None, *, by_cookie: bool) -> str:
    """From the nonce where there is one: the same for a batch, its retry and its beacon.

    A reset leads to another id than the nonce alone, or a browser that keeps its nonce would come back as the one who
    is to be forgotten. The cookie may be there already when the same batch comes again: that is not one more reset.
    """
    if not shown.nonce:
        return fresh_id()
    if not shown.reset:
        return tokens.derive(shown.site, shown.nonce)
    visitor_id = tokens.derive(shown.site, f"reset:{shown.nonce}")
    if known is not None and known.id == visitor_id and not by_cookie:
        return tokens.derive(shown.site, f"reset:{shown.nonce}:{known.id}")
    return visitor_id
