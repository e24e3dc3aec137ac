"""What does a message tell of a person? Their contact, what happened to them: just what a template reads."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from sessionizer.contact import Contact


class Need(NamedTuple):
    """What a template reads of a history. what: last | first | count | list."""

    category: str
    key: str
    what: str


class Happened(NamedTuple):
    """An event as a template sees it."""

    category: str
    key: str
    data: Mapping[str, Any]


class Gathering(Protocol):
    """Reads beside the worker."""

    def contact(self, id: int) -> Contact | None:
        """A contact as it is now, also of one that was absorbed; None when there is none."""

    def contact_of(self, kind: str, value: str) -> Contact | None:
        """Whose identifier it is; None for nobody's."""

    def consent(self, contact: int, name: tuple[str, str] | None) -> str:
        """granted | denied | unknown, of the contact, else of whose identifier (kind, value) it is."""

    def event(self, id: str) -> Happened | None:
        """An event by its id: its properties, with page, time and object."""

    def history(self, contact: int, needs: Iterable[Need]) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
        """category → key → what → value: an event's data or None, how many there are, up to 50 of them, the newest
        first. Events that were taken back, and those of bots, did not happen."""

    def close(self) -> None:
        """Close the file."""
