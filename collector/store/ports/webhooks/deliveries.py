"""What was told to a webhook, and what became of it? A delivery, how a webhook does, and the port that looks.

A delivery is an event that is told to a webhook: its id is made of both, so that it is the same at every try.
"""

from typing import Literal, NamedTuple, Protocol, get_args

State = Literal["waiting", "done", "failed", "dropped"]
"""failed: nothing but failures for 24 hours. dropped: the event is gone or taken back, or the webhook was disabled."""
STATES: tuple[State, ...] = get_args(State)

RECENT = 100
"""So many of the last ones say how long one takes."""


class Delivery(NamedTuple):
    """One event to one webhook. offset: of the event. tries: so far. Instants in ms UTC; of the first try and of its
    end, None while there was none. status: HTTP, of the last answer, None when none came. took_ms: of the last try."""

    webhook: int
    offset: int
    state: State
    due_at: int
    tries: int = 0
    first_at: int | None = None
    settled_at: int | None = None
    status: int | None = None
    reason: str = ""
    took_ms: int | None = None

    @property
    def id(self) -> str:
        """What receivers know it by: `webhook-id`."""
        return f"msg_{self.webhook}_{self.offset}"


class Listed(NamedTuple):
    """A delivery with its event as a list shows it: id and kind, "" when it is gone."""

    delivery: Delivery
    event: str
    kind: str


class Health(NamedTuple):
    """How a webhook does. failed: of those that ended since the instant asked for. Instants of the last of each, and
    the middle of what the last ones took: None when there was none."""

    waiting: int = 0
    failed: int = 0
    done_at: int | None = None
    failed_at: int | None = None
    took_ms: int | None = None


class Told(Protocol):
    """The log of deliveries. Each write is one durable transaction of its own."""

    def find(self, webhook: int, *, state: State | None, limit: int, before: int | None) -> list[Listed]:
        """The newest event first. before: the offset behind which the list goes on."""

    def one(self, webhook: int, offset: int) -> Listed | None:
        """One of them."""

    def health(self, webhook: int, *, since: int) -> Health:
        """How it does. since: ms UTC."""

    def again(self, webhook: int, offset: int, *, at: int) -> bool:
        """Tell it once more, now, by the same id. False when there is none, or it waits anyway."""

    def again_since(self, webhook: int, since: int, *, at: int) -> int:
        """Tell once more what failed or was dropped since then, ms UTC; returns how many."""

    def close(self) -> None:
        """Let go of the file; the next question opens it again."""


def offset_of(webhook: int, id: str) -> int | None:
    """The offset in a delivery's id; None when it is none of this webhook."""
    prefix = f"msg_{webhook}_"
    digits = id.removeprefix(prefix)
    is_one = id.startswith(prefix) and digits.isascii() and digits.isdigit() and len(digits) < 19
    return int(digits) if is_one else None
