"""`/api/webhooks`: made, changed, tried, looked at, told again; and what Brevo's addresses have of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from standardwebhooks import Webhook as Verifier

from collector.instant import instant
from collector.process.clock import wall_clock
from tests.fixtures.mailing import addresses, mailing
from tests.fixtures.provider_server import ProviderServer
from tests.fixtures.telling import Told, telling

NEW = {"name": "CRM", "url": "https://crm.example/hook", "kinds": ["custom/thing", "segment/*"]}
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


def made(told: Told, **changed: Any) -> dict[str, Any]:
    """A webhook by the API."""
    answer = told.shop.change("POST", "/api/webhooks", NEW | changed)
    assert 201 == answer.status_code, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_its_secret_is_shown_once(told: Told) -> None:
    """And never again; nor are the values of headers."""
    webhook = made(told, headers={"X-Key": "hush"})
    assert webhook["secret"].startswith("whsec_")
    shown = told.shop.get(f"/api/webhooks/{webhook['id']}")
    assert (["X-Key"], "active", "sentiero") == tuple(shown.json()[name] for name in ("headers", "status", "form"))
    assert NEW["kinds"] == shown.json()["kinds"]
    for text in (shown.text, told.shop.get("/api/webhooks").text):
        assert "whsec_" not in text
        assert "hush" not in text


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"url": "https://user:secret@crm.example/"}, "url"),
        ({"url": "ftp://crm.example/"}, "url"),
        ({"url": "https://crm.example:22/"}, "url"),
        ({"url": "https://crm.example:0/"}, "url"),
        ({"url": "https://"}, "url"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["thing"]}, "kinds[0]"),
        ({"headers": {"webhook-signature": "v1,x"}}, "headers.webhook-signature"),
        ({"headers": {"X-A": "b\r\nc: d"}}, "headers[...]"),
        ({"name": ""}, "name"),
        ({"form": "brevo"}, ""),
    ],
)
def test_what_is_refused_says_where_and_why(told: Told, wrong: dict[str, Any], path: str) -> None:
    """At once: what the form of an address forbids need not wait for a delivery."""
    answer = told.shop.change("POST", "/api/webhooks", NEW | wrong)
    assert 400 == answer.status_code
    (error,) = answer.json()["errors"]
    assert path == error["path"]
    assert error["message"]
    assert [] == told.shop.get("/api/webhooks").json()["webhooks"]


def test_it_is_changed_and_forgotten(told: Told) -> None:
    """What is not said stays."""
    id = made(told, headers={"X-A": "b"})["id"]
    place = f"/api/webhooks/{id}"
    changed = told.shop.change("PATCH", place, {"kinds": ["*"], "paused": True}).json()
    assert ("CRM", ["*"], "paused", ["X-A"]) == tuple(changed[n] for n in ("name", "kinds", "status", "headers"))
    assert "active" == told.shop.change("PATCH", place, {"paused": False, "url": "https://b.example/"}).json()["status"]
    assert 400 == told.shop.change("PATCH", place, {"url": "https://b.example:25/"}).status_code
    assert 204 == told.shop.change("DELETE", place).status_code
    for method, path in (("GET", place), ("DELETE", place), ("POST", f"{place}/secret"), ("POST", f"{place}/test")):
        assert 404 == told.shop.change(method, path).status_code
    assert 404 == told.shop.change("PATCH", place, {"name": "x"}).status_code


def test_who_reads_changes_nothing(told: Told) -> None:
    """An admin's key is asked for; reading is enough to look."""
    id = made(told)["id"]
    key = told.shop.change("POST", "/api/keys", {"scope": "write"}).json()["key"]
    assert 200 == told.shop.get(f"/api/webhooks/{id}/deliveries", api_key=key).status_code
    changes: list[tuple[str, str, Any]] = [
        ("POST", "", NEW),
        ("PATCH", f"/{id}", {"name": "x"}),
        ("DELETE", f"/{id}", None),
        ("POST", f"/{id}/secret", None),
        ("POST", f"/{id}/test", None),
        ("POST", f"/{id}/replay", {"since": "2026-11-24T10:00:00.000Z"}),
        ("POST", f"/{id}/deliveries/msg_1_1/replay", None),
    ]
    for method, path, body in changes:
        assert 403 == told.shop.change(method, f"/api/webhooks{path}", body, api_key=key).status_code


def test_a_new_secret_signs_and_the_one_before_too(told: Told, server: ProviderServer) -> None:
    """Whoever has not changed over yet loses nothing; the sample goes through the same door."""
    webhook = made(told, url=server.url)
    place = f"/api/webhooks/{webhook['id']}"
    secret = told.shop.change("POST", f"{place}/secret").json()["secret"]
    assert secret != webhook["secret"]
    told.shop.deployment.now = wall_clock()
    answer = told.shop.change("POST", f"{place}/test").json()
    assert (True, 200, "HTTP 200") == (answer["ok"], answer["status"], answer["reason"])
    (asked,) = server.asked
    for one in (secret, webhook["secret"]):
        body = Verifier(one).verify(asked.body, dict(asked.headers))
        assert ("custom.thing", {"sample": True}) == (body["type"], body["data"]["properties"])
    assert [] == told.shop.get(f"{place}/deliveries").json()["deliveries"]


def test_a_try_says_what_is_wrong(told: Told, server: ProviderServer) -> None:
    """A receiver's own words are its status; an address inside is refused and says by which setting."""
    server.status = 500
    first, second = made(told, url=server.url)["id"], made(told, url="http://10.0.0.1/")["id"]
    answer = told.shop.change("POST", f"/api/webhooks/{first}/test").json()
    assert (False, 500) == (answer["ok"], answer["status"])
    answer = told.shop.change("POST", f"/api/webhooks/{second}/test").json()
    assert (False, None) == (answer["ok"], answer["status"])
    assert "delivery_networks" in answer["reason"]


def test_the_log_is_read_page_by_page(told: Told, server: ProviderServer) -> None:
    """The newest first; by how they stand; health beside it."""
    id = made(told, url=server.url)["id"]
    told.happen(5)
    told.tell()
    server.status = 500
    told.happen(2, at=1)
    told.tell()
    place = f"/api/webhooks/{id}/deliveries"
    first = told.shop.get(f"{place}?limit=4").json()
    rest = told.shop.get(f"{place}?limit=4&cursor={first['next']}").json()
    assert (["waiting"] * 2 + ["done"] * 5, None) == (
        [one["state"] for one in first["deliveries"] + rest["deliveries"]], rest["next"],
    )  # fmt: skip
    assert 2 == len(told.shop.get(f"{place}?delivery_state=waiting").json()["deliveries"])
    assert 400 == told.shop.get(f"{place}?delivery_state=lost").status_code
    newest = first["deliveries"][0]
    assert ("custom/thing", 500, 1) == (newest["kind"], newest["status"], newest["tries"])
    assert newest["event_id"] == told.shop.get("/api/events?key=thing").json()["events"][0]["id"]
    assert newest["due_at"]
    health = told.shop.get(f"/api/webhooks/{id}").json()["health"]
    assert (2, 0, None) == (health["waiting"], health["failed"], health["last_failure_at"])
    assert instant(told.shop.deployment.now - 60_000) == health["last_success_at"]
    assert isinstance(health["took_ms"], int)


def test_one_is_told_again_by_the_same_id(told: Told, server: ProviderServer) -> None:
    """Also one that has arrived; what waits goes when it is due."""
    id = made(told, url=server.url)["id"]
    told.happen(1)
    told.tell()
    (one,) = told.shop.get(f"/api/webhooks/{id}/deliveries").json()["deliveries"]
    again = told.shop.change("POST", f"/api/webhooks/{id}/deliveries/{one['id']}/replay")
    assert (200, "waiting") == (again.status_code, again.json()["state"])
    told.tell()
    assert [one["id"]] * 2 == [asked.headers["webhook-id"] for asked in server.asked]
    for wrong in ("msg_9_1", f"msg_{id}_0", "nonsense", f"msg_{id}_{'9' * 30}"):
        assert 404 == told.shop.change("POST", f"/api/webhooks/{id}/deliveries/{wrong}/replay").status_code


def test_all_that_failed_since_is_told_again(told: Told, server: ProviderServer) -> None:
    """What failed before that instant stays as it is, and so does what has arrived."""
    id = made(told, url=server.url)["id"]
    server.status = 500
    told.happen(2)
    for hour in range(25):
        told.tell(hour * HOUR)
    assert ["failed", "failed"] == told.states(id)
    place = f"/api/webhooks/{id}/replay"
    later = instant(told.shop.deployment.now + 1)
    assert {"replayed": 0} == told.shop.change("POST", place, {"since": later}).json()
    assert 400 == told.shop.change("POST", place, {"since": "yesterday"}).status_code
    assert {"replayed": 2} == told.shop.change("POST", place, {"since": instant(0)}).json()
    server.status = 200
    told.tell()
    assert ["done", "done"] == told.states(id)


# Brevo's ------------------------------------------------------------------------------------------------------------


def brevo(told: Told, url: str, **said: Any) -> int:
    """A webhook by Brevo's call."""
    answer = told.shop.change("POST", "/v3/webhooks", {"url": url, **said})
    assert 201 == answer.status_code, answer.text
    return int(answer.json()["id"])


def test_brevo_s_are_told_in_its_shape(told: Told, server: ProviderServer) -> None:
    """By its names, with the way in that it was given; a list by its number."""
    auth, headers = {"type": "bearer", "token": "hush"}, [{"key": "X-Team", "value": "a"}]
    id = brevo(told, server.url, type="marketing", events=["listAddition", "contactUpdated"], auth=auth,
               headers=headers)  # fmt: skip
    lists = told.shop.change("POST", "/v3/contacts/lists", {"name": "News", "folderId": 1})
    told.shop.change("POST", "/v3/contacts", {"email": "ada@mail.example", "listIds": [lists.json()["id"]]})
    told.tell()
    bodies = [msgspec.json.decode(asked.body) for asked in server.asked]
    (added,) = [body for body in bodies if body["event"] == "list_addition"]
    assert ("ada@mail.example", id) == (added["email"], added["id"])
    assert {"ts", "ts_event", "ts_epoch", "date"} <= added.keys()
    assert {"Bearer hush"} == {asked.headers["authorization"] for asked in server.asked}
    assert {"a"} == {asked.headers["x-team"] for asked in server.asked}
    shown = told.shop.get(f"/v3/webhooks/{id}").text
    assert "hush" not in shown


def test_both_doors_lead_to_the_same_rows(told: Told) -> None:
    """Brevo's shows those that were made there; ours shows all, in our names of events."""
    id = brevo(told, "https://crm.example/", events=["delivered", "uniqueOpened", "spam"], description="theirs")
    native = made(told)["id"]
    assert [id] == [one["id"] for one in told.shop.get("/v3/webhooks").json()["webhooks"]]
    assert 404 == told.shop.get(f"/v3/webhooks/{native}").status_code
    ours = told.shop.get(f"/api/webhooks/{id}").json()
    assert ("theirs", "brevo", ["transactional_email/Delivered", "transactional_email/Opened"]) == (
        ours["name"], ours["form"], ours["kinds"],
    )  # fmt: skip
    assert 400 == told.shop.change("PATCH", f"/api/webhooks/{id}", {"kinds": ["*"]}).status_code
    assert 200 == told.shop.change("PATCH", f"/api/webhooks/{id}", {"paused": True}).status_code
    assert 204 == told.shop.change("PUT", f"/v3/webhooks/{id}", {"events": ["click"]}).status_code
    assert ["transactional_email/Clicked"] == told.shop.get(f"/api/webhooks/{id}").json()["kinds"]


def test_brevo_s_hear_what_becomes_of_a_mail(tmp_path: Path, server: ProviderServer) -> None:
    """By the id that the call gave; of two openings the first is unique, and the other is not told."""
    with mailing(tmp_path) as post:
        told = Told(post.shop)
        id = brevo(told, server.url, events=["request", "delivered", "uniqueOpened"])
        message = post.ask()
        (mail,) = post.deliver()
        (image,) = addresses(mail, "/o/")
        for _ in range(2):
            post.shop.deployment.now += 60_000
            assert 200 == post.shop.get(image).status_code
        post.shop.work()
        assert ["Sent", "Delivered", "Opened", "Opened"] == post.said()
        told.tell()
        bodies = [msgspec.json.decode(asked.body) for asked in server.asked]
        assert ["delivered", "request", "unique_opened"] == sorted(body["event"] for body in bodies)
        assert {(id, "ada@mail.example", f"<{message}@t.shop.example>", "Hi")} == {
            (body["id"], body["email"], body["message-id"], body["subject"]) for body in bodies
        }
        assert ["done", "done", "done", "dropped"] == sorted(told.states(id))
        told.log.close()
