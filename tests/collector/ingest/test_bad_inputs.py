"""What do bad inputs do? They get a clear answer and harm nobody: after each a good event must pass in the same app.

The first table holds values that are JSON, or nearly, inside of one event; the second whole bodies. Source: SECURITY 2
and 4.
"""

import gzip
import json
import tracemalloc
import zlib
from typing import Any, NamedTuple

import pytest

from tests.collector.ingest.sending import NOW_TEXT, WRITE_KEY, Deployment, batch, event, refusal, refused

KIB = 1024
RAW = "@raw@"


class Bad(NamedTuple):
    """json: the text of the property `p`. code: with which its event is refused, "" when it is taken."""

    id: str
    json: bytes
    code: str
    path: str = "properties.p"


VALUES = (
    Bad("half a character", rb'"\ud800"', "bad_property"),
    Bad("the other half", rb'"x\udc00y"', "bad_property"),
    Bad("halves in the wrong order", rb'"\ude00\ud83d"', "bad_property"),
    Bad("both halves", rb'"\ud83d\ude00"', ""),
    Bad("half a character as a name", rb'{"\ud800": 1}', "bad_property", r"properties.p.\ud800"),
    Bad("NUL", rb'"a\u0000b"', "bad_property"),
    Bad("NUL as a name", rb'{"\u0000": 1}', "bad_property", r"properties.p.\x00"),
    Bad("other control characters", rb'"\u0001\u001f\u007f\u0085\u2028"', ""),
    Bad("an empty name", b'{"": 1}', ""),
    Bad("a name of the language", b'{"__proto__": {"x": 1}, "constructor": 1, "__class__": 1}', ""),
    Bad("2^63", b"9223372036854775808", "bad_property"),
    Bad("-2^63", b"-9223372036854775808", "bad_property"),
    Bad("a number of 31 digits", b"1" * 31, "bad_property"),
    Bad("a number of 100,000 digits", b"1" * 100_000, "bad_property"),
    Bad("1e400", b"1e400", "bad_property"),
    Bad("-1e400", b"[-1e400]", "bad_property", "properties.p[0]"),
    Bad("1e-400", b"1e-400", ""),
    Bad("minus zero", b"-0.0", ""),
    Bad("a fraction of 100,000 digits", b"0." + b"1" * 100_000, ""),
    Bad("the same name twice", b'{"a": 1, "a": "x"}', ""),
    Bad("the same name twice, the last is bad", rb'{"a": 1, "a": "\ud800"}', "bad_property", "properties.p.a"),
    Bad("500 levels of lists", b"[" * 500 + b"]" * 500, "too_deep", "properties.p" + "[0]" * 9),
    Bad("500 levels of objects", b'{"a":' * 500 + b"1" + b"}" * 500, "too_deep", "properties.p" + ".a" * 9),
    Bad("100,000 numbers", b"[" + b"0," * 99_999 + b"0]", "bad_property"),
    Bad("100,000 empty lists", b"[" + b"[]," * 99_999 + b"[]]", "bad_property"),
    Bad("30,000 names", json.dumps(dict.fromkeys(map(str, range(30_000)))).encode(), "bad_property"),
    Bad("400,000 characters", b'"%b"' % (b"x" * 400_000), "bad_property"),
)


@pytest.mark.parametrize("bad", VALUES, ids=lambda bad: bad.id)
def test_a_bad_value_costs_its_neighbours_nothing(deployment: Deployment, bad: Bad) -> None:
    """202; its event is refused by code and path, the neighbours are in the log, and so is what comes next."""
    before, middle, after = event(), event(properties={"p": RAW}), event()
    answer = deployment.post(batch(before, middle, after).replace(json.dumps(RAW).encode(), bad.json))
    assert 202 == answer.status_code, answer.text
    assert ([(1, bad.code, f"events[1].{bad.path}")] if bad.code else []) == refused(answer.json())
    assert [1, int(not bad.code), 1] == [len(deployment.logged(one["id"])) for one in (before, middle, after)]
    assert 1 == deployment.send(event())["accepted"]


class Body(NamedTuple):
    """A body that is refused as a whole. encoding: its Content-Encoding, "" for none."""

    id: str
    content: bytes
    status: int
    code: str
    encoding: str = ""


def holding(value: bytes) -> bytes:
    """A good batch but for the JSON of one property."""
    return batch(event(properties={"p": RAW})).replace(json.dumps(RAW).encode(), value)


GOOD = batch(event())
GZIPPED = gzip.compress(GOOD)
TEXTS = (
    Body("nothing", b"", 400, "malformed"),
    Body("blanks", b"  \n ", 400, "malformed"),
    Body("no JSON", b"write_key=wk&events=1", 400, "malformed"),
    Body("half of it", GOOD[: len(GOOD) // 2], 400, "malformed"),
    Body("something behind it", GOOD + b"x", 400, "malformed"),
    Body("two of it", GOOD + GOOD, 400, "malformed"),
    Body("a list", b"[" + GOOD + b"]", 400, "malformed"),
    Body("null", b"null", 400, "malformed"),
    Body("a number", b"5", 400, "malformed"),
    Body("a text", json.dumps(GOOD.decode()).encode(), 400, "malformed"),
    Body("an empty object", b"{}", 400, "malformed"),
    Body("NaN", holding(b"NaN"), 400, "malformed"),
    Body("Infinity", holding(b"Infinity"), 400, "malformed"),
    Body("-Infinity", holding(b"[-Infinity]"), 400, "malformed"),
    Body("a comment", holding(b"1 /* one */"), 400, "malformed"),
    Body("single quotes", holding(b"'x'"), 400, "malformed"),
    Body("a comma too many", holding(b"[1,]"), 400, "malformed"),
    Body("a bare NUL", holding(b'"a\0b"'), 400, "malformed"),
    Body("a bare line feed in a text", holding(b'"a\nb"'), 400, "malformed"),
    Body("invalid UTF-8", holding(b'"\xff\xfe"'), 400, "malformed"),
    Body("an overlong NUL", holding(b'"\xc0\x80"'), 400, "malformed"),
    Body("half a character as bytes", holding(b'"\xed\xa0\x80"'), 400, "malformed"),
    Body("Latin-1", holding('"è"'.encode("latin-1")), 400, "malformed"),
    Body("UTF-16", GOOD.decode().encode("utf-16"), 400, "malformed"),
    Body("UTF-32", GOOD.decode().encode("utf-32"), 400, "malformed"),
    Body("a byte order mark", b"\xef\xbb\xbf" + GOOD, 400, "malformed"),
    Body("an escape that is none", holding(rb'"\x41"'), 400, "malformed"),
    Body("half a character as consent", GOOD[:-1] + rb', "consent": "\ud800"}', 400, "malformed"),
    Body("100,000 levels of lists", holding(b"[" * 100_000 + b"]" * 100_000), 400, "too_deep"),
    Body("80,000 levels of objects", holding(b'{"a":' * 80_000 + b"1" + b"}" * 80_000), 400, "too_deep"),
    Body("100,000 levels beside the events", GOOD[:-1] + b', "x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400,
         "too_deep"),
    Body("100,000 levels that do not end", b"[" * 100_000, 400, "too_deep"),
    Body("512 KiB of one text and more", holding(b'"%b"' % (b"x" * 512 * KIB)), 413, "too_large"),
)  # fmt: skip
PACKED = (
    Body("no gzip", GOOD, 400, "malformed", "gzip"),
    Body("nothing as gzip", b"", 400, "malformed", "gzip"),
    Body("gzip of nothing", gzip.compress(b""), 400, "malformed", "gzip"),
    Body("half of the gzip", GZIPPED[: len(GZIPPED) // 2], 400, "malformed", "gzip"),
    Body("gzip without its checksum", GZIPPED[:-8], 400, "malformed", "gzip"),
    Body("gzip without its last byte", GZIPPED[:-1], 400, "malformed", "gzip"),
    Body("gzip with a wrong checksum", GZIPPED[:-8] + b"\0\0\0\0" + GZIPPED[-4:], 400, "malformed", "gzip"),
    Body("gzip with a wrong length", GZIPPED[:-4] + b"\0\0\0\0", 400, "malformed", "gzip"),
    Body("something behind the gzip", GZIPPED + b"x", 400, "malformed", "gzip"),
    Body("two gzip members", GZIPPED + gzip.compress(b" "), 400, "malformed", "gzip"),
    Body("an empty second member", GZIPPED + gzip.compress(b""), 400, "malformed", "gzip"),
    Body("gzip in gzip", gzip.compress(GZIPPED), 400, "malformed", "gzip"),
    Body("a gzip bomb", gzip.compress(b" " * 16 * KIB * KIB), 413, "too_large", "gzip"),
    Body(
        "a gzip bomb in a value", gzip.compress(holding(b"[" + b"0," * 2_000_000 + b"0]"), 1), 413, "too_large", "gzip"
    ),
    Body("a gzip bomb in gzip", gzip.compress(gzip.compress(b" " * 16 * KIB * KIB)), 400, "malformed", "gzip"),
    Body("zlib", zlib.compress(GOOD), 400, "malformed", "gzip"),
)


@pytest.mark.parametrize("bad", [*TEXTS, *PACKED], ids=lambda bad: bad.id)
def test_a_bad_body_is_refused_and_the_next_is_taken(deployment: Deployment, bad: Body) -> None:
    """The whole request gets its status and code, nothing of it is stored, and a good batch passes."""
    before = len(deployment.log())
    encoding = {"content_encoding": bad.encoding} if bad.encoding else {}
    answer = deployment.post(bad.content, **encoding)
    assert (bad.status, bad.code) == refusal(answer)[:2], answer.text
    assert before == len(deployment.log())
    assert 1 == deployment.send(event())["accepted"]


def test_a_gzip_bomb_is_never_inflated_whole(deployment: Deployment) -> None:
    """16 MB in 16 KB: it stops at the first byte above the bound, and no more memory than that is taken."""
    bomb = gzip.compress(b" " * 16 * KIB * KIB)
    tracemalloc.start()
    try:
        assert (413, "too_large", "") == refusal(deployment.post(bomb, content_encoding="gzip"))
        assert tracemalloc.get_traced_memory()[1] < 4 * KIB * KIB
    finally:
        tracemalloc.stop()


FIELDS = (
    "id key category occurred_at page properties identifiers contact_properties object seq"
    " page.url page.title page.referrer object.type object.id"
).split()
KINDS: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 2**63, 10**400, 1e308, "", "x", "\ud800", "\0", "x" * 70_000),
    *([], [1], [[]], ["\ud800"], {}, {"a": 1}, {"\ud800": {}}, {"url": {}}, {"id": []}),
)


@pytest.mark.parametrize("field", FIELDS)
def test_a_value_of_any_kind_in_any_field_harms_nobody(deployment: Deployment, field: str) -> None:
    """Each is taken or refused by a path inside of its own event; the good ones between them are in the log."""
    odd, good = [_with(field, kind) for kind in KINDS], [event() for _ in KINDS]
    said = deployment.send(*(one for pair in zip(odd, good, strict=True) for one in pair))
    assert 2 * len(KINDS) == said["accepted"] + said["duplicates"] + len(said["rejected"])
    assert set() == {one["index"] % 2 for one in (*said["rejected"], *said["warnings"])} - {0}
    for one in (*said["rejected"], *said["warnings"]):
        assert f"events[{one['index']}]" == one["path"].partition(".")[0]
    assert [1] * len(KINDS) == [len(deployment.logged(one["id"])) for one in good]


def _with(field: str, value: Any) -> dict[str, Any]:
    whole, _, inner = field.partition(".")
    if not inner:
        return event(**{field: value})
    good = {"page": {"url": "https://shop.example/"}, "object": {"type": "order", "id": "1"}}
    return event(**{whole: good[whole] | {inner: value}})


@pytest.mark.parametrize("field", "write_key sent_at events visitor nonce reset consent tracker other".split())
def test_a_value_of_any_kind_in_the_envelope_is_answered(deployment: Deployment, field: str) -> None:
    """202, 400 or 401, and a good batch passes after each."""
    for kind in KINDS:
        answer = deployment.post(_envelope(field, kind))
        assert answer.status_code in (202, 400, 401), (kind, answer.text)
    assert 1 == deployment.send(event())["accepted"]


def _envelope(field: str, value: Any) -> bytes:
    whole = {"write_key": WRITE_KEY, "sent_at": NOW_TEXT, "events": [event()], field: value}
    return json.dumps(whole).encode()


HEADERS: tuple[dict[str, str], ...] = (
    {"user_agent": "M" * 16_000},
    {"user_agent": "\xff\xfe\x80"},
    {"cookie": "sentiero_id=\xff.x.y; sentiero_id; =; ;;"},
    {"cookie": "sentiero_id=" + "x" * 16_000, "sec_fetch_site": "same-origin"},
    {"sec_fetch_site": "\xff", "sec_gpc": "yes"},
    {"x_forwarded_for": "not an address, " * 500},
    {"content_length": "x"},
    {"content_encoding": "identity"},
    {"content_encoding": ""},
)


@pytest.mark.parametrize("headers", HEADERS, ids=lambda headers: ascii(headers)[:40])
def test_bad_headers_refuse_no_event(deployment: Deployment, headers: dict[str, str]) -> None:
    """What a browser or a proxy has made of its headers is not the event's fault."""
    assert 1 == deployment.send(event(), headers=headers)["accepted"]
