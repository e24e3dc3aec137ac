"""What may be kept of this visitor? The site's rule, the visitor's answer and the browser's signal decide together.

    site       visitor's answer    without Sec-GPC    with Sec-GPC: 1
    implied    granted             full               cookieless
    implied    unknown             full               cookieless
    implied    denied              cookieless         cookieless
    required   granted             full               cookieless
    required   unknown             nothing            nothing
    required   denied              nothing            nothing
    off        granted             full               cookieless
    off        unknown             full               cookieless
    off        denied              cookieless         cookieless

`off`: the site asks nobody (an intranet, a contract); who says no, by a word or by the browser, is heard all the same.
Reads nothing, writes nothing. Source: INTERFACES 3, SECURITY 3.
"""

import enum
import hmac
from typing import Literal

from collector.access.tokens import visitor_id_of

SiteConsent = Literal["implied", "required", "off"]
Answered = Literal["granted", "denied", "unknown"]


class Mode(enum.Enum):
    """full: a lasting visitor id, identifiers. cookieless: a visitor for one day, no identifiers, nothing stored in the
    browser. nothing: each event is refused, only counted."""

    FULL = "full"
    COOKIELESS = "cookieless"
    NOTHING = "nothing"


def mode_of(site: SiteConsent, answered: Answered, *, gpc: bool) -> Mode:
    """The table above. gpc: the request carried `Sec-GPC: 1`."""
    if site == "required" and answered != "granted":
        return Mode.NOTHING
    if answered == "denied" or gpc:
        return Mode.COOKIELESS
    return Mode.FULL


def cookieless_id(salt: bytes, *, site: int, ip: str, user_agent: str) -> str:
    """A visitor id that lasts as long as the salt: a day. Whoever has not the salt can neither make nor trace it.

    salt: of the day, deleted after 48 hours. ip: truncated already.
    """
    return visitor_id_of(hmac.digest(salt, f"{site}\n{ip}\n{user_agent}".encode(), "sha256"))
