"""What must be known of a provider to send by it? One row: request, answer, codes, receipts, replies.

A path such as `messages.0.status` leads into JSON (or a form); `*` stands for each item of a list. A text of a body may
hold {recipient} {digits} {sender} {sender_digits} {text} {id} {callback} {alphabet} {template} {language} {numbered}; a
value that is `{parameters}` alone becomes a list.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

Shape = Mapping[str, Any]
What = Literal["sent", "delivered", "read", "soft", "hard", "stop"]
NONE: frozenset[str] = frozenset()


class Codes(msgspec.Struct, frozen=True):
    """What the codes of an answer mean. hard: no such recipient. later: try again. ours: our own fault; else soft."""

    hard: frozenset[str] = NONE
    later: frozenset[str] = NONE
    ours: frozenset[str] = NONE


class Answer(msgspec.Struct, frozen=True):
    """Where the answer says what. fine: codes that mean accepted although a code is there."""

    reference: str = ""
    code: str = ""
    reason: str = ""
    fine: frozenset[str] = NONE


class Notices(msgspec.Struct, frozen=True):
    """Where a callback tells what became of messages. each: the notices; the other paths start there.

    statuses: a status of theirs to one of ours; `soft` becomes `hard` by the codes in `hard`. at: in seconds UTC.
    """

    each: str = ""
    reference: str = ""
    recipient: str = ""
    status: str = ""
    code: str = ""
    reason: str = ""
    at: str = ""
    statuses: Mapping[str, What] = {}
    hard: frozenset[str] = NONE


class Replies(msgspec.Struct, frozen=True):
    """Where a callback carries what somebody has written back. text: paths, the first that leads somewhere counts."""

    each: str = ""
    sender: str = ""
    reference: str = ""
    text: tuple[str, ...] = ()


class Provider(msgspec.Struct, frozen=True):
    """One row.

    url: may hold {user}. auth: basic, bearer, none, or the name of a header that carries the password.
    body, template: of a text and of an approved template. parameter: one of a template's. signature: of SIGNATURES.
    """

    name: str
    url: str
    auth: str
    encoding: Literal["form", "json"]
    body: Shape
    answer: Answer
    codes: Codes
    signature: str
    notices: Notices
    replies: Replies
    template: Shape | None = None
    parameter: Shape = {}
