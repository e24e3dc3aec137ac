"""Who is logged in: passwords, cookies, links that work once. On a clock that stands still."""

from pathlib import Path

import pytest

from collector.access.login import DAY_MS, LINK_MS, STAYS_MS, Logins, ensure_admin, hash_password
from collector.commands.prepare import upgrade
from collector.store.ports.definitions.users import LastAdmin, NameTaken
from collector.store.sqlite.definitions.users import SqliteUsers
from collector.store.sqlite.work.store import MIGRATIONS

NOW = 1_795_600_800_000
PASSWORD = "una password lunga"


@pytest.fixture
def logins(tmp_path: Path) -> Logins:
    """Of an empty store."""
    upgrade(tmp_path / "store.db", MIGRATIONS)
    return Logins(SqliteUsers(tmp_path / "store.db"))


def test_the_first_user_chooses_a_password_by_a_link_that_works_once(logins: Logins) -> None:
    """The link logs in and is used up; afterwards the password does."""
    once = ensure_admin(logins, "", now=NOW)
    assert logins.is_first()
    assert logins.log_in("admin", "", now=NOW) is None
    cookie = logins.use_link(once, PASSWORD, now=NOW + 1)
    assert cookie is not None
    found = logins.find(cookie, now=NOW + 2)
    assert found is not None
    assert ("admin", "admin") == (found.user.name, found.scope)
    assert logins.use_link(once, "another password", now=NOW + 3) is None
    assert logins.log_in("admin", PASSWORD, now=NOW + 4)
    assert "" == ensure_admin(logins, "", now=NOW + 5), "somebody has a password"


def test_a_link_is_good_for_a_day_and_is_no_cookie(logins: Logins) -> None:
    """The day's last millisecond counts, the next one does not; a cookie is no link either."""
    once = ensure_admin(logins, "", now=NOW)
    assert logins.find(once, now=NOW) is None
    assert logins.knows_link(once, now=NOW + LINK_MS - 1)
    assert logins.knows_link(once, now=NOW + LINK_MS) is None
    cookie = logins.use_link(once, PASSWORD, now=NOW)
    assert cookie
    assert logins.knows_link(cookie, now=NOW) is None


def test_the_settings_password_is_the_admins_from_then_on(logins: Logins) -> None:
    """Given, it is set; given anew, it replaces the old one; not given, it stays."""
    assert "" == ensure_admin(logins, PASSWORD, now=NOW)
    assert logins.log_in("admin", PASSWORD, now=NOW)
    ensure_admin(logins, "the next password", now=NOW)
    assert logins.log_in("admin", PASSWORD, now=NOW) is None
    ensure_admin(logins, "", now=NOW)
    assert logins.log_in("admin", "the next password", now=NOW)


def test_a_login_ends_after_fourteen_days_or_when_it_is_ended(logins: Logins) -> None:
    """The cookie of one browser; the other browser's stays."""
    ensure_admin(logins, PASSWORD, now=NOW)
    one, other = (logins.log_in("admin", PASSWORD, now=NOW) for _ in range(2))
    assert one
    assert other
    assert logins.find(one, now=NOW + STAYS_MS - 1)
    assert logins.find(one, now=NOW + STAYS_MS) is None
    found = logins.find(one, now=NOW)
    assert found
    logins.log_out(found, now=NOW)
    assert logins.find(one, now=NOW) is None
    assert logins.find(other, now=NOW)


def test_who_is_disabled_is_out_in_every_process(logins: Logins, tmp_path: Path) -> None:
    """Another process disables the user: after the next look nobody is logged in under that name, nor can be."""
    ensure_admin(logins, PASSWORD, now=NOW)
    cookie = logins.log_in("admin", PASSWORD, now=NOW) or ""
    logins.users.add("anna", "admin", password=hash_password(PASSWORD), at=NOW)
    logins.refresh(NOW)
    others = SqliteUsers(tmp_path / "store.db")
    assert others.change(others.all()[0].id, off=NOW + 1)
    assert logins.find(cookie, now=NOW + 2), "not looked yet"
    logins.refresh(NOW + 2)
    assert logins.find(cookie, now=NOW + 2) is None
    assert logins.log_in("admin", PASSWORD, now=NOW + 2) is None


def test_out_everywhere_is_heard_in_every_process(logins: Logins, tmp_path: Path) -> None:
    """Another process ends all logins of one user: after the next look the cookies are worth nothing, others' stay."""
    ensure_admin(logins, PASSWORD, now=NOW)
    anna = logins.users.add("anna", "viewer", password=hash_password(PASSWORD), at=NOW)
    logins.reload(NOW)
    ours, hers = logins.log_in("admin", PASSWORD, now=NOW) or "", logins.log_in("anna", PASSWORD, now=NOW) or ""
    logins.refresh(NOW)
    Logins(SqliteUsers(tmp_path / "store.db")).log_out_everywhere(anna, now=NOW)
    logins.refresh(NOW)
    assert (True, None) == (logins.find(ours, now=NOW) is not None, logins.find(hers, now=NOW))


def test_the_last_admin_who_can_log_in_stays(logins: Logins) -> None:
    """Neither disabled nor made something else, and nothing of the change is kept; with another one it may go."""
    ensure_admin(logins, PASSWORD, now=NOW)
    invited = logins.users.add("anna", "admin", password="", at=NOW)
    before = logins.users.all()
    with pytest.raises(LastAdmin):
        logins.users.change(1, off=NOW)
    with pytest.raises(LastAdmin):
        logins.users.change(1, role="editor")
    assert before == logins.users.all()
    logins.users.change(invited.id, password=hash_password(PASSWORD))
    assert logins.users.change(1, role="editor")
    assert not logins.users.change(99, role="editor")


def test_a_new_link_replaces_the_one_before(logins: Logins) -> None:
    """So that a link that went astray can be made worthless."""
    user = logins.users.add("anna", "viewer", password="", at=NOW)
    logins.reload(NOW)
    first, second = logins.link(user, now=NOW), logins.link(user, now=NOW)
    assert (None, "anna") == (
        logins.knows_link(first, now=NOW),
        getattr(logins.knows_link(second, now=NOW), "name", ""),
    )


def test_nothing_that_lets_in_is_kept_as_it_is(logins: Logins, tmp_path: Path) -> None:
    """Neither the password nor the cookie stands in the file."""
    ensure_admin(logins, PASSWORD, now=NOW)
    cookie = logins.log_in("admin", PASSWORD, now=NOW) or ""
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert cookie.encode() not in content
    assert PASSWORD.encode() not in content
    assert b"$argon2id$" in content


def test_what_has_expired_is_deleted(logins: Logins) -> None:
    """At the next login."""
    ensure_admin(logins, PASSWORD, now=NOW)
    logins.log_in("admin", PASSWORD, now=NOW)
    logins.log_in("admin", PASSWORD, now=NOW + 15 * DAY_MS)
    assert 1 == len(logins.users.logins(0))


def test_a_name_is_one_persons(logins: Logins) -> None:
    """Two users of one name could not be told apart."""
    logins.users.add("anna", "viewer", password=hash_password(PASSWORD), at=NOW)
    with pytest.raises(NameTaken):
        logins.users.add("anna", "editor", password="", at=NOW)
