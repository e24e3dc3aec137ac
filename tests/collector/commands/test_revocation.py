"""How soon does a serve that runs hear of what somebody else has typed? Keys and origins: within a second."""

from collections.abc import Iterator
from time import monotonic
from typing import Any

import pytest

from tests.collector.commands.terminal import Terminal, ended
from tests.killed.load import envelope
from tests.killed.process import FIRST_START_S, SLACK, Answer, Deployment
from tests.killed.wait import until

HEARD_S = 1.0 * SLACK
ORIGIN = "https://new.example"


class Alone(Deployment):
    """A serve without a worker: it answers all the same."""

    def wait_ready(self, *, within_s: float) -> None:
        """Until /readyz says 200."""
        until(self._is_ready, within_s, lambda: f"not ready: {self.output}")


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """One for all tests of this file: each makes keys and sites of its own."""
    deployment = Alone(tmp_path_factory.mktemp("serving"), flags=("--no-worker",))
    deployment.start(within_s=FIRST_START_S)
    yield deployment
    deployment.close()


@pytest.fixture
def shell(here: Terminal, serving: Deployment) -> Terminal:
    """Somebody at the folder of the serve that runs: each command is another process than that."""
    here.data = serving.data
    here.environ["SENTIERO_DATA"] = str(serving.data)
    return here


def key(shell: Terminal, *words: str) -> tuple[str, str]:
    """(id, text) of a new key."""
    said = shell.done("keys", "create", *words).split()
    return said[1], said[-1]


def read(serving: Deployment, api_key: str) -> tuple[int, str]:
    """Ask with that key: status, and the code of the refusal."""
    return code(serving.request("GET", "/api/events", api_key=api_key))


def send(serving: Deployment, write_key: str, **headers: str) -> tuple[int, str]:
    """Bring a page view under that key: status, and the code of the refusal."""
    page = {"id": str(monotonic()), "key": "page_visited", "occurred_at": "2026-11-25T10:00:00Z"}
    return code(serving.post(envelope([page], write_key=write_key), **headers))


def code(answer: Answer) -> tuple[int, str]:
    """What matters of an answer."""
    body: dict[str, Any] = answer.json()
    return answer.status, body["errors"][0]["code"] if "errors" in body else ""


def typed(shell: Terminal, *words: str) -> None:
    """In a process of its own, which ends well."""
    assert 0 == ended(shell.start(*words)).code


def test_a_revoked_api_key_is_refused_within_a_second(serving: Deployment, shell: Terminal) -> None:
    """The next requests get 401 key_revoked and never anything else again; a second key goes on working."""
    (id, revoked), (_, other) = key(shell, "--scope", "read"), key(shell, "--scope", "read")
    until(lambda: (200, "") == read(serving, revoked) == read(serving, other), HEARD_S)
    typed(shell, "keys", "revoke", id)
    until(lambda: read(serving, revoked) == (401, "key_revoked"), HEARD_S)
    assert [(401, "key_revoked"), (200, "")] * 5 == [read(serving, text) for text in (revoked, other) * 5]


def test_a_revoked_write_key_is_refused_within_a_second(serving: Deployment, shell: Terminal) -> None:
    """Its events get 401 key_revoked; the site's second key goes on taking them."""
    (id, revoked), (_, other) = (key(shell, "--scope", "write_key", "--site", "1") for _ in range(2))
    until(lambda: (202, "") == send(serving, revoked) == send(serving, other), HEARD_S)
    typed(shell, "keys", "revoke", id)
    until(lambda: send(serving, revoked) == (401, "key_revoked"), HEARD_S)
    assert [(401, "key_revoked"), (202, "")] * 5 == [send(serving, text) for text in (revoked, other) * 5]


def test_an_origin_counts_within_a_second(serving: Deployment, shell: Terminal) -> None:
    """Pages of an origin that was added are heard, those of one that was taken away are refused."""
    site, *_, write_key = shell.done("sites", "create", "Shop", "--origin", "https://shop.example").split()[1:]
    until(lambda: send(serving, write_key, origin=ORIGIN) == (403, "origin_refused"), HEARD_S)
    typed(shell, "sites", "set", site, "--origin", "https://shop.example", "--origin", ORIGIN)
    until(lambda: send(serving, write_key, origin=ORIGIN) == (202, ""), HEARD_S)
    assert (202, "") == send(serving, write_key, origin="https://shop.example")
    typed(shell, "sites", "set", site, "--origin", ORIGIN)
    until(lambda: send(serving, write_key, origin="https://shop.example") == (403, "origin_refused"), HEARD_S)
    assert (202, "") == send(serving, write_key, origin=ORIGIN)
