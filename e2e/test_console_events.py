"""The screens of events in a real browser: by mouse, by keyboard alone, while events come, and with hostile events."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, expect

from e2e.console import Console, address, settled
from e2e.world import World
from tests.killed.process import API_KEY, WRITE_KEY
from tests.killed.wait import until

PROBE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
LONGEST_TASK_MS = 200


def send(world: World, *events: dict[str, Any]) -> None:
    """Events of a server, an hour ago unless they say when; returns when they can be read."""
    hour_ago = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    items = [{"id": f"e-{time.time_ns()}-{n}", "occurred_at": hour_ago, **one} for n, one in enumerate(events)]
    answer = world.deployment.request(
        "POST", "/api/events", json.dumps({"events": items}).encode(), api_key=API_KEY, content_type="application/json"
    )
    assert 202 == answer.status, answer.body
    until(lambda: items[-1]["id"] in {one["id"] for one in world.get("/api/events", order="recorded")["events"]}, 20)


def now() -> str:
    """This moment, as an event has it."""
    return datetime.now(UTC).isoformat()


@pytest.fixture
def screen(console: Console, world: World) -> Page:
    """A cart, a visit and three wishes, and the admin looking at nothing yet."""
    cart = {"total": 59.9, "currency": "EUR", "items": [{"sku": "A-1", "price": 59.9}]}
    send(
        world,
        *[{"id": f"wish-{n}", "key": "wished", "identifiers": {"email_id": f"p{n}@a.it"}} for n in (1, 2, 3)],
        {"id": "visit", "key": "page_visited", "page": {"url": "https://shop.example/a", "title": "A"}},
        {"id": "cart", "key": "cart_updated", "properties": cart, "occurred_at": now()},
    )
    page = console()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address(world))
    return page


def ids(page: Page) -> list[str]:
    """The rows of the list."""
    found: list[str] = page.evaluate("[...document.querySelectorAll('[data-rows] tbody tr')].map(r => r.dataset.id)")
    return found


def live(page: Page, world: World, path: str = "/events") -> Page:
    """The list, when it is live."""
    page.goto(address(world, path))
    expect(page.locator("[data-live]")).to_have_attribute("data-state", "live")
    return page


def press(page: Page, id: str) -> None:
    """Press on a row, at its beginning, where no link stands."""
    page.locator(f"tr[data-id={id}]").click(position={"x": 6, "y": 6})


def query(page: Page) -> dict[str, str]:
    """The filters of the address."""
    return dict(parse_qsl(urlsplit(page.url).query))


def test_by_mouse(screen: Page, world: World) -> None:
    """A tab, a row, the panel, the filters in the address, back and forward."""
    live(screen, world).click("text=Commerce")
    until(lambda: ids(settled(screen)) == ["cart"], 15)
    press(screen, "cart")
    expect(screen.locator("#panel")).to_contain_text("59.90 EUR")
    assert "cart" == query(screen)["open"]
    screen.reload()
    expect(screen.locator("#panel h2")).to_have_text("Cart updated")
    screen.click("[data-close]")
    expect(screen.locator("#panel")).to_be_empty()
    screen.go_back()
    expect(screen.locator("#panel h2")).to_have_text("Cart updated")
    screen.go_back()
    screen.go_back()
    until(lambda: len(ids(settled(screen))) == 5, 15)
    screen.go_forward()
    until(lambda: ids(settled(screen)) == ["cart"], 15)


def test_filters_are_chosen_and_taken_away(screen: Page, world: World) -> None:
    """The form leads to an address that says all of it; a chip takes one away."""
    screen.goto(address(world, "/events"))
    screen.select_option("select[name=kind]", "custom/wished")
    screen.click("text=More filters")
    screen.select_option("select[name=source]", "api")
    screen.fill("input[name=q]", "wish")
    screen.click("form.filters button.main")
    screen.wait_for_url("**/events?*q=wish*")
    expected = {"q": "wish", "source": "api", "category": "custom", "key": "wished"}
    assert expected == query(screen)
    assert 3 == len(ids(screen))
    screen.click("text=Source api")
    until(lambda: "source" not in query(settled(screen)), 15)
    screen.click("text=Clear the filters")
    until(lambda: len(ids(settled(screen))) == 5, 15)


def test_by_keyboard_alone(screen: Page, world: World) -> None:
    """/ searches, j and k walk, Enter opens, Escape closes and leads back to the row."""
    live(screen, world).keyboard.press("/")
    screen.keyboard.type("wished")
    screen.keyboard.press("Enter")
    screen.wait_for_url("**q=wished*")
    assert 3 == len(ids(screen))
    for key in "jjk":
        screen.keyboard.press(key)
    first = ids(screen)[0]
    assert first == screen.evaluate("document.activeElement.closest('tr').dataset.id")
    screen.keyboard.press("j")
    screen.keyboard.press("Enter")
    expect(screen.locator("#panel h2")).to_have_text("wished")
    second = ids(screen)[1]
    assert second == query(screen)["open"]
    expect(screen.locator("tr[data-open]")).to_have_attribute("data-id", second)
    screen.keyboard.press("Escape")
    expect(screen.locator("#panel")).to_be_empty()
    until(lambda: screen.evaluate("document.activeElement.closest('tr')?.dataset.id") == second, 15)


def test_what_comes_is_shown_at_the_top(screen: Page, world: World) -> None:
    """As the server would show it: reload, and the row is the same."""
    live(screen, world, "/events?category=ecommerce")
    person = {"email_id": "new@a.it"}
    send(
        world,
        {"id": "not", "key": "wished", "occurred_at": now()},
        {"id": "new", "key": "order_created", "occurred_at": now(), "identifiers": person,
         "page": {"url": "https://shop.example/b?c", "title": "B"}, "properties": {"total": 1234.5, "currency": "EUR"}},
    )  # fmt: skip
    expect(screen.locator("tr[data-id=new]")).to_be_visible()
    assert ["new", "cart"] == ids(screen)
    cells = "td:nth-child(-n+4):nth-child(n+2)"
    before = screen.locator(f"tr[data-id=new] {cells}").all_inner_texts()
    assert ["total 1,234.50 EUR\n/b?c", "new@a.it"] == before[1:]
    screen.reload()
    assert before == screen.locator(f"tr[data-id=new] {cells}").all_inner_texts()
    press(screen, "new")
    expect(screen.locator("#panel h2")).to_have_text("Order created")


def test_while_paused_or_reading_news_are_only_counted(screen: Page, world: World) -> None:
    """The pill says how many and shows them."""
    live(screen, world).click("text=Pause")
    expect(screen.locator("[data-pause]")).to_have_attribute("aria-pressed", "true")
    send(world, *[{"id": f"new-{n}", "key": "wished", "occurred_at": now()} for n in range(12)])
    expect(screen.locator("[data-news] button")).to_have_text("12 new")
    assert 5 == len(ids(screen))
    screen.click("text=12 new")
    assert 17 == len(ids(screen))
    expect(screen.locator("[data-news]")).to_be_hidden()
    screen.click("[data-pause]")
    press(screen, "cart")
    expect(screen.locator("#panel h2")).to_have_text("Cart updated")
    send(world, {"id": "while-open", "key": "wished", "occurred_at": now()})
    expect(screen.locator("[data-news] button")).to_have_text("1 new")
    screen.click("[data-close]")
    screen.mouse.move(0, 0)
    expect(screen.locator("tr[data-id=while-open]")).to_be_visible()


def test_a_broken_stream_is_said_and_nothing_is_missed(screen: Page, world: World) -> None:
    """When it comes back, so does what was recorded meanwhile."""
    live(screen, world)
    world.deployment.terminate()
    expect(screen.locator("[data-live]")).to_contain_text("Connection lost, trying again")
    world.deployment.start()
    send(world, {"id": "meanwhile", "key": "wished", "occurred_at": now()})
    expect(screen.locator("tr[data-id=meanwhile]")).to_be_visible(timeout=30_000)
    expect(screen.locator("[data-live]")).to_have_attribute("data-state", "live")


def test_a_flood_does_not_freeze_the_tab(screen: Page, world: World) -> None:
    """2,000 events as fast as they come: no task over 200 ms, few rows, and it is said that there are more."""
    live(screen, world)
    screen.evaluate("""() => {
      window.tasks = [];
      const note = (list) => tasks.push(...list.getEntries().map((task) => task.duration));
      new PerformanceObserver(note).observe({type: "longtask"});
    }""")
    for batch in range(4):
        items = [{"id": f"f-{batch}-{n}", "key": "flood", "occurred_at": now()} for n in range(500)]
        body = json.dumps({"events": items}).encode()
        world.deployment.request("POST", "/api/events", body, api_key=API_KEY, content_type="application/json")
    expect(screen.locator("tr[data-id=f-3-499]")).to_be_visible(timeout=30_000)
    expect(screen.locator("[data-gap]")).to_be_visible()
    assert 200 >= len(ids(screen))
    assert [] == [task for task in screen.evaluate("tasks") if task > LONGEST_TASK_MS]


def test_copies_and_exports(screen: Page, world: World, tmp_path: Path) -> None:
    """JSON, a line for a shell, a link, and the list as a file."""
    screen.goto(address(world, "/events?key=cart_updated&open=cart"))

    def copied(button: str) -> str:
        screen.click(f"text={button}")
        expect(screen.locator(".copies")).to_contain_text("Copied")
        text: str = screen.evaluate("navigator.clipboard.readText()")
        return text

    assert "cart" == json.loads(copied("Copy JSON"))["id"]
    assert copied("Copy cURL").startswith(f"curl -X POST {address(world)}/api/events")
    assert address(world, "/events/cart") == copied("Copy link")
    for kind in ("CSV", "NDJSON"):
        with screen.expect_download() as download:
            screen.click(f"text='{kind}'")
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        assert (f".{kind.lower()}", True, False) == (
            path.suffix,
            "59.9" in path.read_text(),
            "wished" in path.read_text(),
        )


@pytest.mark.parametrize("width", [390, 768, 1920])
def test_no_width_scrolls_sideways(screen: Page, world: World, width: int) -> None:
    """List, panel and refusals; on a phone a row says when, what and who."""
    screen.set_viewport_size({"width": width, "height": 844})
    for path in ("/events", "/events?open=cart", "/events/cart", "/events/rejected"):
        screen.goto(address(world, path))
        assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    screen.goto(address(world, "/events"))
    assert (3 if width == 390 else 4) == screen.locator("tr[data-id=cart] td:visible").count()


def test_hostile_events_do_nothing(screen: Page, world: World) -> None:
    """A probe in every field, seen in the list, live, in the panel, on its page and among the refusals."""
    url = f"https://shop.example/{PROBE}"
    hostile = {
        "key": "hostile", "occurred_at": now(), "page": {"url": url, "title": PROBE, "referrer": url},
        "properties": {PROBE: PROBE, "rows": [{PROBE: PROBE}], "name": PROBE, "url": "javascript:alert(1)"},
        "identifiers": {"ext_id": PROBE}, "contact_properties": {"CITY": PROBE}, "object": {"type": PROBE, "id": PROBE},
    }  # fmt: skip
    refused = {"write_key": WRITE_KEY, "sent_at": now(), "events": [{"id": PROBE, "key": PROBE, "occurred_at": PROBE}]}
    world.deployment.request(
        "POST", "/e", json.dumps(refused).encode(), content_type="text/plain", origin="https://a.example"
    )
    live(screen, world)
    send(world, {"id": PROBE, **hostile}, {"id": "plain", **hostile})
    expect(screen.locator("tr[data-id=plain]")).to_be_visible()
    press(screen, "plain")
    expect(screen.locator("#panel h2")).to_have_text("hostile")
    for path in ("/events?open=plain", "/events/plain", "/events/rejected"):
        screen.goto(address(world, path))
        for summary in screen.locator("details > summary").all():
            summary.click()
        assert screen.locator("text=<script>alert(1)").count() > 0, path
        assert 0 == screen.locator("main img, main script, main a[href^=javascript]").count()
