"""Can everybody use the console? axe finds nothing against WCAG 2.2 AA on any screen, and none scrolls sideways."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from e2e.console import Console, address, link, profile, settled
from e2e.filled import change, filled, post
from e2e.world import World
from tests.killed.wait import until

SCREENS = [
    "/setup",
    "/events",
    "/events?open={event}",
    "/events?key=nothing",
    "/events?q=/robots-welcome",
    "/events/{event}",
    "/events?from=yesterday",
    "/events/rejected",
    "/contacts",
    "/contacts?q=nobody",
    "/contacts/{anna}",
    "/contacts/{dario}?superseded=include",
    "/events/{superseded}",
    "/lists",
    "/lists?done=deleted",
    "/lists/1",
    "/lists/2?done=made",
    "/lists/1?before=1",
    "/lists/1/import",
    "/segments",
    "/segments?archived=true",
    "/segments/new",
    "/segments/new?from=cart",
    "/segments/{segment}?done=saved",
    "/segments/{segment}?who={anna}",
    "/segments/{segment}?who=nobody",
    "/segments/{segment}/edit",
    "/segments/3?done=paused",
    "/automations",
    "/automations?starters=all",
    "/automations?archived=true",
    "/automations/rules",
    "/automations/1?done=activate",
    "/automations/1/contacts",
    "/automations/1/missed",
    "/automations/runs/{run}",
    "/automations/runs/{run}?done=refused",
    "/automations/2?done=saved",
    "/automations/2/edit",
    "/automations/2/edit?open=triggers[0]",
    "/automations/2/edit?open=exits[0]",
    "/automations/2/edit?open=entry",
    "/automations/2/edit?open=steps[0]",
    "/automations/2/edit?open=steps[1]",
    "/automations/2/edit?open=steps[1].cases[0]",
    "/automations/2/edit?open=steps[1].cases[0].then[0]",
    "/messages",
    "/messages?starters=all",
    "/messages?archived=true",
    "/messages/new",
    "/messages/new?channel=whatsapp",
    "/messages/new?start=order",
    "/messages/new?start=order-sms",
    "/messages/1?done=saved",
    "/messages/1/results",
    "/messages/outbox",
    "/messages/outbox?q=nobody",
    "/messages/outbox/{delivery}",
    "/messages/suppressions",
    "/messages/blocks",
    "/messages/blocks/foot",
    "/messages/new-block",
    "/sessions",
    "/sessions/{session}",
    "/sessions?device=no-such",
    "/catalogue",
    "/catalogue?seen=1&family=commerce",
    "/catalogue?q=nothing-of-the-kind",
    "/catalogue/ecommerce/cart_updated",
    "/catalogue/custom/brochure_asked",
    "/catalogue/custom/brochure_asked?done=pinned",
    "/catalogue/conversations/conversation_ended",
    "/settings/sites",
    "/settings/sites/new",
    "/settings/sites/1",
    "/settings/keys",
    "/settings/webhooks",
    "/settings/webhooks?done=removed",
    "/settings/webhooks/in/new",
    "/settings/webhooks/in/new?provider=stripe",
    "/settings/webhooks/in/school",
    "/settings/webhooks/in/school/mapping",
    "/settings/webhooks/in/school/mapping?as=text",
    "/settings/webhooks/in/stripe?done=made",
    "/settings/webhooks/in/stripe/mapping",
    "/settings/webhooks/out/new",
    "/settings/webhooks/out/1?done=again",
    "/settings/webhooks/out/1?delivery_state=failed",
    "/settings/webhooks/out/1/edit",
    "/settings/users",
    "/settings/users/1",
    "/settings/account",
    "/api/docs",
    "/api/docs#post_lists",
    "/no-such-page",
]
"""Every screen; a new one is added here."""

WAYS: Mapping[str, Any] = {
    "triggers": [{"type": "event", "category": "ecommerce", "key": "cart_updated"}],
    "exits": [{"type": "event", "category": "ecommerce", "key": "order_completed"}],
    "steps": [
        {"type": "wait_until", "id": "until", "time": "09:00", "days": ["mon", "fri"]},
        {
            "type": "split",
            "id": "split",
            "cases": [
                {
                    "name": "Readers",
                    "when": {"type": "list", "name": "Newsletter"},
                    "then": [
                        {
                            "type": "wait_for",
                            "id": "opens",
                            "within": {"n": 1, "unit": "days"},
                            "event": {"type": "event", "category": "marketing_email", "key": "Opened"},
                            "no": [{"type": "go_to", "id": "again", "step": "until"}],
                        }
                    ],
                }
            ],
            "otherwise": [{"type": "send", "id": "mail", "message": 0}],
        },
        {"type": "attribute", "id": "count", "name": "CART_MAILS", "op": "add", "value": 1},
    ],
}
"""An automation with ways in ways, one of which leads back, and with a fault."""

BY_HAND: Mapping[str, Any] = {
    "triggers": [{"type": "hand"}],
    "steps": [
        {"type": "send", "id": "mail", "message": 1},
        {"type": "wait", "id": "wait", "span": {"n": 30, "unit": "days"}},
    ],
}
"""One into which Anna is put, who then waits."""

PROFILES: list[Mapping[str, Any]] = [
    {"width": 1280, "theme": "light", "language": "en"},
    {"width": 1280, "theme": "dark", "language": "it"},
    {"width": 390, "theme": "light", "language": "it"},
    {"width": 390, "theme": "dark", "language": "en"},
]
"""Each pair of width, theme and language once."""

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One for all screens: nothing here changes it."""
    world = World(tmp_path_factory.mktemp("world"))
    yield world
    world.close()


@pytest.fixture(scope="module")
def there(world: World) -> Mapping[str, Any]:
    """What is in it, by name, and two lists: Anna is on the first, which a segment asks for; another segment is paused.
    She is in an automation: run."""
    there = filled(world)
    for name in "Newsletter", "Nobody yet":
        post(world, "/api/lists", {"name": name})
    post(world, "/api/lists/1/contacts", {"add": [there.anna]}, 200)
    post(world, "/api/segments", {"name": "Readers", "where": {"type": "list", "name": "Newsletter"}})
    paused = post(world, "/api/segments", {"name": "Paused", "where": {"type": "identity", "is": "identified"}})["id"]
    until(lambda: world.get(f"/api/segments/{paused}")["following"]["done"], 15)
    change(world, f"/api/segments/{paused}", {"paused": True})
    called(world)
    post(world, "/api/automations", {"name": "Empty", "definition": {}})
    post(world, "/api/automations", {"name": "Carts, with ways", "definition": WAYS})
    return {**there._asdict(), "run": _run(world, there.anna)}


def _run(world: World, contact: int) -> str:
    """Somebody's way through an automation, at the step where it stays."""
    made = f"/api/automations/{post(world, '/api/automations', {'name': 'By hand', 'definition': BY_HAND})['id']}"
    post(world, f"{made}/activate", {}, 200)
    post(world, f"{made}/contacts", {"contact": contact}, 202)
    until(lambda: any(run["step"] == "wait" for run in world.get(f"{made}/runs")["runs"]), 15)
    return str(world.get(f"{made}/runs")["runs"][0]["id"])


def called(world: World) -> None:
    """Webhooks, in and out: calls that were taken, refused and not signed; one who is told and cannot be reached."""
    kinds = {"name": "CRM", "url": "http://crm.invalid/hook", "kinds": ["custom/*", "segment/*"]}
    post(world, "/api/webhooks", {**kinds, "headers": {"X-Key": "hush"}})
    post(world, "/api/webhooks/sources", {"provider": "stripe"})
    secret = post(world, "/api/webhooks/sources", {"provider": "generic", "name": "school"})["secret"]
    lesson = {"event": "lesson_done", "email": "anna@shop.example", "data": {"title": "Clay", "words": ["a", "b"]}}
    for given, payload in (secret, lesson), (secret, {"event": "x", "occurred_at": "soon"}), ("whsec_wrong", lesson):
        headers = {"authorization": f"Bearer {given}", "content_type": "application/json"}
        world.deployment.request("POST", "/hooks/school", json.dumps(payload).encode(), **headers)
    until(lambda: world.get("/api/events", source="hook:school")["events"], 15)
    until(lambda: world.get("/api/webhooks/1/deliveries")["deliveries"], 15)


def faults(page: Page) -> list[str]:
    """What axe has against the page, and whether it is wider than its window."""
    settled(page)
    found = [
        f"{violation['id']}: {node['html']} ({node['failureSummary']})"
        for violation in Axe().run(page, options=OPTIONS).response["violations"]
        for node in violation["nodes"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found + ([f"scrolls sideways by {wide} px"] if wide > 0 else [])


@pytest.mark.parametrize("options", PROFILES, ids=lambda options: "-".join(map(str, options.values())))
@pytest.mark.parametrize("half", [0, 1])
def test_nobody_is_shut_out_of_a_screen(
    console: Console, world: World, there: Mapping[str, Any], half: int, options: Mapping[str, Any]
) -> None:
    """In both themes, both languages, on a telephone and on a desk; half of the screens at a time."""
    page, found = console(**options), {}
    for screen in SCREENS[half::2]:
        page.goto(address(world, screen.format(**there)))
        found[screen] = faults(page)
    assert {} == {screen: what for screen, what in found.items() if what}


@pytest.mark.parametrize("options", PROFILES, ids=lambda options: "-".join(map(str, options.values())))
def test_nobody_is_shut_out_of_what_became_of_a_file(
    console: Console, world: World, there: Mapping[str, Any], options: Mapping[str, Any]
) -> None:
    """Lines that were taken and lines that were refused; a file that cannot be read."""
    page = console(**options)
    for text, there_is in ("CITY\nBelluno", "[role=alert]"), ("contact_id\n1\nnobody\n999", "main table"):
        page.goto(address(world, "/lists/2/import"))
        page.fill("textarea", text)
        page.evaluate("document.querySelector('form[data-file]').submit()")
        page.wait_for_selector(there_is)
        assert [] == faults(page)


@pytest.mark.parametrize("options", PROFILES, ids=lambda options: "-".join(map(str, options.values())))
def test_nobody_is_shut_out_at_the_door(browser: Browser, tmp_path: Path, options: Mapping[str, Any]) -> None:
    """The first login by its link, a password that is too short, the login, a password that is wrong."""
    world = World(tmp_path)
    context = browser.new_context(**profile(**options))
    page = context.new_page()
    try:
        for path in link(world), "/login", "/login?once=used":
            page.goto(address(world, path))
            assert [] == faults(page)
        page.goto(address(world, "/login"))
        page.fill("input[name=name]", "admin")
        page.fill("input[name=password]", "wrong")
        page.click("main button")
        page.wait_for_selector("[role=alert]")
        assert [] == faults(page)
    finally:
        context.close()
        world.close()


@pytest.mark.parametrize("options", PROFILES, ids=lambda options: "-".join(map(str, options.values())))
def test_nobody_is_shut_out_by_a_refusal(console: Console, world: World, options: Mapping[str, Any]) -> None:
    """The page that says that a change was forged."""
    page = console(**options)
    page.goto(address(world, "/setup"))
    page.evaluate("for (const field of document.querySelectorAll('form [name=csrf]')) field.value = 'forged'")
    page.click("form[action='/logout'] button")
    page.wait_for_url(address(world, "/logout"))
    assert [] == faults(page)


def test_what_shuts_somebody_out_is_seen(console: Console, world: World) -> None:
    """The check itself: a field without its label, a text nearly as pale as its paper, a line that does not fit."""
    page = console(width=390)
    page.goto(address(world, "/contacts"))
    page.evaluate(
        "document.querySelector('[name=q]').parentElement.replaceWith(document.createElement('input'));"
        "document.querySelector('h1').style.color = 'var(--line)';"
        "document.querySelector('h1').style.width = '900px'"
    )
    assert ["color-contrast", "label", "scrolls sideways"] == sorted(
        fault.split(" by ")[0].split(":")[0] for fault in faults(page)
    )
