"""What is a provider answered that asks whether the address is ours? Before it sends anything, some do. Pure.

    meta   GET ?hub.mode=subscribe&hub.verify_token=<the secret>&hub.challenge=<text>   → the text
    zoom   POST {"event": "endpoint.url_validation", "payload": {"plainToken": <text>}} → the text and its HMAC

Source: https://developers.facebook.com/docs/graph-api/webhooks/getting-started,
https://developers.zoom.us/docs/api/webhooks/#validate-your-webhook-endpoint
"""

import hmac
from collections.abc import Mapping, Sequence
from typing import Any, Literal

Challenge = Literal["meta", "zoom"]

MAX_TOKEN = 200


def asked_by_query(kind: Challenge | None, secrets: Sequence[str], query: Mapping[str, str]) -> str | None:
    """The answer to a GET; None when it asks for nothing that we know."""
    if kind != "meta" or query.get("hub.mode") != "subscribe":
        return None
    given = query.get("hub.verify_token", "").encode()
    known = any(hmac.compare_digest(secret.encode(), given) for secret in secrets if secret)
    return query.get("hub.challenge", "")[:MAX_TOKEN] if known else None


def asked_by_body(kind: Challenge | None, secrets: Sequence[str], payload: Any) -> Mapping[str, str] | None:
    """The answer to a POST that was signed; None when it is no question."""
    if kind != "zoom" or not isinstance(payload, dict) or payload.get("event") != "endpoint.url_validation":
        return None
    said = payload.get("payload")
    token = said.get("plainToken") if isinstance(said, dict) else None
    if not isinstance(token, str) or not secrets:
        return None
    token = token[:MAX_TOKEN]
    return {
        "plainToken": token,
        "encryptedToken": hmac.digest(secrets[0].encode(), token.encode(), "sha256").hex(),
    }
