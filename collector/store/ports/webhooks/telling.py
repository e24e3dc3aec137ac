"""What must whoever tells webhooks read and write? What is new, what is due, what became of it."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

from collector.store.ports.definitions.webhooks import Webhook
from collector.store.ports.events import StoredEvent
from collector.store.ports.webhooks.deliveries import Delivery


class Reader(NamedTuple):
    """A webhook, and the offset up to which it was told."""

    webhook: Webhook
    told_to: int


class News(NamedTuple):
    """An event that is new. kind: `category/key`. is_told: whether it is one of those that are told at all."""

    offset: int
    kind: str
    is_told: bool


class Tellable(NamedTuple):
    """An event with what Brevo's shape needs. email: of its contact, "" for none. is_first: whether it is the first
    opening of the message that it is about."""

    event: StoredEvent
    email: str
    is_first: bool


class Telling(Protocol):
    """`readers`, `news`, `due`, `events` for one thread; the rest, on a connection of its own, for another."""

    def data_version(self) -> int:
        """Changes whenever somebody has committed to the file."""

    def readers(self) -> list[Reader]:
        """Every webhook, by id."""

    def waiting(self, webhook: int) -> int:
        """How many wait."""

    def news(self, after: int, limit: int) -> list[News]:
        """What was recorded behind the offset, in its order."""

    def due(self, webhook: int, now: int, *, without: Collection[int], limit: int) -> list[Delivery]:
        """Those that wait and are due, the longest due first. without: offsets."""

    def next_due(self, webhook: int) -> int | None:
        """When the next is due, ms UTC; None when none waits."""

    def events(self, offsets: Collection[int]) -> dict[int, Tellable]:
        """By offset; what is gone or taken back is not among them."""

    def tell(self, told_to: Mapping[int, int], deliveries: Sequence[tuple[int, int]], *, at: int) -> None:
        """These (webhook, offset) wait from now on, and webhooks were told so far; but for one that is disabled."""

    def settle(self, deliveries: Sequence[Delivery]) -> None:
        """This became of them. What is not there any more stays away."""

    def disable(self, webhook: int, why: str, *, at: int) -> None:
        """It is told nothing any more; what waits is dropped."""

    def trim(self, *, before: int, keep: int, limit: int) -> int:
        """Forget what ended before that instant, and what is done beyond `keep` a webhook; at most so many rows a
        webhook and reason. Returns how many."""

    def close(self) -> None:
        """Close the file."""
