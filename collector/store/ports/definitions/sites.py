"""Which websites send events? The row, what may be changed of it, and the port that keeps it."""

from typing import Literal, Protocol

import msgspec

Consent = Literal["implied", "required", "off"]
Identify = Literal["guarded", "open", "verified"]


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """One website. origins: normalised, empty for any http(s) origin. created_at: ms UTC."""

    id: int
    name: str
    origins: tuple[str, ...]
    consent: Consent
    identify: Identify
    created_at: int


class SiteDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A website that is not there yet; origins are normalised already."""

    name: str
    origins: tuple[str, ...] = ()
    consent: Consent = "implied"
    identify: Identify = "guarded"


class SiteChange(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes different; None stays as it is."""

    name: str | None = None
    origins: tuple[str, ...] | None = None
    consent: Consent | None = None
    identify: Identify | None = None


class Sites(Protocol):
    """Definitions: few rows, written by people. Each write is one durable transaction of its own."""

    def all(self) -> list[Site]:
        """Every site, by id."""

    def create(self, draft: SiteDraft, *, write_key: str, at: int) -> Site:
        """Keep a new site together with its first write key. Raises KeyTaken when the key is in use."""

    def change(self, id: int, change: SiteChange) -> Site | None:
        """The site as it is afterwards; None when there is no such site."""
