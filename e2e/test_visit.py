"""The first visit, and walking on: which pages are counted, and whose they are."""

from playwright.sync_api import Page

from e2e.conftest import Visitor
from e2e.website import Website
from e2e.world import World


def test_a_first_visit_is_one_event_of_one_visitor(page: Page, website: Website, world: World) -> None:
    """One page view makes one visitor, one anonymous contact and one session."""
    page.goto(website.url("/"))
    (event,) = world.expect("page_visited /")
    assert "Home" == event["page"]["title"]
    (contact,) = world.contacts()
    assert contact["anonymous"]
    assert [event["visitor_id"]] == contact["visitors"]
    (session,) = world.sessions()
    assert 1 == session["pages"]
    assert "Chrome" == session["agent"]["browser"]


def test_calls_before_the_script_come_in_their_order(page: Page, website: Website, world: World) -> None:
    """What the page pushes before the script has loaded, functions among it, follows the visit."""
    website.put(
        "/early",
        early="sentiero.push(['track', 'one', {n: 1}]); sentiero.push(function () { sentiero.track('two', {n: 2}); });",
    )
    page.goto(website.url("/early"))
    _, one, two = world.expect("page_visited /early", "one /early", "two /early")
    assert {"n": 1} == one["properties"]
    assert {"n": 2} == two["properties"]


def test_the_title_is_the_one_that_scripts_have_given(page: Page, website: Website, world: World) -> None:
    """A page whose title is set by its own script, after the tracker's, is counted under that title."""
    website.put(
        "/product", "<script>window.go = () => { document.title = 'Boots' }</script><script type=module>go()</script>"
    )
    page.goto(website.url("/product"))
    (event,) = world.expect("page_visited /product")
    assert "Boots" == event["page"]["title"]


def test_a_single_page_site_is_counted_as_it_is_walked(page: Page, website: Website, world: World) -> None:
    """pushState, replaceState, back: each new address once; the same address again is no visit."""
    page.goto(website.url("/"))
    page.evaluate("history.pushState({}, '', '/a'); document.title = 'Page A'")
    world.expect("page_visited /", "page_visited /a")
    page.evaluate("history.replaceState({}, '', '/a')")
    page.evaluate("history.pushState({}, '', '/b?x=1')")
    world.expect("page_visited /", "page_visited /a", "page_visited /b")
    page.evaluate("history.pushState({}, '', '/b?x=1#part'); location.hash = 'other'")
    page.go_back()
    page.go_back()
    page.go_back()
    _, a, b, again = world.expect("page_visited /", "page_visited /a", "page_visited /b", "page_visited /a")
    assert "Page A" == a["page"]["title"]
    assert website.url("/a") == b["page"]["referrer"]
    assert website.url("/b?x=1") == again["page"]["referrer"]
    (session,) = world.sessions()
    assert 4 == session["pages"]


def test_with_the_option_what_differs_behind_the_hash_is_another_page(
    page: Page, website: Website, world: World
) -> None:
    """`data-hash="on"`."""
    website.put("/app", attributes='data-hash="on"')
    page.goto(website.url("/app#one"))
    page.evaluate("location.hash = 'two'")
    world.expect("page_visited /app#one", "page_visited /app#two")


def test_two_tabs_are_one_visitor_and_one_session(visitor: Visitor, website: Website, world: World) -> None:
    """Both tabs of a browser send for the same visitor, and each event arrives once."""
    website.put("/a")
    website.put("/b")
    context = visitor()
    first, second = context.new_page(), context.new_page()
    first.goto(website.url("/a"))
    second.goto(website.url("/b"))
    first.evaluate("for (let n = 0; n < 15; n++) sentiero.track('left', {n})")
    second.evaluate("for (let n = 0; n < 15; n++) sentiero.track('right', {n})")
    events = world.expect(*["page_visited /a", "page_visited /b"], *["left /a"] * 15, *["right /b"] * 15)
    assert 1 == len({event["visitor_id"] for event in events})
    assert 1 == len(world.sessions())


def test_the_script_embedded_twice_counts_once(page: Page, website: Website, world: World) -> None:
    """A tag manager and a template may both have brought it."""
    tag = f'<script async src="{website.collector}/tracker.js" data-key="{website.key}"></script>'
    website.put("/twice", tag=tag + tag)
    page.goto(website.url("/twice"))
    world.expect("page_visited /twice")


def test_a_tag_manager_gives_the_key_by_init(page: Page, website: Website, world: World) -> None:
    """Attributes of the script tag may be stripped: `init` says the same, also after the script has loaded."""
    website.put("/tag", tag=f'<script async src="{website.collector}/tracker.js"></script>')
    page.goto(website.url("/tag"))
    page.wait_for_function("!Array.isArray(sentiero)")
    page.evaluate("sentiero.push(['track', 'before'])")
    page.evaluate(f"sentiero.push(['init', {{key: '{website.key}'}}])")
    world.expect("page_visited /tag", "before /tag")


def test_a_page_that_is_prerendered_counts_when_it_is_shown(visitor: Visitor, website: Website, world: World) -> None:
    """The browser has fetched it ahead; only when somebody looks at it was it visited."""
    context = visitor()
    context.add_init_script("Object.defineProperty(document, 'prerendering', {value: true, configurable: true})")
    page = context.new_page()
    website.put("/", early="sentiero.push(['track', 'early'])")
    page.goto(website.url("/"))
    world.nothing()
    page.evaluate("document.dispatchEvent(new Event('prerenderingchange'))")
    world.expect("page_visited /", "early /")


def test_a_page_that_comes_back_from_the_browsers_cache_counts_again(
    page: Page, website: Website, world: World
) -> None:
    """Going back shows the page as it was left: it is one more visit."""
    page.goto(website.url("/"))
    world.expect("page_visited /")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    world.expect("page_visited /", "page_visited /")
