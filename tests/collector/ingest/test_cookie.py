"""When does the visitor live in a cookie? On requests that the browser calls same-site. Source: INTERFACES 3."""

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.collector.ingest.sending import NONCE, Deployment, batch, deployed, event

DAY_MS = 86_400_000
SAME = {"sec_fetch_site": "same-site"}


class Came(NamedTuple):
    """What came of a batch. cookie: the whole Set-Cookie header, "" for none. token: in the answer."""

    visitor: str
    cookie: str
    token: str | None

    @property
    def value(self) -> str:
        """Of the cookie."""
        return self.cookie.partition(";")[0].partition("=")[2]


def came(deployment: Deployment, headers: dict[str, str], *, url: str = "/e", **envelope: Any) -> Came:
    """Send a batch with these headers."""
    sent = event()
    answer = deployment.post(batch(sent, **envelope), url, **headers)
    assert 202 == answer.status_code, answer.text
    (entry,) = deployment.logged(sent["id"])
    return Came(entry.visitor, answer.headers.get("set-cookie", ""), answer.json().get("visitor"))


def with_cookie(value: str, **headers: str) -> dict[str, str]:
    """Headers of a same-site request that carries the cookie."""
    return SAME | {"cookie": f"a=b; sentiero_id={value}; c=d"} | headers


@pytest.mark.parametrize("said", ["same-site", "same-origin"])
def test_a_same_site_request_sets_the_cookie(deployment: Deployment, said: str) -> None:
    """Then the answer holds no token: the page's script need not know it."""
    found = came(deployment, {"sec_fetch_site": said})
    assert found.cookie
    assert found.token is None


@pytest.mark.parametrize("said", ["cross-site", "none", "", "Same-Site", "same-site, cross-site", None])
def test_any_other_request_gets_a_token_and_no_cookie(deployment: Deployment, said: str | None) -> None:
    """Also one of a browser that says nothing."""
    found = came(deployment, {} if said is None else {"sec_fetch_site": said})
    assert "" == found.cookie
    assert found.token


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(deployment: Deployment) -> None:
    """Host-only (no Domain), HttpOnly, SameSite=Lax, for 395 days, Secure."""
    found = came(deployment, SAME)
    expected = f"sentiero_id={found.value}; Max-Age=34128000; Path=/; HttpOnly; SameSite=Lax; Secure"
    assert expected == found.cookie


@pytest.mark.parametrize(
    ("url", "secure"),
    [
        ("http://localhost/e", False),
        ("http://localhost:8400/e", False),
        ("http://shop.localhost:8400/e", False),
        ("http://127.0.0.1:8400/e", False),
        ("http://[::1]:8400/e", False),
        ("http://[::1]/e", False),
        ("https://localhost:8400/e", True),
        ("https://events.example/e", True),
        ("http://events.example/e", True),
        ("http://localhost.example/e", True),
        ("http://notlocalhost/e", True),
        ("http://127.0.0.1.example/e", True),
        ("http://192.168.1.5/e", True),
    ],
)
def test_the_cookie_is_secure_unless_it_would_be_lost(deployment: Deployment, url: str, secure: bool) -> None:
    """Plain http to this very machine is the one exception; elsewhere http means that TLS ends at a proxy."""
    assert secure == came(deployment, SAME, url=url).cookie.endswith("; Secure")


def test_the_cookie_is_recognised_and_not_set_again(deployment: Deployment) -> None:
    """Neither a cookie nor a token in the answer: the browser has it."""
    first = came(deployment, SAME)
    assert Came(first.visitor, "", None) == came(deployment, with_cookie(first.value))


def test_the_cookie_is_renewed_after_a_week(fresh: Deployment) -> None:
    """The same visitor for another 395 days."""
    first = came(fresh, SAME)
    fresh.now += 7 * DAY_MS - 1
    assert Came(first.visitor, "", None) == came(fresh, with_cookie(first.value))
    fresh.now += 1
    again = came(fresh, with_cookie(first.value))
    assert (first.visitor, None) == (again.visitor, again.token)
    assert again.value not in ("", first.value)


def test_the_cookie_wins_over_the_token(deployment: Deployment) -> None:
    """Both are good and name two visitors: what scripts cannot touch counts."""
    mine, other = came(deployment, SAME), came(deployment, {})
    assert Came(mine.visitor, "", None) == came(deployment, with_cookie(mine.value), visitor=other.token)


def test_a_token_becomes_a_cookie(deployment: Deployment) -> None:
    """A page that had to use the token comes same-site now: the same visitor, from now on by cookie."""
    first = came(deployment, {})
    found = came(deployment, SAME, visitor=first.token)
    assert (first.visitor, None) == (found.visitor, found.token)
    assert Came(first.visitor, "", None) == came(deployment, with_cookie(found.value))


def test_the_cookie_of_a_request_from_elsewhere_is_not_looked_at(deployment: Deployment) -> None:
    """Another site's page that includes ours must not be the visitor of our own pages; its token counts."""
    first, other = came(deployment, SAME), came(deployment, {})
    headers = with_cookie(first.value, sec_fetch_site="cross-site")
    assert Came(other.visitor, "", None) == came(deployment, headers, visitor=other.token)
    assert first.visitor != came(deployment, headers).visitor


def test_a_nonce_gives_one_visitor_by_cookie_too(deployment: Deployment) -> None:
    """A first batch and its retry, whose cookie was not there yet."""
    first, again = (came(deployment, SAME, nonce=NONCE) for _ in range(2))
    assert first.visitor == again.visitor


def test_reset_replaces_the_cookie(deployment: Deployment) -> None:
    """A new visitor in a new cookie, and no token in the answer."""
    first = came(deployment, SAME)
    again = came(deployment, with_cookie(first.value), reset=True)
    assert first.visitor != again.visitor
    assert again.token is None
    assert Came(again.visitor, "", None) == came(deployment, with_cookie(again.value))


@pytest.mark.parametrize(
    "cookie",
    ["sentiero_id=x", "sentiero_id=", "sentiero_id", "sentiero_id=a.b.c; sentiero_id=d", "sentiero_id=\xff.\xfe.\0",
     "=;;=; ,", "other=1", f"sentiero_id={'x' * 8_000}", "sentiero_id=\"a.b.c\"", ""],
)  # fmt: skip
def test_a_bad_cookie_is_a_new_visitor(deployment: Deployment, cookie: str) -> None:
    """Never an error; the browser gets a good one."""
    headers = SAME | {"cookie": cookie}
    first, again = came(deployment, headers), came(deployment, headers)
    assert first.visitor != again.visitor
    assert first.cookie.startswith("sentiero_id=")


def test_a_bad_cookie_is_counted(fresh: Deployment) -> None:
    """Like a bad token; a bad one of each is two."""
    came(fresh, with_cookie("a.b.c"))
    came(fresh, with_cookie("a.b.c"), visitor="d.e.f")
    assert 3 == fresh.rejections()["visitor_invalid", 1]["count"]


def test_a_cookie_of_another_site_of_ours_is_left_alone(deployment: Deployment) -> None:
    """Two sites under one domain share the collector's cookie: the second uses the token."""
    site = deployment.site()
    first = came(deployment, SAME)
    second = came(deployment, with_cookie(first.value), write_key=site.write_key)
    assert first.visitor != second.visitor
    assert "" == second.cookie
    known = came(deployment, with_cookie(first.value), write_key=site.write_key, visitor=second.token)
    assert Came(second.visitor, "", None) == known
    assert Came(first.visitor, "", None) == came(deployment, with_cookie(first.value))


def test_the_cookies_name_is_a_setting(tmp_path: Path) -> None:
    """Against block lists."""
    with deployed(tmp_path, cookie_name="sid") as deployment:
        first = came(deployment, SAME)
        assert first.cookie.startswith(f"sid={first.value}; ")
        assert Came(first.visitor, "", None) == came(deployment, SAME | {"cookie": f"sid={first.value}"})
        assert first.visitor != came(deployment, with_cookie(first.value)).visitor


def test_a_visitor_who_withdraws_loses_the_cookie(deployment: Deployment) -> None:
    """`denied` deletes it; saying no without having one sets nothing."""
    first = came(deployment, SAME)
    found = came(deployment, with_cookie(first.value), consent="denied")
    assert "sentiero_id=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure" == found.cookie
    assert first.visitor != found.visitor
    assert "" == came(deployment, SAME, consent="denied").cookie


def test_a_refused_batch_sets_no_cookie(deployment: Deployment) -> None:
    """Whoever is turned away is not marked."""
    for content in (batch(event(), write_key="wk_of_nobody"), batch(event(), sent_at="x"), b"{"):
        answer = deployment.post(content, **SAME)
        assert answer.status_code in (400, 401)
        assert "set-cookie" not in answer.headers
