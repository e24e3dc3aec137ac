"""What does an endpoint take, and what does it answer? Said beside it, once; `openapi.py` writes the document from it.

    @operation(query=PAGING, answers={200: page_of("sites", SiteAnswer)})
    async def find(request): …

What follows from the rest (401 without a key, 413 where there is a body) is not said. The structs are those that decode
and encode, so that the document cannot be wrong about them.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

import msgspec

from collector.api.frame.body import BODY_S, MAX_BODY_BYTES

E = TypeVar("E", bound=Callable[..., Any])

HTML, EVENT_STREAM, CSV = "text/html", "text/event-stream", "text/csv"
"""Answers that are no JSON: the media type stands in the place of a struct."""


class Media(NamedTuple):
    """How a body is sent: its type, how long it may be, and how long it may take."""

    type: str = "application/json"
    max_bytes: int = MAX_BODY_BYTES
    within_s: float = BODY_S


class Operation(NamedTuple):
    """A declaration. query, headers: names of `parameters.py`. places: those of the path, whose others are any text.

    body: the struct, None where none is read; media: how it is sent. answers: status → struct, media type, or None for
    one without a body; once: whether it hears `Idempotency-Key`.
    scope: of a door; of all others `require` says it. is_secret: whether the answer holds what no file may keep.
    """

    query: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    body: Any = None
    answers: Mapping[int, Any] = {}
    once: bool = True
    scope: str = ""
    is_secret: bool = False
    media: Media = Media()


def operation(
    *,
    query: tuple[str, ...] = (),
    headers: tuple[str, ...] = (),
    places: tuple[str, ...] = (),
    body: Any = None,
    answers: Mapping[int, Any],
    is_secret: bool = False,
    media: Media = Media(),  # noqa: B008  # a value that nothing changes
) -> Callable[[E], E]:
    """Beside an endpoint; see Operation."""
    declared = Operation(query, headers, places, body, answers, is_secret=is_secret, media=media)

    def declare(endpoint: E) -> E:
        vars(endpoint)["operation"] = declared
        return endpoint

    return declare


def operation_of(endpoint: Any) -> Operation | None:
    """What was declared of it, also when `require` stands around it."""
    found: Operation | None = getattr(endpoint, "operation", None)
    return found


def page_of(noun: str, row: Any) -> type[msgspec.Struct]:
    """What `answer.listing` answers: `{"<noun>": [row], "next": cursor | null}`."""
    fields = [(noun, tuple[row, ...]), ("next", str | None)]
    return msgspec.defstruct(f"{row.__name__.removesuffix('Answer')}Page", fields, frozen=True)
