"""How does a test ask the whole application by its API? As an administrator, or with a key of less scope."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec

from tests.collector.ingest.sending import API_KEY, Deployment, deployed


class Whole:
    """A deployment and its API. read, write: keys of those scopes."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.services = deployment.built.services
        self.read, self.write = (self._key(scope) for scope in ("read", "write"))

    def _key(self, scope: str) -> str:
        return str(self.ask("POST", "/api/keys", {"scope": scope, "name": scope}).json()["key"])

    def ask(self, method: str, path: str, body: Any = None, *, key: str = API_KEY) -> httpx.Response:
        """One request. body: as JSON; None for none."""
        content = b"" if body is None else msgspec.json.encode(body)
        headers = {"api_key": key, "content_type": "application/json"}
        return self.deployment.run(self.deployment.request(method, path, content, **headers))

    def get(self, path: str, *, key: str = API_KEY) -> Any:
        """What is answered to a question that must be."""
        answer = self.ask("GET", path, key=key)
        assert 200 == answer.status_code, answer.text
        return answer.json()


@contextmanager
def whole(folder: Path, **flags: object) -> Iterator[Whole]:
    """A deployment that is closed afterwards. flags: settings."""
    with deployed(folder, **flags) as deployment:
        yield Whole(deployment)
