"""Webhooks in a real browser: a source is made, called and mapped, by mouse, by keyboard alone, and without scripts."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.console import Console, address, log_in, profile, settled
from e2e.test_console_setup import tab_to
from e2e.world import World
from tests.killed.process import API_KEY
from tests.killed.wait import until

HOME = "/settings/webhooks"
CALL = {"kind": "late", "who": {"mail": "anna@shop.example"}, "lesson": {"title": "Clay", "no": 3}}


def called(world: World, secret: str, payload: Any = CALL) -> int:
    """The provider calls: the status."""
    headers = {"authorization": f"Bearer {secret}", "content_type": "application/json"}
    return world.deployment.request("POST", "/hooks/school", json.dumps(payload).encode(), **headers).status


def made(page: Page, world: World) -> str:
    """A source of any JSON, by mouse: its secret."""
    page.goto(address(world, HOME))
    page.click("text=Connect a provider")
    page.click("a[href$='provider=generic']")
    page.fill("input[name=name]", "school")
    page.click("text=Make the address")
    return page.locator("#secret").inner_text()


def came(world: World) -> list[tuple[str, Any]]:
    """What came by the source: keys and properties."""
    return [(event["key"], event["properties"]) for event in world.events(source="hook:school")]


def test_a_call_is_mapped_by_pointing_at_its_fields(console: Console, world: World) -> None:
    """It shows up by itself; the event changes while one points; the next call is on the contact's page."""
    page = console()
    secret = made(page, world)
    page.goto(address(world, f"{HOME}/in/school"))
    expect(page.locator("#calls")).to_contain_text("Waiting for the first call")
    assert 202 == called(world, secret)
    expect(page.locator("#calls tbody tr")).to_have_count(1)
    expect(page.locator("#state")).to_have_text("works")
    page.click("#calls td a.target")
    page.fill("[name='r0.event']", "custom/lesson_missed")
    expect(page.locator("#r0 > summary .kind")).to_have_text("lesson_missed")
    expect(page.locator("#outcome")).to_contain_text("custom/lesson_missed")
    page.click("[name='r0.0.path']")
    page.click("[data-path='who.mail']")
    expect(page.locator("[name='r0.0.path']")).to_have_value("who.mail")
    expect(page.locator("#outcome")).to_contain_text("anna@shop.example")
    page.fill("[name='r0.3.path']", "lesson")
    expect(page.locator("#outcome")).to_contain_text("Clay")
    page.click("button[value=save]")
    expect(page.locator(".notice")).to_contain_text("Mapping saved")
    assert 202 == called(world, secret, {**CALL, "lesson": {"title": "Glaze", "no": 4}})
    until(lambda: ("lesson_missed", {"title": "Glaze", "no": 4}) in came(world), 15)
    (contact,) = [one["id"] for one in world.contacts() if one["identifiers"]]
    page.goto(address(world, f"/contacts/{contact}"))
    expect(page.locator("main")).to_contain_text("lesson_missed")


def test_a_mapping_is_written_by_keyboard_alone(console: Console, world: World) -> None:
    """A box, then a field, then saved; a fault is marked while one writes."""
    page = console()
    secret = made(page, world)
    assert 202 == called(world, secret)
    until(lambda: came(world), 15)
    page.goto(address(world, f"{HOME}/in/school/mapping"))
    tab_to(page, "[name='r0.when']")
    page.keyboard.type("kind == 'late")
    expect(page.locator("[name='r0.when']")).to_have_attribute("aria-invalid", "true")
    page.keyboard.type("'")
    expect(page.locator("[name='r0.when']")).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator("#outcome")).to_contain_text("would be taken")
    tab_to(page, "[name='r0.1.path']")
    page.keyboard.press("Enter")
    tab_to(page, "[data-path='lesson.title']")
    page.keyboard.press("Enter")
    expect(page.locator("[name='r0.1.path']")).to_be_focused()
    expect(page.locator("[name='r0.1.path']")).to_have_value("lesson.title")
    tab_to(page, "button.main[value=save]")
    page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_contain_text("Mapping saved")


def test_rules_and_lines_are_added_where_one_is(console: Console, world: World) -> None:
    """What was written elsewhere stays, and a fresh line is called as its field proposes."""
    page = console()
    made(page, world)
    page.goto(address(world, f"{HOME}/in/school/mapping"))
    page.fill("[name=payload]", json.dumps(CALL))
    expect(page.locator("[data-path='lesson.no']")).to_be_visible()
    expect(page.locator("#holds-r0")).to_be_visible()
    page.click("text=Add a rule")
    expect(page.locator("[name='r1.event']")).to_be_focused()
    page.keyboard.type("custom/second")
    page.click("[name='r1.0.path']")
    page.click("[data-path='lesson.no']")
    expect(page.locator("[name='r1.0.name']")).to_have_value("no")
    page.click("#r1 >> text=Add a line")
    expect(page.locator("[name='r1.1.path']")).to_be_focused()
    expect(page.locator("[name='r1.0.path']")).to_have_value("lesson.no")
    expect(page.locator("#outcome")).to_contain_text("custom/second")
    page.click("#r0 >> text=Remove the rule")
    expect(page.locator("[name='r0.event']")).to_have_value("custom/second")
    expect(page.locator("[name='r1.event']")).to_have_count(0)


def test_whoever_is_told_is_followed(console: Console, world: World) -> None:
    """Made with its events, tried, told; what failed is sent once more, by keyboard."""
    page = console()
    page.goto(address(world, HOME))
    page.click("text=Tell an address")
    page.fill("[name=name]", "CRM")
    page.fill("[name=url]", "http://crm.invalid/hook")
    page.check("[name='kind:custom/*']")
    page.click("text=Make it and show the secret")
    assert re.fullmatch(r"whsec_\S+", page.locator("#secret").inner_text())
    page.click("text=Send a test")
    expect(page.locator("[role=status]")).to_contain_text("It did not take the test")
    page.goto(address(world, f"{HOME}/out/1"))
    body = {"events": [{"id": "1", "key": "lesson_done", "occurred_at": "2026-11-26T10:00:00Z"}]}
    headers = {"api_key": API_KEY, "content_type": "application/json"}
    assert 202 == world.deployment.request("POST", "/api/events", json.dumps(body).encode(), **headers).status
    expect(page.locator("#deliveries tbody tr")).to_have_count(1)
    expect(page.locator("#deliveries")).to_contain_text("waiting")
    tab_to(page, "[name=span]")
    tab_to(page, ".again button")
    page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_contain_text("They go again")


@pytest.mark.parametrize("language", ["en", "it"])
def test_it_works_without_scripts(browser: Browser, console: Console, world: World, language: str) -> None:
    """Made, tried, saved: one page after the other."""
    log_in(console(), world)
    context = browser.new_context(**profile(language=language), java_script_enabled=False)
    context.add_cookies(world.login)
    page = context.new_page()
    page.goto(address(world, f"{HOME}/in/new?provider=generic"))
    page.fill("input[name=name]", "school")
    page.click("main button.main")
    assert re.fullmatch(r"whsec_\S+", page.locator("#secret").inner_text())
    page.goto(address(world, f"{HOME}/in/school/mapping"))
    page.fill("[name=payload]", json.dumps(CALL))
    page.fill("[name='r0.event']", "custom/plain")
    page.click("[data-once]")
    expect(page.locator("#outcome")).to_contain_text("custom/plain")
    page.click("button.main[value=save]")
    expect(settled(page).locator(".notice")).to_be_visible()
    context.close()
