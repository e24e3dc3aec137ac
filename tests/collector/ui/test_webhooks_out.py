"""Whoever is told, in the console: made, tried, paused, told once more; its log, and what is wrong beside its field."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from collector.store.ports.definitions.users import Role
from collector.store.ports.definitions.webhooks import MAX_WEBHOOKS, Webhook, Writing
from collector.ui.webhooks.receiver import fields_of, form_of
from tests.collector.ui.console import Person
from tests.fixtures.provider_server import ProviderServer
from tests.fixtures.telling import Told, telling

HOME = "/settings/webhooks"
NEW = {"name": "CRM", "url": "https://crm.example/hook", "kind:segment/*": "on", "others": "custom/thing"}
PROBE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    """A deployment with a teller."""
    with telling(tmp_path) as ready:
        yield ready


@pytest.fixture
def server() -> Iterator[ProviderServer]:
    """A receiver who says yes."""
    with ProviderServer() as running:
        yield running


@pytest.fixture
def admin(told: Told) -> Person:
    """Logged in."""
    return Person(told.shop.deployment).log_in()


def all_of(told: Told) -> list[Webhook]:
    """Those that there are."""
    return told.shop.deployment.built.services.webhooks.all()


def made(admin: Person, **changed: str) -> httpx.Response:
    """The answer to the form of a new one."""
    return admin.send(f"{HOME}/out/new", {**NEW, **changed})


def shown(text: str) -> str:
    """A page's text, without marks and white space around them."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))


def test_a_receiver_is_made_and_its_secret_shown_once(told: Told, admin: Person) -> None:
    """With what it is told: boxes, and lines for others."""
    assert "Tell your own programs" in shown(admin.get(HOME).text)
    answer = made(admin, headers="X-Key: hush")
    (webhook,) = all_of(told)
    assert (201, True) == (answer.status_code, webhook.writing.secrets[0] in html.unescape(answer.text))
    assert (("segment/*", "custom/thing"), {"X-Key": "hush"}) == (webhook.writing.kinds, webhook.writing.headers)
    for path in HOME, f"{HOME}/out/1", f"{HOME}/out/1/edit":
        text = html.unescape(admin.get(path).text)
        assert (False, False, True) == (webhook.writing.secrets[0] in text, "hush" in text, "CRM" in text)


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"name": ""}, "name"),
        ({"url": "ftp://crm.example"}, "url"),
        ({"url": "https://crm.example:22/"}, "url"),
        ({"others": "thing"}, "kinds"),
        ({"headers": "webhook-id: mine"}, "headers"),
        ({"headers": "X Y: z"}, "headers"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(told: Told, admin: Person, fields: dict[str, str], place: str) -> None:
    """With what was written; nothing is made, nothing is changed."""
    for path in "new", "1/edit":
        answer = admin.send(f"{HOME}/out/{path}", {**NEW, **fields})
        assert (400, True) == (answer.status_code, f'id="bad-{place}"' in answer.text)
        assert all(html.escape(value) in answer.text for value in fields.values())
        if path == "new":
            assert [] == all_of(told)
            made(admin)
    assert ["CRM"] == [one.name for one in all_of(told)]


def test_a_form_is_the_same_when_it_comes_back(told: Told) -> None:
    """Whatever it is told, also what no box is for; a whole category holds its events."""
    webhook = told.subscribe("https://crm.example/", "segment/*", "ecommerce/order_completed", "custom/x", "odd/y z")
    assert set(webhook.writing.kinds) == set(fields_of(form_of(webhook))["kinds"])
    both = {"kind:segment/*": "on", "kind:segment/entered": "on", "others": "custom/x"}
    assert ["segment/*", "custom/x"] == fields_of(both)["kinds"]
    assert ["*"] == fields_of({**both, "kind:*": "on"})["kinds"]


def test_a_receiver_is_changed(told: Told, admin: Person) -> None:
    """Its headers stay when none are written."""
    made(admin, headers="X-Key: hush")
    assert 303 == admin.send(f"{HOME}/out/1/edit", {**NEW, "name": "Other", "kind:contact/*": "on"}).status_code
    (webhook,) = all_of(told)
    assert ("Other", {"X-Key": "hush"}) == (webhook.name, webhook.writing.headers)
    assert {"contact/*", "segment/*", "custom/thing"} == set(webhook.writing.kinds)


def test_the_events_of_brevos_stay_as_they_are(told: Told, admin: Person) -> None:
    """They are chosen at Brevo's addresses; name and address may be changed here."""
    brevo = {"type": "marketing", "channel": "email", "events": ["opened"]}
    told.subscribe("https://crm.example/", kinds=(), form="brevo", brevo=brevo)
    assert 'name="kind:*"' not in admin.get(f"{HOME}/out/1/edit").text
    admin.send(f"{HOME}/out/1/edit", NEW)
    (webhook,) = all_of(told)
    assert ("CRM", (), brevo) == (webhook.name, webhook.writing.kinds, webhook.writing.brevo)


def test_deliveries_are_listed_by_their_state(told: Told, admin: Person, server: ProviderServer) -> None:
    """With what was answered, and a way to tell one once more."""
    told.subscribe(f"{server.url}/hook", "custom/thing")
    told.happen(2)
    told.tell()
    page = admin.get(f"{HOME}/out/1").text
    assert (2, True) == (shown(page).count("HTTP 200"), "arrived" in shown(page))
    assert 'name="delivery"' not in admin.get(f"{HOME}/out/1?delivery_state=failed").text
    assert "None in this state." in shown(admin.get(f"{HOME}/out/1?delivery_state=failed").text)
    id = re.findall(r'name="delivery" value="([^"]+)"', page)[0]
    assert 303 == admin.send(f"{HOME}/out/1/again", {"delivery": id}).status_code
    assert ["done", "waiting"] == told.states(1)
    assert "next try" in shown(admin.get(f"{HOME}/out/1?delivery_state=waiting").text)


def test_all_that_failed_is_told_once_more(told: Told, admin: Person) -> None:
    """Since a while that one chooses; a receiver who is gone says why it was disabled."""
    with ProviderServer() as gone:
        gone.status = 410
        told.subscribe(f"{gone.url}/hook", "custom/thing")
        told.happen(1)
        told.tell()
    page = shown(admin.get(f"{HOME}/out/1").text)
    assert ("disabled" in page, "410" in page) == (True, True)
    assert ["dropped"] == told.states(1)
    assert 303 == admin.send(f"{HOME}/out/1/paused", {"paused": "no"}).status_code
    assert 303 == admin.send(f"{HOME}/out/1/again", {"span": "day"}).status_code
    assert ("active", ["waiting"]) == (told.get(1).status, told.states(1))


def test_the_list_goes_on_where_it_ends(told: Told, admin: Person) -> None:
    """Fifty at a time."""
    told.subscribe("https://crm.invalid/hook", "custom/thing")
    told.happen(51)
    told.tell()
    page = admin.get(f"{HOME}/out/1").text
    (older,) = re.findall(r'href="(/settings/webhooks/out/1\?delivery_state=&before=\d+)"', page)
    last = shown(admin.get(html.unescape(older)).text)
    assert 1 == len(re.findall(r"msg_1_\d+", last))


def test_a_test_says_what_the_receiver_said(told: Told, admin: Person, server: ProviderServer) -> None:
    """And stands in no log."""
    told.subscribe(f"{server.url}/hook", "custom/thing")
    assert "It answered well: HTTP 200" in shown(admin.send(f"{HOME}/out/1/test").text)
    told.subscribe("https://user@crm.example/", "custom/thing")
    assert "It did not take the test" in shown(admin.send(f"{HOME}/out/2/test").text)
    assert [] == told.states(1)


def test_a_secret_is_made_anew_paused_and_removed(told: Told, admin: Person) -> None:
    """The one before signs as well."""
    made(admin)
    first = told.get(1).writing.secrets
    answer = admin.send(f"{HOME}/out/1/secret")
    newest = told.get(1).writing.secrets
    assert (201, True, first) == (answer.status_code, newest[0] in html.unescape(answer.text), newest[1:])
    admin.send(f"{HOME}/out/1/paused", {"paused": "yes"})
    assert ("paused", True) == (told.get(1).status, "Paused:" in shown(admin.get(f"{HOME}/out/1").text))
    assert 303 == admin.send(f"{HOME}/out/1/remove").status_code
    assert [404] * 3 == [admin.get(f"{HOME}/out/{path}").status_code for path in ("1", "1/edit", "no")]


def test_there_are_forty_at_most(told: Told, admin: Person) -> None:
    """The form says so, with what was written."""
    for _ in range(MAX_WEBHOOKS):
        told.subscribe("https://crm.example/")
    answer = made(admin)
    assert (409, True) == (answer.status_code, "There are forty already" in answer.text)


def test_what_a_stranger_writes_is_text(told: Told, admin: Person) -> None:
    """In names, addresses, kinds."""
    writing = Writing(kinds=(f"custom/{PROBE}",), headers={"X": PROBE})
    told.shop.deployment.built.services.webhooks.add(PROBE, f"https://crm.example/{PROBE}", writing, at=1)
    pages = [admin.get(path) for path in (HOME, f"{HOME}/out/1", f"{HOME}/out/1/edit")]
    pages.append(made(admin, name=PROBE, url=PROBE, others=PROBE, headers=PROBE))
    for page in pages:
        assert (False, False) == ("<script>alert" in page.text, "<img src=x" in page.text)
        assert "&lt;script&gt;" in page.text


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_only_an_administrator_sees_them(told: Told, admin: Person, role: Role) -> None:
    """Looking and changing."""
    made(admin)
    person = Person(told.shop.deployment).log_in(role)
    assert {403} == {person.get(f"{HOME}/out/{path}").status_code for path in ("new", "1", "1/edit")}
    changes = ("new", "1/edit", "1/secret", "1/test", "1/paused", "1/again", "1/remove")
    assert {403} == {person.send(f"{HOME}/out/{path}").status_code for path in changes}


def test_italian_is_spoken(told: Told, admin: Person) -> None:
    """On each page."""
    made(admin)
    person = Person(told.shop.deployment, language="it").log_in()
    for path, word in ("", "In uscita"), ("/out/new", "Di che cosa"), ("/out/1", "Consegne"):
        assert word in person.get(HOME + path).text
