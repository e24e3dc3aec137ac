"""Webhooks in the console: made, connected, called, mapped; by roles, and with what a stranger wrote."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from collector.hooks.mapping import read_mapping, written
from collector.hooks.providers import shipped
from collector.store.ports.definitions.users import Role
from collector.ui.webhooks.draft import Draft, Part, draft_of, filled_in, mapping_of
from tests.collector.ui.console import Person
from tests.fixtures.shop import Shop, opened
from tests.killed.wait import until

HOME = "/settings/webhooks"
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]+")
PROBE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
LESSON = {"event": "lesson_done", "event_id": "1", "email": "anna@shop.example", "data": {"lesson": 3}}
MAPPING = """# ours
title = "Lessons"
[[signature]]
scheme = "bearer"
[[events]]
event = "custom/lesson"
id = "event_id"
identifiers.email_id = "email"
"""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A whole deployment, with a worker."""
    with opened(tmp_path) as ready:
        yield ready


@pytest.fixture
def admin(shop: Shop) -> Person:
    """Logged in."""
    return Person(shop.deployment).log_in()


def made(admin: Person, provider: str = "generic", **fields: str) -> str:
    """A new source: the secret that was made for it, "" when it is the provider's."""
    answer = admin.send(f"{HOME}/in/new", {"provider": provider, "name": "school", **fields})
    assert answer.status_code in (201, 303), answer.text
    found = SECRET.search(html.unescape(answer.text))
    return found[0] if found else ""


def called(shop: Shop, secret: str, payload: Any = LESSON, **headers: str) -> httpx.Response:
    """The provider calls."""
    given = {"content_type": "application/json", "authorization": f"Bearer {secret}", **headers}
    content = msgspec.json.encode(payload)
    answer = shop.deployment.run(shop.deployment.request("POST", "/hooks/school", content, **given))
    shop.work()
    return answer


def shown(text: str) -> str:
    """A page's text, without marks and white space around them."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))


def form_of(draft: Draft) -> dict[str, str]:
    """What a browser sends of a form that shows the draft."""
    fields = {"each": draft.each, "as": "fields"}
    for part in (draft.shared, *draft.rules):
        fields |= {f"{part.field}.{name}": value for name, value in part.values.items()}
        for line in (*part.lines, part.spare):
            fields |= {f"{line.field}.{name}": getattr(line, name) for name in ("group", "name", "path")}
    return fields


def edited(admin: Person, do: str, **fields: str) -> httpx.Response:
    """The form of the shipped mapping, with some fields filled in otherwise. Points in names are written __."""
    given = form_of(draft_of(shipped()["generic"])) | {"payload": msgspec.json.encode(LESSON).decode()}
    changes = {name.replace("__", "."): value for name, value in fields.items()}
    return admin.send(f"{HOME}/in/school/mapping", {**given, **changes, "do": do})


# The list, and a new one ----------------------------------------------------------------------------------------------


def test_who_has_none_is_told_what_they_are_for(admin: Person) -> None:
    """And can go where one is made, where each provider stands with its events."""
    text = admin.get(HOME).text
    assert "that is a webhook" in shown(text)
    assert f'href="{HOME}/in/new"' in text
    gallery = admin.get(f"{HOME}/in/new").text
    assert [] == [name for name in shipped() if f'href="{HOME}/in/new?provider={name}"' not in gallery]
    assert [True] * 3 == [label in shown(gallery) for label in ("Payment done", "Meeting booked", "E-mail opened")]


def test_a_source_is_made_with_a_secret_that_is_shown_once(shop: Shop, admin: Person) -> None:
    """Of a provider that has us make it; then its state says what is missing."""
    secret = made(admin)
    page = admin.get(f"{HOME}/in/school").text
    assert (False, True) == (secret in html.unescape(page), f"…{secret[-4:]}" in page)
    assert "waits for its first call" in shown(admin.get(HOME).text)
    assert 202 == called(shop, secret).status_code
    assert "works" in shown(admin.get(HOME).text)


def test_a_secret_of_ones_own_may_stand_for_ours(shop: Shop, admin: Person) -> None:
    """Where it is ours to make, as well."""
    made(admin, secret="only-to-try-it-out")
    assert 202 == called(shop, "only-to-try-it-out").status_code


def test_a_provider_makes_the_secret_itself(admin: Person) -> None:
    """It may be added afterwards, another beside it, and the older go when one says so."""
    assert "" == made(admin, "stripe")
    assert "waits for its secret" in shown(admin.get(HOME).text)
    for secret in "whsec_the_first", "whsec_the_second":
        assert 303 == admin.send(f"{HOME}/in/school/secrets", {"secret": secret}).status_code
    page = shown(admin.get(f"{HOME}/in/school").text)
    assert (True, True) == ("…cond" in page, "…irst" in page)
    assert 303 == admin.send(f"{HOME}/in/school/older").status_code
    page = shown(admin.get(f"{HOME}/in/school").text)
    assert (True, False) == ("…cond" in page, "…irst" in page)


@pytest.mark.parametrize("fields", [{"name": "A b"}, {"name": "new"}, {"name": ""}, {"secret": "short"}])
def test_what_is_wrong_stands_beside_its_field(admin: Person, fields: dict[str, str]) -> None:
    """With what was written; nothing is made."""
    answer = admin.send(f"{HOME}/in/new", {"provider": "stripe", "name": "school", **fields})
    assert answer.status_code in (400, 409)
    assert 1 == answer.text.count('aria-invalid="true"')
    assert "that is a webhook" in shown(admin.get(HOME).text)


def test_a_name_that_is_taken_is_said_to_be(admin: Person) -> None:
    """And the form proposes one that is free."""
    made(admin, name="generic")
    answer = admin.send(f"{HOME}/in/new", {"provider": "generic", "name": "generic"})
    assert (409, True) == (answer.status_code, "This name is taken" in answer.text)
    assert 'value="generic-2"' in admin.get(f"{HOME}/in/new?provider=generic").text
    assert 404 == admin.get(f"{HOME}/in/new?provider=nobody").status_code


def test_a_secret_that_cannot_be_one_is_not_taken(admin: Person) -> None:
    """Too short, or nothing at all."""
    made(admin)
    for given in "short", "":
        answer = admin.send(f"{HOME}/in/school/secrets", {"secret": given})
        assert (400, True) == (answer.status_code, "A secret has 8" in answer.text)
    answer = admin.send(f"{HOME}/in/school/secrets", {"do": "make"})
    assert (201, True) == (answer.status_code, SECRET.search(html.unescape(answer.text)) is not None)


# What came ------------------------------------------------------------------------------------------------------------


def test_calls_show_what_came_of_them(shop: Shop, admin: Person) -> None:
    """The events, by link to the log; the same again; what was refused, by its path."""
    secret = made(admin)
    called(shop, secret)
    called(shop, secret)
    called(shop, secret, {"event": "late", "occurred_at": "soon"})
    page = admin.get(f"{HOME}/in/school").text
    assert [True] * 3 == [word in shown(page) for word in ("accepted: 1", "seen before: 1", "refused: 1")]
    assert "occurred_at" in shown(page)
    (log,) = {html.unescape(found) for found in re.findall(r'href="(/events\?category=[^"]+)"', page)}
    assert "lesson_done" in admin.get(log).text


def test_a_call_that_nobody_signed_is_told(shop: Shop, admin: Person) -> None:
    """At this source, not at another; until one comes that was signed."""
    secret = made(admin)
    made(admin, name="other")
    for _ in range(2):
        assert 401 == called(shop, "whsec_wrong").status_code

    def is_told() -> bool:
        shop.work()
        return "2 calls were not signed with this secret" in shown(admin.get(f"{HOME}/in/school").text)

    until(is_told, 15)
    assert "not signed" not in shown(admin.get(f"{HOME}/in/other").text)
    shop.deployment.now += 1_000
    assert 202 == called(shop, secret).status_code
    assert "not signed" not in shown(admin.get(f"{HOME}/in/school").text)


def test_a_source_is_paused_opened_and_removed(shop: Shop, admin: Person) -> None:
    """Calls are answered accordingly."""
    secret = made(admin)
    assert 303 == admin.send(f"{HOME}/in/school/paused", {"paused": "yes"}).status_code
    assert (503, True) == (called(shop, secret).status_code, "paused" in shown(admin.get(HOME).text))
    admin.send(f"{HOME}/in/school/paused", {"paused": "no"})
    assert 202 == called(shop, secret).status_code
    assert 303 == admin.send(f"{HOME}/in/school/remove").status_code
    assert 404 == called(shop, secret).status_code
    for path in "", "/mapping":
        assert 404 == admin.get(f"{HOME}/in/school{path}").status_code


def test_what_a_stranger_writes_is_text(shop: Shop, admin: Person) -> None:
    """In names and values of payloads, in headers, in what is written for a mapping."""
    secret = made(admin)
    payload = {"event": "x", PROBE: PROBE, "data": {PROBE: [PROBE]}, "occurred_at": PROBE, "email": PROBE}
    assert 202 == called(shop, secret, payload, x_probe=PROBE).status_code
    pages = [admin.get(path) for path in (HOME, f"{HOME}/in/school", f"{HOME}/in/school/mapping")]
    pages.append(edited(admin, "save", r0__event=PROBE, r0__when=PROBE, s__0__path=PROBE, headers=f"x: {PROBE}"))
    pages.append(edited(admin, "try", payload=PROBE))
    pages.append(admin.send(f"{HOME}/in/school/mapping", {"as": "text", "mapping": PROBE, "do": "save"}))
    for page in pages:
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
    assert "&lt;script&gt;" in pages[2].text


# The mapping ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", shipped())
def test_a_mapping_becomes_a_form_and_the_same_mapping(name: str) -> None:
    """Of every provider: signature, texts and rules."""
    before = shipped()[name]
    mapping, faults = mapping_of(filled_in(form_of(draft_of(before))), before)
    assert (before, []) == (mapping, faults)
    assert before == read_mapping(written(before))


def test_the_form_shows_the_last_call_and_what_comes_of_it(shop: Shop, admin: Person) -> None:
    """Its fields by the expressions that find them."""
    called(shop, made(admin))
    page = admin.get(f"{HOME}/in/school/mapping")
    paths = [html.unescape(found) for found in re.findall(r'data-path="([^"]+)"', page.text)]
    assert ["event", "event_id", "email", "data", "data.lesson"] == paths[:5]
    assert 'data-taken="yes"' in page.text
    assert "anna@shop.example" in shown(page.text)


def test_trying_writes_nothing_and_saving_counts(shop: Shop, admin: Person) -> None:
    """The event changes for the next call, not before."""
    secret = made(admin)
    tried = edited(admin, "try", r0__event="custom/lesson_finished")
    assert (200, True) == (tried.status_code, "custom/lesson_finished" in tried.text)
    assert "" == shop.deployment.built.services.sources.kept.get("school").mapping  # type: ignore[union-attr]
    assert 303 == edited(admin, "save", r0__event="custom/lesson_finished").status_code
    called(shop, secret)
    events = shop.get("/api/events").json()["events"]
    assert ["lesson_finished"] == [event["key"] for event in events if event["source"] == "hook:school"]


def test_the_shipped_mapping_that_was_not_changed_stays_the_shipped_one(shop: Shop, admin: Person) -> None:
    """So that it is kept up; and one's own gives way to it when one says so."""
    made(admin)
    kept = shop.deployment.built.services.sources.kept
    edited(admin, "save")
    assert [""] == [source.mapping for source in kept.all()]
    edited(admin, "save", r0__event="custom/other")
    assert ["custom/other"] == [read_mapping(source.mapping).events[0].event for source in kept.all()]
    assert 303 == edited(admin, "shipped").status_code
    assert [""] == [source.mapping for source in kept.all()]


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"r0__event": "nothing"}, "r0.event"),
        ({"r0__event": "payments/no_such"}, "r0.event"),
        ({"r0__when": "["}, "r0.when"),
        ({"each": "("}, "each"),
        ({"s__id": "no_such()"}, "s.id"),
        ({"r0__0__path": "a["}, "r0.0"),
        ({"r0__0__name": "shoe_size", "r0__0__group": "identifiers"}, "r0.0"),
        ({"r0__0__name": "", "r0__0__path": "a"}, "r0.0"),
        ({"r0__1__name": "email_id"}, "r0.1"),
        ({"r0__type": "course", "r0__thing": "["}, "r0.thing"),
    ],
)
def test_a_fault_stands_beside_its_field(admin: Person, fields: dict[str, str], place: str) -> None:
    """400, with all that was written; nothing is kept."""
    made(admin)
    answer = edited(admin, "save", **fields)
    assert 400 == answer.status_code
    assert f'id="bad-{place}"' in answer.text
    assert f'aria-describedby="bad-{place}"' in answer.text
    for value in fields.values():
        assert html.escape(value) in answer.text
    assert "waits for its first call" in shown(admin.get(HOME).text)


def test_rules_are_added_and_taken_away(admin: Person) -> None:
    """What was written in the others stays."""
    made(admin)
    more = edited(admin, "add", r0__when="event == 'a'")
    assert ('name="r1.event"' in more.text, "event == &#39;a&#39;" in more.text) == (True, True)
    fewer = edited(admin, "remove:0", r1__event="custom/second")
    assert ('value="custom/second"' in fewer.text, 'name="r1.event"' in fewer.text) == (True, False)
    none = edited(admin, "remove:0")
    assert "nothing would ever come out" in shown(none.text)


def test_a_mapping_is_written_as_text(shop: Shop, admin: Person) -> None:
    """It is kept as it is written, comments too; a fault loses nothing of it."""
    made(admin)
    fields = {"as": "text", "payload": "{}"}
    path = f"{HOME}/in/school/mapping"
    assert 303 == admin.send(path, {**fields, "mapping": MAPPING, "do": "save"}).status_code
    assert [MAPPING] == [source.mapping for source in shop.deployment.built.services.sources.kept.all()]
    assert "# ours" in admin.get(f"{path}?as=text").text
    acting = MAPPING.replace("[[signature]]", 'docs = "javascript:alert(1)"\n[[signature]]')
    assert 303 == admin.send(path, {**fields, "mapping": acting, "do": "save"}).status_code
    assert "javascript:" not in admin.get(f"{HOME}/in/school").text
    wrong = admin.send(path, {**fields, "mapping": MAPPING + "when = '['", "do": "save"})
    assert (400, True, True) == (wrong.status_code, "# ours" in wrong.text, "events[0].when" in wrong.text)
    back = admin.send(path, {**fields, "mapping": MAPPING, "do": "as:fields"})
    assert 'value="custom/lesson"' in back.text
    there = edited(admin, "as:text", r0__event="custom/as_text")
    assert "custom/as_text" in html.unescape(there.text)


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        ("{", "not JSON"),
        ("", "Choose or paste a call"),
        ('{"a": "' + "x" * 70_000 + '"}', "At most 64 KiB"),
        ("[]", "would be"),
    ],
)
def test_a_payload_that_cannot_be_read_is_said_to_be(admin: Person, payload: str, says: str) -> None:
    """The rules stay as they are."""
    made(admin)
    assert says in shown(edited(admin, "try", payload=payload).text)


def test_a_condition_that_does_not_hold_is_seen(admin: Person) -> None:
    """Nothing comes out; the rule that holds is open."""
    made(admin)
    assert "no condition holds" in shown(edited(admin, "try", r0__when="event == 'other'").text)
    text = edited(admin, "try", r1__event="custom/second", r1__when="event == 'other'").text
    assert [True, False] == [bool(re.search(rf'id="r{at}" open', text)) for at in (0, 1)]


def test_fields_are_those_of_the_first_part(admin: Person) -> None:
    """As expressions are asked of a part."""
    made(admin)
    payload = '{"items": [{"sku": "A"}, {"sku": "B"}]}'
    text = edited(admin, "try", each="items", payload=payload, headers="X-Kind: order").text
    assert ["sku", "_headers.&#34;x-kind&#34;"] == re.findall(r'data-path="([^"]+)"', text)
    assert 2 == text.count('class="out"')


def test_a_mapping_that_cannot_be_read_is_shown_as_text(shop: Shop, admin: Person) -> None:
    """With what is wrong, and the way back."""
    made(admin)
    kept = shop.deployment.built.services.sources.kept
    (source,) = kept.all()
    kept.change(msgspec.structs.replace(source, mapping="title = 3"))
    shop.deployment.built.services.sources.reload()
    assert "mapping cannot be read" in shown(admin.get(HOME).text)
    assert "can no longer be read" in shown(admin.get(f"{HOME}/in/school").text)
    page = admin.get(f"{HOME}/in/school/mapping").text
    assert ("title = 3" in page, 'value="shipped"' in page) == (True, True)


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_only_an_administrator_sees_webhooks(shop: Shop, admin: Person, role: Role) -> None:
    """Payloads hold what people have said."""
    made(admin)
    person = Person(shop.deployment).log_in(role)
    for path in "", "/in/new", "/in/school", "/in/school/mapping":
        assert 403 == person.get(HOME + path).status_code
    for path in "/in/new", "/in/school/secrets", "/in/school/remove", "/in/school/mapping":
        assert 403 == person.send(HOME + path, {"do": "try"}).status_code
    assert f'href="{HOME}"' not in person.get("/settings/sites").text


def test_italian_is_spoken(shop: Shop, admin: Person) -> None:
    """On each page."""
    made(admin)
    person = Person(shop.deployment, language="it").log_in()
    for path, word in (
        ("", "In entrata"),
        ("/in/new", "Scegli chi"),
        ("/in/school", "Guarda che"),
        (
            "/in/school/mapping",
            "Mappatura",
        ),
    ):
        assert word in person.get(HOME + path).text


def test_a_part_has_a_line_to_spare() -> None:
    """Of the same kind as the last one."""
    part = Part("r0", "events[0]", {}, [])
    assert ("r0.0", "identifiers", "", "") == part.spare
