"""Who is logged in? Passwords, the cookies that stand for them, and links that log in once.

Reads and writes through `store/ports/definitions/users.py`; the tables in memory follow the store within 500 ms: a user
who is disabled is out everywhere within a second. A cookie is 32 random bytes, of which only the hash is kept.
"""

import hashlib
import secrets

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from collector.access.keys import API_SCOPES, ApiScope
from collector.store.ports.definitions.users import Login, LoginKind, Role, User, Users

DAY_MS = 86_400_000
STAYS_MS = 14 * DAY_MS
LINK_MS = DAY_MS
LEAST_CHARACTERS = 10
SCOPES: dict[Role, ApiScope] = {"viewer": "read", "editor": "write", "admin": "admin"}

_hasher = PasswordHasher()


class Visitor(msgspec.Struct, frozen=True):
    """Somebody who is logged in. login: the hash of the cookie."""

    user: User
    login: bytes

    @property
    def scope(self) -> ApiScope:
        """What the role may do by the API."""
        return SCOPES[self.user.role]

    def permits(self, scope: ApiScope) -> bool:
        """Whether the role is enough for what needs `scope`."""
        return API_SCOPES.index(self.scope) >= API_SCOPES.index(scope)


class Logins:
    """Looks up cookies without touching the disk. One a process; `refresh` may run in another thread."""

    def __init__(self, users: Users) -> None:
        """Call `refresh` before the first use."""
        self.users = users
        self._version: int | None = None
        self._nobodys = _hasher.hash(secrets.token_hex(16))  # so that a guess takes as long when nobody has the name
        self._by_hash: dict[bytes, Login] = {}
        self._by_id: dict[int, User] = {}

    def refresh(self, now: int) -> None:
        """Read the tables again if the store has changed. now: ms UTC."""
        version = self.users.version()
        if version != self._version:
            self.reload(now)
            self._version = version

    def reload(self, now: int) -> None:
        """Read the tables now: after an own write, so that the next request sees it."""
        self._by_id = {user.id: user for user in self.users.all()}
        self._by_hash = {login.hash: login for login in self.users.logins(now)}

    def find(self, cookie: str, *, now: int) -> Visitor | None:
        """Who shows this cookie; None for what is none, was ended, or is older than 14 days."""
        login = self._by_hash.get(_hash(cookie))
        if login is None or login.kind != "browser" or login.expires_at <= now:
            return None
        user = self._by_id.get(login.user)
        return Visitor(user, login.hash) if user is not None and user.disabled_at is None else None

    def is_first(self) -> bool:
        """Whether nobody could ever log in: there is no user who has a password."""
        return not any(user.password or user.disabled_at for user in self._by_id.values())

    def named(self, name: str) -> User | None:
        """The user of that name, unless disabled."""
        return next((user for user in self._by_id.values() if user.name == name and user.disabled_at is None), None)

    def log_in(self, name: str, password: str, *, now: int) -> str | None:
        """The cookie of a new login, None when name and password do not fit. Takes some 50 ms: call it in a thread."""
        user = self.named(name)
        good = user.password if user is not None and user.password else self._nobodys
        if not fits(good, password) or user is None or good is self._nobodys:
            return None
        return self._enter(user, "browser", STAYS_MS, now)

    def link(self, user: User, *, now: int) -> str:
        """The secret of a link that lets the user in once, within a day. Links that were made before are void."""
        for login in self._of(user, "link"):
            self.users.leave(login.hash)
        return self._enter(user, "link", LINK_MS, now)

    def knows_link(self, secret: str, *, now: int) -> User | None:
        """Whose link it is, as long as it can be used."""
        login = self._by_hash.get(_hash(secret))
        if login is None or login.kind != "link" or login.expires_at <= now:
            return None
        return self._by_id.get(login.user)

    def seen_at(self, user: User) -> int | None:
        """When the user logged in last, ms UTC, as far as a login that still holds tells."""
        return max((login.created_at for login in self._of(user, "browser")), default=None)

    def has_link(self, user: User, *, now: int) -> bool:
        """Whether a link waits to be used by the user."""
        return any(login.expires_at > now for login in self._of(user, "link"))

    def use_link(self, secret: str, password: str, *, now: int) -> str | None:
        """Choose a password by the link and be logged in: the cookie. None when the link was used meanwhile."""
        user = self.knows_link(secret, now=now)
        if user is None or not self.users.leave(_hash(secret)):
            return None
        return self.choose(user, password, now=now)

    def choose(self, user: User, password: str, *, now: int) -> str:
        """A new password: whoever is logged in as this user is out, but for the cookie that is returned."""
        self.users.change(user.id, password=hash_password(password))
        return self._enter(user, "browser", STAYS_MS, now)

    def log_out(self, visitor: Visitor, *, now: int) -> None:
        """End this login."""
        self.users.leave(visitor.login)
        self.reload(now)

    def log_out_everywhere(self, user: User, *, now: int) -> None:
        """End every login of the user, in every process within a second."""
        self.users.leave(user=user.id)
        self.reload(now)

    def _of(self, user: User, kind: LoginKind) -> list[Login]:
        return [login for login in self._by_hash.values() if login.user == user.id and login.kind == kind]

    def _enter(self, user: User, kind: LoginKind, lasts_ms: int, now: int) -> str:
        secret = secrets.token_urlsafe(32)
        login = Login(hash=_hash(secret), kind=kind, user=user.id, created_at=now, expires_at=now + lasts_ms)
        self.users.enter(login)
        self.reload(now)
        return secret


ADMIN = "admin"


def ensure_admin(logins: Logins, password: str, *, now: int) -> str:
    """The first user, `admin`: with the password of the settings when one is given there. Called at every start.

    Returns the secret of a link by which a password is chosen, as long as nobody has one; else "".
    """
    logins.reload(now)
    there = next((user for user in logins.users.all() if user.name == ADMIN), None)  # perhaps disabled: it stays so
    admin = there or logins.users.add(ADMIN, "admin", password="", at=now)
    if password and not fits(admin.password, password):
        logins.users.change(admin.id, password=hash_password(password))
    logins.reload(now)
    return logins.link(admin, now=now) if logins.is_first() else ""


def hash_password(password: str) -> str:
    """Argon2id, with the library's parameters."""
    return _hasher.hash(password)


def fits(hashed: str, password: str) -> bool:
    """Whether it is the password that was hashed."""
    try:
        return _hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def is_good(password: str) -> bool:
    """Long enough; nothing else makes a password better."""
    return len(password) >= LEAST_CHARACTERS


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
