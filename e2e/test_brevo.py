"""Does a site move from Brevo by changing one address? Its snippets as Brevo publishes them, old and new, in a browser.

Nothing of the pages is changed but the address of the script and the key.
"""

from typing import Any

from playwright.sync_api import Page

from e2e.website import Website
from e2e.world import World

ANNA = "anna@shop.example"


def snippet(website: Website, calls: str = "") -> str:
    """The one of today: a loader, a queue, and `init`; further calls behind it."""
    return (
        f'<script src="{website.collector}/sdk-loader.js" async></script><script>window.Brevo = window.Brevo || [];'
        f'Brevo.push(["init", {{client_key: "{website.key}"}}]);{calls}</script>'
    )


def old_snippet(website: Website, calls: str = "") -> str:
    """The one of before: stubs that queue, a script that is inserted, the key in its address; then `page()`."""
    return f"""<script>(function() {{
      window.sib = {{equeue: [], client_key: "{website.key}"}};
      window.sendinblue = {{}};
      for (var j = ["track", "identify", "trackLink", "page"], i = 0; i < j.length; i++) (function(k) {{
        window.sendinblue[k] = function() {{
          var arg = Array.prototype.slice.call(arguments);
          (window.sib[k] || function() {{ var t = {{}}; t[k] = arg; window.sib.equeue.push(t); }})
            .apply(window.sib, arg);
        }};
      }})(j[i]);
      var n = document.createElement("script"), i = document.getElementsByTagName("script")[0];
      n.id = "sendinblue-js"; n.async = true; n.src = "{website.collector}/sa.js?key=" + window.sib.client_key;
      i.parentNode.insertBefore(n, i); window.sendinblue.page();
    }})();{calls}</script>"""


def put(website: Website, path: str, tag: str, body: str = "") -> None:
    """A page with Brevo's snippet and nothing of ours."""
    head = "<!doctype html><html lang=en><meta charset=utf-8><title>A page</title><link rel=icon href=data:,>"
    website.put_raw(path, f"{head}{tag}<body>{body}", headers={})


def about(event: Any, *names: str) -> dict[str, Any]:
    """Some members of an event."""
    return {name: event[name] for name in names}


def test_every_call_of_the_snippet_arrives(page: Page, website: Website, world: World) -> None:
    """The visit by itself; whom it was, what was done, and what the cart is."""
    cart = '{id: "cart:1234", data: {total: 280, currency: "EUR", items: [{name: "Boots", price: 90, quantity: 2}]}}'
    calls = (
        f'Brevo.push(["track", "cart_updated", {{email: "{ANNA}", FIRSTNAME: "Anna"}}, {cart}]);'
        'Brevo.push(function () { Brevo.page("Step 2", {step: 2, ma_title: "Checkout"}) });'
    )
    put(website, "/", snippet(website, calls))
    page.goto(website.url("/"))
    visit, who, updated, step = world.expect("page_visited /", "identified /", "cart_updated /", "page_visited /")
    assert {"email_id": ANNA} == who["identifiers"]
    assert ("ecommerce", {"type": "cart", "id": "1234"}) == (updated["category"], updated["object"])
    assert (280, "Boots") == (updated["properties"]["total"], updated["properties"]["items"][0]["name"])
    assert ({"name": "Step 2", "step": 2}, "Checkout") == (step["properties"], step["page"]["title"])
    assert "A page" == visit["page"]["title"]
    (contact,) = world.contacts()
    assert ([ANNA], "Anna") == (contact["identifiers"]["email_id"], contact["attributes"]["FIRSTNAME"])


def test_every_shape_of_identify_is_understood(page: Page, website: Website, world: World) -> None:
    """As it is documented, and as sites call it."""
    shapes = [
        f'{{identifiers: {{email_id: "{ANNA}"}}, attributes: {{A: 1}}}}',
        f'{{email: "{ANNA}", B: 2}}',
        f'"{ANNA}", {{C: 3}}',
        f'{{email_id: "{ANNA}", D: 4}}',
    ]
    calls = "".join(f'Brevo.push(["identify", {shape}]);' for shape in shapes)
    put(website, "/", snippet(website, calls))
    page.goto(website.url("/"))
    _, *found = world.expect("page_visited /", *["identified /"] * 4)
    assert [{"email_id": ANNA}] * 4 == [event["identifiers"] for event in found]
    (contact,) = world.contacts()
    assert {"A": 1, "B": 2, "C": 3, "D": 4} == contact["attributes"]


def test_the_old_snippet_works_as_well(page: Page, website: Website, world: World) -> None:
    """Its stubs' queue first, then its calls; its `page()` is the visit that is counted already."""
    calls = f'sendinblue.identify("{ANNA}", {{}});sendinblue.track("Video played", {{}}, {{data: {{n: 1}}}});'
    put(website, "/", old_snippet(website, calls))
    page.goto(website.url("/"))
    _, who, played = world.expect("page_visited /", "identified /", "Video_played /")
    assert ({"email_id": ANNA}, {"n": 1}) == (who["identifiers"], played["properties"])
    answered = page.evaluate(
        "new Promise(done => sendinblue.track('later', {}, {n: 2}, (error, said) => done([error, said])))"
    )
    assert [None, {}] == answered
    page.evaluate("sib.equeue.push({track: ['queued', {}, {n: 3}]})")
    world.expect("page_visited /", "identified /", "Video_played /", "later /", "queued /")


LINK = '<a id=buy href="{href}">Buy it</a><a id=other href="/other">Other</a>'
TRACKED = 'Brevo.push(function () {{ Brevo.trackLink(document.getElementById("{id}"), {{place: "foot"}}) }});'


def test_a_link_is_tracked_and_not_delayed(page: Page, website: Website, world: World) -> None:
    """The click leads on at once: nobody has prevented it; the event arrives from the next page at the latest."""
    put(website, "/", "", LINK.format(href="/next") + snippet(website, TRACKED.format(id="buy")))
    put(website, "/next", snippet(website))
    page.goto(website.url("/"))
    world.expect("page_visited /")
    page.evaluate("document.addEventListener('click', click => (window.name = String(click.defaultPrevented)))")
    page.click("#buy")
    page.wait_for_url("**/next")
    assert "false" == page.evaluate("window.name")
    _, clicked, _ = world.expect("page_visited /", "link_clicked /", "page_visited /next")
    expected = {"url": website.url("/next"), "text": "Buy it", "id": "buy", "place": "foot"}
    assert {"category": "website", "properties": expected} == about(clicked, "category", "properties")


def test_a_link_that_leaves_is_counted_once(page: Page, website: Website, world: World) -> None:
    """The tracker counts those by itself; other such links it goes on counting."""
    away = website.url("/away", "other.localhost")
    body = LINK.format(href=away) + f'<a id=plain href="{away}">Away</a>'
    put(website, "/", "", body + snippet(website, TRACKED.format(id="buy")))
    page.goto(website.url("/"))
    world.expect("page_visited /")
    page.evaluate("document.addEventListener('click', click => click.preventDefault())")
    page.click("#buy")
    page.click("#plain")
    _, first, second = world.expect("page_visited /", "link_clicked /", "link_clicked /")
    assert ("foot", None) == (first["properties"].get("place"), second["properties"].get("place"))


def test_no_address_stands_in_an_address(page: Page, website: Website, world: World) -> None:
    """Whatever is said of a person goes in a body, and no answer says it again."""
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    put(website, "/", snippet(website, f'Brevo.push(["identify", {{email: "{ANNA}"}}]);'))
    with page.expect_response("**/e") as answered:
        page.goto(website.url("/"))
    assert "anna" not in answered.value.text()
    world.expect("page_visited /", "identified /")
    assert any(url.endswith("/e") for url in requests)
    assert [] == [url for url in requests if "anna" in url]


def test_a_broken_call_breaks_nothing(page: Page, website: Website, world: World) -> None:
    """Neither the page, on which nothing may be thrown, nor the calls behind it."""
    calls = (
        'Brevo.push(["track"]);Brevo.push(["nothing"]);Brevo.push(null);Brevo.push(function () { throw new Error() });'
        'Brevo.push(["trackLink", null]);Brevo.push(["track", "after", null, null]);'
    )
    put(website, "/", snippet(website, calls))
    page.goto(website.url("/"))
    world.expect("page_visited /", "after /")
