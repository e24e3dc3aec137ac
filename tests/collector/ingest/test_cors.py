"""May the page read our answer? CORS of `POST /e`, on answers and refusals alike; none at the secret door."""

from collections.abc import Callable

import httpx
import pytest

from tests.collector.ingest.sending import API_KEY, SITE, Deployment, batch, event, refusal, written

ORIGINS = ("https://shop.example", "http://localhost:3000", "https://xn--caff-8oa.example", "http://[::1]:8080")
NO_ORIGINS = (
    *("null", "*", "file://", "ftp://shop.example", "https://", "shop.example", "https://shop.example/page"),
    *(
        "https://a.example, https://b.example",
        "https://anna@shop.example",
        "chrome-extension://abc",
        "https://" + "a" * 300,
    ),
)
CORS = "access-control-"


def cors(answer: httpx.Response) -> dict[str, str]:
    """The headers of CORS, without their prefix; and Vary."""
    named = {name.removeprefix(CORS): value for name, value in answer.headers.items() if name.startswith(CORS)}
    return named | {"vary": answer.headers.get("vary", "")}


def echo(origin: str) -> dict[str, str]:
    """What a page of that origin is told."""
    return {"allow-origin": origin, "allow-credentials": "true", "expose-headers": "Retry-After", "vary": "Origin"}


@pytest.mark.parametrize("origin", ORIGINS)
def test_the_exact_origin_is_repeated(deployment: Deployment, origin: str) -> None:
    """With credentials and Vary, so that no cache gives it to another page; never a star."""
    answer = deployment.post(batch(event()), origin=origin)
    assert (202, echo(origin)) == (answer.status_code, cors(answer))


def test_without_an_origin_only_caches_are_told(deployment: Deployment) -> None:
    """A request of no page gets Vary alone."""
    answer = deployment.post(batch(event()))
    assert (202, {"vary": "Origin"}) == (answer.status_code, cors(answer))


@pytest.mark.parametrize("origin", NO_ORIGINS, ids=lambda origin: origin[:30])
def test_what_is_no_web_origin_is_refused_and_not_repeated(deployment: Deployment, origin: str) -> None:
    """`null` is anybody's: 403, and no page may read why."""
    answer = deployment.post(batch(event()), origin=origin)
    assert ((403, "origin_refused", "origin"), {"vary": "Origin"}) == (refusal(answer), cors(answer))


REFUSALS: dict[int, Callable[[Deployment], httpx.Response]] = {
    400: lambda to: to.post(b"{", origin=SITE),
    401: lambda to: to.post(batch(event(), write_key="wk_of_nobody"), origin=SITE),
    403: lambda to: to.post(batch(event(), write_key=to.site(origins=["https://a.example"]).write_key), origin=SITE),
    413: lambda to: to.post(b" " * 600_000, origin=SITE),
    415: lambda to: to.post(batch(event()), origin=SITE, content_type="text/html"),
}


@pytest.mark.parametrize("status", REFUSALS)
def test_a_refusal_can_be_read_by_the_page(deployment: Deployment, status: int) -> None:
    """Or it could not tell a refusal from a broken network. 408, 429, 503: test_served, test_limits, test_full."""
    answer = REFUSALS[status](deployment)
    assert (status, echo(SITE)) == (answer.status_code, cors(answer))


@pytest.mark.parametrize(
    ("origin", "taken"),
    [
        ("https://shop.example", True),
        ("https://www.shop.example:8443", True),
        ("HTTPS://SHOP.EXAMPLE", True),
        ("https://shop.example:443", True),
        ("http://shop.example", False),
        ("https://shop.example:444", False),
        ("https://www.shop.example", False),
        ("https://shop.example.evil", False),
        ("https://evilshop.example", False),
        ("https://shop.exampl", False),
        ("null", False),
        ("", True),
    ],
)
def test_a_site_takes_events_from_its_own_pages(deployment: Deployment, origin: str, taken: bool) -> None:
    """Scheme, host and port, exactly; whoever is no browser and sends no origin is believed."""
    site = deployment.site(origins=["https://shop.example", "https://www.shop.example:8443"])
    headers = {"origin": origin} if origin else {}
    answer = deployment.post(batch(event(), write_key=site.write_key), **headers)
    assert (202 if taken else 403) == answer.status_code


@pytest.mark.parametrize("origin", ORIGINS)
def test_a_browser_that_asks_first_may_send_json_and_gzip(deployment: Deployment, origin: str) -> None:
    """204 without a body: the method, the two headers, and for how long the answer holds."""
    headers = {"origin": origin, "access_control_request_method": "POST"}
    answer = deployment.run(deployment.request("OPTIONS", "/e", b"", **headers))
    permitted = {"allow-methods": "POST", "allow-headers": "content-type, content-encoding", "max-age": "86400"}
    assert (204, b"", echo(origin) | permitted) == (answer.status_code, answer.content, cors(answer))


@pytest.mark.parametrize("origin", ["null", "file://", None])
def test_nobody_elses_question_is_answered(deployment: Deployment, origin: str | None) -> None:
    """A preflight of no web origin permits nothing."""
    headers = {"origin": origin} if origin else {}
    answer = deployment.run(deployment.request("OPTIONS", "/e", b"", **headers))
    assert (204, {"vary": "Origin"}) == (answer.status_code, cors(answer))


def test_asking_costs_nothing(deployment: Deployment) -> None:
    """A preflight stores nothing and counts as no event."""
    before = len(deployment.log())
    for _ in range(20):
        deployment.run(deployment.request("OPTIONS", "/e", origin=SITE))
    assert before == len(deployment.log())


def test_the_secret_door_has_no_cors(deployment: Deployment) -> None:
    """No page has any business there, and no browser is helped to get in: not by an answer, a refusal, a preflight."""
    content = written({"events": [event()]})
    answers = [
        deployment.post_as_server(content, origin=SITE),
        deployment.post_as_server(content, origin=SITE, api_key="sk_of_nobody"),
        deployment.post_as_server(b"{", origin=SITE),
        deployment.run(deployment.request("OPTIONS", "/api/events", origin=SITE)),
        deployment.run(deployment.request("GET", "/api/events", origin=SITE, api_key=API_KEY)),
    ]
    assert [202, 401, 400, 405, 200] == [answer.status_code for answer in answers]
    assert [{"vary": ""}] * 5 == [cors(answer) for answer in answers]
