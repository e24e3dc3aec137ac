"""Users in the settings: roles, links, who is out; and what everybody sets of their own."""

import re
from pathlib import Path

import pytest

from collector.access.login import LINK_MS
from collector.store.ports.definitions.users import Role
from tests.collector.ingest.sending import Deployment, deployed
from tests.collector.ui.console import PASSWORD, Person

ONCE = re.compile(r"/login\?once=([A-Za-z0-9_-]+)")
PROBE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
NEXT = "un'altra password lunga"

CHANGES = [
    "/settings/sites", "/settings/sites/1", "/settings/sites/1/keys", "/settings/sites/1/keys/1",
    "/settings/keys", "/settings/keys/2/revoke", "/settings/users", "/settings/users/1/role", "/settings/users/1/link",
    "/settings/users/1/disable", "/settings/users/1/enable", "/setup/origins", "/setup/consent",
]  # fmt: skip
OF_ADMINS = ["/settings/sites/new", "/settings/keys", "/settings/users", "/settings/users/1"]
OF_ALL = ["/setup", "/settings/sites", "/settings/sites/1", "/settings/account"]


def invited(admin: Person, name: str = "anna", role: str = "viewer") -> str:
    """A new user: the secret of the link."""
    answer = admin.send("/settings/users", {"name": name, "role": role})
    found = ONCE.search(answer.text)
    assert (201, True) == (answer.status_code, found is not None), answer.text
    return found[1] if found else ""


def entered(deployment: Deployment, once: str, password: str = PASSWORD) -> Person:
    """Whoever uses the link."""
    person = Person(deployment)
    assert 303 == person.post("/login", {"once": once, "password": password}).status_code
    return person


@pytest.mark.parametrize("role", ["viewer", "editor"])
@pytest.mark.parametrize("path", CHANGES)
def test_sites_keys_and_users_are_changed_by_admins(deployment: Deployment, path: str, role: Role) -> None:
    """Others get a page that says so, also with the page's token, and nothing is changed."""
    person = Person(deployment).log_in(role)
    services = deployment.built.services
    before = services.keys.sites.all(), services.keys.ring.all(), services.logins.users.all()
    fields = {"name": "x", "role": "admin", "scope": "admin", "site": "1", "origin": "https://a.b", "consent": "off"}
    answer = person.send(path, fields, accept="text/html")
    assert (403, True) == (answer.status_code, "not for your role" in answer.text)
    assert before == (services.keys.sites.all(), services.keys.ring.all(), services.logins.users.all())


@pytest.mark.parametrize("role", ["viewer", "editor", "admin"])
def test_each_role_sees_its_pages(deployment: Deployment, role: Role) -> None:
    """Sites and the own account are for everybody, the rest for admins; tabs are there for what may be opened."""
    person = Person(deployment).log_in(role)
    seen = 200 if role == "admin" else 403
    assert [200] * len(OF_ALL) == [person.get(path).status_code for path in OF_ALL]
    assert [seen] * len(OF_ADMINS) == [person.get(path).status_code for path in OF_ADMINS]
    assert (role == "admin") == ('href="/settings/users"' in person.get("/settings/sites").text)


@pytest.mark.parametrize("path", [*CHANGES, "/settings/account/password", "/settings/account/logout"])
@pytest.mark.parametrize(
    ("token", "site"), [("", "same-origin"), ("0" * 64, "same-origin"), ("own", "cross-site"), ("own", "same-site")]
)
def test_a_forged_change_is_refused(admin: Person, path: str, token: str, site: str) -> None:
    """Without the page's token, with another, or from another site: everywhere."""
    fields = {"csrf": admin.csrf if token == "own" else token}
    assert 403 == admin.post(path, fields, sec_fetch_site=site).status_code
    assert 200 == admin.get("/settings/users").status_code


def test_a_new_user_chooses_a_password_by_the_link(deployment: Deployment, admin: Person) -> None:
    """Shown once; then invited, and active once it was used."""
    once = invited(admin, role="editor")
    assert (False, True) == (
        once in admin.get("/settings/users/2").text,
        "invited" in admin.get("/settings/users").text,
    )
    anna = entered(deployment, once)
    assert "editor" in anna.get("/settings/account").text
    assert 410 == Person(deployment).post("/login", {"once": once, "password": PASSWORD}).status_code
    assert "invited" not in admin.get("/settings/users").text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"name": "", "role": "viewer"}, 400),
        ({"name": "x" * 101, "role": "viewer"}, 400),
        ({"name": "anna", "role": ""}, 400),
        ({"name": "anna", "role": "root"}, 400),
        ({"name": " admin ", "role": "viewer"}, 409),
    ],
)
def test_what_is_no_user_is_not_made(
    deployment: Deployment, admin: Person, fields: dict[str, str], status: int
) -> None:
    """A name of one's own, a role that there is."""
    answer = admin.send("/settings/users", fields)
    assert (status, True) == (answer.status_code, 'role="alert"' in answer.text)
    assert ["admin"] == [user.name for user in deployment.built.services.logins.users.all()]


def test_a_new_link_replaces_the_one_before_and_ends_every_login(deployment: Deployment, admin: Person) -> None:
    """For a forgotten password: whoever knew the old one is out once the new one is chosen."""
    first = invited(admin)
    found = ONCE.search(admin.send("/settings/users/2/link").text)
    assert found
    assert 410 == Person(deployment).post("/login", {"once": first, "password": PASSWORD}).status_code
    anna = entered(deployment, found[1])
    again = ONCE.search(admin.send("/settings/users/2/link").text)
    assert again
    assert 200 == anna.get("/setup").status_code
    entered(deployment, again[1], NEXT)
    assert 303 == anna.get("/setup").status_code


def test_a_link_that_was_not_used_expires(deployment: Deployment, admin: Person) -> None:
    """After a day; the list says so."""
    invited(admin)
    deployment.now += LINK_MS
    assert "invitation expired" in admin.get("/settings/users").text


def test_who_is_disabled_is_out_and_comes_back_when_enabled(deployment: Deployment, admin: Person) -> None:
    """Everywhere at once; no link is given meanwhile; the password is the same afterwards."""
    anna = entered(deployment, invited(admin))
    assert 303 == admin.send("/settings/users/2/disable").status_code
    assert 303 == anna.get("/setup").status_code
    assert 401 == anna.post("/login", {"name": "anna", "password": PASSWORD}).status_code
    assert 409 == admin.send("/settings/users/2/link").status_code
    assert 303 == admin.send("/settings/users/2/enable").status_code
    assert 303 == anna.get("/setup").status_code, "the old cookie stays worth nothing"
    assert 303 == anna.post("/login", {"name": "anna", "password": PASSWORD}).status_code
    assert 200 == anna.get("/setup").status_code


def test_a_role_counts_from_the_next_page_on(deployment: Deployment, admin: Person) -> None:
    """Up and down again."""
    anna = entered(deployment, invited(admin))
    assert 403 == anna.get("/settings/keys").status_code
    admin.send("/settings/users/2/role", {"role": "admin"})
    assert 200 == anna.get("/settings/keys").status_code
    admin.send("/settings/users/2/role", {"role": "viewer"})
    assert 403 == anna.get("/settings/keys").status_code
    assert 400 == admin.send("/settings/users/2/role", {"role": "root"}).status_code


@pytest.mark.parametrize(("path", "fields"), [("disable", {}), ("role", {"role": "editor"})])
def test_the_last_admin_stays(deployment: Deployment, admin: Person, path: str, fields: dict[str, str]) -> None:
    """An admin who has no password yet or is disabled is none; with another one it goes."""
    answer = admin.send(f"/settings/users/1/{path}", fields)
    assert (409, True) == (answer.status_code, "last administrator" in answer.text)
    once = invited(admin, role="admin")
    assert 409 == admin.send(f"/settings/users/1/{path}", fields).status_code
    entered(deployment, once)
    assert 303 == admin.send(f"/settings/users/1/{path}", fields).status_code


@pytest.mark.parametrize("id", ["99", "anna", "9" * 5_000])
def test_what_is_no_user_is_not_found(admin: Person, id: str) -> None:
    """Neither to be seen nor to be changed."""
    assert 404 == admin.get(f"/settings/users/{id}").status_code
    assert [404] * 4 == [
        admin.send(f"/settings/users/{id}/{path}", {"role": "viewer"}).status_code
        for path in ("role", "link", "disable", "enable")
    ]


def test_a_new_password_ends_the_other_logins(deployment: Deployment, admin: Person) -> None:
    """This browser goes on with a new cookie, the other one is out."""
    other, cookie = Person(deployment).log_in(), admin.cookie
    answer = admin.send("/settings/account/password", {"old": PASSWORD, "new": NEXT})
    assert "/settings/account?done=password" == answer.headers["location"]
    assert admin.cookie != cookie
    assert (200, 303) == (admin.get("/setup").status_code, other.get("/setup").status_code)
    assert 401 == other.post("/login", {"name": "admin", "password": PASSWORD}).status_code
    assert 303 == other.post("/login", {"name": "admin", "password": NEXT}).status_code


@pytest.mark.parametrize(("old", "new", "status"), [("wrong", NEXT, 403), (PASSWORD, "x" * 9, 400), ("", "", 400)])
def test_a_password_is_changed_by_the_old_one(admin: Person, old: str, new: str, status: int) -> None:
    """And the new one is long enough."""
    answer = admin.send("/settings/account/password", {"old": old, "new": new})
    assert (status, True) == (answer.status_code, 'role="alert"' in answer.text)


def test_a_browser_that_was_left_alone_cannot_guess(deployment: Deployment, admin: Person) -> None:
    """Five attempts at once, then even the right password has to wait."""
    for _ in range(5):
        admin.send("/settings/account/password", {"old": "wrong", "new": NEXT})
    right = {"old": PASSWORD, "new": NEXT}
    assert 429 == admin.send("/settings/account/password", right).status_code
    deployment.now += 12_000
    assert 303 == admin.send("/settings/account/password", right).status_code


def test_a_password_that_a_setting_gives_is_said_to_come_back(tmp_path: Path) -> None:
    """To admin, who would wonder at the next start; to nobody else."""
    with deployed(tmp_path, admin_password=PASSWORD) as deployment:
        admin = Person(deployment).log_in()
        assert "SENTIERO_ADMIN_PASSWORD" in admin.get("/settings/account").text
        anna = entered(deployment, invited(admin))
        assert "SENTIERO_ADMIN_PASSWORD" not in anna.get("/settings/account").text


def test_out_everywhere_is_out_everywhere(deployment: Deployment, admin: Person) -> None:
    """Every browser of this user, and nobody else's."""
    other, anna = Person(deployment).log_in(), entered(deployment, invited(admin))
    assert "/login" == admin.send("/settings/account/logout").headers["location"]
    assert [303, 303, 200] == [person.get("/setup").status_code for person in (admin, other, anna)]


def test_a_name_is_text(deployment: Deployment, admin: Person) -> None:
    """Whatever somebody is called, in every page that says it."""
    once = invited(admin, PROBE)
    pages = [
        admin.get("/settings/users"),
        admin.get("/settings/users/2"),
        Person(deployment).get(f"/login?once={once}"),
    ]
    pages.append(entered(deployment, once).get("/settings/account"))
    for text in (page.text for page in pages):
        assert (True, False, False) == ("&lt;script&gt;" in text, "<script>alert" in text, "<img src=x" in text)
