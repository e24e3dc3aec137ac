"""Visitor tokens: only ours are read, whatever a stranger does to them."""

import hashlib
import re
from itertools import product

import pytest
from itsdangerous import URLSafeTimedSerializer

from collector.access.tokens import MAX_TOKEN_CHARACTERS, Tokens, Visitor, fresh_id, visitor_id_of

OLD, NEW, FOREIGN = b"\x01" * 32, b"\x02" * 32, b"\x03" * 32
NOW = 1_795_000_000_789
ID = "abcdefghijklmnopqrstuvwxyz"
NONCE = "0191e0a0-0000-4000-8000-000000000001"


@pytest.fixture
def tokens() -> Tokens:
    """Of a deployment with one key."""
    return Tokens([OLD])


def test_a_token_says_what_was_put_into_it(tokens: Tokens) -> None:
    """Site, visitor, epoch, and when it was issued, to the second."""
    assert Visitor(7, ID, 3, 1_795_000_000_000) == tokens.read(tokens.issue(7, ID, 3, now=NOW))


def test_the_clock_is_an_argument(tokens: Tokens) -> None:
    """The same at the same second, also long ago and after 2038; another one a second later."""
    assert tokens.issue(1, ID, now=NOW) == tokens.issue(1, ID, now=NOW - 789)
    assert tokens.issue(1, ID, now=NOW) != tokens.issue(1, ID, now=NOW + 1_000)
    for now in (0, 2**31 * 1_000, 2**33 * 1_000):
        assert Visitor(1, ID, 0, now) == tokens.read(tokens.issue(1, ID, now=now))


def test_a_tampered_token_is_nobody(tokens: Tokens) -> None:
    """Whichever character is changed, left out or added, in the payload, the time or the signature."""
    token = tokens.issue(7, ID, now=NOW)
    other = {place: "A" if character != "A" else "B" for place, character in enumerate(token)}
    # The last character of base64 holds bits that mean nothing: itsdangerous compares the decoded signature.
    places = range(len(token) - 1)
    assert [] == [place for place in places if tokens.read(token[:place] + other[place] + token[place + 1 :])]
    assert [] == [place for place in range(len(token)) if tokens.read(token[:place] + token[place + 1 :])]
    assert [None, None] == [tokens.read(token + "A"), tokens.read("A" + token)]


def test_parts_of_two_tokens_make_none(tokens: Tokens) -> None:
    """A good signature is good for its own payload and time only."""
    parts = [tokens.issue(site, ID, now=now).split(".") for site, now in ((1, NOW), (2, NOW + 5_000))]
    mixed = {".".join(parts[which][part] for part, which in enumerate(places)) for places in product((0, 1), repeat=3)}
    assert 8 == len(mixed)
    assert 2 == len([token for token in mixed if tokens.read(token)])


@pytest.mark.parametrize(
    "token",
    ["", ".", "...", "a.b.c", "null", "é" * 20, "\ud800", "\0", "W10.AAAA.AAAA", ID, "." * 512, "=" * 512, " " * 512],
)
def test_garbage_is_nobody(tokens: Tokens, token: str) -> None:
    """Any text may be shown as a token: none raises."""
    assert tokens.read(token) is None


@pytest.mark.parametrize(
    "payload", [[], [1], [1, ID], [1, ID, 0, 0], ["1", ID, 0], [1, 7, 0], [1, "short", 0], {"a": 1}, "text", None]
)
def test_what_we_signed_for_something_else_is_nobody(payload: object) -> None:
    """A token of another shape under our own key, such as of an older version, is a new visitor and no error."""
    tokens = Tokens([OLD])
    signer = tokens._serializer(NOW // 1_000)
    assert isinstance(signer, URLSafeTimedSerializer)
    assert tokens.read(str(signer.dumps(payload))) is None


def test_an_old_key_is_still_read() -> None:
    """After a rotation, tokens of before are known; new ones are signed with the new key."""
    before, after = Tokens([OLD]), Tokens([NEW, OLD])
    assert Visitor(1, ID, 0, 1_795_000_000_000) == after.read(before.issue(1, ID, now=NOW))
    assert before.read(after.issue(1, ID, now=NOW)) is None
    assert after.issue(1, ID, now=NOW) == Tokens([NEW]).issue(1, ID, now=NOW)


def test_a_key_that_was_taken_away_is_not_read() -> None:
    """Removing the line from the secret file ends its tokens."""
    assert Tokens([NEW]).read(Tokens([OLD]).issue(1, ID, now=NOW)) is None


def test_another_deployment_is_refused(tokens: Tokens) -> None:
    """Its visitors are not ours, its nonces lead to other ids."""
    foreign = Tokens([FOREIGN])
    assert tokens.read(foreign.issue(1, ID, now=NOW)) is None
    assert tokens.derive(1, NONCE) != foreign.derive(1, NONCE)


def test_a_nonce_leads_to_one_visitor(tokens: Tokens) -> None:
    """A first batch, its retry and the leaving beacon: the same id, also after a restart."""
    assert tokens.derive(1, NONCE) == tokens.derive(1, NONCE) == Tokens([OLD]).derive(1, NONCE)


def test_a_nonce_tells_nothing_elsewhere(tokens: Tokens) -> None:
    """Another site, another nonce: another visitor; the boundary between both is part of what is hashed."""
    ids = {
        tokens.derive(site, nonce) for site, nonce in ((1, NONCE), (2, NONCE), (1, NONCE[:-1]), (11, "1"), (1, "11"))
    }
    assert 5 == len(ids)


def test_a_token_is_small_enough_for_a_cookie(tokens: Tokens) -> None:
    """Also with the greatest numbers it stays below its own bound, in characters that no header or URL escapes."""
    token = tokens.issue(2**53, ID, 2**53, now=2**37 * 1_000)
    assert len(token) < 160 < MAX_TOKEN_CHARACTERS
    assert re.fullmatch(r"[A-Za-z0-9._-]+", token)
    assert Visitor(2**53, ID, 2**53, 2**37 * 1_000) == tokens.read(token)


def test_a_long_token_is_not_looked_at(tokens: Tokens) -> None:
    """Up to 512 characters are read, more are not, not even when the signature would be good."""
    digits = str(int.from_bytes(hashlib.shake_256(b"which no compression makes short").digest(400)))
    signed = [tokens.issue(int(digits[:size]), ID, now=NOW) for size in range(540, 760)]
    near = {len(token) for token in signed if abs(len(token) - MAX_TOKEN_CHARACTERS) < 4}
    assert min(near) < MAX_TOKEN_CHARACTERS < max(near)
    assert [] == [len(token) for token in signed if (tokens.read(token) is None) != (len(token) > 512)]


def test_garbage_pushes_nobody_out_of_memory(tokens: Tokens) -> None:
    """What is remembered is what was verified: a flood of bad tokens leaves it alone."""
    token = tokens.issue(1, ID, now=NOW)
    tokens.read(token)
    for number in range(100):
        tokens.read(f"{token}{number}")
    assert 1 == tokens._verified.cache_info().currsize


def test_ids_have_130_bits_of_letters_and_digits() -> None:
    """26 characters of base32; fresh ones do not repeat."""
    assert 1_000 == len({fresh_id() for _ in range(1_000)})
    assert re.fullmatch(r"[a-z2-7]{26}", fresh_id())
    assert "74" + "7" * 24 != visitor_id_of(b"\xff" * 17) == "7" * 26
