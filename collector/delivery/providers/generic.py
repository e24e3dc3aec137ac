"""Any other provider that takes a message by one POST, described by its account's URL.

    https-json://user:password@api.example.com/v1/sms?from=Shop&auth=bearer
        &body.to={recipient}&body.from={sender}&body.text={text}
        &answer.reference=id&answer.code=error.code&answer.reason=error.message&hard=1001,1002&later=429&ours=401
        &notice.reference=id&notice.recipient=to&notice.status=status&notice.code=code
        &sent=SENT&delivered=DELIVRD&read=READ&failed=UNDELIV,REJECTD&notice.hard=1001
        &reply.sender=from&reply.text=text&secret=…

`https-form` sends a form. A name with dots is an object in an object: `body.message.text={text}`. Callbacks are signed
by HMAC-SHA256 of the body in hex, in the header `X-Signature`.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, Literal

from collector.delivery.account_url import AccountUrl, BadAccount
from collector.delivery.providers.provider import Answer, Codes, Notices, Provider, Replies, What

MEANINGS: Final[tuple[tuple[str, What], ...]] = (
    ("sent", "sent"),
    ("delivered", "delivered"),
    ("read", "read"),
    ("failed", "soft"),
)
KNOWN: Final = frozenset(
    "auth hard later ours sent delivered read failed answer.reference answer.code answer.reason answer.fine "
    "notice.each notice.reference notice.recipient notice.status notice.code notice.reason notice.at notice.hard "
    "reply.each reply.sender reply.reference reply.text".split()
)


def generic(url: AccountUrl) -> Provider:
    """The row that the URL describes. Raises BadAccount."""
    scheme, _, encoding = url.scheme.partition("-")
    if not url.host:
        raise BadAccount("it names the host that is asked: https-json://user:password@api.example.com/…")
    body = nested({name.removeprefix("body."): value for name, value in url.below("body.").items()})
    if not body:
        raise BadAccount("it says what is sent: &body.to={recipient}&body.text={text}")
    if not re.fullmatch(r"[A-Za-z0-9-]{0,64}", url.text("auth")):
        raise BadAccount("auth= is basic, bearer, none, or a header's name")
    return Provider(
        name=url.host,
        url=f"{scheme}://{_host(url)}{url.path}",
        auth=url.text("auth") or ("basic" if url.user else "bearer" if url.password else "none"),
        encoding=_encoding(encoding),
        body=body,
        answer=Answer(
            url.text("answer.reference"), url.text("answer.code"), url.text("answer.reason"), _set(url, "answer.fine")
        ),
        codes=Codes(_set(url, "hard"), _set(url, "later"), _set(url, "ours")),
        signature="hmac",
        notices=_notices(url),
        replies=Replies(
            url.text("reply.each"),
            url.text("reply.sender"),
            url.text("reply.reference"),
            _paths(url.text("reply.text")),
        ),
    )


def _host(url: AccountUrl) -> str:
    host = f"[{url.host}]" if ":" in url.host else url.host
    return f"{host}:{url.port}" if url.port else host


def _encoding(word: str) -> Literal["form", "json"]:
    return "form" if word == "form" else "json"


def _notices(url: AccountUrl) -> Notices:
    fields = {name.removeprefix("notice."): value for name, value in url.below("notice.").items()}
    statuses = {status: what for name, what in MEANINGS for status in _set(url, name)}
    paths = {name: path for name, path in fields.items() if name != "hard"}
    return Notices(**paths, statuses=statuses, hard=_set(url, "notice.hard"))


def _paths(text: str) -> tuple[str, ...]:
    return tuple(path for path in text.split(",") if path)


def _set(url: AccountUrl, name: str) -> frozenset[str]:
    return frozenset(_paths(url.text(name)))


def nested(flat: Mapping[str, str]) -> dict[str, Any]:
    """`{"message.text": "x"}` → `{"message": {"text": "x"}}`."""
    whole: dict[str, Any] = {}
    for name, value in flat.items():
        *above, last = name.split(".")
        inner = whole
        for step in above:
            inner = inner.setdefault(step, {})
            if not isinstance(inner, dict):
                raise BadAccount(f"body.{name}: {step} is a text already")
        inner[last] = value
    return whole
