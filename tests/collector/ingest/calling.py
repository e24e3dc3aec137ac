"""How does a test speak as Segment's libraries do? Calls, their batch, and what became of them in the log."""

import base64
from itertools import count
from typing import Any

import httpx

from collector.log.entry import Entry
from tests.collector.ingest.sending import NOW_TEXT, WRITE_KEY, Deployment, written

_numbers = count(1)


def call(kind: str = "track", **fields: Any) -> dict[str, Any]:
    """A good call with an id of its own. A field that is None is left out."""
    usual: dict[str, Any] = {"messageId": f"call-{next(_numbers)}", "timestamp": NOW_TEXT, "anonymousId": "browser-1"}
    more = {"event": "Signed Up"} if kind == "track" else {}
    return {name: value for name, value in {"type": kind, **usual, **more, **fields}.items() if value is not None}


def basic(write_key: str = WRITE_KEY) -> str:
    """The header of a library that uses Basic authentication."""
    return "Basic " + base64.b64encode(f"{write_key}:".encode()).decode()


def post_calls(
    deployment: Deployment, *calls: Any, headers: dict[str, str] | None = None, **more: Any
) -> httpx.Response:
    """A batch, as a server's library sends it. more: fields of the batch."""
    usual = {"content_type": "application/json", "authorization": basic()}
    content = written({"batch": list(calls), "sentAt": NOW_TEXT, **more})
    return deployment.post(content, "/v1/batch", **(usual | (headers or {})))


def send_calls(deployment: Deployment, *calls: Any, headers: dict[str, str] | None = None, **more: Any) -> Any:
    """A batch that must be answered 200; returns the answer."""
    answer = post_calls(deployment, *calls, headers=headers, **more)
    assert 200 == answer.status_code, answer.text
    assert answer.json()["success"] is True
    return answer.json()


def entry_of(deployment: Deployment, sent: dict[str, Any], headers: dict[str, str] | None = None) -> Entry:
    """Send one call in a batch, which must be taken; returns it as it was accepted."""
    answer = send_calls(deployment, sent, headers=headers)
    assert 1 == answer["accepted"], answer
    return deployment.logged(sent["messageId"])[-1]
