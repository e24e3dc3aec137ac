"""Sites in the settings: seen by everybody, changed by admins, by the rules of the API."""

import pytest

from collector.errors import Code
from tests.collector.ingest.sending import WRITE_KEY, Deployment
from tests.collector.ui.console import Person

GOOD = {"name": "Shop", "origins": "https://shop.example\n\nHTTPS://WWW.shop.example/", "consent": "required",
        "identify": "open"}  # fmt: skip
PROBE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def test_the_settings_begin_with_the_sites(admin: Person) -> None:
    """The address in the navigation leads to the first tab."""
    assert "/settings/sites" == admin.get("/settings").headers["location"]
    assert WRITE_KEY in admin.get("/settings/sites").text


def test_a_new_site_is_ready_to_be_set_up(deployment: Deployment, admin: Person) -> None:
    """With its first write key, its origins as browsers send them, and its rules."""
    answer = admin.send("/settings/sites", GOOD)
    assert (303, "/setup?site=2") == (answer.status_code, answer.headers["location"])
    (_, made) = deployment.built.services.keys.sites.all()
    assert ("Shop", ("https://shop.example", "https://www.shop.example")) == (made.name, made.origins)
    assert ("required", "open") == (made.consent, made.identify)
    assert [2] == [key.site for key in deployment.built.services.keys.ring.all() if key.site == 2]


def test_each_line_that_is_no_origin_is_named(deployment: Deployment, admin: Person) -> None:
    """What was written stays in the form, and nothing is saved."""
    wrong = {**GOOD, "origins": "https://good.example\nshop.example\nhttps://a.example/path"}
    answer = admin.send("/settings/sites/1", wrong)
    assert 400 == answer.status_code
    assert ["shop.example", "https://a.example/path"] == [
        line
        for line in ("shop.example", "https://a.example/path", "https://good.example")
        if f'<li class="mono">{line}</li>' in answer.text
    ]
    assert 'value="Shop"' in answer.text
    assert "default" == deployment.built.services.keys.sites.all()[0].name


@pytest.mark.parametrize(
    "fields", [{"name": ""}, {"name": "x" * 101}, {"name": "a\nb"}, {"consent": "maybe"}, {"identify": ""}]
)
def test_what_the_api_refuses_is_refused_here(deployment: Deployment, admin: Person, fields: dict[str, str]) -> None:
    """By its rules, with a sentence at the field."""
    for path in "/settings/sites", "/settings/sites/1":
        answer = admin.send(path, GOOD | fields)
        assert (400, True) == (answer.status_code, 'role="alert"' in answer.text)
    assert ["default"] == [site.name for site in deployment.built.services.keys.sites.all()]


def test_a_site_is_changed_and_counts_at_once(deployment: Deployment, admin: Person) -> None:
    """The next event of a page that is not among the origins is refused."""
    answer = admin.send("/settings/sites/1", GOOD | {"consent": "implied"})
    assert "/settings/sites/1?done=saved" == answer.headers["location"]
    access = deployment.built.services.keys.site_of(WRITE_KEY)
    assert not isinstance(access, Code)
    assert ("Shop", ("https://shop.example", "https://www.shop.example")) == (access.name, access.origins)
    assert "Saved." in admin.get("/settings/sites/1?done=saved").text


def test_a_write_key_is_added_and_another_revoked(deployment: Deployment, admin: Person) -> None:
    """The revoked one is refused at once and stays to be seen, folded away."""
    keys = deployment.built.services.keys
    admin.send("/settings/sites/1/keys")
    first, second = (key for key in keys.ring.all() if key.site == 1)
    assert 303 == admin.send(f"/settings/sites/1/keys/{first.id}").status_code
    assert Code.KEY_REVOKED == keys.site_of(WRITE_KEY)
    assert not isinstance(keys.site_of(second.shown), Code)
    assert f'<s class="mono">{WRITE_KEY}</s>' in admin.get("/settings/sites/1").text


def test_a_key_is_revoked_at_its_own_site_only(deployment: Deployment, admin: Person) -> None:
    """An API key, another site's, or none: there is no such key here."""
    keys = deployment.built.services.keys
    admin.send("/settings/sites", GOOD)
    others = [str(key.id) for key in keys.ring.all() if key.site != 1]
    assert [404] * 4 == [admin.send(f"/settings/sites/1/keys/{id}").status_code for id in (*others, "99", "9" * 5_000)]
    assert [] == [key.id for key in keys.ring.all() if key.revoked_at]


@pytest.mark.parametrize("id", ["99", "0", "anna", "9" * 5_000])
def test_what_is_no_site_is_not_found(admin: Person, id: str) -> None:
    """Neither to be seen nor to be changed."""
    assert 404 == admin.get(f"/settings/sites/{id}").status_code
    assert 404 == admin.send(f"/settings/sites/{id}", GOOD).status_code


def test_a_name_is_text(admin: Person) -> None:
    """Whatever somebody calls a site."""
    admin.send("/settings/sites", GOOD | {"name": PROBE})
    for path in "/settings/sites", "/settings/sites/2", "/setup?site=2":
        text = admin.get(path).text
        assert (True, False, False) == ("&lt;script&gt;" in text, "<script>alert" in text, "<img src=x" in text)
