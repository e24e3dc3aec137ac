"""Where do webhooks go, and where not, whoever answers for the names and however receivers behave?"""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.delivery.hooks import sink
from tests.collector.delivery.test_guard import INSIDE
from tests.fixtures.mail_server import certificate
from tests.fixtures.odd_server import Manner, OddServer, babbles, drips_body, drips_head, gushes, hangs_up, silent
from tests.fixtures.provider_server import ProviderServer
from tests.fixtures.telling import Told, telling

OURS, INNER = "127.0.0.1", "127.0.0.2"
"""What stands for the outside in these tests, and for the inside: the former is a network that is allowed."""


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    """A deployment that may tell one address of this machine, however it is called, and no other."""
    with telling(tmp_path, delivery_networks=f"{OURS}/32,::1/128") as ready:
        yield ready


@pytest.fixture
def server() -> Iterator[ProviderServer]:
    """A receiver on the address that is allowed."""
    with ProviderServer() as running:
        yield running


def told_one(told: Told, url: str, *, at: int = 0) -> tuple[str, int | None, str]:
    """How one event that is told there stands after one try: state, status, reason."""
    webhook = told.subscribe(url, "custom/thing")
    told.happen(1, at=at)
    told.tell()
    (listed,) = told.listed(webhook.id)
    return listed.delivery.state, listed.delivery.status, listed.delivery.reason


class Attacker:
    """Answers for every name, each time with the next of these; the last one stays."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers, self.asked = list(answers), 0

    async def __call__(self, host: str, port: int) -> list[str]:
        """As the guard asks."""
        self.asked += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def test_a_name_that_turns_inward_is_not_followed(told: Told, server: ProviderServer) -> None:
    """DNS rebinding: first an allowed address, then one inside. What was checked is what is connected to."""
    server.headers = {"Connection": "close"}  # so that the name is asked for again
    attacker = Attacker([OURS], [INNER])
    with OddServer(silent, host=INNER, port=server.port) as inside:
        webhook = told.subscribe(f"http://rebind.example:{server.port}/", "custom/thing")
        told.happen(1)
        told.tell(resolve=attacker)
        assert (1, 1) == (attacker.asked, len(server.asked))
        told.happen(1, at=1)
        told.tell(resolve=attacker)
        assert (2, 1, 0) == (attacker.asked, len(server.asked), inside.came)
    assert ["done", "waiting"] == told.states(webhook.id)
    assert f"leads to {INNER}" in told.listed(webhook.id)[0].delivery.reason
    assert "delivery_networks" in told.listed(webhook.id)[0].delivery.reason


@pytest.mark.parametrize("address", INSIDE)
def test_no_form_of_an_inner_address_is_reached(told: Told, address: str) -> None:
    """Nor when it comes beside one that is allowed."""
    if address in ("127.0.0.1", "::ffff:127.0.0.1", "::1"):
        address = INNER
    webhook = told.subscribe("http://trap.example/", "custom/thing")
    told.happen(1)
    told.tell(resolve=Attacker([OURS, address]))
    (listed,) = told.listed(webhook.id)
    assert ("waiting", None) == (listed.delivery.state, listed.delivery.status)
    assert "not a public address" in listed.delivery.reason


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(told: Told, server: ProviderServer, status: int) -> None:
    """Least of all to where clouds keep their keys."""
    server.status = status
    with OddServer(silent, host=INNER) as inside:
        for at, place in enumerate(("http://169.254.169.254/latest/meta-data/", inside.url)):
            server.headers = {"Location": place}
            state, found, reason = told_one(told, server.url, at=at)
            assert ("waiting", status) == (state, found)
            assert "not followed" in reason
        assert 0 == inside.came


def test_a_gigabyte_is_not_taken(told: Told) -> None:
    """It said yes; the rest of what it says is its own."""
    with OddServer(gushes) as server:
        assert ("done", 200, "HTTP 200") == told_one(told, server.url)


@pytest.mark.parametrize(
    ("manner", "expected"),
    [
        (silent, ("waiting", None)),
        (drips_head, ("waiting", None)),
        (drips_body, ("done", 200)),
        (babbles, ("waiting", None)),
        (hangs_up, ("waiting", None)),
    ],
)
def test_nobody_is_waited_for_without_end(
    told: Told, manner: Manner, expected: tuple[str, int | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that has begun is one; what never becomes one is tried again."""
    monkeypatch.setattr(sink, "ANSWER_S", 0.2)
    with OddServer(manner) as server:
        state, status, reason = told_one(told, server.url)
    assert expected == (state, status)
    assert reason


def test_certificates_are_compared_with_the_name(told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A trusted one of that name is fine; a stranger's is not, and neither is one of another name."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    made, other = certificate(tmp_path), certificate(elsewhere, "other.example")
    if made is None or other is None:
        pytest.skip("no openssl here")
    for at, (served, trusted, expected) in enumerate(
        ((made[0], made[1], "done"), (made[0], None, "waiting"), (other[0], other[1], "waiting"))
    ):
        with monkeypatch.context() as patched, ProviderServer(served) as server:
            if trusted is not None:
                context = ssl.create_default_context(cafile=trusted)
                patched.setattr(sink.httpx, "create_ssl_context", lambda context=context, **_: context)
            state, _, reason = told_one(told, server.url, at=at)
        assert expected == state, reason
        assert ("certificate" in reason) == (expected == "waiting")


def test_other_ports_are_open_inside_only(told: Told) -> None:
    """A public address at another port than the web's is none of ours."""
    webhook = told.subscribe("http://db.example:5432/", "custom/thing")
    told.happen(1)
    told.tell(resolve=Attacker(["93.184.216.34"]))
    assert "port 5432" in told.listed(webhook.id)[0].delivery.reason
