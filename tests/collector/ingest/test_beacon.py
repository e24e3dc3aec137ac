"""What does Brevo's old script get? Its beacons in the log, 200 with JSON, and no word of whom the visitor is."""

from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from collector.log.entry import Entry
from sessionizer.event import Page
from tests.collector.ingest.sending import SITE, WRITE_KEY, Deployment, deployed, refusal, refused

ANNA = "anna@shop.example"
CUID = "2f1c2b52-7f1d-4c55-9d0a-1f1f6f0d7a11"
PAGE = {"ma_url": "https://shop.example/boots", "ma_title": "Boots", "ma_path": "/boots", "ma_referrer": ""}


def get(deployment: Deployment, fields: dict[str, Any], **headers: str) -> httpx.Response:
    """As the script sends it."""
    usual = {"key": WRITE_KEY, "session_id": CUID}
    return deployment.run(deployment.request("GET", f"/p?{urlencode(usual | fields)}", **headers))


def entry_of(deployment: Deployment, **fields: Any) -> Entry:
    """What was accepted."""
    before = len(deployment.log())
    answer = get(deployment, fields, origin=SITE, user_agent="Mozilla/5.0 (Real)")
    assert (200, True, 1) == (answer.status_code, answer.json()["success"], answer.json()["accepted"]), answer.text
    assert SITE == answer.headers["access-control-allow-origin"]
    (entry,) = deployment.log()[before:]
    assert ("brevo", "Mozilla/5.0 (Real)", "203.0.113.0") == (entry.source, entry.user_agent, entry.ip)
    assert entry.visitor == deployment.built.services.tokens.derive(1, f"brevo:{CUID}")
    return entry


def test_a_page_is_visited(deployment: Deployment) -> None:
    """Its name and further properties beside the page."""
    entry = entry_of(deployment, sib_type="page", sib_name="Boots", **PAGE, size="42")
    assert ("page_visited", Page("https://shop.example/boots", "Boots")) == (entry.key, entry.page)
    assert {"name": "Boots", "size": "42"} == entry.properties


def test_an_event_is_tracked(deployment: Deployment) -> None:
    """Its properties are flat; the address says whose it is."""
    entry = entry_of(
        deployment, sib_type="track", sib_name="cart_updated", email_id=ANNA, ma_url=PAGE["ma_url"], total="9"
    )
    assert ("cart_updated", {"email_id": ANNA}, {"total": "9"}) == (entry.key, entry.identifiers, entry.properties)
    assert Page("https://shop.example/boots", "") == entry.page


def test_somebody_is_identified(deployment: Deployment) -> None:
    """The rest of the query is what is known of the person."""
    entry = entry_of(deployment, sib_type="identify", email_id=ANNA, FIRSTNAME="Anna")
    assert ("identified", {"email_id": ANNA}, {"FIRSTNAME": "Anna"}) == (entry.key, entry.identifiers, entry.attributes)


def test_a_link_is_clicked(deployment: Deployment) -> None:
    """Where it leads, and which one it was."""
    entry = entry_of(deployment, sib_type="trackLink", sib_name="buy", href="https://other.example/", linkid="buy")
    assert ("link_clicked", {"url": "https://other.example/", "id": "buy"}) == (entry.key, entry.properties)


def test_nobody_learns_an_address(deployment: Deployment) -> None:
    """Whoever holds a visitor's id is told nothing of who it is, before or after it was said."""
    get(deployment, {"sib_type": "identify", "email_id": ANNA})
    for fields in ({"sib_type": "page"}, {"sib_type": "identify", "email_id": ANNA}, {"sib_type": "other"}):
        answer = get(deployment, fields)
        assert "anna" not in answer.text + str(answer.headers)


REFUSALS = [
    ({}, 400, "malformed", "sib_type"),
    ({"sib_type": "other"}, 400, "malformed", "sib_type"),
    ({"sib_type": "track"}, 400, "malformed", "event"),
    ({"sib_type": "trackLink"}, 400, "malformed", "link"),
    ({"sib_type": "page", "session_id": ""}, 400, "malformed", "email"),
    ({"sib_type": "page", "key": ""}, 401, "key_unknown", "key"),
    ({"sib_type": "page", "key": "wk_of_nobody"}, 401, "key_unknown", "key"),
    ({"sib_type": "page", "x": "x" * 17_000}, 413, "too_large", ""),
    ({"sib_type": "page"} | {f"x{n}": "" for n in range(300)}, 413, "too_many", ""),
]


@pytest.mark.parametrize(("fields", "status", "code", "path"), REFUSALS)
def test_what_is_refused_says_why(
    deployment: Deployment, fields: dict[str, Any], status: int, code: str, path: str
) -> None:
    """By code and path; nothing is stored."""
    before = len(deployment.log())
    assert (status, code, path) == refusal(get(deployment, fields))
    assert before == len(deployment.log())


def test_an_image_is_known_by_its_page(deployment: Deployment) -> None:
    """It has no Origin: another site's page is refused by its Referer all the same."""
    key = deployment.site(origins=[SITE]).write_key
    fields = {"sib_type": "page", "key": key}
    found = [get(deployment, fields, referer=where).status_code for where in (f"{SITE}/a?b", "https://other.example/")]
    assert [200, 403] == found


@pytest.mark.parametrize(
    "query", ["%", "a", "&&&", "=", "sib_type=page&x=%ff%00", "sib_type=track&sib_name=%00", "%00=1"]
)
def test_a_query_of_any_kind_is_answered(deployment: Deployment, query: str) -> None:
    """200 or 400, never 500."""
    answer = deployment.run(deployment.request("GET", f"/p?key={WRITE_KEY}&cuid=1234&{query}"))
    assert answer.status_code in (200, 400), answer.text


def test_a_bad_value_is_refused_in_the_answer(deployment: Deployment) -> None:
    """The envelope is good: 200, and why the event was not taken."""
    answer = get(deployment, {"sib_type": "track", "sib_name": "a", "x": "a\0b"})
    assert ([(0, "bad_property", "events[0].properties.x")], 200) == (refused(answer.json()), answer.status_code)


def test_other_methods_are_not_taken(deployment: Deployment) -> None:
    """405."""
    assert 405 == deployment.post(b"{}", "/p").status_code


def test_the_limits_of_rate_hold(tmp_path: Any) -> None:
    """1,000 at once from one address, then 429."""
    with deployed(tmp_path, rate_limit=True) as limited:
        found = [get(limited, {"sib_type": "page"}).status_code for _ in range(1_001)]
    assert [200] * 1_000 + [429] == found
