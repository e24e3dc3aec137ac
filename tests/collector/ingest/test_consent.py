"""What is kept of a visitor who may say no? The site's rule, the answer, and the browser's own signal.

Source: INTERFACES 3, SECURITY 3, and the table in `collector/privacy/consent.py`.
"""

from contextlib import closing
from itertools import product
from typing import Any, NamedTuple

import pytest

from collector.sqlite import connect
from tests.collector.ingest.sending import NONCE, Deployment, NewSite, batch, event, refused, warned

DAY_MS = 86_400_000
FULL, COOKIELESS, NOTHING = "full", "cookieless", "nothing"

TABLE = {
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
"""(site, visitor's answer) → (without Sec-GPC, with it)."""

CASES = [(site, said, gpc, TABLE[site, said][gpc]) for (site, said), gpc in product(TABLE, (False, True))]
PERSON = {"identifiers": {"email_id": "anna@shop.it"}, "contact_properties": {"CITY": "Roma"}}


@pytest.fixture(scope="module")
def sites(deployment: Deployment) -> dict[str, NewSite]:
    """A site of each rule."""
    return {rule: deployment.site(consent=rule) for rule in ("implied", "required", "off")}


class Kept(NamedTuple):
    """What is left of an event, and what the browser was given. stored: whether it is in the log."""

    stored: bool
    person: bool
    token: bool
    cookie: bool


KEPT = {
    FULL: (Kept(True, True, True, False), Kept(True, True, False, True)),
    COOKIELESS: (Kept(True, False, False, False), Kept(True, False, False, False)),
    NOTHING: (Kept(False, False, False, False), Kept(False, False, False, False)),
}
"""Of a request from another site, of a same-site one."""


def kept(deployment: Deployment, site: NewSite, headers: dict[str, str], **envelope: Any) -> Kept:
    """Send an event that names a person."""
    sent = event(**PERSON)
    answer = deployment.post(batch(sent, write_key=site.write_key, nonce=NONCE, **envelope), **headers)
    assert 202 == answer.status_code, answer.text
    entries = deployment.logged(sent["id"])
    person = bool(entries) and (entries[0].identifiers is not None or entries[0].attributes is not None)
    return Kept(bool(entries), person, "visitor" in answer.json(), "set-cookie" in answer.headers)


@pytest.mark.parametrize(("rule", "said", "gpc", "mode"), CASES)
def test_consent_decides_what_is_kept(
    deployment: Deployment, sites: dict[str, NewSite], rule: str, said: str, gpc: bool, mode: str
) -> None:
    """The table, for pages of another site and of the same one: event, person, token, cookie."""
    signal = {"sec_gpc": "1"} if gpc else {}
    found = tuple(
        kept(deployment, sites[rule], signal | {"sec_fetch_site": where}, consent=said)
        for where in ("cross-site", "same-origin")
    )
    assert KEPT[mode] == found


def test_no_answer_is_unknown(deployment: Deployment, sites: dict[str, NewSite]) -> None:
    """A tracker that says nothing of consent has none; a new site is `implied`."""
    assert KEPT[NOTHING][0] == kept(deployment, sites["required"], {})
    assert KEPT[FULL][0] == kept(deployment, sites["implied"], {})
    assert KEPT[FULL][0] == kept(deployment, deployment.site(), {})


@pytest.mark.parametrize("signal", ["0", "true", "", "11"])
def test_only_1_is_the_signal(deployment: Deployment, sites: dict[str, NewSite], signal: str) -> None:
    """`Sec-GPC` has one value."""
    assert KEPT[FULL][0] == kept(deployment, sites["implied"], {"sec_gpc": signal})


@pytest.mark.parametrize("said", ["granted", "denied", "unknown"])
def test_the_answer_is_kept_with_the_event(deployment: Deployment, said: str) -> None:
    """Later nobody could say under which consent it was taken."""
    assert said == deployment.entry(envelope={"consent": said}).consent


def test_a_warning_says_that_the_person_was_left_out(deployment: Deployment) -> None:
    """The event itself is taken, for a visitor of one day."""
    said = deployment.send(event(**PERSON), event(), consent="denied")
    expected = [(0, "consent_denied", f"events[0].{name}") for name in ("identifiers", "contact_properties")]
    assert (2, [], expected) == (said["accepted"], said["rejected"], warned(said))


# Nothing: before a grant where one is required ------------------------------------------------------------------------


def test_without_a_grant_each_event_is_refused_and_only_counted(fresh: Deployment) -> None:
    """202, `consent_denied` for each, also for what is no event; no sample, no visitor, no trace of what was sent."""
    site = fresh.site(consent="required")
    canary = "canary@shop.it"
    bad = event(key="!", properties={"a": canary})
    answer = fresh.post(batch(event(identifiers={"email_id": canary}), bad, canary, write_key=site.write_key))
    said = answer.json()
    assert (0, [(n, "consent_denied", f"events[{n}]") for n in range(3)]) == (said["accepted"], refused(said))
    assert "visitor" not in said
    found = fresh.rejections()
    assert [("consent_denied", site.id)] == list(found)
    row = found["consent_denied", site.id]
    assert (3, {""}) == (row["count"], {sample["sample"] for sample in row["samples"]})
    assert canary.encode() not in b"".join(path.read_bytes() for path in fresh.settings.data.glob("log.db*"))


def test_a_grant_is_heard_at_once(deployment: Deployment, sites: dict[str, NewSite]) -> None:
    """The next batch after the visitor's yes is taken, and after the no not any more."""
    answers = [
        kept(deployment, sites["required"], {}, consent=said).stored for said in ("unknown", "granted", "denied")
    ]
    assert [False, True, False] == answers


# Cookieless: a visitor for one day ------------------------------------------------------------------------------------


def of_day(deployment: Deployment, **headers: str) -> str:
    """The cookieless visitor of a request with these headers."""
    return deployment.entry(headers=headers, envelope={"consent": "denied", "nonce": NONCE}).visitor


def test_a_cookieless_visitor_is_the_same_for_a_day(fresh: Deployment) -> None:
    """By truncated address and user agent; the next day it is somebody else."""
    first = of_day(fresh, user_agent="Fox")
    assert 26 == len(first)
    fresh.now += DAY_MS - fresh.now % DAY_MS - 1
    assert first == of_day(fresh, user_agent="Fox")
    fresh.now += 1
    assert first != of_day(fresh, user_agent="Fox")


def test_a_cookieless_visitor_is_of_one_site_agent_and_network(deployment: Deployment) -> None:
    """Each of the three makes another one; nonce, token and cookie make none."""
    first = of_day(deployment, user_agent="Fox")
    assert first != of_day(deployment, user_agent="Cat")
    elsewhere = {"consent": "denied", "write_key": deployment.site().write_key}
    assert first != deployment.entry(headers={"user_agent": "Fox"}, envelope=elsewhere).visitor
    token = deployment.send(event())["visitor"]
    for known in ({"nonce": NONCE}, {"visitor": token}, {"reset": True}, {}):
        headers = {"user_agent": "Fox", "cookie": f"sentiero_id={token}", "sec_fetch_site": "same-origin"}
        assert first == deployment.entry(headers=headers, envelope={"consent": "denied", **known}).visitor


def test_the_salt_of_a_day_is_gone_after_two(fresh: Deployment) -> None:
    """Then nobody, also we, can say any more which visitor an address was."""
    for _ in range(4):
        fresh.now += DAY_MS
        of_day(fresh)
    with closing(connect(fresh.settings.log_path, readonly=True)) as log:
        days = [day for (day,) in log.execute("SELECT day FROM salts ORDER BY day")]
    today = fresh.now // DAY_MS
    assert {today, today + 1} >= {*days} >= {today}


def test_a_refused_event_of_a_cookieless_visitor_leaves_no_sample(fresh: Deployment) -> None:
    """What may not be kept of an event that was taken may not be kept of one that was not."""
    fresh.send(event(key="!", identifiers={"email_id": "canary@shop.it"}), consent="denied")
    row = fresh.rejections()["bad_key", 1]
    assert (1, "") == (row["count"], row["samples"][0]["sample"])
