"""The clock of the demo, moved on by its buttons: hours later is now, in the shop and in the mailbox."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.instant import parse_instant
from collector.process.clock import wall_clock
from e2e.conftest import Visitor
from e2e.mailbox import home
from e2e.world import World

HOUR_MS = 3_600_000


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A demo."""
    world = World(tmp_path, flags=("--demo",))
    yield world
    world.close()


def test_two_hours_later_the_visit_is_over(visitor: Visitor, world: World) -> None:
    """A button of the shop; the page stays where it is, and what is done next happens two hours later."""
    page = visitor(locale="it-IT").new_page()
    page.goto(home(world, "/demo/product?id=cengia-boots"))
    world.expect("page_visited /demo/product", "product_viewed /demo/product")
    page.wait_for_selector("[data-test=clock-ahead]:text-is('L’orologio della demo è giusto.')")
    page.click("[data-test=later-2h]")
    page.wait_for_selector("[data-test=clock-ahead]:text-is('L’orologio della demo è avanti di 2 h.')")
    (ended,) = world.derived("session_ended", 1)
    before = wall_clock()
    page.click("[data-test=add-to-cart] >> nth=0")
    *_, cart = world.expect("page_visited /demo/product", "product_viewed /demo/product", "cart_updated /demo/product")
    (began, again) = world.derived("push_session_started", 2)
    assert (ended["session_id"], cart["session_id"]) == (began["session_id"], again["session_id"])
    at = parse_instant(cart["occurred_at"])
    assert at is not None
    assert before - 1_000 <= at - 2 * HOUR_MS <= wall_clock()


def test_the_mailbox_moves_it_too(visitor: Visitor, world: World) -> None:
    """By keyboard, and both pages say by how much."""
    page = visitor(locale="en-GB").new_page()
    page.goto(home(world, "/demo/mailbox"))
    page.focus("[data-later='1d']")
    page.keyboard.press("Enter")
    page.wait_for_selector("#ahead:text-is('The clock is ahead by 1 day')")
    page.click("[data-later='2h']")
    page.wait_for_selector("#ahead:has-text('1 day 2 h')")
    page.goto(home(world, "/demo/"))
    page.wait_for_selector("[data-test=clock-ahead]:has-text('1 day 2 h')")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", ["/demo/", "/demo/mailbox"])
def test_it_fits(visitor: Visitor, world: World, path: str, width: int) -> None:
    """Nothing stands beyond the edge, also with a long time ahead."""
    page = visitor(viewport={"width": width, "height": 800}, locale="it-IT").new_page()
    assert 200 == world.deployment.request("POST", "/demo/clock/1d").status
    assert 200 == world.deployment.request("POST", "/demo/clock/2h").status
    page.goto(home(world, path))
    page.wait_for_selector("text=1 giorno 2 h")
    assert width >= page.evaluate("document.documentElement.scrollWidth")
