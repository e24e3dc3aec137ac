"""Do the tracker's README's examples do what they say? Each is run in a page, in the order of the text."""

import re
from pathlib import Path

from playwright.sync_api import Page

from e2e.website import Website
from e2e.world import World

README = Path(__file__).parents[1] / "tracker_js" / "README.md"
EXAMPLE = re.compile(r"```(js|html)\n(.*?)```", re.DOTALL)

EXPECTED = [
    "page_visited /",
    "brochure_asked /",
    "product_viewed /",
    "cart_updated /",
    *["identified /"] * 3,
    "page_visited /",
    "tracker_ready /",
    "wish_made /",
]


def test_every_example_does_what_it_says(page: Page, website: Website, world: World) -> None:
    """The calls of the README, and the element that asks for an event by itself."""
    examples = EXAMPLE.findall(README.read_text())
    assert {"js", "html"} == {language for language, _ in examples}
    page.on("pageerror", lambda error: (_ for _ in ()).throw(AssertionError(str(error))))
    website.put("/", "".join(code for language, code in examples if language == "html" and "<script" not in code))
    website.open(page, "/")
    for language, code in examples:
        if language == "js":
            page.evaluate(f"() => {{ {code.replace('YOUR_WRITE_KEY', website.key)} }}")
    page.click("button")
    _, brochure, product, cart, *_, step, ready, wish = world.expect(*EXPECTED)
    assert ["custom", "ecommerce", "ecommerce"] == [event["category"] for event in (brochure, product, cart)]
    assert {"type": "cart", "id": "c-1"} == cart["object"]
    assert {"name": "Checkout, step 2", "step": 2} == step["properties"]
    assert {"product_id": "boots-1", "price": "129"} == wish["properties"]
    assert cart["visitor_id"] != ready["visitor_id"], "reset"
    (anna,) = [contact for contact in world.contacts() if not contact["anonymous"]]
    assert {"email_id": ["anna@shop.example"], "ext_id": "42"} == anna["identifiers"]
