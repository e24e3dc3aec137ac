"""What kinds of goods are there? A category of a shop, and the port that keeps them."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import msgspec

from collector.store.ports.definitions.products import Put


class Category(msgspec.Struct, frozen=True, kw_only=True):
    """One category. Instants in ms UTC. deleted: not in use any more."""

    id: str
    name: str
    url: str
    deleted: bool
    created_at: int
    modified_at: int


class CategoryQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which categories. What is empty or None does not narrow. *_since: included, ms UTC. deleted: None for all."""

    ids: tuple[str, ...] = ()
    name: str = ""
    modified_since: int | None = None
    created_since: int | None = None
    deleted: bool | None = None
    descending: bool = True


class Categories(Protocol):
    """Definitions: each write is one durable transaction of its own."""

    def find(self, query: CategoryQuery, *, limit: int, skip: int) -> tuple[list[Category], int]:
        """At most `limit` of them after the first `skip`, by when they were made, and how many there are in all."""

    def get(self, id: str) -> Category | None:
        """One of them."""

    def put(self, changes: Sequence[Mapping[str, Any]], *, update: bool, at: int) -> Put:
        """Keep categories, all or none: those that are there keep what a change does not name.

        changes: `id`, and some of `name`, `url`, `deleted`. Raises AlreadyThere unless `update`.
        """

    def close(self) -> None:
        """Let go of the file; the next question opens it again."""
