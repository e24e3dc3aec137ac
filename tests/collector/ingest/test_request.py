"""What of a request is read, and how? Content type, gzip, user agent, address."""

import gzip
from pathlib import Path

import pytest

from collector.ingest.request import MAX_LONG_NUMBERS, SURELY_FEW_BYTES
from tests.collector.ingest.sending import CLIENT, Deployment, batch, deployed, event, refusal


@pytest.mark.parametrize(
    "said", ["text/plain", "text/plain;charset=UTF-8", "application/json", "Application/JSON ; charset=utf-8"]
)
def test_the_types_that_a_tracker_sends_are_taken(deployment: Deployment, said: str) -> None:
    """text/plain, which a page may send without asking first, and JSON."""
    assert 202 == deployment.post(batch(event()), content_type=said).status_code


@pytest.mark.parametrize(
    "said", ["", "text/html", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plainer",
             "application/json5", "application/octet-stream", "text", "\xff"]
)  # fmt: skip
def test_any_other_type_is_415(deployment: Deployment, said: str) -> None:
    """Also none at all; the header is named."""
    assert (415, "malformed", "content-type") == refusal(deployment.post(batch(event()), content_type=said))
    assert 1 == deployment.send(event())["accepted"]


@pytest.mark.parametrize("level", [0, 1, 9])
def test_gzip_is_taken(deployment: Deployment, level: int) -> None:
    """At any level, also where it makes the body larger."""
    sent = event()
    answer = deployment.post(gzip.compress(batch(sent), level), content_encoding="gzip")
    assert 202 == answer.status_code
    assert 1 == len(deployment.logged(sent["id"]))


@pytest.mark.parametrize("said", ["GZIP", " gzip "])
def test_gzip_may_be_written_in_any_case(deployment: Deployment, said: str) -> None:
    """Names of encodings have no case."""
    assert 202 == deployment.post(gzip.compress(batch(event())), content_encoding=said).status_code


@pytest.mark.parametrize("said", ["br", "deflate", "zstd", "compress", "gzip, gzip", "identity, gzip", "x"])
def test_any_other_encoding_is_415(deployment: Deployment, said: str) -> None:
    """Nothing else is inflated, and nothing twice."""
    answer = deployment.post(gzip.compress(batch(event())), content_encoding=said)
    assert (415, "malformed", "content-encoding") == refusal(answer)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64)", "Mozilla/5.0 (X11; Linux x86_64)"),
        ("x" * 512, "x" * 512),
        ("x" * 513, "x" * 512),
        ("x" * 64_000, "x" * 512),
        ("x" * 511 + "\xc3\xa8", "x" * 511),
        ("\xc3\xa8", "è"),
        ("a\xffb\xfe", "ab"),
        ("", ""),
    ],
)
def test_the_user_agent_is_cut_at_512_bytes(deployment: Deployment, said: str, kept: str) -> None:
    """Of UTF-8, without half a character at the end; what is none is left out."""
    assert kept == deployment.entry(headers={"user_agent": said}).user_agent


def test_the_address_is_truncated_before_it_is_stored(fresh: Deployment) -> None:
    """The last part of IPv4 is nowhere in the log."""
    assert "203.0.113.0" == fresh.entry().ip
    assert CLIENT.encode() not in b"".join(path.read_bytes() for path in fresh.settings.data.glob("log.db*"))


@pytest.mark.parametrize(
    ("host", "kept"),
    [("2001:db8:1:2:3:4:5:6", "2001:db8:1::"), ("::ffff:203.0.113.9", "203.0.113.0"), ("::1", "::"), ("unix", "")],
)
def test_any_kind_of_address_is_truncated(tmp_path: Path, host: str, kept: str) -> None:
    """48 bits of IPv6; an IPv4 address in IPv6's clothes is one; what is no address is not kept."""
    with deployed(tmp_path, host=host) as deployment:
        assert kept == deployment.entry().ip


def test_what_the_body_says_of_address_and_agent_is_not_believed(deployment: Deployment) -> None:
    """Under a write key both come from the connection and the header."""
    fields = {
        "ip": "198.51.100.7",
        "user_agent": "Forged",
        "userAgent": "Forged",
        "received_at": "2020-01-01T00:00:00Z",
    }
    entry = deployment.entry(headers={"user_agent": "Fox"}, envelope=fields, **fields)
    assert ("203.0.113.0", "Fox", deployment.now) == (entry.ip, entry.user_agent, entry.received_at)


@pytest.mark.parametrize("number", ["1e305", "1.5E+305", "-1e-308", "1e00305"])
@pytest.mark.parametrize(("many", "is_refused"), [(MAX_LONG_NUMBERS, False), (MAX_LONG_NUMBERS + 1, True)])
def test_numbers_that_keep_the_parser_busy_are_counted(
    deployment: Deployment, number: str, many: int, is_refused: bool
) -> None:
    """Eighty thousand of them would stop everything for three seconds."""
    body = f'{{"a": "{"a" * SURELY_FEW_BYTES}", "b": [{",".join([number] * many)}]}}'
    answer = deployment.post(body.encode())
    assert (400, is_refused) == (answer.status_code, "exponents" in answer.text)


def test_texts_that_look_like_such_numbers_are_none(deployment: Deployment) -> None:
    """Hashes are full of them."""
    body = f'{{"a": "{"a1e305" * 2_000}"}}'
    assert "exponents" not in deployment.post(body.encode()).text
