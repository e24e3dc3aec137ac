"""Who is it? Anonymous, then known; on a second browser; another person on the same one."""

from playwright.sync_api import Page

from e2e.conftest import Visitor
from e2e.website import Website
from e2e.world import World
from tests.killed.wait import until

ANNA = "sentiero.identify({identifiers: {email_id: 'anna@shop.it'}, attributes: {FIRSTNAME: 'Anna'}})"
BRUNO = "sentiero.identify('bruno@shop.it', {FIRSTNAME: 'Bruno'})"


def test_a_login_joins_the_anonymous_past_to_the_contact(page: Page, website: Website, world: World) -> None:
    """What was seen before the login belongs to the contact after it, in the same session."""
    website.put("/shoes")
    website.open(page, "/")
    website.open(page, "/shoes").evaluate(ANNA)
    events = world.expect("page_visited /", "page_visited /shoes", "identified /shoes")
    (contact,) = world.contacts()
    assert {contact["id"]} == {event["contact_id"] for event in events}
    assert {"email_id": ["anna@shop.it"]} == contact["identifiers"]
    assert "Anna" == contact["attributes"]["FIRSTNAME"]
    assert 1 == len(world.sessions())


def test_the_same_person_on_a_second_browser_is_the_same_contact(
    visitor: Visitor, website: Website, world: World
) -> None:
    """Two browsers, two anonymous pasts, one mail: one contact with both pasts."""
    website.put("/phone")
    first, second = visitor().new_page(), visitor().new_page()
    website.open(first, "/").evaluate(ANNA)
    world.expect("page_visited /", "identified /")
    website.open(second, "/phone")
    world.expect("page_visited /", "identified /", "page_visited /phone")
    assert 2 == len(world.contacts())
    second.evaluate(ANNA)
    events = world.expect("page_visited /", "identified /", "page_visited /phone", "identified /phone")
    (contact,) = world.contacts()
    assert {contact["id"]} == {event["contact_id"] for event in events}
    assert 2 == len(contact["visitors"])


def test_after_reset_it_is_another_visitor(page: Page, website: Website, world: World) -> None:
    """Logout: what follows is a new visitor's and a new anonymous contact's, also on the next page."""
    website.put("/goodbye")
    website.open(page, "/").evaluate(ANNA)
    page.evaluate("sentiero.reset(); sentiero.track('after')")
    website.open(page, "/goodbye")
    first, second, after, goodbye = world.expect("page_visited /", "identified /", "after /", "page_visited /goodbye")
    assert first["visitor_id"] == second["visitor_id"]
    assert first["visitor_id"] != after["visitor_id"] == goodbye["visitor_id"]
    assert 2 == len(world.contacts())
    assert after["contact_id"] == goodbye["contact_id"] != first["contact_id"]


def test_reset_before_anything_was_sent_keeps_the_two_apart(page: Page, website: Website, world: World) -> None:
    """Events of the one who leaves wait in the queue while another person begins: each goes to its own visitor."""
    website.open(page, "/")
    world.expect("page_visited /")
    page.evaluate("sentiero.track('mine'); sentiero.reset(); sentiero.track('yours')")
    first, mine, yours = world.expect("page_visited /", "mine /", "yours /")
    assert first["visitor_id"] == mine["visitor_id"] != yours["visitor_id"]


def test_a_second_person_on_the_same_browser_is_not_the_first(page: Page, website: Website, world: World) -> None:
    """Somebody else logs in without a logout: what follows is theirs, what was before stays the first one's."""
    website.open(page, "/").evaluate(ANNA)
    world.expect("page_visited /", "identified /")
    page.evaluate(BRUNO)
    page.evaluate("sentiero.track('after')")
    visit, anna, bruno, after = world.expect("page_visited /", "identified /", "identified /", "after /")
    assert visit["contact_id"] == anna["contact_id"]
    assert bruno["contact_id"] == after["contact_id"] != anna["contact_id"]
    assert {"Anna", "Bruno"} == {contact["attributes"]["FIRSTNAME"] for contact in world.contacts()}


def test_every_shape_of_identify_says_the_same(page: Page, website: Website, world: World) -> None:
    """The shapes that sites use: identifiers and attributes, flat with email, email first, flat with email_id."""
    website.open(page, "/")
    shapes = [
        "{identifiers: {email_id: 'a@shop.it'}, attributes: {FIRSTNAME: 'Anna'}}",
        "{email: 'a@shop.it', FIRSTNAME: 'Anna'}",
        "'a@shop.it', {FIRSTNAME: 'Anna'}",
        "{email_id: 'a@shop.it', FIRSTNAME: 'Anna'}",
    ]
    for shape in shapes:
        page.evaluate(f"sentiero.identify({shape})")
    _, *identified = world.expect("page_visited /", *["identified /"] * len(shapes))
    assert [{"email_id": "a@shop.it"}] * len(shapes) == [event["identifiers"] for event in identified]
    (contact,) = world.contacts()
    assert {"FIRSTNAME": "Anna"} == contact["attributes"]


def test_an_illegal_id_is_refused_with_a_word_on_the_console(page: Page, website: Website, world: World) -> None:
    """`undefined` as a mail address joins nobody to anybody."""
    website.open(page, "/").evaluate("sentiero.identify('undefined', {FIRSTNAME: 'X'})")
    world.expect("page_visited /", "identified /")
    (contact,) = until(world.contacts, 5)
    assert contact["anonymous"]
    assert {} == contact["identifiers"]
