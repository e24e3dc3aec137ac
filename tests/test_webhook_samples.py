"""Does the sample of docs/webhooks.md verify what is sent? The Python one is run as it stands there."""

import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from collector.delivery.hooks.sink import Signed, key_of, new_secret, request_of

DOCUMENT = Path(__file__).parents[1] / "docs" / "webhooks.md"
BODY = '{"type": "custom.thing", "città": "Belluno"}'.encode()
Verify = Callable[[str, Mapping[str, str], bytes], bool]


@pytest.fixture
def is_ours() -> Verify:
    """The function of the document."""
    (code,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    found: dict[str, Any] = {}
    exec(code, found)  # that it runs is what is asked
    verify: Verify = found["is_ours"]
    return verify


def sent(*secrets: str, at_s: int | None = None) -> Mapping[str, str]:
    """The headers of a delivery that is signed by these."""
    signed = Signed([key_of(one) for one in secrets], "msg_1_2", int(time.time()) if at_s is None else at_s)
    return request_of("https://crm.example/", BODY, signed).headers


def test_it_knows_what_is_ours(is_ours: Verify) -> None:
    """By the newest secret and by the one before."""
    newest, before = new_secret(), new_secret()
    headers = sent(newest, before)
    assert [True, True, False] == [is_ours(one, headers, BODY) for one in (newest, before, new_secret())]


def test_it_refuses_what_was_touched_or_kept(is_ours: Verify) -> None:
    """Another body, another id, a time of long ago."""
    secret = new_secret()
    headers = sent(secret)
    assert not is_ours(secret, headers, BODY + b" ")
    assert not is_ours(secret, {**headers, "webhook-id": "msg_1_3"}, BODY)
    assert not is_ours(secret, sent(secret, at_s=int(time.time()) - 301), BODY)
