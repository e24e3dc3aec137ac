"""Sessions in the console: the chart is drawn, and drawn again when something changes."""

from uuid import uuid4

from playwright.sync_api import Page, expect

from e2e.console import log_in, open_screen, violations
from e2e.filled import filled
from e2e.test_console_contacts import send, visited
from e2e.world import World
from tests.killed.wait import until

COLOURS = """() => {
  const canvas = document.querySelector("[data-chart] canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const counts = {};
  for (let n = 0; n < data.length; n += 4) if (data[n + 3] === 255) {
    const colour = `${data[n]} ${data[n + 1]} ${data[n + 2]}`;
    counts[colour] = (counts[colour] ?? 0) + 1;
  }
  return Object.entries(counts).filter(([, count]) => count > 100).map(([colour]) => colour);
}"""
GREEN, GREEN_AT_NIGHT, BLUE = "31 92 74", "143 207 185", "29 95 168"


def colours(page: Page) -> set[str]:
    """Those of which the chart has an area."""
    page.wait_for_selector("[data-chart] canvas")
    return set(
        page.evaluate(f"new Promise(done => requestAnimationFrame(() => setTimeout(() => done(({COLOURS})()))))")
    )


def test_the_chart_is_drawn_and_follows(page: Page, world: World) -> None:
    """One colour together, two when split, others at night; its width is the window's; nothing is refused."""
    send(world, str(uuid4()), visited("/?utm_source=news"))
    send(world, str(uuid4()), visited("/"))
    log_in(page, world)
    open_screen(page, world, "/sessions")
    assert GREEN in colours(page)
    expect(page.locator(".legend")).to_have_text("Sessions2")
    assert BLUE not in colours(page)

    page.get_by_role("link", name="Source").click()
    expect(page.locator(".legend")).to_contain_text("news")
    assert {GREEN, BLUE} <= colours(page)
    page.emulate_media(color_scheme="dark")
    until(lambda: GREEN_AT_NIGHT in colours(page), 15)  # wait_for_function would need an eval
    page.set_viewport_size({"width": 700, "height": 800})
    until(lambda: page.evaluate("document.querySelector('[data-chart] canvas').clientWidth < 650"), 15)
    assert [] == violations(page)


def test_a_session_is_opened_and_leads_on(page: Page, world: World) -> None:
    """From the list, by keys, to its pages; to its place on the person's timeline, and back by the card's heading."""
    send(world, str(uuid4()), visited("/", "Home"), visited("/boots", "Boots"))
    log_in(page, world)
    open_screen(page, world, "/sessions")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sessions/*")
    expect(page.locator(".stops li")).to_contain_text(["Home", "Boots"])
    expect(page.get_by_text("Still open")).to_be_visible()
    page.get_by_role("link", name="On the timeline").click()
    page.wait_for_url("**/contacts/1*#s-*")
    expect(page.locator(":target")).to_contain_text("Boots")
    page.locator(":target h3 a").click()
    page.wait_for_url("**/sessions/*")
    page.get_by_role("link", name="← Sessions").click()
    page.get_by_text("The same numbers as a table").click()
    expect(page.locator("details table")).to_contain_text("Sessions")
    assert [] == violations(page)


def test_what_was_taken_back_is_shown_when_asked_for(page: Page, world: World) -> None:
    """A page that comes late makes two visits one: the chip shows what was said before, and hides it again."""
    there = filled(world)
    log_in(page, world)
    open_screen(page, world, f"/contacts/{there.dario}")
    expect(page.locator(".gone")).to_have_count(0)
    page.get_by_role("link", name="With corrections").click()
    expect(page.locator(".gone")).to_have_count(2)
    expect(page.locator(".gone").last).to_contain_text("taken back")
    page.locator(".gone").last.get_by_role("link", name="this session").click()
    page.wait_for_url(f"**/sessions/{there.session}")
    expect(page.locator("#replaced")).to_contain_text(there.superseded)
    open_screen(page, world, f"/sessions/{there.superseded}")
    page.wait_for_url(f"**/sessions/{there.session}")
    open_screen(page, world, f"/contacts/{there.dario}?superseded=include")
    page.get_by_role("link", name="With corrections").click()
    expect(page.locator(".gone")).to_have_count(0)
    assert [] == violations(page)
