"""What may be kept of a visitor: the table of consent, and a visitor id that lasts a day."""

import re
from itertools import product
from typing import get_args

import pytest

from collector.privacy import consent
from collector.privacy.consent import Answered, Mode, SiteConsent, cookieless_id, mode_of

FULL, COOKIELESS, NOTHING = Mode.FULL, Mode.COOKIELESS, Mode.NOTHING

# site, visitor's answer: without and with Sec-GPC
TABLE: dict[tuple[SiteConsent, Answered], tuple[Mode, Mode]] = {
    ("implied", "granted"): (FULL, COOKIELESS),
    ("implied", "unknown"): (FULL, COOKIELESS),
    ("implied", "denied"): (COOKIELESS, COOKIELESS),
    ("required", "granted"): (FULL, COOKIELESS),
    ("required", "unknown"): (NOTHING, NOTHING),
    ("required", "denied"): (NOTHING, NOTHING),
    ("off", "granted"): (FULL, COOKIELESS),
    ("off", "unknown"): (FULL, COOKIELESS),
    ("off", "denied"): (COOKIELESS, COOKIELESS),
}
MONDAY, TUESDAY = b"\x01" * 32, b"\x02" * 32


@pytest.mark.parametrize(("site", "answered"), TABLE)
def test_the_mode_follows_the_table(site: SiteConsent, answered: Answered) -> None:
    """The site's rule, the visitor's answer and the browser's signal decide together."""
    assert TABLE[site, answered] == (mode_of(site, answered, gpc=False), mode_of(site, answered, gpc=True))


def test_the_table_is_whole() -> None:
    """No combination is left to chance."""
    assert set(product(get_args(SiteConsent), get_args(Answered))) == set(TABLE)


def test_the_drawn_table_is_the_tested_one() -> None:
    """What the module's head shows to its reader is what it does."""
    rows = re.findall(r"^    (\w+) +(granted|unknown|denied) +(\w+) +(\w+)$", consent.__doc__ or "", re.MULTILINE)
    drawn = {(site, answered): (Mode(without), Mode(gpc)) for site, answered, without, gpc in rows}
    assert TABLE == drawn


def visitor(salt: bytes = MONDAY, site: int = 1, ip: str = "203.0.113.0", user_agent: str = "Firefox") -> str:
    """Somebody on Monday, on site 1."""
    return cookieless_id(salt, site=site, ip=ip, user_agent=user_agent)


def test_a_cookieless_visitor_is_the_same_all_day() -> None:
    """The pages of one visit belong together; the id looks like any other."""
    assert visitor() == visitor()
    assert re.fullmatch(r"[a-z2-7]{26}", visitor())


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(visitor(salt=TUESDAY), id="day"),
        pytest.param(visitor(site=2), id="site"),
        pytest.param(visitor(ip="203.0.114.0"), id="network"),
        pytest.param(visitor(ip=""), id="no address"),
        pytest.param(visitor(user_agent="Safari"), id="browser"),
        pytest.param(visitor(user_agent=""), id="no browser"),
    ],
)
def test_a_cookieless_visitor_is_another_elsewhere(other: str) -> None:
    """Tomorrow, on another site, from another network, with another browser: nobody is followed there."""
    assert visitor() != other


def test_fields_do_not_run_into_each_other() -> None:
    """Site 1 with an address that begins with 1 is not site 11."""
    assert visitor(site=1, ip="1") != visitor(site=11, ip="")
    assert visitor(ip="a", user_agent="b") != visitor(ip="ab", user_agent="")
