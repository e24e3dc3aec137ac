"""What can be asked later? The nouns of the store together, and how it fails."""

from typing import Protocol

from collector.store.ports.contacts import Contacts
from collector.store.ports.events import Events
from collector.store.ports.learned import Learned
from collector.store.ports.objects import Objects
from collector.store.ports.rejections import Rejections
from collector.store.ports.segments import Members
from collector.store.ports.sessions import Sessions
from collector.store.ports.totals import Totals


class StoreFailed(Exception):
    """The store cannot answer now (locked, damaged, gone). The same question may be asked again."""


class QueryTooSlow(StoreFailed):
    """The question was given up after its time limit, so that it costs nobody else anything. Ask a narrower one."""


class Store(Protocol):
    """Reading, asynchronous. Opened and closed once by the process; safe for any number of tasks at once."""

    @property
    def events(self) -> Events:
        """What happened."""

    @property
    def contacts(self) -> Contacts:
        """To whom."""

    @property
    def sessions(self) -> Sessions:
        """In which visits."""

    @property
    def objects(self) -> Objects:
        """About which carts and orders."""

    @property
    def totals(self) -> Totals:
        """How much of it."""

    @property
    def learned(self) -> Learned:
        """What a team's own events carry."""

    @property
    def members(self) -> Members:
        """Who is in which segment."""

    @property
    def rejections(self) -> Rejections:
        """What did not pass."""

    async def open(self) -> None:
        """Connect. Raises StoreFailed when the files are not there or cannot be read."""

    async def close(self) -> None:
        """Disconnect. Questions that are under way are given up."""

    async def log_end(self) -> int:
        """The offset of the log's last row, 0 while it is empty."""

    async def position(self) -> int:
        """The log offset up to which the worker has written, 0 before the first."""
