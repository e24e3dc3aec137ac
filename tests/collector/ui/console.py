"""How does a test use the console? A person with one cookie, on a deployment whose clock stands still."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

import httpx

from collector.access.login import ensure_admin
from collector.api.frame.auth import LOGIN_COOKIE
from collector.store.ports.definitions.users import Role
from tests.collector.ingest.sending import Deployment

PASSWORD = "una password lunga"
CSRF = re.compile(r'<meta name="csrf" content="([0-9a-f]*)">')


class Person:
    """Asks for pages; logged in when `log_in` was called."""

    def __init__(self, deployment: Deployment, *, language: str = "en") -> None:
        self.deployment, self.language = deployment, language
        self.cookie = ""

    def get(self, path: str, **headers: str) -> httpx.Response:
        """A page."""
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, fields: Mapping[str, str], **headers: str) -> httpx.Response:
        """A form, as it is given: without the page's token unless it is among the fields."""
        usual = {"content_type": "application/x-www-form-urlencoded", "sec_fetch_site": "same-origin"}
        return self.ask("POST", path, urlencode(fields).encode(), headers=usual | headers)

    def ask(
        self, method: str, path: str, content: bytes = b"", *, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Any request; a cookie that is answered is kept."""
        given = {"accept_language": self.language, **(headers or {})}
        if self.cookie:
            given["cookie"] = f"{LOGIN_COOKIE}={self.cookie}"
        answer = self.deployment.run(self.deployment.request(method, path, content, **given))
        for name, value in answer.cookies.items():
            if name == LOGIN_COOKIE:
                self.cookie = value.strip('"')
        return answer

    def log_in(self, role: Role = "admin") -> "Person":
        """As the user `admin`, or as one who has the name of their role."""
        logins = self.deployment.built.services.logins
        ensure_admin(logins, PASSWORD, now=self.deployment.now)
        if logins.named(role) is None:
            logins.users.add(role, role, password=logins.users.all()[0].password, at=self.deployment.now)
            logins.reload(self.deployment.now)
        answer = self.post("/login", {"name": role, "password": PASSWORD})
        assert 303 == answer.status_code, answer.text
        return self

    def send(self, path: str, fields: Mapping[str, str] | None = None, **headers: str) -> httpx.Response:
        """A form of one of our pages: with its token."""
        return self.post(path, {"csrf": self.csrf, **(fields or {})}, **headers)

    @property
    def csrf(self) -> str:
        """The token in the pages of this login."""
        found = CSRF.search(self.get("/setup").text)
        assert found
        return found[1]
