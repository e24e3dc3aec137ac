"""What does a bad request of Segment's kind do? A clear answer that its libraries can read, and harm to nobody."""

import gzip
import json
from typing import Any

import pytest

from tests.collector.ingest.calling import basic, call, post_calls, send_calls
from tests.collector.ingest.sending import (
    NOW_TEXT,
    SITE,
    WRITE_KEY,
    Deployment,
    batch,
    deployed,
    event,
    refusal,
    refused,
    written,
)

KIB = 1024
RAW = "@raw@"


def batch_of(size: int, *calls: Any) -> bytes:
    """A batch of exactly that many bytes."""
    content = written({"batch": list(calls), "sentAt": NOW_TEXT})
    return content.ljust(size)


def sized(size: int) -> dict[str, Any]:
    """A call whose own JSON has that many bytes."""
    texts: dict[str, str] = {f"t{number}": "" for number in range(5)}
    one = call(properties=texts)
    left = size - len(json.dumps(one))
    for name in texts:
        texts[name] = "x" * min(left, 8 * KIB)
        left -= len(texts[name])
    assert size == len(json.dumps(one))
    return one


def test_an_event_has_32_kib(deployment: Deployment) -> None:
    """By its own bytes; one byte more is refused alone."""
    fits, exceeds, beside = sized(32 * KIB), sized(32 * KIB + 1), call()
    answer = send_calls(deployment, fits, exceeds, beside)
    assert ([(1, "too_large", "events[1]")], 2) == (refused(answer), answer["accepted"])


def test_an_event_has_32_kib_also_when_it_is_read_slowly(deployment: Deployment) -> None:
    """Half a character in a neighbour changes nothing."""
    answer = send_calls(deployment, sized(32 * KIB), sized(33 * KIB), call(properties={"p": "\ud800"}))
    assert [(1, "too_large", "events[1]"), (2, "bad_property", "events[2].properties.p")] == refused(answer)


def test_a_call_alone_has_32_kib(deployment: Deployment) -> None:
    """One byte more, and the whole request is refused."""
    for size, status in ((32 * KIB, 200), (32 * KIB + 1, 413)):
        answer = deployment.post(written(call()).ljust(size), "/v1/track", authorization=basic())
        assert status == answer.status_code


def test_a_batch_has_500_kib(deployment: Deployment) -> None:
    """Also after inflating."""
    fits, exceeds = batch_of(500 * KIB, call()), batch_of(500 * KIB + 1, call())
    for content, status in ((fits, 200), (exceeds, 413)):
        plain = deployment.post(content, "/v1/batch", authorization=basic())
        packed = deployment.post(gzip.compress(content), "/v1/batch", authorization=basic(), content_encoding="gzip")
        assert (status, status) == (plain.status_code, packed.status_code)


def test_a_batch_has_1000_calls(deployment: Deployment) -> None:
    """As many as one address may send at once."""
    assert 1_000 == send_calls(deployment, *(call(timestamp=None) for _ in range(1_000)))["accepted"]
    answer = post_calls(deployment, *({} for _ in range(1_001)))
    assert (413, "too_many", "batch") == refusal(answer)


BODIES = [
    (b"", "malformed"),
    (b"null", "malformed"),
    (b"[]", "malformed"),
    (b"{}", "malformed"),
    (b'{"batch": {}}', "malformed"),
    (b'{"batch": []}', "malformed"),
    (b'{"batch": 5}', "malformed"),
    (b'{"batch": [{}', "malformed"),
    (b'{"batch": [NaN]}', "malformed"),
    (b'{"batch": [' + b"[" * 100_000 + b"]" * 100_000 + b"]}", "too_deep"),
    (b'{"batch": [], "x": ' + b'{"a":' * 60_000 + b"1" + b"}" * 60_000 + b"}", "too_deep"),
]


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/track"])
@pytest.mark.parametrize(("content", "code"), BODIES)
def test_a_bad_body_is_refused_and_the_next_is_taken(
    deployment: Deployment, content: bytes, code: str, path: str
) -> None:
    """400, or for a call alone what its own fields are refused for; never 500."""
    answer = deployment.post(content, path, authorization=basic())
    said = answer.json()
    if path == "/v1/batch":
        assert (400, code, False) == (answer.status_code, said["code"], said["success"])
    else:
        assert answer.status_code in (200, 400, 413), answer.text
    assert 1 == send_calls(deployment, call())["accepted"]


FIELDS = (
    "type messageId userId anonymousId previousId groupId event name category properties traits context timestamp"
    " originalTimestamp sentAt writeKey context.page context.page.url context.page.title context.campaign context.app"
    " context.app.name context.userAgent context.consent properties.products properties.order_id traits.email"
    " traits.address"
).split()
KINDS: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 2**63, 10**400, 1e308, "", "x", "\ud800", "\0", "x" * 9_000, "http://[", "a@b"),
    *([], [1], [[]], ["\ud800"], {}, {"a": 1}, {"\ud800": {}}, {"url": {}}, {"url": "http://["}, {"name": "\ud800"}),
    *([{"product_id": 1, "id": 2}], {"categoryPreferences": {"a": "\ud800"}}),
)


@pytest.mark.parametrize("kind", "track identify page screen alias group".split())
def test_a_value_of_any_kind_in_any_field_harms_nobody(deployment: Deployment, kind: str) -> None:
    """Each is taken or refused by a path inside of its own event; the good ones beside it are in the log."""
    for field in FIELDS:
        odd, good = [_with(kind, field, value) for value in KINDS], [call() for _ in KINDS]
        said = send_calls(deployment, *(one for pair in zip(odd, good, strict=True) for one in pair))
        assert 2 * len(KINDS) == said["accepted"] + said["duplicates"] + len(said["rejected"])
        for one in (*said["rejected"], *said["warnings"]):
            assert one["index"] % 2 == 0, (field, one)
        assert [1] * len(KINDS) == [len(deployment.logged(one["messageId"])) for one in good]


def _with(kind: str, field: str, value: Any) -> dict[str, Any]:
    usual = {"userId": "1", "groupId": "g", "previousId": "b"}
    one: dict[str, Any] = call(kind, **usual, **({"event": "Order Completed"} if kind == "track" else {}))
    *outer, last = field.split(".")
    place = one
    for name in outer:
        place = place.setdefault(name, {"url": "https://shop.example/"} if name == "page" else {})
    place[last] = value
    return one


VALUES = [
    (rb'"\ud800"', "bad_property"),
    (rb'"a\u0000b"', "bad_property"),
    (b"9223372036854775808", "bad_property"),
    (b"1" * 10_000, "bad_property"),
    (b"1e400", "bad_property"),
    (b"[" * 500 + b"]" * 500, "too_deep"),
    (b"[" + b"0," * 2_000 + b"0]", "bad_property"),
    (b'"' + b"x" * 9_000 + b'"', "bad_property"),
    (b'"\xff"', "malformed"),
    (b'"\xf0\x9f\x98\x80"', ""),
]


@pytest.mark.parametrize(("text", "code"), VALUES)
@pytest.mark.parametrize("field", ["properties", "traits"])
def test_a_bad_value_costs_its_neighbours_nothing(deployment: Deployment, text: bytes, code: str, field: str) -> None:
    """The same bounds as at every door."""
    kind = "track" if field == "properties" else "identify"
    calls = [call(), call(kind, userId="1", **{field: {"p": RAW}}), call()]
    content = written({"batch": calls, "sentAt": NOW_TEXT}).replace(json.dumps(RAW).encode(), text)
    answer = deployment.post(content, "/v1/batch", authorization=basic())
    assert 200 == answer.status_code, answer.text
    said = answer.json()
    assert ([(1, code)] if code else []) == [(one["index"], one["code"]) for one in said["rejected"]]
    assert [1, 1] == [len(deployment.logged(one["messageId"])) for one in (calls[0], calls[2])]


KEYS = [
    ({}, (401, "key_unknown", "writeKey")),
    ({"authorization": basic("wk_of_nobody")}, (401, "key_unknown", "writeKey")),
    ({"authorization": "Basic"}, (401, "key_unknown", "writeKey")),
    ({"authorization": "Basic %%%"}, (401, "key_unknown", "writeKey")),
    ({"authorization": "Basic /////w=="}, (401, "key_unknown", "writeKey")),
    ({"authorization": "Bearer " + WRITE_KEY}, (401, "key_unknown", "writeKey")),
    ({"authorization": basic("sk_of_the_deployment")}, (401, "key_unknown", "writeKey")),
]


@pytest.mark.parametrize(("headers", "said"), KEYS)
def test_without_a_good_key_nothing_is_taken(
    deployment: Deployment, headers: dict[str, str], said: tuple[int, str, str]
) -> None:
    """401 in the words of the libraries; an API key opens nothing here."""
    before = len(deployment.log())
    answer = deployment.post(written({"batch": [call()]}), "/v1/batch", **headers)
    assert (said, False, "key_unknown") == (refusal(answer), answer.json()["success"], answer.json()["code"])
    assert before == len(deployment.log())


def test_a_revoked_key_is_refused(deployment: Deployment) -> None:
    """As at every public door."""
    key = deployment.key(scope="write_key", site=1, name="old")
    deployment.revoke(key["id"])
    answer = post_calls(deployment, call(), headers={"authorization": basic(key["key"])})
    assert (401, "key_revoked", "writeKey") == refusal(answer)


def test_a_foreign_page_is_refused(deployment: Deployment) -> None:
    """403; the page may read why."""
    site = deployment.site(origins=[SITE])
    headers = {"authorization": basic(site.write_key), "origin": "https://other.example"}
    answer = post_calls(deployment, call(), headers=headers)
    assert (403, "origin_refused", "origin") == refusal(answer)
    assert "https://other.example" == answer.headers["access-control-allow-origin"]
    assert 200 == post_calls(deployment, call(), headers=headers | {"origin": SITE}).status_code


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/t"])
def test_a_page_may_ask_first(deployment: Deployment, path: str) -> None:
    """204 with the header in which the key stands."""
    answer = deployment.run(deployment.request("OPTIONS", path, origin=SITE))
    assert (204, SITE) == (answer.status_code, answer.headers["access-control-allow-origin"])
    assert "content-type, content-encoding, authorization" == answer.headers["access-control-allow-headers"]


@pytest.mark.parametrize(("content_type", "status"), [("application/json; charset=utf-8", 200), ("text/html", 415)])
def test_the_media_type_is_json_or_plain(deployment: Deployment, content_type: str, status: int) -> None:
    """As at `/e`."""
    assert status == post_calls(deployment, call(), headers={"content_type": content_type}).status_code


def test_other_methods_are_not_taken(deployment: Deployment) -> None:
    """405."""
    for method in ("GET", "PUT", "DELETE"):
        assert 405 == deployment.run(deployment.request(method, "/v1/batch")).status_code


def test_the_limits_of_rate_hold(tmp_path: Any) -> None:
    """1,000 events at once from one address, then 429 and when to come back."""
    with deployed(tmp_path, rate_limit=True) as limited:
        assert 1_000 == send_calls(limited, *(call(timestamp=None) for _ in range(1_000)))["accepted"]
        answer = post_calls(limited, call())
        assert (429, "rate_limited", "") == refusal(answer)
        assert int(answer.headers["retry-after"]) >= 1


def test_the_tracker_is_not_disturbed(deployment: Deployment) -> None:
    """One id at two doors of one site is one event: the door is the site's."""
    sent = call()
    send_calls(deployment, sent)
    answer = deployment.post(batch(event(id=sent["messageId"])))
    assert 1 == answer.json()["duplicates"]
