"""Coming in and leaving: forms, cookies, attempts, forged requests."""

import pytest

from collector.access.login import ensure_admin, hash_password
from tests.collector.ingest.sending import Deployment
from tests.collector.ui.console import PASSWORD, Person

PAGES = ["/", "/setup", "/events", "/events/some-id", "/contacts", "/contacts/1"]


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_is_sent_to_the_login_and_comes_back(stranger: Person, path: str) -> None:
    """Every page asks who it is; after the login it is shown."""
    answer = stranger.get(path)
    assert 303 == answer.status_code
    assert answer.headers["location"].startswith("/login?back=%2F")


def test_the_link_of_the_first_start_lets_somebody_in_once(deployment: Deployment, stranger: Person) -> None:
    """GET changes nothing; POST chooses the password; a second POST finds the link used."""
    once = ensure_admin(deployment.built.services.logins, "", now=deployment.now)
    for _ in range(2):
        assert "Choose a password for admin" in stranger.get(f"/login?once={once}").text
    short = stranger.post("/login", {"once": once, "name": "admin", "password": "short"})
    assert (400, True) == (short.status_code, "At least 10 characters" in short.text)
    assert 303 == stranger.post("/login", {"once": once, "name": "admin", "password": PASSWORD}).status_code
    assert 200 == stranger.get("/setup").status_code
    assert 410 == Person(deployment).post("/login", {"once": once, "password": PASSWORD}).status_code


def test_a_wrong_password_says_the_same_whether_the_name_exists(deployment: Deployment) -> None:
    """Nobody learns who has an account."""
    ensure_admin(deployment.built.services.logins, PASSWORD, now=deployment.now)
    known, unknown = (
        Person(deployment).post("/login", {"name": name, "password": "wrong"}) for name in ("admin", "nobody")
    )
    assert (401, 401) == (known.status_code, unknown.status_code)
    assert known.text.replace("admin", "") == unknown.text.replace("nobody", "")


def test_five_attempts_a_minute(deployment: Deployment) -> None:
    """The sixth is refused even with the right password; twelve seconds later one more is heard."""
    ensure_admin(deployment.built.services.logins, PASSWORD, now=deployment.now)
    person = Person(deployment)
    for _ in range(5):
        assert 401 == person.post("/login", {"name": "admin", "password": "wrong"}).status_code
    assert 429 == person.post("/login", {"name": "admin", "password": PASSWORD}).status_code
    deployment.now += 12_000
    assert 303 == person.post("/login", {"name": "admin", "password": PASSWORD}).status_code


def test_the_cookie_is_for_this_origin_and_no_script(deployment: Deployment, stranger: Person) -> None:
    """`__Host-`, Secure, HttpOnly, SameSite."""
    ensure_admin(deployment.built.services.logins, PASSWORD, now=deployment.now)
    answer = stranger.post("/login", {"name": "admin", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-sentiero=")
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= {part.strip() for part in cookie.split(";")}
    assert "domain" not in cookie.lower()


@pytest.mark.parametrize(
    ("back", "to"),
    [
        ("/events?q=a", "/events?q=a"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil", "/"),
        ("", "/"),
    ],
)
def test_after_the_login_one_stays_here(deployment: Deployment, stranger: Person, back: str, to: str) -> None:
    """No redirect to another site."""
    ensure_admin(deployment.built.services.logins, PASSWORD, now=deployment.now)
    answer = stranger.post("/login", {"name": "admin", "password": PASSWORD, "back": back})
    assert to == answer.headers["location"]


@pytest.mark.parametrize(
    ("fields", "headers"),
    [({}, {}), ({"csrf": "0" * 64}, {}), ({"csrf": "own"}, {"sec_fetch_site": "cross-site"}), ({"csrf": "ù"}, {})],
)
def test_a_forged_change_is_refused(admin: Person, fields: dict[str, str], headers: dict[str, str]) -> None:
    """Without the page's token, with another one, or from another site: the login stays as it was."""
    given = {name: admin.csrf if value == "own" else value for name, value in fields.items()}
    assert 403 == admin.post("/logout", given, **headers).status_code
    assert 200 == admin.get("/setup").status_code


def test_who_leaves_is_out(admin: Person) -> None:
    """The cookie is worth nothing afterwards, even where it was kept."""
    kept = admin.cookie
    assert 303 == admin.post("/logout", {"csrf": admin.csrf}).status_code
    admin.cookie = kept
    assert 303 == admin.get("/setup").status_code


def test_a_person_asks_the_api_by_login(admin: Person, stranger: Person) -> None:
    """Reading by the cookie alone; changing only with the page's token; a stranger not at all."""
    assert 200 == admin.get("/api/events").status_code
    assert 401 == stranger.get("/api/events").status_code
    body, json = b'{"name": "Shop"}', {"content_type": "application/json"}
    assert 403 == admin.ask("POST", "/api/sites", body, headers=json).status_code
    good = {**json, "x_csrf": admin.csrf, "sec_fetch_site": "same-origin"}
    assert 201 == admin.ask("POST", "/api/sites", body, headers=good).status_code


def test_the_language_is_the_browsers_until_one_is_chosen(deployment: Deployment) -> None:
    """Italian and English."""
    assert 'lang="it"' in Person(deployment, language="it-IT,it;q=0.9,en;q=0.8").get("/login").text
    assert 'lang="en"' in Person(deployment, language="de,en;q=0.5").get("/login").text
    chosen = Person(deployment).post("/language", {"language": "it", "back": "/login"})
    assert (303, "/login") == (chosen.status_code, chosen.headers["location"])
    assert "sentiero_language=it" in chosen.headers["set-cookie"]


@pytest.mark.parametrize("path", ["/contacts", "/api/contacts", "/api/sites"])
def test_an_id_of_thousands_of_digits_is_no_failure(admin: Person, stranger: Person, path: str) -> None:
    """Whoever asks: a stranger is asked who it is, and there is no such thing."""
    assert stranger.get(f"{path}/{'9' * 5_000}").status_code in (303, 401)
    assert 404 == admin.get(f"{path}/{'9' * 5_000}").status_code


def test_an_admin_who_was_disabled_stays_so(deployment: Deployment) -> None:
    """A later start neither fails nor lets anybody in by a link."""
    logins = deployment.built.services.logins
    ensure_admin(logins, PASSWORD, now=deployment.now)
    logins.users.add("anna", "admin", password=hash_password(PASSWORD), at=deployment.now)
    logins.users.change(logins.users.all()[0].id, off=deployment.now)
    assert "" == ensure_admin(logins, "", now=deployment.now)
    assert logins.log_in("admin", PASSWORD, now=deployment.now) is None
