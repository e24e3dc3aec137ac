"""No other site changes anything with a person's login: asked of every address there is, also of those to come."""

import re

import pytest
from starlette.routing import Route

from tests.collector.ingest.sending import Deployment
from tests.collector.ui.console import Person

CHANGES = {"POST", "PUT", "PATCH", "DELETE"}
FOR_EVERYBODY = {"/login", "/language"}
"""Whoever is not logged in has nothing that could be abused; a language harms nobody."""
BY_KEY = re.compile(r"/e$|/api/events$|/cloudevents$|/api/v2/|/v1/|/v3/")
"""Where programs come in: by a key, which no browser sends by itself."""
BY_TOKEN = re.compile(r"/u/|/hooks/")
"""Where people come by a link of a message, and providers call back: what is signed is the right to it, no login."""


def everything(deployment: Deployment) -> list[tuple[str, str]]:
    """(method, path) of every address that changes something."""
    routes = [route for route in deployment.built.routes if isinstance(route, Route)]
    return sorted(
        (method, re.sub(r"{[^}]*}", "1", route.path))
        for route in routes
        for method in CHANGES & (route.methods or set())
        if route.path not in FOR_EVERYBODY
    )


def changing(deployment: Deployment) -> list[tuple[str, str]]:
    """Those that do so by login."""
    return [each for each in everything(deployment) if not BY_KEY.match(each[1]) and not BY_TOKEN.match(each[1])]


def test_a_login_is_no_key(deployment: Deployment, admin: Person) -> None:
    """Where programs come in with a key, a person's login opens nothing, be it with the page's token."""
    by_key = [each for each in everything(deployment) if BY_KEY.match(each[1])]
    assert {("POST", "/api/events"), ("POST", "/v3/contacts"), ("POST", "/v1/track")} <= set(by_key)
    headers = {"content_type": "application/json", "x_csrf": admin.csrf}
    answers = {each: admin.ask(*each, b"{}", headers=headers).status_code for each in by_key}
    assert {400, 401} >= set(answers.values()), answers


@pytest.mark.parametrize("token", ["", "0" * 64])
def test_a_change_without_the_pages_token_is_refused(deployment: Deployment, admin: Person, token: str) -> None:
    """By every address of the console and of the API."""
    found = changing(deployment)
    assert {("POST", "/logout"), ("POST", "/api/keys"), ("PATCH", "/api/sites/1")} <= set(found)
    headers = {"content_type": "application/x-www-form-urlencoded", "x_csrf": token}
    body = f"csrf={token}&name=forged".encode()
    assert [] == [each for each in found if admin.ask(*each, body, headers=headers).status_code != 403]


def test_a_change_from_another_site_is_refused_with_the_token(deployment: Deployment, admin: Person) -> None:
    """The browser says where it comes from; a token that leaked is not enough."""
    body, csrf = f"csrf={admin.csrf}&name=forged".encode(), admin.csrf
    for site in "cross-site", "same-site":
        headers = {"content_type": "application/x-www-form-urlencoded", "x_csrf": csrf, "sec_fetch_site": site}
        answers = {each: admin.ask(*each, body, headers=headers).status_code for each in changing(deployment)}
        assert {403} == set(answers.values()), answers


def test_a_login_is_no_link(deployment: Deployment, admin: Person) -> None:
    """Where people come by a link, or providers call back, only what is signed opens: no login does."""
    by_token = [each for each in everything(deployment) if BY_TOKEN.match(each[1])]
    assert {("POST", "/u/1"), ("POST", "/u/1/confirm")} <= set(by_token)
    assert {404} == {admin.ask(*each, f"csrf={admin.csrf}".encode()).status_code for each in by_token}
