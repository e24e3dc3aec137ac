"""When is a batch refused as a whole, and what is its sender told? `POST /e`: 202, 400, 401, 403, 413, 415."""

from typing import Any

import pytest

from tests.collector.ingest.sending import (
    API_KEY,
    NONCE,
    NOW_TEXT,
    SITE,
    WRITE_KEY,
    Deployment,
    batch,
    event,
    refusal,
    refused,
    written,
)

GOOD: dict[str, Any] = {"write_key": WRITE_KEY, "sent_at": NOW_TEXT}


def test_a_good_batch_is_answered_by_its_counts(fresh: Deployment) -> None:
    """202 with the counts, no refusals, no warnings, and the visitor's token; the events are in the log."""
    sent = [event(), event()]
    answer = fresh.post(batch(*sent))
    said = answer.json()
    token = said.pop("visitor")
    assert (202, "application/json") == (answer.status_code, answer.headers["content-type"])
    assert {"accepted": 2, "duplicates": 0, "rejected": [], "warnings": []} == said
    assert 2 == token.count(".")
    assert [one["id"] for one in sent] == [entry.id for entry in fresh.log()]


def test_an_event_is_logged_as_it_was_sent(deployment: Deployment) -> None:
    """Every field of an event and of its request arrives in the log's row."""
    fields = {
        "category": "ecommerce",
        "key": "product_viewed",
        "page": {"url": "https://shop.example/shoes", "title": "Shoes", "referrer": "https://search.example/"},
        "properties": {"price": 9.5, "tags": ["a", None, True], "nested": {"n": 1}},
        "identifiers": {"email_id": "Anna@Shop.it"},
        "contact_properties": {"CITY": "Roma"},
        "object": {"type": "product", "id": 7},
        "seq": 3,
    }
    entry = deployment.entry(**fields, envelope={"consent": "granted", "tracker": "1.2"}, headers={"user_agent": "Fox"})
    assert ("site:1", "tracker", 1, "ecommerce", "product_viewed") == (
        entry.door, entry.source, entry.site, entry.category, entry.key
    )  # fmt: skip
    assert (fields["page"], fields["properties"]) == (_plain(entry.page), entry.properties)
    assert ({"email_id": "anna@shop.it"}, {"CITY": "Roma"}) == (entry.identifiers, entry.attributes)
    assert ({"type": "product", "id": "7"}, 3) == (_plain(entry.object), entry.seq)
    assert (deployment.now, deployment.now) == (entry.occurred_at, entry.received_at)
    assert ("Fox", "203.0.113.0", "granted", "guarded") == (
        entry.user_agent, entry.ip, entry.consent, entry.identify_mode
    )  # fmt: skip


def _plain(struct: Any) -> dict[str, Any]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


def test_a_batch_of_refused_events_is_202(deployment: Deployment) -> None:
    """A well-formed envelope under a valid key is 202 always, even when nothing in it can be taken."""
    before = len(deployment.log())
    said = deployment.send(event(key=""), 5, event(occurred_at="yesterday"))
    expected = [
        (0, "bad_key", "events[0].key"),
        (1, "malformed", "events[1]"),
        (2, "bad_time", "events[2].occurred_at"),
    ]
    assert (0, 0, expected) == (said["accepted"], said["duplicates"], refused(said))
    assert before == len(deployment.log())


def test_a_refused_event_is_named_by_place_id_code_and_reason(deployment: Deployment) -> None:
    """The answer says which event it was, what is wrong, where, and why."""
    says = "A time is RFC 3339 with a zone, such as 2026-11-24T10:00:00.000Z."
    bad = event(id="the-bad-one", occurred_at="2026-11-25 10:00")
    expected = {
        "index": 1, "id": "the-bad-one", "code": "bad_time", "path": "events[1].occurred_at", "message": says,
    }  # fmt: skip
    assert [expected] == deployment.send(event(), bad)["rejected"]


def test_a_refused_request_is_a_problem_that_says_why(deployment: Deployment) -> None:
    """RFC 9457, not to be cached, with the field and the code."""
    answer = deployment.post(batch(event(), write_key="wk_of_nobody"))
    says = "No such key. Copy it again from the site's settings."
    assert {
        "type": "about:blank",
        "title": "Unauthorized",
        "status": 401,
        "detail": says,
        "errors": [{"path": "write_key", "code": "key_unknown", "message": says}],
    } == answer.json()
    assert (401, "application/problem+json", "no-store") == (
        answer.status_code, answer.headers["content-type"], answer.headers["cache-control"]
    )  # fmt: skip


ENVELOPES: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"write_key": None}, "malformed", "write_key"),
    ({"write_key": 5}, "malformed", "write_key"),
    ({"sent_at": None}, "malformed", "sent_at"),
    ({"sent_at": 1_795_600_800_000}, "malformed", "sent_at"),
    ({"sent_at": "yesterday"}, "bad_time", "sent_at"),
    ({"sent_at": "2026-11-25T10:00:00"}, "bad_time", "sent_at"),
    ({"sent_at": "\ud800"}, "bad_time", "sent_at"),
    ({"events": None}, "malformed", "events"),
    ({"events": {}}, "malformed", "events"),
    ({"events": "[]"}, "malformed", "events"),
    ({"events": []}, "malformed", "events"),
    ({"visitor": 5}, "malformed", "visitor"),
    ({"nonce": "not-a-uuid"}, "malformed", "nonce"),
    ({"nonce": NONCE.replace("-", "")}, "malformed", "nonce"),
    ({"nonce": 5}, "malformed", "nonce"),
    ({"reset": "true"}, "malformed", "reset"),
    ({"consent": "maybe"}, "malformed", "consent"),
    ({"consent": True}, "malformed", "consent"),
    ({"consent": "\ud800"}, "malformed", "consent"),
    ({"reset": "\ud800"}, "malformed", "reset"),
    ({"tracker": 1}, "malformed", "tracker"),
)


@pytest.mark.parametrize(("fields", "code", "path"), ENVELOPES, ids=ascii)
def test_an_envelope_that_is_wrong_is_400(deployment: Deployment, fields: dict[str, Any], code: str, path: str) -> None:
    """Nothing of it is stored, the field is named, and the next batch is taken."""
    before = len(deployment.log())
    answer = deployment.post(_envelope(**fields))
    assert (400, code, path) == refusal(answer)
    assert before == len(deployment.log())
    assert 1 == deployment.send(event())["accepted"]


@pytest.mark.parametrize("name", ["write_key", "sent_at", "events"])
def test_an_envelope_that_lacks_a_field_is_400(deployment: Deployment, name: str) -> None:
    """The three that must be there; the one that is not is named."""
    whole = {**GOOD, "events": [event()]}
    del whole[name]
    assert (400, "malformed", name) == refusal(deployment.post(written(whole)))


def _envelope(**fields: Any) -> bytes:
    return written({**GOOD, "events": [event()], **fields})


def test_what_may_be_absent_may_be_null(deployment: Deployment) -> None:
    """Programs send null for what they do not know: in the envelope, in an event, in its page."""
    absent = dict.fromkeys(("visitor", "nonce", "reset", "consent", "tracker"))
    fields = ("category", "properties", "identifiers", "contact_properties", "object", "seq", "page")
    page = {"url": "https://shop.example/", "title": None, "referrer": None}
    said = deployment.send(event(**dict.fromkeys(fields)), event(page=page), **absent)
    assert (2, [], []) == (said["accepted"], said["rejected"], said["warnings"])


def test_a_long_wrong_word_is_not_said_back(deployment: Deployment) -> None:
    """A refusal is short, however long the field is that it is about; also when it is read later."""
    answer = deployment.post(_envelope(consent="x" * 100_000))
    assert (400, "malformed", "consent") == refusal(answer)
    assert len(answer.content) < 1_000
    samples = deployment.rejections()["malformed", None]["samples"]
    assert max(len(sample["message"]) for sample in samples) < 300


def test_an_unknown_key_is_401(deployment: Deployment) -> None:
    """Also an empty one, one that no key can be, and a secret key, which no browser must ever show."""
    for key in ("wk_of_nobody", "", "\ud800", "a\0b", API_KEY):
        assert (401, "key_unknown", "write_key") == refusal(deployment.post(batch(event(), write_key=key)))


def test_a_revoked_key_is_401_at_once(deployment: Deployment) -> None:
    """It says `key_revoked`, so that its owner knows what to do; the site's other key goes on working."""
    key = deployment.key(scope="write_key", site=1)
    assert 202 == deployment.post(batch(event(), write_key=key["key"])).status_code
    deployment.revoke(key["id"])
    assert (401, "key_revoked", "write_key") == refusal(deployment.post(batch(event(), write_key=key["key"])))
    assert 1 == deployment.send(event())["accepted"]


def test_another_origin_is_403(deployment: Deployment) -> None:
    """A site that names its origins takes nothing from other people's pages."""
    site = deployment.site(origins=[SITE])
    there, elsewhere = (
        deployment.post(batch(event(), write_key=site.write_key), origin=origin)
        for origin in (SITE, "https://shop.example.evil")
    )
    assert 202 == there.status_code
    assert (403, "origin_refused", "origin") == refusal(elsewhere)


def test_the_key_is_looked_at_before_the_origin_and_the_events(deployment: Deployment) -> None:
    """Whoever has no key is not told anything else of the site."""
    answer = deployment.post(batch(event(key=""), write_key="wk_of_nobody"), origin="null")
    assert (401, "key_unknown", "write_key") == refusal(answer)


def test_100_events_are_taken_and_101_refused(deployment: Deployment) -> None:
    """413 `too_many`, and none of the 101 is stored."""
    assert 100 == deployment.send(*(event() for _ in range(100)))["accepted"]
    before = len(deployment.log())
    assert (413, "too_many", "events") == refusal(deployment.post(batch(*(event() for _ in range(101)))))
    assert (413, "too_many", "events") == refusal(deployment.post(batch(*[5] * 101)))
    assert before == len(deployment.log())


def test_unknown_fields_are_ignored_and_counted(fresh: Deployment) -> None:
    """In the envelope, in an event, in its page and object; what is free-form has no unknown fields."""
    page, thing = {"url": "https://a.example/", "x": 1}, {"type": "order", "id": "1", "y": [2]}
    said = fresh.send(event(page=page, object=thing, z={}, properties={"any": 1}), event(w=None), extra={"deep": [1]})
    assert (2, [], []) == (said["accepted"], said["rejected"], said["warnings"])
    assert "https://a.example/" == getattr(fresh.log()[0].page, "url", "")
    assert 5 == fresh.metric('sentiero_unknown_fields_total{door="e"}')


def test_refused_requests_are_counted_and_kept_for_whoever_looks(fresh: Deployment) -> None:
    """Each with its code, path, reason and origin; nothing of the body is kept, for no consent is known."""
    fresh.post(b"{", origin=SITE)
    fresh.post(batch(event(), write_key="wk_of_nobody"))
    fresh.post(batch(event(), sent_at="x"))
    found = fresh.rejections()
    assert {("malformed", None): 1, ("key_unknown", None): 1, ("bad_time", 1): 1} == {
        kind: each["count"] for kind, each in found.items()
    }
    assert [
        {
            "at": NOW_TEXT,
            "path": "",
            "message": "The body is not JSON.",
            "door": "e",
            "origin": SITE,
            "sample": "",
        }
    ] == found["malformed", None]["samples"]
    assert 1 == fresh.metric('sentiero_events_rejected_total{code="key_unknown"}')


def test_only_posts_are_taken(deployment: Deployment) -> None:
    """405 with what is allowed instead, as a problem."""
    for method in ("GET", "PUT", "DELETE"):
        answer = deployment.run(deployment.request(method, "/e"))
        assert 405 == answer.status_code
        assert {"POST", "OPTIONS"} == set(answer.headers["allow"].split(", "))
        assert "application/problem+json" == answer.headers["content-type"]
