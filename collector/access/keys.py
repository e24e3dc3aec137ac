"""Whose key is this? Tables in memory of every key that was ever given out, and how the first ones come to be.

Reads and writes through the ports of `collector/store/ports/{sites,keys}.py`. The tables follow the store within the
interval at which the process calls `refresh` (≤ 500 ms): so long a revoked key may still be taken.
"""

import secrets
import string
from collections.abc import Sequence
from typing import Literal, NamedTuple

import msgspec

from collector.config import Settings
from collector.errors import Code
from collector.store.ports.definitions.keys import Key, KeyDraft, KeyRing, hash_key
from collector.store.ports.definitions.sites import Consent, Identify, Site, SiteDraft, Sites
from collector.store.ports.store import StoreFailed

ApiScope = Literal["read", "write", "admin"]
API_SCOPES: tuple[ApiScope, ...] = ("read", "write", "admin")
"""Each includes those before it."""

_LETTERS = string.ascii_letters + string.digits  # no - or _: a double click selects the whole key


class SiteAccess(msgspec.Struct, frozen=True):
    """What a write key opens: sending events for one site, by its rules. origins: empty means any http(s) origin."""

    id: int
    name: str
    origins: tuple[str, ...]
    consent: Consent
    identify: Identify
    key_id: int


class ApiAccess(msgspec.Struct, frozen=True):
    """What an API key opens: the whole deployment, as far as its scope goes."""

    id: int
    scope: ApiScope
    name: str = ""

    def permits(self, scope: ApiScope) -> bool:
        """Whether the key is good for what needs `scope`."""
        return API_SCOPES.index(self.scope) >= API_SCOPES.index(scope)


def new_write_key() -> str:
    """`wk_` and 24 letters and digits (142 bits): not a secret, but nobody meets another's by chance."""
    return "wk_" + _random(24)


def new_api_key() -> str:
    """`sk_` and 32 letters and digits (190 bits)."""
    return "sk_" + _random(32)


def _random(characters: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(characters))


class Keys:
    """Looks up keys without touching the disk. One a process; `refresh` and `flush_used` may run in another thread."""

    def __init__(self, sites: Sites, ring: KeyRing) -> None:
        """sites, ring: where definitions are kept, and written by `api`. Call `refresh` before the first use."""
        self.sites, self.ring = sites, ring
        self._version: int | None = None
        self._site: dict[int, SiteAccess] = {}
        self._write: dict[str, SiteAccess | Code] = {}
        self._api: dict[bytes, ApiAccess | Code] = {}
        self._used: set[int] = set()

    def site_of(self, write_key: str) -> SiteAccess | Code:
        """The site of a public key, or the code with which to refuse it."""
        access = self._write.get(write_key, Code.KEY_UNKNOWN)
        if type(access) is SiteAccess:
            self._used.add(access.key_id)
        return access

    def api(self, key: str) -> ApiAccess | Code:
        """What a secret key opens, or the code with which to refuse it. Its hash is looked up: timing tells nothing."""
        access = self._api.get(hash_key(key), Code.KEY_UNKNOWN)
        if type(access) is ApiAccess:
            self._used.add(access.id)
        return access

    def newest_write_key(self) -> str | None:
        """The write key that was made last and is good, for whoever shows one."""
        good = [key for key, access in self._write.items() if type(access) is SiteAccess]
        return good[-1] if good else None

    def site(self, id: int) -> SiteAccess | None:
        """The site by its id (key_id 0), for doors that name it without a key."""
        return self._site.get(id)

    def sites_open(self) -> Sequence[SiteAccess]:
        """Every site (key_id 0)."""
        return tuple(self._site.values())

    def refresh(self) -> bool:
        """Read the tables again if the store has changed; whether it had. If the store raises, the old tables stay."""
        version = self.ring.version()
        if version == self._version:
            return False
        self._load(self.sites.all(), self.ring.all())
        self._version = version
        return True

    def reload(self) -> None:
        """Read the tables now: after an own write, so that the next request sees it."""
        self._load(self.sites.all(), self.ring.all())

    def flush_used(self, now: int) -> int:
        """Note `now` (ms UTC) as the last use of the keys used since the last flush; how many. For a minute's timer."""
        used = tuple(self._used)  # one step, so that the other thread may go on adding
        try:
            if used:
                self.ring.touch(dict.fromkeys(used, now))
        except StoreFailed:
            return 0  # the next flush tries again
        self._used.difference_update(used)
        return len(used)

    def _load(self, sites: list[Site], keys: list[Key]) -> None:
        site = {row.id: _site_access(row, key_id=0) for row in sites}
        self._write = {row.shown: _write_access(row, site) for row in keys if row.site is not None}
        self._api = {row.hash: _api_access(row) for row in keys if row.site is None}
        self._site = site


def _site_access(site: Site, *, key_id: int) -> SiteAccess:
    return SiteAccess(site.id, site.name, site.origins, site.consent, site.identify, key_id)


def _write_access(key: Key, sites: dict[int, SiteAccess]) -> SiteAccess | Code:
    site = sites.get(key.site or 0)
    if key.revoked_at is not None or site is None:
        return Code.KEY_REVOKED
    return msgspec.structs.replace(site, key_id=key.id)


def _api_access(key: Key) -> ApiAccess | Code:
    if key.revoked_at is not None or key.scope == "write_key":
        return Code.KEY_REVOKED
    return ApiAccess(key.id, key.scope, key.name)


# The first site and its keys ------------------------------------------------------------------------------------------


class First(NamedTuple):
    """What `ensure_first` has just made, to be shown once; "" where nothing was. site: None when it was there."""

    site: Site | None = None
    write_key: str = ""
    api_key: str = ""


def ensure_first(sites: Sites, ring: KeyRing, settings: Settings, *, now: int) -> First:
    """Make the first site, its write key and an admin key where they are missing. Called at every start, does it once.

    Keys come from the settings when given there, else from chance. A changed setting adds the new key and leaves the
    old one; a key that was revoked stays revoked. now: ms UTC.
    """
    there, keys = sites.all(), ring.all()
    api_key = _ensure_api_key(ring, keys, settings.api_key, now)
    if not there:
        write_key = settings.write_key or new_write_key()
        return First(sites.create(SiteDraft(name="default"), write_key=write_key, at=now), write_key, api_key)
    if settings.write_key and not _has(keys, settings.write_key):
        ring.add(KeyDraft(text=settings.write_key, scope="write_key", site=there[0].id, name="settings"), at=now)
        return First(None, settings.write_key, api_key)
    return First(None, "", api_key)


def _ensure_api_key(ring: KeyRing, keys: list[Key], given: str, now: int) -> str:
    if _has(keys, given) if given else any(row.site is None for row in keys):
        return ""
    text = given or new_api_key()
    ring.add(KeyDraft(text=text, scope="admin", name="settings" if given else "first"), at=now)
    return text


def _has(keys: list[Key], text: str) -> bool:
    digest = hash_key(text)
    return any(row.hash == digest for row in keys)
