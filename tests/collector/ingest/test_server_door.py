"""How does a server bring events? `POST /api/events`, under a secret key. Source: INTERFACES 1, 2 and 6."""

from typing import Any

import pytest

from tests.collector.ingest.sending import API_KEY, WRITE_KEY, Deployment, event, refusal, refused, warned, written

VISITOR = "abcdefghijklmnopqrstuvwxyz"


def body(**fields: Any) -> bytes:
    """A batch of one good event with these fields."""
    return written({"events": [event(**fields)]})


def test_a_server_says_of_each_event_whose_it_is(deployment: Deployment) -> None:
    """Site, visitor, activity, historical: of this door alone; nothing of the request itself is kept."""
    site = deployment.site()
    fields = {"site": site.id, "visitor_id": VISITOR, "activity": True, "historical": True, "seq": 2}
    sent = event(key="order_created", identifiers={"ext_id": "a7"}, **fields)
    said = deployment.send_as_server(sent)
    assert {"accepted": 1, "duplicates": 0, "rejected": [], "warnings": []} == said
    (entry,) = deployment.logged(sent["id"])
    assert ("api", "api", site.id, VISITOR, True, True, 2) == (
        entry.door, entry.source, entry.site, entry.visitor, entry.activity, entry.historical, entry.seq
    )  # fmt: skip
    assert ("", "", "", False) == (entry.user_agent, entry.ip, entry.identify_mode, entry.public)


def test_what_is_not_said_is_not_known(deployment: Deployment) -> None:
    """No site, no visitor; whether somebody was active the worker decides."""
    sent = event(identifiers={"ext_id": "a7"})
    deployment.send_as_server(sent)
    (entry,) = deployment.logged(sent["id"])
    assert (0, "", None, False) == (entry.site, entry.visitor, entry.activity, entry.historical)
    assert deployment.now == entry.received_at


def test_an_event_of_nobody_is_taken_with_a_warning(deployment: Deployment) -> None:
    """Neither a visitor nor an identifier: it is kept, and its sender told."""
    said = deployment.send_as_server(event(), event(visitor_id=VISITOR), event(identifiers={"ext_id": "null"}))
    assert 3 == said["accepted"]
    illegal = (2, "bad_identifier", "events[2].identifiers.ext_id")
    nobody = [(index, "bad_identifier", f"events[{index}].identifiers") for index in (0, 2)]
    assert [nobody[0], illegal, nobody[1]] == warned(said)


@pytest.mark.parametrize(
    "visitor", ["x", "a" * 25, "a" * 27, "à" * 26, "a" * 25 + " ", "a.b.c", "\ud800", "a" * 26 + "\n"]
)
def test_a_bad_visitor_id_is_left_out_with_a_warning(deployment: Deployment, visitor: str) -> None:
    """26 letters and digits, nothing else; the event is taken for whoever else it names."""
    sent = event(visitor_id=visitor, identifiers={"ext_id": "a7"})
    said = deployment.send_as_server(sent)
    assert (1, [(0, "visitor_invalid", "events[0].visitor_id")]) == (said["accepted"], warned(said))
    assert "" == deployment.logged(sent["id"])[0].visitor


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"site": 99}, "site"),
        ({"site": 0}, "site"),
        ({"site": -1}, "site"),
        ({"site": "1"}, "site"),
        ({"site": 2**53}, "site"),
        ({"site": "\ud800"}, "site"),
        ({"visitor_id": 5}, "visitor_id"),
        ({"activity": "yes"}, "activity"),
        ({"activity": "\ud800"}, "activity"),
        ({"historical": 1}, "historical"),
    ],
)
def test_what_a_server_says_wrongly_is_refused_alone(deployment: Deployment, fields: dict[str, Any], path: str) -> None:
    """`malformed` with the field's path; its neighbour is taken."""
    said = deployment.send_as_server(event(**fields), event())
    assert (1, [(0, "malformed", f"events[0].{path}")]) == (said["accepted"], refused(said))


@pytest.mark.parametrize(
    ("occurred_at", "taken"),
    [
        ("2000-01-01T00:00:00Z", True),
        ("1999-12-31T23:59:59.999Z", False),
        ("2000-01-01T00:59:59.999+01:00", False),
        ("2019-07-01T12:00:00.5+02:00", True),
        ("2026-11-25T10:05:00Z", True),
    ],
)
def test_a_server_may_tell_of_any_date_since_2000(deployment: Deployment, occurred_at: str, taken: bool) -> None:
    """Older is `too_old`."""
    said = deployment.send_as_server(event(occurred_at=occurred_at))
    assert ([] if taken else [(0, "too_old", "events[0].occurred_at")]) == refused(said)


def test_a_servers_clock_is_believed_but_for_the_future(deployment: Deployment) -> None:
    """There is no `sent_at` to correct by; more than 5 minutes ahead is now."""
    past, ahead, future = (
        event(occurred_at=at) for at in ("2026-11-25T09:00:00Z", "2026-11-25T10:05:00Z", "2026-11-25T10:05:00.001Z")
    )
    deployment.send_as_server(past, ahead, future)
    ages = [deployment.now - deployment.logged(one["id"])[0].occurred_at for one in (past, ahead, future)]
    assert [3_600_000, -300_000, 0] == ages


# Who may --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["sk_of_nobody", WRITE_KEY, " ", "\xff", "x" * 5_000])
def test_a_key_that_is_none_is_401(deployment: Deployment, key: str) -> None:
    """Also a write key: it is no secret."""
    answer = deployment.post_as_server(body(), api_key=key)
    assert (401, "key_unknown", "api-key") == refusal(answer)
    assert "ApiKey" == answer.headers["www-authenticate"]


def test_without_a_key_the_header_is_named(deployment: Deployment) -> None:
    """Whoever forgot it is told what to send."""
    answer = deployment.post(body(), "/api/events", content_type="application/json")
    assert (401, "key_unknown", "api-key") == refusal(answer)
    assert "Send the header api-key with a key of this deployment." == answer.json()["detail"]


def test_a_key_anywhere_but_in_its_header_is_not_looked_at(deployment: Deployment) -> None:
    """Addresses end up in logs; a body is no place for a secret either."""
    content = written({"events": [event()], "api_key": API_KEY, "api-key": API_KEY})
    for path in (f"/api/events?api-key={API_KEY}", f"/api/events?api_key={API_KEY}"):
        answer = deployment.post(content, path, content_type="application/json", authorization=f"Bearer {API_KEY}")
        assert 401 == answer.status_code


def test_a_revoked_key_is_401(deployment: Deployment) -> None:
    """It says so."""
    key = deployment.key(scope="write")
    assert 202 == deployment.post_as_server(body(), api_key=key["key"]).status_code
    deployment.revoke(key["id"])
    assert (401, "key_revoked", "api-key") == refusal(deployment.post_as_server(body(), api_key=key["key"]))


def test_the_scope_must_be_write_or_admin(deployment: Deployment) -> None:
    """A key for reading is known, but may not: 403, and nothing is stored."""
    before = len(deployment.log())
    answer = deployment.post_as_server(body(), api_key=deployment.key(scope="read")["key"])
    assert (403, []) == (answer.status_code, answer.json()["errors"])
    assert "This needs a key of scope write; this one has read." == answer.json()["detail"]
    assert before == len(deployment.log())
    assert 202 == deployment.post_as_server(body(), api_key=deployment.key(scope="admin")["key"]).status_code


def test_the_key_is_looked_at_before_the_body(deployment: Deployment) -> None:
    """A stranger's 600 KB of nonsense are not even read."""
    answer = deployment.post_as_server(b"x" * 600_000, api_key="sk_of_nobody", content_type="text/html")
    assert (401, "key_unknown", "api-key") == refusal(answer)


# The body -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_is_taken(deployment: Deployment, said: str) -> None:
    """What a form of another site can send without asking is 415."""
    answer = deployment.post_as_server(body(), content_type=said)
    assert (415, "malformed", "content-type") == refusal(answer)


@pytest.mark.parametrize(
    ("content", "path"),
    [
        (b"", ""),
        (b"[]", ""),
        (b"{}", "events"),
        (b'{"events": {}}', "events"),
        (b'{"events": []}', "events"),
        (b'{"events": null}', "events"),
        (b'{"events": [NaN]}', ""),
        (b'{"events": ["\xff"]}', ""),
    ],
)
def test_an_envelope_that_is_wrong_is_400(deployment: Deployment, content: bytes, path: str) -> None:
    """It has one field, a list of at least one event."""
    assert (400, "malformed", path) == refusal(deployment.post_as_server(content))
    assert 1 == deployment.send_as_server(event())["accepted"]


def test_a_trackers_envelope_is_taken_too(deployment: Deployment) -> None:
    """Its other fields are unknown here: ignored and counted, `write_key` and `visitor` among them."""
    line = 'sentiero_unknown_fields_total{door="api"}'
    before = deployment.metric(line)
    said = deployment.send_as_server(event(), write_key="wk_of_nobody", sent_at="x", visitor=5, consent="denied")
    assert 1 == said["accepted"]
    assert before + 4 == deployment.metric(line)


def test_refusals_of_servers_are_counted_at_no_site(fresh: Deployment) -> None:
    """Events and requests alike; the door says that a server sent them."""
    fresh.send_as_server(event(key="!", site=1), event())
    fresh.post_as_server(b"{")
    fresh.post_as_server(body(), api_key="sk_of_nobody")
    found = fresh.rejections()
    assert [("bad_key", None), ("key_unknown", None), ("malformed", None)] == sorted(found)
    assert {"api"} == {each["samples"][0]["door"] for each in found.values()}


def test_get_of_the_same_address_reads(deployment: Deployment) -> None:
    """Only POST is for this door."""
    assert {"events", "next"} == set(deployment.get("/api/events").json())
