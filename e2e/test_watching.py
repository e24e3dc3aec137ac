"""What the tracker sees by itself: forms, links that leave, downloads, elements that ask for it. Under a CSP too."""

from playwright.sync_api import Page

from collector import __version__
from collector.tracker import load_script
from e2e.website import Website
from e2e.world import World

FORM = """
<form name=newsletter action=/thanks><input name=mail value="anna@shop.it"><input name=mail type=hidden>
<input type=password name=secret value=hidden><button>Send</button></form>
"""


def test_a_form_is_seen_without_its_values(page: Page, website: Website, world: World) -> None:
    """Its name and the names of its fields, once each; never what was written."""
    website.put("/", FORM)
    website.open(page, "/").click("button")
    page.wait_for_url("**/thanks*")
    _, form = world.expect("page_visited /", "form_submitted /")
    assert {"form": "newsletter", "fields": ["mail", "secret"]} == form["properties"]
    assert "forms" == form["category"]


def test_a_form_that_is_sent_by_script_is_seen_as_well(page: Page, website: Website, world: World) -> None:
    """The page prevents the browser's own way: it is sent all the same."""
    script = (
        "<script>document.forms[0].onsubmit = event => { event.preventDefault(); event.stopPropagation() }</script>"
    )
    website.put("/", FORM + script)
    website.open(page, "/").click("button")
    world.expect("page_visited /", "form_submitted /")


def test_forms_can_be_left_alone(page: Page, website: Website, world: World) -> None:
    """`data-sentiero="off"` on the form or around it, `data-forms="off"` on the script tag."""
    website.put("/one", f"<div data-sentiero=off>{FORM}</div>")
    website.put("/all", FORM, attributes='data-forms="off"')
    for path in "/one", "/all":
        website.open(page, path).click("button")
        page.wait_for_url("**/thanks*")
    world.expect("page_visited /one", "page_visited /all")


def test_links_that_leave_and_files_are_seen(page: Page, website: Website, world: World) -> None:
    """An outbound link in a new tab, a file by its name, one by its attribute; a link inside of the site is none."""
    away = website.url("/landing", host="www.other.localhost")
    website.put(
        "/",
        f"<a id=away href='{away}' target=_blank><b>Away</b></a> <a id=file href=/files/price-list.PDF>List</a>"
        " <a id=data href=/data download>Data</a> <a id=mail href=mailto:a@b.it>Mail</a> <a id=inside href=#x>In</a>",
    )
    website.open(page, "/")
    page.click("#away b")
    with page.expect_download():
        page.click("#data")
    for name in "mail", "inside", "file":
        page.click(f"#{name}")
    _, link, data, file = world.expect("page_visited /", "link_clicked /", "file_downloaded /", "file_downloaded /")
    assert {"url": away, "text": "Away"} == link["properties"]
    assert website.url("/data") == data["properties"]["url"]
    assert website.url("/files/price-list.PDF") == file["properties"]["url"]
    assert {"website"} == {event["category"] for event in (link, data, file)}


def test_links_can_be_left_alone(page: Page, website: Website, world: World) -> None:
    """`data-links="off"`."""
    away = website.url("/landing", host="www.other.localhost")
    website.put("/", f"<a id=away href='{away}'>Away</a>", attributes='data-links="off"')
    website.open(page, "/").click("#away")
    page.wait_for_url(away)
    world.expect("page_visited /")


def test_an_element_asks_for_an_event(page: Page, website: Website, world: World) -> None:
    """`data-sentiero-event` with properties: a click anywhere inside of it; on a form, its sending."""
    website.put(
        "/",
        "<button data-sentiero-event=wish data-sentiero-product-id=42 data-sentiero-price=9.90><i>Wish</i></button>"
        "<form data-sentiero-event=asked data-sentiero=off onsubmit='return false'><input name=q id=q></form>",
    )
    website.open(page, "/").click("i")
    page.click("#q")
    page.press("#q", "Enter")
    _, wish, asked = world.expect("page_visited /", "wish /", "asked /")
    assert {"product_id": "42", "price": "9.90"} == wish["properties"]
    assert {} == asked["properties"]


def test_it_works_under_a_strict_content_security_policy(page: Page, website: Website, world: World) -> None:
    """Only the collector's origin is allowed for scripts and requests; nothing of the tracker needs more."""
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    own = website.collector
    policy = f"default-src 'none'; script-src {own}; connect-src {own}; require-trusted-types-for 'script'"
    body = f"<!doctype html><title>CSP</title><script async src='{own}/tracker.js' data-key='{website.key}'></script>"
    website.put_raw("/strict", body, headers={"Content-Security-Policy": policy})
    website.open(page, "/strict").evaluate("sentiero.track('under_csp')")
    world.expect("page_visited /strict", "under_csp /strict")
    assert [] == [text for text in refused if "favicon" not in text]


def test_where_the_policy_forbids_the_collector_the_page_works(page: Page, website: Website, world: World) -> None:
    """The script may run, its requests may not: nothing is thrown, nothing arrives."""
    own = website.collector
    policy = f"default-src 'none'; script-src {own}; connect-src 'none'"
    body = f"<!doctype html><title>CSP</title><script async src='{own}/tracker.js' data-key='{website.key}'></script>"
    website.put_raw("/strict", body, headers={"Content-Security-Policy": policy})
    website.open(page, "/strict").evaluate("sentiero.track('unheard')")
    assert "CSP" == page.title()
    world.nothing()


def test_the_script_can_be_pinned_by_its_checksum(page: Page, website: Website, world: World) -> None:
    """`/tracker/<version>.js` with `integrity`: the browser runs it."""
    tag = (
        f"<script async src='{website.collector}/tracker/{__version__}.js' crossorigin=anonymous"
        f" integrity='{load_script().integrity}' data-key='{website.key}'></script>"
    )
    website.put("/pinned", tag=tag)
    page.goto(website.url("/pinned"))
    world.expect("page_visited /pinned")


def test_the_host_page_goes_on_as_without_it(page: Page, website: Website, world: World) -> None:
    """What history and handlers return and throw is what they returned and threw before."""
    website.open(page, "/")
    world.expect("page_visited /")
    assert page.evaluate("history.pushState({a: 1}, '', '/same') === undefined && history.state.a == 1")
    assert "SecurityError" in page.evaluate(
        "(() => { try { history.pushState({}, '', 'http://elsewhere.example/') } catch (e) { return e.name } })()"
    )
    assert page.evaluate("sentiero.push(null, 1, ['nothing'], ['track'], [], () => { throw 1 }) === undefined")
    assert page.evaluate("['track', 'page', 'identify', 'init'].every(name => { sentiero[name](); return 1 })")
    world.expect("page_visited /", "page_visited /same", "page_visited /same", "identified /same")
