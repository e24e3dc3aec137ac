"""Links that are followed, images that are loaded, people who want no more: what is answered, and what gets written."""

from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from collector.access.links import LANDING, Links, Named
from collector.log.entry import Entry
from collector.log.writer import WriteFailed
from tests.collector.ingest.sending import CLIENT, Deployment, deployed
from tests.fixtures.mailed import delivered, of_links, path_of

OF = Named("a" * 26, "email", "marketing")
TARGET = "https://www.other.example/boots?size=42#red"
CLIENT_BODY = b"List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"
PAGE = "text/html,application/xhtml+xml"


def click(deployment: Deployment, target: str = TARGET, of: Named = OF) -> str:
    """The path of a link to the target."""
    return path_of(deployment.built.services.links.click(of, target))


def ask(deployment: Deployment, method: str, path: str, content: bytes = b"", **headers: str) -> httpx.Response:
    """One request of a browser or of a mail program."""
    return deployment.run(deployment.request(method, path, content, **headers))


def leave(deployment: Deployment, of: Named = OF, **headers: str) -> httpx.Response:
    """As a mail program asks, by RFC 8058."""
    path = of_links(deployment, of, "leave")
    return ask(deployment, "POST", path, CLIENT_BODY, **({"content_type": FORM} | headers))


def kinds(deployment: Deployment) -> list[tuple[str, str]]:
    """(category, key) of everything that is written."""
    return [(entry.category, entry.key) for entry in deployment.log()]


@pytest.fixture
def full(fresh: Deployment, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    """A deployment whose log takes nothing."""

    async def refuse(entries: Sequence[Entry], **_: Any) -> None:
        raise WriteFailed

    monkeypatch.setattr(fresh.built.services.writer, "write", refuse)
    return fresh


# Links ----------------------------------------------------------------------------------------------------------------


def test_a_link_leads_where_it_says_and_tells(fresh: Deployment) -> None:
    """To the letter; the entry names the delivery, and nobody."""
    answer = ask(fresh, "GET", click(fresh), user_agent="Firefox")
    assert (302, TARGET) == (answer.status_code, answer.headers["location"])
    (entry,) = fresh.log()
    assert ("marketing_email", "Clicked", {"delivery": OF.delivery}) == (entry.category, entry.key, entry.identifiers)
    assert ({"url": TARGET}, "Firefox") == (entry.properties, entry.user_agent)


@pytest.mark.parametrize("target", ["HTTPS://shop.example/", "https://shop.example/?" + "a" * 5_900])
def test_a_link_leads_there_however_it_is_written(fresh: Deployment, target: str) -> None:
    """In capitals, or as long as one may be."""
    assert target == ask(fresh, "GET", click(fresh, target)).headers["location"]


def test_a_link_that_is_too_long_is_left_as_it_is() -> None:
    """Nobody would take a token of it."""
    target = "https://shop.example/?" + "a" * 9_000
    assert target == Links([b"k" * 32], "https://t.shop.example").click(OF, target)


@pytest.mark.parametrize("path", ["/c/nothing", "/c/W10.x", "/c/" + "x" * 9_000])
def test_a_bad_token_leads_nowhere(fresh: Deployment, path: str) -> None:
    """404, without a way anywhere; nothing is written."""
    answer = ask(fresh, "GET", path)
    assert (404, False, []) == (answer.status_code, "location" in answer.headers, fresh.log())


@pytest.mark.parametrize("target", ["javascript:alert(1)", "//evil.example", "data:text/html,x", "mailto:a@b.co", ""])
def test_a_link_leads_to_websites_alone(fresh: Deployment, target: str) -> None:
    """Even where it was signed."""
    assert 404 == ask(fresh, "GET", click(fresh, target)).status_code


def test_a_token_that_was_changed_leads_nowhere(fresh: Deployment) -> None:
    """A target of somebody else's under a signature of ours."""
    good, bad = click(fresh), click(fresh, "https://evil.example")
    assert 404 == ask(fresh, "GET", f"{bad.rpartition('.')[0]}.{good.rpartition('.')[2]}").status_code


@pytest.mark.parametrize(
    ("method", "headers"),
    [("HEAD", {}), ("GET", {"sec_purpose": "prefetch"}), ("GET", {"purpose": "prefetch"})],
)
def test_a_machine_is_led_and_told_as_one(fresh: Deployment, method: str, headers: dict[str, str]) -> None:
    """A scanner, a browser that looks ahead."""
    fresh.site(origins=["https://shop.example"])
    answer = ask(fresh, method, click(fresh, "https://shop.example/"), **headers)
    assert (302, "https://shop.example/") == (answer.status_code, answer.headers["location"])
    assert [{"url": "https://shop.example/", "scanner": True}] == [entry.properties for entry in fresh.log()]


def test_only_a_page_of_ours_learns_who_has_come(fresh: Deployment) -> None:
    """By a token of ten minutes; a site with another origin does not, nor does whoever asks not to be known."""
    fresh.site(origins=["https://shop.example"])
    told = ask(fresh, "GET", click(fresh, "https://shop.example/a?b=c#d")).headers["location"]
    head, _, token = told.removesuffix("#d").partition(f"&{LANDING}=")
    assert "https://shop.example/a?b=c" == head
    assert OF.delivery == fresh.built.services.links.landed(token, now=fresh.now)
    for target in "https://shop.example.evil.example/", "https://evil.example/?https://shop.example", TARGET:
        assert target == ask(fresh, "GET", click(fresh, target)).headers["location"]
    quiet = ask(fresh, "GET", click(fresh, "https://shop.example/"), sec_gpc="1")
    assert "https://shop.example/" == quiet.headers["location"]


def test_links_and_images_answer_with_the_log_down(full: Deployment) -> None:
    """Whoever reads a mail is not kept waiting."""
    assert 302 == ask(full, "GET", click(full)).status_code
    image = ask(full, "GET", path_of(full.built.services.links.image(OF)))
    assert (200, "image/gif") == (image.status_code, image.headers["content-type"])


# Images ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        ("Mozilla/5.0 (X11) Firefox/140.0", [("Opened", "Mozilla/5.0 (X11) Firefox/140.0")]),
        ("Mozilla/5.0", [("proxy_open", "")]),
        ("Mozilla/5.0 (via ggpht.com GoogleImageProxy)", [("Opened", "")]),
    ],
)
def test_an_image_tells_that_somebody_looked(fresh: Deployment, agent: str, expected: list[tuple[str, str]]) -> None:
    """Or that a proxy did, which may not mean anything."""
    ask(fresh, "GET", path_of(fresh.built.services.links.image(OF)), user_agent=agent)
    assert expected == [(entry.key, entry.user_agent) for entry in fresh.log()]


def test_an_image_of_a_bad_token_is_an_image(fresh: Deployment) -> None:
    """Nobody learns from it whether the token was good; nothing is written."""
    answer = ask(fresh, "GET", "/o/nothing.gif")
    assert (200, "image/gif", []) == (answer.status_code, answer.headers["content-type"], fresh.log())


def test_a_token_of_one_kind_is_not_taken_for_another(fresh: Deployment) -> None:
    """Each kind opens its own address only."""
    links = fresh.built.services.links
    tokens = {
        "click": links.click(OF, TARGET).rsplit("/", 1)[1],
        "open": links.image(OF).rsplit("/", 1)[1].removesuffix(".gif"),
        "leave": links.leave(OF).rsplit("/", 1)[1],
        "mirror": links.mirror(OF).rsplit("/", 2)[1],
        "confirm": links.confirm(OF).rsplit("/", 2)[1],
    }
    read = {(kind, other) for kind in tokens for other, token in tokens.items() if links.read(kind, token) is not None}
    assert {(kind, kind) for kind in tokens} == read
    for other in tokens.keys() - {"leave"}:
        assert 404 == ask(fresh, "POST", f"/u/{tokens[other]}", CLIENT_BODY).status_code
    assert [] == fresh.log()


# Leaving --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (CLIENT_BODY, FORM),
        (
            b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
    ],
)
def test_a_mail_program_leaves_in_one_click(fresh: Deployment, body: bytes, content_type: str) -> None:
    """RFC 8058: no cookie, no redirect, also where the program says that it reads HTML."""
    path = of_links(fresh, OF, "leave")
    answer = ask(fresh, "POST", path, body, content_type=content_type, accept=PAGE)
    assert (200, "text/plain; charset=utf-8") == (answer.status_code, answer.headers["content-type"])
    assert "set-cookie" not in answer.headers
    (entry,) = fresh.log()
    assert ("marketing_email", "Unsubscribed", {"delivery": OF.delivery}) == (
        entry.category, entry.key, entry.identifiers,
    )  # fmt: skip


def test_a_person_is_led_to_the_page(fresh: Deployment) -> None:
    """Which says what was done."""
    path = of_links(fresh, OF, "leave")
    answer = ask(fresh, "POST", path, content_type=FORM, accept=PAGE)
    assert (303, f"{path}?done=left") == (answer.status_code, answer.headers["location"])
    assert [("marketing_email", "Unsubscribed")] == kinds(fresh)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_does_not_leave(fresh: Deployment, method: str) -> None:
    """Scanners follow every link."""
    assert 200 == ask(fresh, method, of_links(fresh, OF, "leave")).status_code
    assert [] == fresh.log()


def test_a_bad_token_leaves_nothing(fresh: Deployment) -> None:
    """404, without a way anywhere."""
    answer = ask(fresh, "POST", "/u/nothing", CLIENT_BODY, content_type=FORM)
    assert (404, False, []) == (answer.status_code, "location" in answer.headers, fresh.log())


@pytest.mark.parametrize("accept", ["*/*", PAGE])
def test_whoever_cannot_be_written_down_is_asked_to_come_again(full: Deployment, accept: str) -> None:
    """An unsubscription is never lost silently."""
    path = of_links(full, OF, "leave")
    answer = ask(full, "POST", path, b"", content_type=FORM, accept=accept)
    assert (503, True) == (answer.status_code, int(answer.headers["retry-after"]) > 0)


def test_leaving_needs_no_database(fresh: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    """The token says enough."""

    def fail(id: str) -> None:
        raise OSError

    monkeypatch.setattr(fresh.built.services.deliveries, "one", fail)
    assert 200 == leave(fresh).status_code
    assert [("marketing_email", "Unsubscribed")] == kinds(fresh)


def test_leaving_twice_is_one_thing(fresh: Deployment) -> None:
    """Also before the worker has seen the first."""
    of = delivered(fresh)
    assert [200, 200] == [leave(fresh, of).status_code for _ in range(2)]
    assert [("marketing_email", "Unsubscribed")] == kinds(fresh)


def test_too_many_are_asked_to_come_again(tmp_path: Any) -> None:
    """Refused, and said so: nobody takes it for done."""
    with deployed(tmp_path, rate_limit=True) as limited:
        limits = limited.built.services.limits
        while not limits.charge(CLIENT, None, 500, now=limited.now):
            pass
        answer = leave(limited)
        assert (429, []) == (answer.status_code, limited.log())
        assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    ("channel", "purpose", "expected"),
    [
        ("email", "marketing", ("marketing_email", "Unsubscribed")),
        ("email", "transactional", ("transactional_email", "Unsubscribed")),
        ("email", "sales", ("marketing_email", "Unsubscribed")),
        ("sms", "marketing", ("marketing_sms", "Unsubscribed")),
        ("sms", "sales", ("marketing_sms", "Unsubscribed")),
        ("whatsapp", "marketing", ("contact", "consent_changed")),
    ],
)
def test_leaving_is_an_event_for_every_message(
    fresh: Deployment, channel: Any, purpose: Any, expected: tuple[str, str]
) -> None:
    """A seller's mails are advertising; of WhatsApp the catalogue knows no unsubscription, but consent."""
    assert 200 == leave(fresh, Named("b" * 26, channel, purpose)).status_code
    assert [expected] == kinds(fresh)


def test_a_link_that_is_no_address_leads_there_all_the_same(fresh: Deployment) -> None:
    """A team's slip in a template is no failure of ours."""
    answer = ask(fresh, "GET", click(fresh, "https://[broken/"))
    assert 302 == answer.status_code
