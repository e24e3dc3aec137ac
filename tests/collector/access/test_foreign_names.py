"""Do names of other products' visitors lead to ids of their own, the same each time?"""

from base64 import b32encode
from random import Random

from collector.access.tokens import Tokens, visitor_id_of

TOKENS = Tokens([b"k" * 32])
NONCE = "6f1c2b52-7f1d-4c55-9d0a-1f1f6f0d7a11"


def test_a_name_leads_to_one_visitor_of_one_site() -> None:
    """Asked again it is the same; another site's, and that of the bare nonce, are others."""
    first, again = TOKENS.named(1, f"segment:{NONCE}"), TOKENS.named(1, f"segment:{NONCE}")
    assert first == again
    others = {TOKENS.named(2, f"segment:{NONCE}"), TOKENS.named(1, f"brevo:{NONCE}"), TOKENS.derive(1, NONCE)}
    assert 4 == len({first, *others})


def test_an_id_is_base32_of_its_bytes() -> None:
    """The first 26 characters, in lower case."""
    chance = Random(1)
    for _ in range(1_000):
        digest = chance.randbytes(32)
        assert b32encode(digest[:17]).decode()[:26].lower() == visitor_id_of(digest)
