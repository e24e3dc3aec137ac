"""API keys in the settings: shown once, revoked at once, for admins."""

import re

import pytest

from collector.access.keys import ApiAccess
from collector.errors import Code
from tests.collector.ingest.sending import WRITE_KEY, Deployment
from tests.collector.ui.console import Person

KEY = re.compile(r"sk_[A-Za-z0-9]{32}")
PROBE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def made(admin: Person, **fields: str) -> str:
    """A new key: its text."""
    answer = admin.send("/settings/keys", {"name": "shop", "scope": "read", **fields})
    found = KEY.search(answer.text)
    assert (201, True) == (answer.status_code, found is not None)
    return found[0] if found else ""


@pytest.mark.parametrize("scope", ["read", "write", "admin"])
def test_a_key_is_shown_once_and_opens_its_scope(deployment: Deployment, admin: Person, scope: str) -> None:
    """In the answer that makes it; later by its first characters only."""
    text = made(admin, scope=scope)
    access = deployment.built.services.keys.api(text)
    assert isinstance(access, ApiAccess)
    assert (scope, "shop") == (access.scope, access.name)
    page = admin.get("/settings/keys").text
    assert (False, True) == (text in page, f"{text[:8]}…" in page)


def test_a_revoked_key_is_refused_and_folded_away(deployment: Deployment, admin: Person) -> None:
    """The others go on."""
    keys = deployment.built.services.keys
    one, other = made(admin), made(admin)
    id = next(key.id for key in keys.ring.all() if key.shown == one[:8])
    assert 303 == admin.send(f"/settings/keys/{id}/revoke").status_code
    assert (Code.KEY_REVOKED, True) == (keys.api(one), isinstance(keys.api(other), ApiAccess))
    assert "Revoked (1)" in admin.get("/settings/keys").text


@pytest.mark.parametrize(
    "fields", [{"scope": ""}, {"scope": "write_key"}, {"scope": "root"}, {"scope": "read", "name": "x" * 101}]
)
def test_what_is_no_key_is_not_made(deployment: Deployment, admin: Person, fields: dict[str, str]) -> None:
    """A scope that there is, a name that fits."""
    before = deployment.built.services.keys.ring.all()
    answer = admin.send("/settings/keys", fields)
    assert (400, True) == (answer.status_code, 'role="alert"' in answer.text)
    assert before == deployment.built.services.keys.ring.all()


def test_a_write_key_is_not_revoked_here(deployment: Deployment, admin: Person) -> None:
    """It belongs to its site; what is no key is not found."""
    keys = deployment.built.services.keys
    id = next(str(key.id) for key in keys.ring.all() if key.shown == WRITE_KEY)
    assert [404] * 3 == [admin.send(f"/settings/keys/{id}/revoke").status_code for id in (id, "99", "9" * 5_000)]
    assert not isinstance(keys.site_of(WRITE_KEY), Code)


def test_a_name_is_text(admin: Person) -> None:
    """Whatever somebody calls a key, good or revoked."""
    made(admin, name=PROBE)
    text = admin.get("/settings/keys").text
    assert (True, False, False) == ("&lt;script&gt;" in text, "<script>alert" in text, "<img src=x" in text)
