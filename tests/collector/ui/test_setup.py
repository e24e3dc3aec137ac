"""How a website begins to send: the tag in its forms, the state, and the likeliest cause when nothing comes."""

import re
from html import unescape
from typing import Any

import pytest

from tests.collector.ingest.sending import SITE, WRITE_KEY, Deployment, batch, event
from tests.collector.ui.console import Person
from tests.collector.ui.test_pages import PROBE, work

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
CAUSE = re.compile(r'data-cause="([a-z_]+)"')
OTHER = "https://www.other.example"


def causes(person: Person, site: int = 1) -> list[str]:
    """The causes that /setup names, the likeliest first."""
    return CAUSE.findall(person.get(f"/setup?site={site}").text)


def refuse(deployment: Deployment, status: int, *events: Any, origin: str = SITE, **envelope: Any) -> None:
    """A batch that is refused as a whole, and noted."""
    assert status == deployment.post(batch(*events or (event(),), **envelope), origin=origin).status_code
    noted(deployment)


def noted(deployment: Deployment) -> None:
    """What was refused is on disk: a batch of another site is written after it."""
    deployment.send(event(), write_key=deployment.site().write_key)


def preflight(deployment: Deployment, origin: str) -> None:
    """A browser asks whether it may send."""
    assert 204 == deployment.run(deployment.request("OPTIONS", "/e", origin=origin)).status_code


def script(deployment: Deployment, **headers: str) -> None:
    """A page loads the tracker."""
    assert 200 == deployment.run(deployment.request("GET", "/tracker.js", **headers)).status_code


@pytest.mark.parametrize(
    ("tab", "part"),
    [
        ("script", f'data-key="{WRITE_KEY}"></script>'),
        ("gtm", f'sentiero.push(["init", {{ key: "{WRITE_KEY}" }}]);'),
        ("npm", f'tag.dataset.key = "{WRITE_KEY}";'),
        ("curl", f'{{\\"write_key\\":\\"{WRITE_KEY}\\"'),
        ("python", 'httpx.post("https://collector.example/api/events"'),
        ("nonsense", f'data-key="{WRITE_KEY}"></script>'),
    ],
)
def test_each_way_to_send_has_its_tab(admin: Person, tab: str, part: str) -> None:
    """With the key and the address of this collector; what is no tab is the first one."""
    text = admin.get(f"/setup?tab={tab}").text
    assert (True, True) == (part in unescape(text), 'data-copy="tag"' in text)


def test_nothing_has_come_and_nothing_is_wrong(admin: Person) -> None:
    """It waits, and names no cause."""
    assert 'data-state="waiting"' in admin.get("/setup").text
    assert [] == causes(admin)


def test_the_state_says_what_came_when_and_from_where(deployment: Deployment, admin: Person) -> None:
    """One click leads to the event, one to the person, also without a script."""
    deployment.send(event(id="one", key="page_visited", page={"url": "https://www.shop.example/a"}))
    work(deployment)
    deployment.now += 2_000
    text = admin.get("/setup").text
    assert [True] * 5 == [
        part in text
        for part in (
            "Received: page_visited",
            "2 seconds ago</time>",
            "from www.shop.example",
            'href="/events?open=one"',
            'href="/contacts/1"',
        )
    ]


def test_the_state_is_the_sites_own(deployment: Deployment, admin: Person) -> None:
    """An event of one site is none of another; what is no site is not found."""
    other = deployment.site()
    deployment.send(event())
    work(deployment)
    assert 'data-state="received"' in admin.get("/setup?site=1").text
    text = admin.get(f"/setup?site={other.id}").text
    assert (True, True) == ('data-state="waiting"' in text, other.write_key in text)
    assert [404] * 4 == [admin.get(f"/setup?site={id}").status_code for id in ("99", "anna", "9" * 5_000, "²")]


def test_an_event_of_long_ago_is_still_known(deployment: Deployment, admin: Person) -> None:
    """A site that has sent once does not wait for its first event."""
    deployment.send(event())
    work(deployment)
    deployment.now += 3 * 86_400_000
    text = admin.get("/setup").text
    assert (True, True) == ('data-state="received"' in text, "3 days ago</time>" in text)


def test_a_site_without_a_good_key_says_so(deployment: Deployment, admin: Person) -> None:
    """There is nothing to paste then."""
    keys = deployment.built.services.keys
    deployment.revoke(next(key.id for key in keys.ring.all() if key.site == 1))
    text = admin.get("/setup").text
    assert (True, False) == ("Without a write key" in text, "data-test" in text)


def test_a_wrong_key_is_named_with_the_right_one(deployment: Deployment, admin: Person) -> None:
    """One that never was, and one that was revoked: at every site, for it is nobody's."""
    other = deployment.site()
    refuse(deployment, 401, write_key="wk_of_nobody")
    assert ["cause_unknown_key"] == causes(admin) == causes(admin, other.id)
    id = next(key.id for key in deployment.built.services.keys.ring.all() if key.shown == other.write_key)
    deployment.revoke(id)
    refuse(deployment, 401, write_key=other.write_key)
    assert ["cause_unknown_key", "cause_revoked_key"] == causes(admin)
    assert f'<pre id="right-key-1">{WRITE_KEY}</pre>' in admin.get("/setup").text


def test_an_origin_that_was_refused_is_allowed_by_one_click(deployment: Deployment, admin: Person) -> None:
    """How often it was refused is said; afterwards it passes, and is no cause any more."""
    site = deployment.site(origins=[SITE])
    for _ in range(3):
        refuse(deployment, 403, write_key=site.write_key, origin=OTHER)
    assert ([], ["cause_origin"]) == (causes(admin), causes(admin, site.id))
    text = admin.get(f"/setup?site={site.id}").text
    assert (True, True) == (f"{OTHER} is not an accepted origin" in text, "refused 3 times" in text)
    answer = admin.send("/setup/origins", {"site": str(site.id), "origin": OTHER})
    assert f"/setup?site={site.id}&done=allowed" == answer.headers["location"]
    assert [] == causes(admin, site.id)
    deployment.send(event(), write_key=site.write_key, headers={"origin": OTHER})


def test_a_viewer_is_shown_the_cause_and_no_button(deployment: Deployment) -> None:
    """Whoever may not change anything is told who may."""
    site = deployment.site(origins=[SITE])
    refuse(deployment, 403, write_key=site.write_key, origin=OTHER)
    text = Person(deployment).log_in("viewer").get(f"/setup?site={site.id}").text
    assert (True, False) == ('data-cause="cause_origin"' in text, 'action="/setup/origins"' in text)


def test_what_is_no_origin_can_only_be_explained(deployment: Deployment, admin: Person) -> None:
    """`null` of a file, and the nonsense of a stranger."""
    site = deployment.site(origins=[SITE])
    for origin in "null", f"https://a.example/{PROBE}":
        refuse(deployment, 403, write_key=site.write_key, origin=origin)
    assert ["cause_no_origin"] * 2 == causes(admin, site.id)


def test_consent_that_lacks_is_named_where_it_is_wanted(deployment: Deployment, admin: Person) -> None:
    """With the line for the banner; once the site asks nobody, it is none any more."""
    site = deployment.site(consent="required")
    assert 1 == len(deployment.send(event(), write_key=site.write_key)["rejected"])
    assert ["cause_consent"] == causes(admin, site.id)
    assert 'sentiero.push(["consent", "granted"]);' in unescape(admin.get(f"/setup?site={site.id}").text)
    admin.send("/setup/consent", {"site": str(site.id), "consent": "implied"})
    assert [] == causes(admin, site.id)


def test_a_clock_that_is_wrong_is_named_by_how_much(deployment: Deployment, admin: Person) -> None:
    """Too old by so many days; a time that cannot be read, by its field."""
    deployment.send(event(occurred_at="2026-11-05T10:00:00Z"), event(occurred_at="yesterday"))
    assert ["cause_clock", "cause_time"] == causes(admin)
    text = admin.get("/setup").text
    assert (True, True) == ("20 days before it came" in text, "events[1].occurred_at" in text)


def test_a_preflight_without_a_post_is_named(deployment: Deployment, admin: Person) -> None:
    """After a moment, until the page sends, and only where the page could be the site's."""
    site = deployment.site(origins=[SITE])
    preflight(deployment, OTHER)
    assert [] == causes(admin), "the POST may be on its way"
    deployment.now += 8_000
    assert (["cause_preflight"], []) == (causes(admin), causes(admin, site.id))
    assert f"{OTHER} asked for permission" in admin.get("/setup").text
    deployment.send(event(), headers={"origin": OTHER})
    assert [] == causes(admin)


def test_a_script_that_sends_nothing_is_named(deployment: Deployment, admin: Person) -> None:
    """By the page's address or origin; it says consent first where the site wants it."""
    required = deployment.site(consent="required")
    script(deployment, referer=f"{OTHER}/shoes?id=1")
    deployment.now += 8_000
    assert ["cause_silent"] == causes(admin)
    assert "ad blocker" in admin.get("/setup").text
    assert "wants consent" in admin.get(f"/setup?site={required.id}").text
    deployment.send(event(), headers={"origin": OTHER})
    assert [] == causes(admin)


def test_bots_are_named_as_long_as_nobody_else_comes(deployment: Deployment, admin: Person) -> None:
    """Their events are received, hidden and not counted."""
    deployment.send(event(), headers={"user_agent": CRAWLER})
    work(deployment)
    assert ["cause_bot"] == causes(admin)
    deployment.send(event(), headers={"user_agent": BROWSER})
    work(deployment)
    assert [] == causes(admin)


def test_other_refusals_are_said_in_the_collectors_words(deployment: Deployment, admin: Person) -> None:
    """Those of servers are none of a page's."""
    deployment.send(event(key="!"))
    deployment.send_as_server(event(key="!!"))
    assert ["cause_other"] == causes(admin)
    assert "bad_key" in admin.get("/setup").text


def test_after_ten_minutes_nothing_is_a_cause(deployment: Deployment, admin: Person) -> None:
    """What is over is over: refusals, traces."""
    refuse(deployment, 401, write_key="wk_of_nobody")
    script(deployment, referer=OTHER)
    deployment.now += 600_000
    assert {"cause_unknown_key", "cause_silent"} == set(causes(admin))
    deployment.now += 1
    assert [] == causes(admin)


def test_what_was_before_the_last_event_comes_behind(deployment: Deployment, admin: Person) -> None:
    """A key that was mended is not the likeliest cause any more."""
    refuse(deployment, 401, write_key="wk_of_nobody")
    deployment.now += 1_000
    deployment.send(event())
    work(deployment)
    deployment.now += 1_000
    deployment.send(event(key="!"))
    assert ["cause_other", "cause_unknown_key"] == causes(admin)


@pytest.mark.parametrize("origin", ["shop.example", "https://shop.example/path", "", "null", PROBE])
def test_what_is_no_origin_is_not_added(deployment: Deployment, admin: Person, origin: str) -> None:
    """It is said at the field, where it still stands."""
    answer = admin.send("/setup/origins", {"site": "1", "origin": origin})
    assert (400, True) == (answer.status_code, 'role="alert"' in answer.text)
    assert () == deployment.built.services.keys.sites.all()[0].origins
    assert "<img src=x" not in answer.text


def test_what_is_no_consent_is_not_chosen(deployment: Deployment, admin: Person) -> None:
    """400, and nothing changes."""
    assert 400 == admin.send("/setup/consent", {"site": "1", "consent": "maybe"}).status_code
    assert "implied" == deployment.built.services.keys.sites.all()[0].consent


def test_what_strangers_send_is_text_and_bounded(deployment: Deployment, admin: Person) -> None:
    """Origins of pages, refused samples, paths: escaped, and only so many of them."""
    for number in range(300):
        preflight(deployment, f"https://{number}.example")
    preflight(deployment, f"https://a.example/{PROBE}")
    script(deployment, referer=f"https://<img src=x>.example/{PROBE}")
    deployment.send(event(id=PROBE, key=PROBE), event(id=PROBE, key="k", category=PROBE))
    deployment.now += 8_000
    assert 100 == len(deployment.built.services.traces.since(0))
    text = admin.get("/setup").text
    assert (8, False, False) == (len(CAUSE.findall(text)), "<script>alert" in text, "<img src=x" in text)
