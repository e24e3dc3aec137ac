"""From a click in the shop, or a call, to a mailbox: the use cases of the seed, with the demo's clock moved on."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from e2e.conftest import Visitor
from e2e.console import Console, open_screen
from e2e.mailbox import call, home, letters
from e2e.world import World
from tests.killed.process import run
from tests.killed.wait import until

GINA = "gina@mail.example"
NOW = timedelta()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A demo, which sends to itself."""
    world = World(tmp_path, flags=("--demo",))
    yield world
    world.close()


def activated(page: Page, world: World, name: str) -> int:
    """One that is ready, from the list, by two clicks; its number."""
    open_screen(page, world, "/automations?starters=all")
    page.get_by_role("button", name=re.compile(f"^Use this one ?: {name}$")).click()
    page.wait_for_url("**/automations/*?done=made")
    page.get_by_role("button", name="Activate").click()
    page.wait_for_url("**/automations/*?done=activate")
    found = re.search(r"/automations/(\d+)", page.url)
    assert found
    return int(found[1])


def later(world: World, length: str) -> None:
    """The demo's clock moves on."""
    code, said = run("demo", world.deployment.data, "--fast-forward", length)
    assert 0 == code, said


def logged_in(visitor: Visitor, world: World) -> Page:
    """Somebody who says who they are in the shop."""
    page = visitor(locale="en-GB").new_page()
    page.goto(home(world, "/demo/login"))
    page.fill("[data-test=login-email]", GINA)
    page.fill("[data-test=login-name]", "Gina")
    page.click("[data-test=login-submit]")
    page.wait_for_selector("[data-test=hello]")
    return page


def in_cart(page: Page, world: World, product: str) -> None:
    """Put it there, and see that it has come."""
    before = len(world.events(key="cart_updated"))
    page.goto(home(world, f"/demo/product?id={product}"))
    page.click("#add")
    until(lambda: len(world.events(key="cart_updated")) > before, 20, rest=world.rest)


def event(
    world: World, key: str, category: str, properties: Mapping[str, Any], *, ago: timedelta = timedelta()
) -> None:
    """Told by a server."""
    at = (datetime.now(UTC) - ago).isoformat()
    said = {"id": f"{key} {at}", "category": category, "key": key, "occurred_at": at, "properties": properties}
    call(world, "POST", "/api/events", {"events": [said | {"identifiers": {"email_id": GINA}}]})


def html(world: World, letter: Mapping[str, Any]) -> str:
    """What a letter shows."""
    answer = world.deployment.get(f"/demo/mailbox/letters/{letter['id']}/html")
    assert answer.status == 200, answer.body
    return answer.body.decode()


def inside(world: World, automation: int) -> int:
    """How many are in."""
    return int(world.get(f"/api/automations/{automation}/figures")["inside"])


def keys(world: World) -> list[str]:
    """What Gina's timeline says."""
    return [
        event["key"]
        for gina in world.get("/api/contacts", email_id=GINA)["contacts"]
        for event in world.get(f"/api/contacts/{gina['id']}/timeline", limit=200)["events"]
    ]


def test_a_cart_that_was_left_becomes_a_mail_with_the_products_in_it(
    console: Console, visitor: Visitor, world: World
) -> None:
    """Two hours after the last change, by the button of the shop; opened and clicked, it is on the timeline."""
    automation = activated(console(), world, "Abandoned cart")
    page = logged_in(visitor, world)
    in_cart(page, world, "cengia-boots")
    in_cart(page, world, "bosco-socks")
    until(lambda: inside(world, automation) == 1, 20, rest=world.rest)
    page.click("[data-test=later-2h]")
    (letter,) = letters(world, 1)
    assert GINA in str(letter["to"])
    assert "Cengia" in html(world, letter)
    assert "Bosco" in html(world, letter)
    mailbox = visitor(locale="en-GB").new_page()
    mailbox.goto(home(world, "/demo/mailbox"))
    mailbox.click(".letter")
    with mailbox.expect_popup() as opened:
        mailbox.frame_locator("#wide").locator("a[href*='/c/']").first.click()
    opened.value.wait_for_url("**/demo/**")
    until(lambda: {"Sent", "Delivered", "Opened", "Clicked"} <= set(keys(world)), 20, rest=world.rest)
    assert 0 == inside(world, automation)


def test_a_cart_that_is_bought_in_between_is_not_remembered(console: Console, visitor: Visitor, world: World) -> None:
    """The purchase is told by the shop's server; no mail, also a day later."""
    automation = activated(console(), world, "Abandoned cart")
    in_cart(logged_in(visitor, world), world, "cengia-boots")
    until(lambda: inside(world, automation) == 1, 20, rest=world.rest)
    event(world, "order_completed", "ecommerce", {"total": 189, "currency": "EUR"})
    until(lambda: inside(world, automation) == 0, 20, rest=world.rest)
    later(world, "1d")
    until(lambda: "session_ended" in keys(world), 20, rest=world.rest)
    assert 0 == world.get("/demo/mailbox/letters")["count"]


def test_two_devices_are_one_mail(console: Console, visitor: Visitor, world: World) -> None:
    """A cart on a telephone that nobody knows yet, another on the computer; then the telephone says who it is."""
    automation = activated(console(), world, "Abandoned cart")
    telephone = visitor(locale="en-GB").new_page()
    in_cart(telephone, world, "cengia-boots")
    in_cart(logged_in(visitor, world), world, "bosco-socks")
    until(lambda: inside(world, automation) == 2, 20, rest=world.rest)
    telephone.goto(home(world, "/demo/login"))
    telephone.fill("[data-test=login-email]", GINA)
    telephone.fill("[data-test=login-name]", "Gina")
    telephone.click("[data-test=login-submit]")
    until(lambda: inside(world, automation) == 1, 20, rest=world.rest)
    later(world, "3h")
    (letter,) = letters(world, 1)
    assert "Bosco" in html(world, letter)


def test_an_order_is_confirmed_at_once(console: Console, world: World) -> None:
    """With what was bought; each order once, however often it is told."""
    activated(console(), world, "Order confirmation")
    for total, name in ((189, "Cengia boots"), (18.5, "Bosco socks")):
        order = {"total": total, "currency": "EUR", "items": [{"name": name, "price": total, "quantity": 1}]}
        said = {"key": "order_completed", "category": "ecommerce", "identifiers": {"email_id": GINA},
                "object": {"type": "order", "id": f"A-{total}"}, "properties": order}  # fmt: skip
        for again in range(2):
            at = datetime.now(UTC).isoformat()
            call(world, "POST", "/api/events", {"events": [said | {"id": f"{name} {again}", "occurred_at": at}]})
    found = [html(world, letter) for letter in letters(world, 2)]
    assert [1, 1] == [sum(name in one for one in found) for name in ("Cengia boots", "Bosco socks")]
    until(lambda: keys(world).count("Sent") == 2, 20, rest=world.rest)


def test_who_opens_nothing_for_months_is_written_to(console: Console, world: World) -> None:
    """It becomes so by itself, while nothing happens; a proxy's opening is none."""
    page = console()
    activated(page, world, "Re-engagement")
    event(world, "Sent", "marketing_email", {"subject": "News"}, ago=timedelta(days=80))
    event(world, "proxy_open", "marketing_email", {"subject": "News"}, ago=timedelta(days=20))
    until(lambda: "proxy_open" in keys(world), 20, rest=world.rest)
    assert 0 == world.get("/demo/mailbox/letters")["count"]
    later(world, "20d")
    letters(world, 1)


@pytest.mark.parametrize("name", ["Sales follow-up", "Sales follow-up, by segment"])
def test_a_deal_that_is_qualified_is_followed_up(console: Console, world: World, name: str) -> None:
    """By the event's stage, or by the segment that asks for it; another stage is none."""
    activated(console(), world, name)
    event(world, "deal_stage_updated", "deals", {"deal_id": "d-1", "stage": "Lost"})
    event(world, "deal_stage_updated", "deals", {"deal_id": "d-1", "stage": "Qualified"})
    (letter,) = letters(world, 1)
    assert GINA in str(letter["to"])


def test_an_article_of_the_wishlist_is_remembered_unless_it_was_bought(
    console: Console, visitor: Visitor, world: World
) -> None:
    """That very article: of two, the other one is."""
    automation = activated(console(), world, "Wishlist reminder")
    page = logged_in(visitor, world)
    for product in ("cengia-boots", "bosco-socks"):
        page.goto(home(world, f"/demo/product?id={product}"))
        page.click(f"[data-test=wishlist-add][data-product={product}] >> nth=0")
    until(lambda: inside(world, automation) == 2, 20, rest=world.rest)
    bought = {"total": 189, "currency": "EUR", "items": [{"id": "cengia-boots", "name": "Cengia boots", "price": 189}]}
    event(world, "order_completed", "ecommerce", bought)
    until(lambda: inside(world, automation) == 1, 20, rest=world.rest)
    later(world, "4d")
    (letter,) = letters(world, 1)
    assert "Bosco" in html(world, letter)


def test_an_erased_contact_gets_nothing(console: Console, visitor: Visitor, world: World) -> None:
    """Whoever is erased in the middle is in nothing any more."""
    automation = activated(console(), world, "Abandoned cart")
    in_cart(logged_in(visitor, world), world, "cengia-boots")
    until(lambda: inside(world, automation) == 1, 20, rest=world.rest)
    ((gina,),) = ([one["id"] for one in world.get("/api/contacts", email_id=GINA)["contacts"]],)
    call(world, "DELETE", f"/api/contacts/{gina}", {})
    until(lambda: inside(world, automation) == 0, 20, rest=world.rest)
    later(world, "1d")
    until(lambda: [] == world.get("/api/contacts", email_id=GINA)["contacts"], 20, rest=world.rest)
    assert 0 == world.get("/demo/mailbox/letters")["count"]
