"""How does a test use the console? A person with one cookie, on a deployment whose clock stands still."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

import httpx

from collector.access.login import ensure_admin
from collector.api.auth import LOGIN_COOKIE
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

    def log_in(self) -> "Person":
        """As admin."""
        ensure_admin(self.deployment.built.services.logins, PASSWORD, now=self.deployment.now)
        answer = self.post("/login", {"name": "admin", "password": PASSWORD})
        assert 303 == answer.status_code, answer.text
        return self

    @property
    def csrf(self) -> str:
        """The token in the pages of this login."""
        found = CSRF.search(self.get("/setup").text)
        assert found
        return found[1]
