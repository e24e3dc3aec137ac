"""Are webhooks told of what happens, signed so that libraries know it, once to whoever knows ids? Real HTTP servers."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from collector.delivery.hooks.sink import new_secret
from collector.process.clock import wall_clock
from collector.sqlite import connect
from collector.store.ports.definitions.webhooks import WebhookChange
from collector.store.sqlite.body import BOT, HISTORICAL, SUPERSEDED
from collector.work.telling import line, teller
from collector.work.telling.running import teller_of
from tests.fixtures.odd_server import OddServer, silent
from tests.fixtures.provider_server import ProviderServer
from tests.fixtures.telling import Told, telling

HOUR = 60.0


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    """A deployment with a teller."""
    with telling(tmp_path) as ready:
        yield ready


@pytest.fixture
def server() -> Iterator[ProviderServer]:
    """A receiver who says yes."""
    with ProviderServer() as running:
        yield running


def test_an_event_is_told_as_the_api_gives_it(told: Told, server: ProviderServer) -> None:
    """In an envelope that says what it is and when it was; the log knows it too."""
    webhook = told.subscribe(f"{server.url}/hook?team=a", "custom/thing")
    told.happen(1)
    told.tell()
    (asked,) = server.asked
    body = msgspec.json.decode(asked.body)
    (event,) = told.shop.get("/api/events?key=thing").json()["events"]
    assert {"type": "custom.thing", "timestamp": event["occurred_at"], "data": event} == body
    assert "/hook?team=a" == asked.path
    (listed,) = told.listed(webhook.id)
    assert ("done", 200, "HTTP 200", 1, "custom/thing", event["id"]) == (
        listed.delivery.state, listed.delivery.status, listed.delivery.reason, listed.delivery.tries, listed.kind,
        listed.event,
    )  # fmt: skip
    assert listed.delivery.id == asked.headers["webhook-id"]


# What is sent ---------------------------------------------------------------------------------------------------------


def test_the_library_of_the_standard_takes_it(told: Told, server: ProviderServer) -> None:
    """PyPI's `standardwebhooks` verifies it by the webhook's secret, and by no other."""
    secret = new_secret()
    told.subscribe(server.url, secrets=(secret,))
    told.happen(1)
    told.shop.deployment.now = wall_clock()  # by which the library looks whether it is fresh
    told.tell()
    (asked,) = server.asked
    assert "custom.thing" == Verifier(secret).verify(asked.body, dict(asked.headers))["type"]
    with pytest.raises(WebhookVerificationError):
        Verifier(new_secret()).verify(asked.body, dict(asked.headers))


def test_a_secret_can_be_changed_without_losing_anything(told: Told, server: ProviderServer) -> None:
    """The two newest sign; the one before them does not."""
    newest, before, oldest = new_secret(), new_secret(), new_secret()
    told.subscribe(server.url, secrets=(newest, before, oldest))
    told.happen(1)
    told.shop.deployment.now = wall_clock()
    told.tell()
    (asked,) = server.asked
    for secret in (newest, before):
        Verifier(secret).verify(asked.body, dict(asked.headers))
    with pytest.raises(WebhookVerificationError):
        Verifier(oldest).verify(asked.body, dict(asked.headers))


def test_headers_go_along_and_ours_stay_ours(told: Told, server: ProviderServer) -> None:
    """Whatever an older row holds."""
    told.subscribe(server.url, headers={"X-Team": "a", "Webhook-Id": "forged", "Host": "elsewhere"})
    told.happen(1)
    told.tell()
    (asked,) = server.asked
    assert ("a", f"localhost:{server.port}") == (asked.headers["x-team"], asked.headers["host"])
    assert asked.headers["webhook-id"].startswith("msg_")


def test_connections_are_kept(told: Told, server: ProviderServer) -> None:
    """As many as are under way at once, whatever there is to tell."""
    told.subscribe(server.url, "custom/*")
    told.happen(60)
    told.tell()
    assert 60 == len({asked.headers["webhook-id"] for asked in server.asked})
    assert len(server.connections) <= line.IN_FLIGHT


# Who is told of what --------------------------------------------------------------------------------------------------


def test_each_is_told_what_it_wants(told: Told) -> None:
    """A kind, a category, everything; nothing of what was before it was asked for."""
    told.happen(1, key="before")
    with ProviderServer() as kind, ProviderServer() as category, ProviderServer() as everything:
        told.subscribe(kind.url, "custom/thing")
        told.subscribe(category.url, "custom/*")
        told.subscribe(everything.url, "*")
        told.happen(1, key="thing", at=1)
        told.happen(1, key="other", at=2)
        told.tell()
        kinds = [
            sorted(msgspec.json.decode(asked.body)["type"] for asked in server.asked)
            for server in (kind, category, everything)
        ]
    assert [["custom.thing"], ["custom.other", "custom.thing"]] == kinds[:2]
    assert {"custom.other", "custom.thing"} <= set(kinds[2])
    assert "custom.before" not in kinds[2]


@pytest.mark.parametrize("flag", [BOT, HISTORICAL, SUPERSEDED])
def test_some_events_are_not_told(told: Told, server: ProviderServer, flag: int) -> None:
    """What bots did, what was imported from before, what was taken back before it was read."""
    webhook = told.subscribe(server.url, "custom/thing")
    told.happen(2)
    mark(told, f"flags | {flag}", "offset = (SELECT max(offset) FROM events)")
    told.tell()
    assert (1, ["done"]) == (len(server.asked), told.states(webhook.id))


def mark(told: Told, flags: str, which: str) -> None:
    """Change the flags of events."""
    with closing(connect(told.shop.deployment.settings.store_path)) as store:
        store.execute(f"UPDATE events SET flags = {flags} WHERE {which}")


def test_what_was_taken_back_meanwhile_is_dropped(told: Told, server: ProviderServer) -> None:
    """The log says why."""
    server.status = 503
    webhook = told.subscribe(server.url, "custom/thing")
    told.happen(1)
    told.tell()
    mark(told, f"flags | {SUPERSEDED}", "TRUE")
    told.tell(HOUR)
    (listed,) = told.listed(webhook.id)
    assert ("dropped", 1) == (listed.delivery.state, len(server.asked))
    assert "taken back" in listed.delivery.reason


def test_nothing_of_an_erased_person_is_told(told: Told, server: ProviderServer) -> None:
    """What waits goes with the person; that somebody was erased is told, and not who."""
    server.status = 503
    webhook = told.subscribe(server.url, "custom/thing", "contact/erased")
    told.happen(3)
    told.tell()
    assert ["waiting"] * 3 == told.states(webhook.id)
    (contact,) = told.shop.get("/api/contacts").json()["contacts"]
    answer = told.shop.change("DELETE", f"/api/contacts/{contact['id']}")
    assert answer.status_code in (200, 202, 204), answer.text
    told.shop.work()
    server.status = 200
    server.asked.clear()
    told.tell(HOUR)
    assert ["contact.erased"] == [msgspec.json.decode(asked.body)["type"] for asked in server.asked]
    assert b"ada@mail" not in b"".join(asked.body for asked in server.asked)
    assert ["contact/erased"] == [one.kind for one in told.listed(webhook.id)]


# What answers mean ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [302, 400, 401, 404, 429, 500, 503])
def test_everything_but_yes_and_gone_is_tried_again(told: Told, server: ProviderServer, status: int) -> None:
    """By the same id, until it is fine."""
    server.status = status
    webhook = told.subscribe(server.url, "custom/thing")
    told.happen(1)
    told.tell()
    (listed,) = told.listed(webhook.id)
    assert ("waiting", status, 1) == (listed.delivery.state, listed.delivery.status, listed.delivery.tries)
    server.status = 204
    server.answer = b""
    told.tell(HOUR)
    assert ["done"] == told.states(webhook.id)
    first, second = (asked.headers["webhook-id"] for asked in server.asked)
    assert first == second


def test_it_waits_as_long_as_it_is_asked_to(told: Told, server: ProviderServer) -> None:
    """Retry-After goes before our own patience."""
    server.status, server.headers = 503, {"Retry-After": "7200"}
    webhook = told.subscribe(server.url, "custom/thing")
    told.happen(1)
    told.tell()
    told.tell(HOUR)
    assert 1 == len(server.asked)
    (listed,) = told.listed(webhook.id)
    assert told.shop.deployment.now + HOUR * 60_000 <= listed.delivery.due_at
    told.tell(2 * HOUR + 1)
    assert 2 == len(server.asked)


def test_after_a_day_of_failures_it_is_given_up(told: Told, server: ProviderServer) -> None:
    """The webhook stays, and what happens next is told."""
    server.status = 500
    webhook = told.subscribe(server.url, "custom/thing")
    told.happen(1)
    for hour in range(25):
        told.tell(hour * HOUR)
    assert ["failed"] == told.states(webhook.id)
    tries = len(server.asked)
    told.tell(30 * HOUR)
    assert tries == len(server.asked)
    server.status = 200
    told.happen(1, at=31 * HOUR)
    told.tell()
    assert (["failed", "done"], "active") == (told.states(webhook.id), told.get(webhook.id).status)


def test_who_is_gone_is_told_nothing_more(told: Told, server: ProviderServer) -> None:
    """410 disables at once, and says so; what waited is dropped. Taken back, it is told of what comes from then on."""
    server.status = 410
    webhook = told.subscribe(server.url, "custom/thing")
    told.happen(20)
    told.tell()
    assert "disabled" == told.get(webhook.id).status
    assert "410" in told.get(webhook.id).why
    assert {"dropped"} == set(told.states(webhook.id))
    server.status, came = 200, len(server.asked)
    told.happen(1, at=1)
    told.tell()
    assert came == len(server.asked)
    webhooks = told.shop.deployment.built.services.webhooks
    webhooks.change(webhook.id, WebhookChange(status="active"), at=told.shop.deployment.now)
    told.happen(1, at=2, key="thing")
    told.tell()
    assert (came + 1, "") == (len(server.asked), told.get(webhook.id).why)


def test_what_happens_while_it_is_paused_is_told_afterwards(told: Told, server: ProviderServer) -> None:
    """Nothing is lost."""
    webhook = told.subscribe(server.url, "custom/thing")
    webhooks = told.shop.deployment.built.services.webhooks
    webhooks.change(webhook.id, WebhookChange(status="paused"), at=told.shop.deployment.now)
    told.happen(3)
    told.tell()
    assert [] == server.asked
    webhooks.change(webhook.id, WebhookChange(status="active"), at=told.shop.deployment.now)
    told.tell()
    assert 3 == len(server.asked)


# Many, and slow ones --------------------------------------------------------------------------------------------------


def test_a_slow_one_delays_no_other(told: Told, server: ProviderServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fast one has all of its 200 while the slow one, who hears and does not answer, has been answered none."""
    monkeypatch.setattr(line, "LEAVE_S", 0.0)
    with OddServer(silent) as slow:
        hanging = told.subscribe(slow.url, "custom/thing")
        fast = told.subscribe(server.url, "custom/thing")
        told.happen(200)
        deployment = told.shop.deployment

        async def run() -> None:
            async with teller_of(deployment.settings, lambda: deployment.now) as telling_now:
                going = asyncio.create_task(telling_now.run(lambda: told.states(fast.id).count("done") == 200))
                await asyncio.wait_for(going, 60)

        deployment.run(run())
    assert 200 == len({asked.headers["webhook-id"] for asked in server.asked})
    assert {"done"} == set(told.states(fast.id))
    assert {"waiting"} == set(told.states(hanging.id))


def test_who_lies_far_behind_is_not_read_on_for(
    told: Told, server: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until what waits for it has shrunk; the store holds the rest, and nothing is lost."""
    monkeypatch.setattr(teller, "MOST_WAITING", 4)
    monkeypatch.setattr(teller, "PIECE", 2)
    server.status = 503
    webhook = told.subscribe(server.url, "custom/thing")
    told.happen(30)
    told.tell()
    assert 4 <= len(told.states(webhook.id)) <= 6
    server.status = 200
    for hour in range(1, 16):
        told.tell(hour * HOUR)
    assert 30 == len({asked.headers["webhook-id"] for asked in server.asked})
    assert {"done"} == set(told.states(webhook.id))


def test_the_log_does_not_grow_for_ever(told: Told, server: ProviderServer) -> None:
    """What is done stays up to a number, all else for 30 days; a little goes at a time."""
    webhook = told.subscribe(server.url, "custom/thing")
    told.happen(10)
    told.tell()
    deployment = told.shop.deployment

    async def trimmed(before: int, keep: int) -> int:
        async with teller_of(deployment.settings, lambda: deployment.now) as ready:
            return await ready._ways.ledger.trim(before=before, keep=keep, limit=3)

    assert 3 == deployment.run(trimmed(deployment.now + 1, 100))
    assert 7 == len(told.listed(webhook.id))
    assert 0 == deployment.run(trimmed(deployment.now, 100))
    assert 7 == len(told.listed(webhook.id))
