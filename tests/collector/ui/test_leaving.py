"""The pages of those to whom somebody wrote: preferences, the mail as it was sent, a double opt-in."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from collector.access.links import Named
from collector.config import DAY_MS
from collector.store.ports.messages.outbox import Order
from collector.ui.page import HEADERS
from collector.work.courier.running import courier_of
from tests.fixtures.mailed import ADA, delivered, of_links, waiting
from tests.fixtures.shop import Shop, opened

FORM = "application/x-www-form-urlencoded"
PAGE = "text/html,application/xhtml+xml"
OLD = 31 * DAY_MS
CONFIRM = {"name": "Confirm", "subject": "Sure?", "html": "<a href='{{ doubleoptin }}'>yes</a>"}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Ada is on two lists."""
    with opened(tmp_path) as ready:
        for name in "News", "Sales <b>":
            ready.change("POST", "/api/lists", {"name": name})
        ada = {"identifiers": {"email_id": ADA}, "attributes": {"FIRSTNAME": "Ada"}, "lists": ["News", "Sales <b>"]}
        ready.change("POST", "/api/contacts", ada)
        yield ready


@pytest.fixture
def of(shop: Shop) -> Named:
    """A mail that Ada has got."""
    return delivered(shop.deployment)


def look(shop: Shop, path: str, **headers: str) -> httpx.Response:
    """A page, as a browser asks for it."""
    headers = {"accept": PAGE, "accept_language": "en", **headers}
    return shop.deployment.run(shop.deployment.request("GET", path, **headers))


def send(shop: Shop, path: str, **fields: str) -> httpx.Response:
    """A form of one of these pages, while the worker goes round."""
    headers = {"accept": PAGE, "accept_language": "en", "content_type": FORM, "api_key": ""}
    answer = shop.send("POST", path, urlencode(fields), **headers)
    shop.work()
    return answer


def ada(shop: Shop) -> Any:
    """Ada, as the API knows her."""
    (found,) = shop.get(f"/api/contacts?email_id={ADA}").json()["contacts"]
    return found


def keys(shop: Shop, category: str) -> list[str]:
    """The events of a category, the oldest first."""
    return [event["key"] for event in reversed(shop.get(f"/api/events?category={category}").json()["events"])]


def suppressed(shop: Shop) -> list[tuple[str, str, str]]:
    """(channel, scope, reason) of whoever is left alone."""
    rows = shop.get("/api/messages/suppressions").json()["suppressions"]
    return [(row["channel"], row["scope"], row["reason"]) for row in rows]


# Preferences ----------------------------------------------------------------------------------------------------------


def test_the_page_says_how_it_stands_and_little_else(shop: Shop, of: Named) -> None:
    """The address is masked; the name that is known is not shown; lists are escaped."""
    answer = look(shop, of_links(shop.deployment, of, "leave"))
    text = answer.text
    assert 200 == answer.status_code
    assert [True] * 4 == [part in text for part in ("a••@mail.example", "You get news", "Sales &lt;b&gt;", "News")]
    assert [False] * 3 == [part in text for part in (ADA, 'value="Ada"', "<script")]
    assert HEADERS == {name: answer.headers[name] for name in HEADERS}
    assert "noindex, nofollow" == answer.headers["x-robots-tag"]
    assert not re.search(r"https?://", text.replace("http://www.w3.org", "")), "nobody else is asked for anything"


def test_it_speaks_the_readers_language(shop: Shop, of: Named) -> None:
    """Italian and English."""
    path = of_links(shop.deployment, of, "leave")
    assert 'lang="it"' in look(shop, path, accept_language="it-IT,it;q=0.9").text
    assert 'lang="en"' in look(shop, path, accept_language="de,en;q=0.5").text


def test_leaving_and_coming_back(shop: Shop, of: Named) -> None:
    """No more of these, then again, then no more: each counts, and twice is one thing."""
    path = of_links(shop.deployment, of, "leave")
    assert 'data-left="yes"' in look(shop, send(shop, path).headers["location"]).text
    send(shop, path)
    assert [("email", "marketing", "unsubscribed")] == suppressed(shop)
    assert "I want them again" in look(shop, path).text
    assert f"{path}?done=again" == send(shop, f"{path}/again").headers["location"]
    assert [] == suppressed(shop)
    assert 'data-left="no"' in look(shop, path).text
    send(shop, path)
    assert [("email", "marketing", "unsubscribed")] == suppressed(shop)
    assert ["Unsubscribed", "Unsubscribed"] == keys(shop, "marketing_email")


def test_consent_to_a_channel_is_none_to_everything(shop: Shop, of: Named) -> None:
    """Whoever wants mails again has said nothing of the rest."""
    before = ada(shop)["consent"]
    send(shop, of_links(shop.deployment, of, "leave") + "/again")
    assert (before, 1) == (ada(shop)["consent"], keys(shop, "contact").count("consent_changed"))


def test_leaving_lists(shop: Shop, of: Named) -> None:
    """Those that are ticked, of those that one is on."""
    path = of_links(shop.deployment, of, "leave")
    assert f"{path}?done=lists" == send(shop, f"{path}/lists", list_1="News", list_7="Other").headers["location"]
    assert ["Sales <b>"] == ada(shop)["lists"]
    assert 1 == keys(shop, "contact").count("list_removed")
    assert "Other" not in look(shop, path).text


def test_saying_who_one_is(shop: Shop, of: Named) -> None:
    """What is empty stays as it is; afterwards the fields are empty again."""
    path = of_links(shop.deployment, of, "leave")
    answer = send(shop, f"{path}/profile", first_name="", last_name=" Lovelace ")
    assert f"{path}?done=profile" == answer.headers["location"]
    assert {"FIRSTNAME": "Ada", "LASTNAME": "Lovelace"} == ada(shop)["attributes"]
    assert "Lovelace" not in look(shop, answer.headers["location"]).text
    assert 303 == send(shop, f"{path}/profile", first_name=" ").status_code


def test_what_was_typed_is_still_there_when_it_could_not_be_kept(
    shop: Shop, of: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is down: 503, and nobody has to type it again."""

    def fail(id: str) -> None:
        raise OSError

    monkeypatch.setattr(shop.deployment.built.services.deliveries, "one", fail)
    answer = send(shop, of_links(shop.deployment, of, "leave") + "/profile", first_name="Augusta")
    assert (503, True) == (answer.status_code, "retry-after" in answer.headers)


def test_with_the_database_down_one_can_still_leave(shop: Shop, of: Named, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page offers it by what stands in the token."""

    def fail(id: str) -> None:
        raise OSError

    monkeypatch.setattr(shop.deployment.built.services.deliveries, "one", fail)
    path = of_links(shop.deployment, of, "leave")
    answer = look(shop, path)
    assert (200, True, False) == (answer.status_code, f'action="{path}"' in answer.text, "/profile" in answer.text)


@pytest.mark.parametrize("path", ["/u/nothing", "/u/nothing/mirror", "/u/nothing/confirm"])
def test_a_bad_token_is_a_kind_page(shop: Shop, path: str) -> None:
    """404, and no way anywhere."""
    answer = look(shop, path)
    assert (404, True, False) == (answer.status_code, "not valid" in answer.text, "location" in answer.headers)


def test_whoever_leaves_a_seller_gets_no_advertising_either(shop: Shop) -> None:
    """And the other way round: a seller's next mail is skipped, an order's is not."""
    send(shop, of_links(shop.deployment, delivered(shop.deployment, purpose="sales"), "leave"))
    assert [("email", "marketing", "unsubscribed")] == suppressed(shop)
    wanted = [("sales", "skipped"), ("marketing", "skipped"), ("transactional", "failed")]
    assert wanted == [(purpose, state_of_a_new_one(shop, purpose)) for purpose, _ in wanted]


def state_of_a_new_one(shop: Shop, purpose: str) -> str:
    """What the courier does with a mail to Ada: `failed` where it would have sent it, for there is no way to."""
    settings, clock = shop.deployment.settings, lambda: shop.deployment.now
    of = waiting(shop.deployment, purpose=purpose)

    async def carry() -> None:
        async with courier_of(settings, clock) as (courier, _):
            await courier.begin()
            await courier.empty()

    shop.deployment.run(carry())
    found = shop.deployment.built.services.deliveries.one(of.delivery)
    assert found is not None
    return found.state


# The mail as it was sent ----------------------------------------------------------------------------------------------


def test_the_mirror_shows_what_was_sent_in_a_cage(shop: Shop, of: Named) -> None:
    """With its data, links followed; nothing of it has our origin."""
    answer = look(shop, of_links(shop.deployment, of, "mirror"))
    assert "<p>Ciao Ada &amp; Co" in answer.text
    assert "/c/" in answer.text
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-popups allow-top-navigation-by-user-activation; default-src 'none'; ")
    assert [False] * 2 == [word in policy for word in ("allow-same-origin", "allow-scripts")]
    assert [] == keys(shop, "marketing_email")


def test_what_was_never_sent_is_not_shown(shop: Shop) -> None:
    """404, as of a bad token."""
    never = Named("z" * 26, "email", "marketing")
    assert 404 == look(shop, of_links(shop.deployment, never, "mirror")).status_code


# Double opt-in --------------------------------------------------------------------------------------------------------


def asked(shop: Shop, **fields: Any) -> Named:
    """The question to Kim, who is on no list yet."""
    confirms = {"lists": ["News"], "attributes": {"FIRSTNAME": "Kim"}, "redirect": "https://shop.example/thanks?a=b"}
    order = Order(confirms=confirms | fields)
    return delivered(shop.deployment, recipient="kim@mail.example", purpose="transactional", order=order)


def kims(shop: Shop) -> Any:
    """Those who are called Kim."""
    return shop.get("/api/contacts?email_id=kim@mail.example").json()["contacts"]


def test_looking_confirms_nothing(shop: Shop) -> None:
    """One button; scanners do not press it."""
    answer = look(shop, of_links(shop.deployment, asked(shop), "confirm"))
    assert (200, True, True) == (answer.status_code, "k••@mail.example" in answer.text, "Yes, I confirm" in answer.text)
    assert [] == kims(shop)


def test_confirming_makes_the_contact_and_leads_on(shop: Shop) -> None:
    """Attributes, lists, consent with the text's version; a second click says nothing new."""
    path = of_links(shop.deployment, asked(shop), "confirm")
    for _ in range(2):
        answer = send(shop, path)
        assert (303, "https://shop.example/thanks?a=b") == (answer.status_code, answer.headers["location"])
    (kim,) = kims(shop)
    assert ({"FIRSTNAME": "Kim"}, ["News"]) == (kim["attributes"], kim["lists"])
    (consent,) = shop.get("/api/events?key=consent_changed").json()["events"]
    assert ("granted", "email") == (consent["properties"]["consent"], consent["properties"]["channel"])
    assert 1 == keys(shop, "contact").count("identified") - 1, "Ada's, and Kim's once"


@pytest.mark.parametrize("redirect", ["", "javascript:alert(1)", "//evil.example", "/events"])
def test_without_a_website_there_is_a_page(shop: Shop, redirect: str) -> None:
    """Nothing that is no website is led to."""
    path = of_links(shop.deployment, asked(shop, redirect=redirect), "confirm")
    answer = send(shop, path)
    assert (303, f"{path}?done=yes") == (answer.status_code, answer.headers["location"])
    assert "Your address is confirmed" in look(shop, f"{path}?done=yes").text


def test_a_question_of_a_month_ago_is_no_longer_answered(shop: Shop) -> None:
    """410, kindly."""
    path = of_links(shop.deployment, asked(shop), "confirm")
    shop.deployment.now += OLD
    assert (410, 410) == (look(shop, path).status_code, send(shop, path).status_code)
    assert [] == kims(shop)


def opt_in(shop: Shop, **fields: Any) -> httpx.Response:
    """As Brevo's clients ask."""
    usual = {
        "email": "Kim@Mail.example",
        "includeListIds": [1],
        "templateId": 1,
        "redirectionUrl": "https://shop.example/",
    }
    return shop.change("POST", "/v3/contacts/doubleOptinConfirmation", usual | fields)


def test_a_program_asks_for_a_double_opt_in(shop: Shop) -> None:
    """201 for somebody new, 204 for a contact; a question waits in the outbox, and nobody is on the list yet."""
    shop.change("POST", "/api/messages", CONFIRM | {"purpose": "marketing"})
    assert (201, 204) == (opt_in(shop).status_code, opt_in(shop, email=ADA).status_code)
    found = shop.deployment.built.services.deliveries.find(limit=9, q="kim@mail.example")
    assert [("transactional", "waiting", "News")] == [
        (one.purpose, one.state, one.order.confirms["lists"][0]) for one in found
    ]
    assert [] == kims(shop)


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "nobody"},
        {"includeListIds": []},
        {"includeListIds": [99]},
        {"templateId": 99},
        {"templateId": 2},
        {"redirectionUrl": "javascript:alert(1)"},
        {"redirectionUrl": "//evil.example"},
        {"redirectionUrl": "https://a.example/\n"},
        {"redirectionUrl": "https://[/"},
    ],
)
def test_a_question_that_could_not_be_answered_is_refused(shop: Shop, fields: dict[str, Any]) -> None:
    """No such list or message, a message without the link, a way that is no website: 400, and nothing is sent."""
    shop.change("POST", "/api/messages", CONFIRM)
    shop.change("POST", "/api/messages", {"name": "Plain", "subject": "x", "html": "<p>x"})
    assert 400 == opt_in(shop, **fields).status_code
    assert [] == shop.deployment.built.services.deliveries.find(limit=9)
