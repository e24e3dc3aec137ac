"""Trouble: a collector that is down, busy or killed; storage that is blocked, full or poisoned. The page works."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from e2e.conftest import Visitor
from e2e.website import Website
from e2e.world import World

SCRIPT = (Path(__file__).parents[1] / "tracker_js" / "dist" / "tracker.js").read_bytes()  # as a browser has it cached
BLOCKED = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('denied', 'SecurityError') }})"
FULL = "Storage.prototype.setItem = function () { throw new DOMException('full', 'QuotaExceededError') }"
POISON = {
    "sentiero_q_1": "no json",
    "sentiero_q_2": "[1]",
    "sentiero_q_3": '[{}, {"id": "x", "key": "y"}]',
    "sentiero_q_4": "null",
    "sentiero_id": "x" * 100_000,
    "sentiero_nonce": "not a uuid",
    "sentiero_seq": "NaN",
    "sentiero_wait": "99999999999999999999",
}


def test_while_the_collector_is_down_events_wait(page: Page, website: Website, world: World) -> None:
    """Down for three pages, then back: everything arrives, once each, of one visitor, in the order in which it was."""
    website.put("/a")
    website.put("/b")
    website.open(page, "/")
    world.expect("page_visited /")
    page.route("**/tracker.js", lambda route: route.fulfill(body=SCRIPT, content_type="text/javascript"))
    world.deployment.kill()
    website.open(page, "/a").evaluate("sentiero.track('while_down', {n: 1})")
    website.open(page, "/b")
    world.deployment.start()
    website.open(page, "/")
    events = world.expect("page_visited /", "page_visited /a", "while_down /a", "page_visited /b", "page_visited /")
    assert 1 == len({event["visitor_id"] for event in events})
    assert 1 == len(world.sessions())


def test_a_collector_that_is_killed_while_the_site_is_used_loses_and_doubles_nothing(
    page: Page, website: Website, world: World
) -> None:
    """SIGKILL four times between and during clicks; each event is there once."""
    page.route("**/tracker.js", lambda route: route.fulfill(body=SCRIPT, content_type="text/javascript"))
    website.open(page, "/")
    lines = ["page_visited /"]
    for turn in range(4):
        page.evaluate(f"for (let n = 0; n < 10; n++) sentiero.track('turn_{turn}', {{n}})")
        if turn % 2:
            page.wait_for_timeout(120)  # in the middle of sending, not before it
        world.deployment.kill()
        world.deployment.start()
        lines += [f"turn_{turn} /"] * 10
    world.expect(*lines)


def test_a_busy_collector_is_obeyed(page: Page, website: Website, world: World) -> None:
    """503 with Retry-After: not asked again before, and then everything arrives once."""
    asked: list[str] = []

    def busy(route: Route) -> None:
        asked.append(json.loads(route.request.post_data or "")["sent_at"])
        if len(asked) > 1:
            route.continue_()
        else:
            headers = {"Retry-After": "2", "Access-Control-Expose-Headers": "Retry-After"}
            route.fulfill(status=503, headers=headers | allowed(website))

    page.route("**/e", busy)
    website.open(page, "/").evaluate("sentiero.track('one')")
    world.expect("page_visited /", "one /")
    first, second = asked[0], asked[1]
    assert second > first
    assert 2_000 <= page.evaluate("([a, b]) => Date.parse(b) - Date.parse(a)", [first, second])


@pytest.mark.parametrize("status", [400, 413, 422])
def test_one_bad_event_does_not_take_its_neighbours_along(
    page: Page, website: Website, world: World, status: int
) -> None:
    """An answer that is bad for ever: the batch is sent event by event, and only the bad one is dropped."""

    def refuse(route: Route) -> None:
        if "poison" in (route.request.post_data or ""):
            route.fulfill(status=status, headers=allowed(website))
        else:
            route.continue_()

    page.route("**/e", refuse)
    website.open(page, "/").evaluate("sentiero.track('before'); sentiero.track('poison'); sentiero.track('after')")
    world.expect("page_visited /", "before /", "after /")


def test_a_key_that_is_unknown_silences_the_tracker(page: Page, website: Website, world: World) -> None:
    """401: one request, no second one, and a page that works."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/e") else None)
    website.key = "wk_unknown"
    website.put("/wrong", "<button onclick='document.title = \"works\"'>b</button>")
    website.open(page, "/wrong")
    page.wait_for_function("localStorage.sentiero_wait > Date.now()")
    page.evaluate("sentiero.track('more')")
    page.click("button")
    page.wait_for_function("document.title == 'works'")
    world.nothing()
    assert 1 == len(asked)


@pytest.mark.parametrize("trouble", [BLOCKED, FULL], ids=["blocked", "full"])
def test_without_storage_it_works_as_long_as_the_page_lives(
    visitor: Visitor, website: Website, world: World, trouble: str
) -> None:
    """localStorage throws, or takes nothing: the page works, its events arrive once, and are one visitor's."""
    context = visitor()
    context.add_init_script(trouble)
    page = context.new_page()
    website.open(page, "/").evaluate("for (let n = 0; n < 30; n++) sentiero.track('many', {n})")
    events = world.expect("page_visited /", *["many /"] * 30)
    assert 1 == len({event["visitor_id"] for event in events})


def test_poisoned_storage_is_survived(visitor: Visitor, website: Website, world: World) -> None:
    """Whatever another script has written under our names: the visit is counted, the poison is thrown away."""
    context = visitor()
    poison = f"for (const [k, v] of Object.entries({json.dumps(POISON)})) localStorage.setItem(k, v)"
    context.add_init_script(f"if (origin != 'null') {{ {poison} }}")
    website.open(context.new_page(), "/")
    world.expect("page_visited /")
    assert [] == world.rejected()


def test_the_queue_is_bounded(page: Page, website: Website, world: World) -> None:
    """300 events while nothing can be sent: the 200 newest are kept."""
    page.route("**/e", lambda route: route.abort())
    website.open(page, "/")
    page.evaluate("for (let n = 0; n < 300; n++) sentiero.track('many', {n})")
    assert 200 == page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('sentiero_q_')).length")
    page.unroute("**/e")
    page.evaluate("localStorage.removeItem('sentiero_wait')")
    page.evaluate("dispatchEvent(new Event('online'))")
    events = world.expect(*["many /"] * 200)
    assert [*range(100, 300)] == sorted(event["properties"]["n"] for event in events)


def test_a_page_without_a_collector_works(visitor: Visitor, website: Website, world: World) -> None:
    """The script cannot be loaded at all: calls are pushed into an array, and nothing else happens."""
    website.put("/alone", "<a id=a href=/next>a</a>", tag="<script async src='http://127.0.0.1:9/tracker.js'></script>")
    website.put("/next")
    page = visitor().new_page()
    page.goto(website.url("/alone"))
    page.evaluate("sentiero.push(['track', 'x'])")
    page.click("#a")
    page.wait_for_url("**/next")
    world.expect("page_visited /next")


def allowed(website: Website) -> dict[str, str]:
    """CORS headers, as the collector gives them."""
    origin = website.url("")
    return {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"}
