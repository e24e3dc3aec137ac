"""Whose key is it: tables in memory that follow the file, and the first keys of a deployment."""

import hashlib
import re
import sqlite3
from pathlib import Path

import pytest

from collector.access.keys import ApiAccess, First, Keys, SiteAccess, ensure_first, new_api_key, new_write_key
from collector.config import Settings, load
from collector.errors import Code
from collector.sqlite import migrate
from collector.store.ports.definitions.keys import KeyDraft, KeyTaken
from collector.store.ports.definitions.sites import SiteChange, SiteDraft
from collector.store.sqlite.definitions.keys import SqliteKeys
from collector.store.sqlite.definitions.sites import SqliteSites

MIGRATIONS = Path("collector/store/sqlite/migrations").resolve()
NOW = 1_795_000_000_000


class Deployment:
    """A store.db of its own, and processes that look at it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "store.db"
        migrate(self.path, MIGRATIONS)
        self.sites, self.ring = SqliteSites(self.path), SqliteKeys(self.path)

    def process(self) -> Keys:
        """The tables as another process would have them."""
        keys = Keys(SqliteSites(self.path), SqliteKeys(self.path))
        keys.refresh()
        return keys

    def settings(self, **flags: str) -> Settings:
        return load(flags, {}, self.folder)

    def ensure(self, **flags: str) -> First:
        return ensure_first(self.sites, self.ring, self.settings(**flags), now=NOW)


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    return Deployment(tmp_path)


def test_write_key_opens_its_site(deployment: Deployment) -> None:
    """A write key gives the site's rules, so that ingestion asks nothing else."""
    draft = SiteDraft(name="shop", origins=("https://shop.example",), consent="required", identify="open")
    site = deployment.sites.create(draft, write_key="wk_shop", at=NOW)
    expected = SiteAccess(site.id, "shop", ("https://shop.example",), "required", "open", key_id=1)
    assert expected == deployment.process().site_of("wk_shop")


def test_api_key_opens_by_scope(deployment: Deployment) -> None:
    """An API key gives its scope; each scope includes the ones below it."""
    deployment.ring.add(KeyDraft(text="sk_reader", scope="read", name="grafana"), at=NOW)
    deployment.ring.add(KeyDraft(text="sk_writer", scope="write"), at=NOW)
    keys = deployment.process()
    reader, writer = keys.api("sk_reader"), keys.api("sk_writer")
    assert ApiAccess(1, "read", "grafana") == reader
    assert isinstance(writer, ApiAccess)
    assert [True, True, False] == [writer.permits(scope) for scope in ("read", "write", "admin")]
    assert not reader.permits("write")


@pytest.mark.parametrize("text", ["", "wk_nobody", "sk_nobody", "\ud800", "sk_" + "x" * 10_000])
def test_unknown_key_is_a_code(deployment: Deployment, text: str) -> None:
    """Any text may be asked for; an unknown one is `key_unknown` at both doors, never an exception."""
    keys = deployment.process()
    assert (Code.KEY_UNKNOWN, Code.KEY_UNKNOWN) == (keys.site_of(text), keys.api(text))


def test_kinds_of_keys_do_not_mix(deployment: Deployment) -> None:
    """A public write key never opens the API, an API key never a site."""
    deployment.ensure(write_key="wk_first", api_key="sk_first")
    keys = deployment.process()
    assert (Code.KEY_UNKNOWN, Code.KEY_UNKNOWN) == (keys.api("wk_first"), keys.site_of("sk_first"))


def test_api_key_is_not_in_the_file(deployment: Deployment) -> None:
    """Only the hash of an API key and its first 8 characters are kept."""
    text = new_api_key()
    key = deployment.ring.add(KeyDraft(text=text, scope="admin"), at=NOW)
    assert (text[:8], hashlib.sha256(text.encode()).digest()) == (key.shown, key.hash)
    content = b"".join(path.read_bytes() for path in deployment.folder.iterdir())
    assert key.hash in content
    assert text.encode() not in content


def test_new_keys_are_long_and_differ() -> None:
    """A write key has 24 random characters, an API key 32 (190 bits), and no two are the same."""
    assert re.fullmatch(r"wk_[A-Za-z0-9]{24}", new_write_key())
    assert re.fullmatch(r"sk_[A-Za-z0-9]{32}", new_api_key())
    assert 200 == len({new_api_key() for _ in range(100)} | {new_write_key() for _ in range(100)})


def test_revocation_reaches_other_processes(deployment: Deployment) -> None:
    """A key revoked by one process is refused by all others at their next refresh, as revoked and not as unknown."""
    deployment.ensure(write_key="wk_first", api_key="sk_first")
    other = deployment.process()
    assert isinstance(other.site_of("wk_first"), SiteAccess)
    for key in deployment.ring.all():
        assert deployment.ring.revoke(key.id, at=NOW)
    assert other.refresh()
    assert (Code.KEY_REVOKED, Code.KEY_REVOKED) == (other.site_of("wk_first"), other.api("sk_first"))


def test_revocation_keeps_its_first_time(deployment: Deployment) -> None:
    """Revoking twice is the same as once; an unknown key is told apart."""
    key = deployment.ring.add(KeyDraft(text="sk_x", scope="read"), at=NOW)
    assert [True, True, False] == [deployment.ring.revoke(id, at=at) for id, at in [(key.id, 1), (key.id, 2), (99, 3)]]
    assert [1] == [row.revoked_at for row in deployment.ring.all()]


def test_refresh_reads_only_when_something_changed(deployment: Deployment) -> None:
    """A poll on an unchanged store costs one PRAGMA."""
    keys = deployment.process()
    assert not keys.refresh()
    deployment.sites.create(SiteDraft(name="shop"), write_key="wk_shop", at=NOW)
    assert [True, False] == [keys.refresh(), keys.refresh()]


def test_own_write_is_seen_at_once(deployment: Deployment) -> None:
    """After a write of its own a process reloads, so that its next request sees it."""
    keys = deployment.process()
    keys.sites.create(SiteDraft(name="shop"), write_key="wk_shop", at=NOW)
    keys.reload()
    assert isinstance(keys.site_of("wk_shop"), SiteAccess)


def test_tables_survive_a_store_that_cannot_answer(deployment: Deployment) -> None:
    """When the file cannot be read the refresh raises and the keys known so far go on working."""
    deployment.ensure(write_key="wk_first")
    keys = deployment.process()
    with sqlite3.connect(deployment.path) as damage:
        damage.execute("ALTER TABLE keys RENAME TO gone")
    damage.close()
    with pytest.raises(sqlite3.OperationalError):
        keys.refresh()
    assert isinstance(keys.site_of("wk_first"), SiteAccess)


def test_last_use_is_written_in_batches(deployment: Deployment) -> None:
    """Uses are remembered in memory and noted together; unused and refused keys stay as they were."""
    deployment.ensure(write_key="wk_first", api_key="sk_first")
    deployment.ring.add(KeyDraft(text="sk_idle", scope="read"), at=NOW)
    keys = deployment.process()
    for _ in range(3):
        keys.site_of("wk_first"), keys.api("sk_first"), keys.api("sk_wrong")
    assert [2, 0] == [keys.flush_used(NOW + 60_000), keys.flush_used(NOW + 120_000)]
    uses = {row.shown: row.last_used_at for row in deployment.ring.all()}
    assert {"wk_first": NOW + 60_000, "sk_first": NOW + 60_000, "sk_idle": None} == uses


def test_site_change_keeps_what_is_not_said(deployment: Deployment) -> None:
    """A change names what becomes different; an empty list of origins is said, None is not."""
    site = deployment.sites.create(SiteDraft(name="shop", origins=("https://a.example",)), write_key="wk_a", at=NOW)
    renamed = deployment.sites.change(site.id, SiteChange(name="boutique"))
    assert renamed is not None
    assert ("boutique", ("https://a.example",)) == (renamed.name, renamed.origins)
    opened = deployment.sites.change(site.id, SiteChange(origins=(), consent="off"))
    assert opened is not None
    assert ((), "off") == (opened.origins, opened.consent)
    assert deployment.sites.change(99, SiteChange(name="nobody")) is None


def test_site_and_its_key_come_together(deployment: Deployment) -> None:
    """When its write key is taken, the site is not made either."""
    deployment.ensure(write_key="wk_first")
    with pytest.raises(KeyTaken):
        deployment.sites.create(SiteDraft(name="second"), write_key="wk_first", at=NOW)
    assert ["default"] == [site.name for site in deployment.sites.all()]


def test_write_key_needs_a_site(deployment: Deployment) -> None:
    """A write key for a site that is not there is refused."""
    with pytest.raises(LookupError):
        deployment.ring.add(KeyDraft(text="wk_x", scope="write_key", site=7), at=NOW)


def test_first_keys_are_made_once(deployment: Deployment) -> None:
    """The first start makes a site and two random keys and tells them; the second makes and tells nothing."""
    first = deployment.ensure()
    assert first.site is not None
    assert "default" == first.site.name
    keys = deployment.process()
    site, api = keys.site_of(first.write_key), keys.api(first.api_key)
    assert isinstance(site, SiteAccess)
    assert isinstance(api, ApiAccess)
    assert ("default", "admin") == (site.name, api.scope)
    assert First() == deployment.ensure()


def test_first_keys_come_from_the_settings(deployment: Deployment) -> None:
    """SENTIERO_WRITE_KEY and SENTIERO_API_KEY fix the first keys, also when the site was made without them."""
    deployment.ensure()
    assert First(None, "wk_mine", "sk_mine") == deployment.ensure(write_key="wk_mine", api_key="sk_mine")
    assert First() == deployment.ensure(write_key="wk_mine", api_key="sk_mine")
    keys = deployment.process()
    assert isinstance(keys.site_of("wk_mine"), SiteAccess)
    assert isinstance(keys.api("sk_mine"), ApiAccess)


def test_changed_setting_adds_a_key(deployment: Deployment) -> None:
    """A new value in the settings is one more key: nobody is locked out by a restart."""
    deployment.ensure(write_key="wk_old", api_key="sk_old")
    deployment.ensure(write_key="wk_new", api_key="sk_new")
    keys = deployment.process()
    assert all(isinstance(keys.site_of(text), SiteAccess) for text in ("wk_old", "wk_new"))
    assert all(isinstance(keys.api(text), ApiAccess) for text in ("sk_old", "sk_new"))


def test_revoked_setting_stays_revoked(deployment: Deployment) -> None:
    """A restart does not bring back a key that was revoked, though the settings still name it."""
    deployment.ensure(write_key="wk_mine", api_key="sk_mine")
    for key in deployment.ring.all():
        deployment.ring.revoke(key.id, at=NOW)
    assert First() == deployment.ensure(write_key="wk_mine", api_key="sk_mine")
    keys = deployment.process()
    assert (Code.KEY_REVOKED, Code.KEY_REVOKED) == (keys.site_of("wk_mine"), keys.api("sk_mine"))
