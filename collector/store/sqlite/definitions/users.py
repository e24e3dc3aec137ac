"""Who uses the console? Rows of `users` and `logins` in store.db (port: `ports/definitions/users.py`)."""

import sqlite3
from pathlib import Path

from collector.store.ports.definitions.users import LastAdmin, Login, NameTaken, Role, User
from collector.store.sqlite.definitions.transaction import Reading, transaction

COLUMNS = "id, name, role, password, created_at, disabled_at"
ALL = f"SELECT {COLUMNS} FROM users ORDER BY id"
LOGINS = "SELECT hash, kind, user, created_at, expires_at FROM logins WHERE expires_at > ?"
NAMED = "SELECT 1 FROM users WHERE name = ?"
ADD = f"INSERT INTO users (name, role, password, created_at) VALUES (?, ?, ?, ?) RETURNING {COLUMNS}"
CHANGE = """
UPDATE users SET password = coalesce(:password, password), role = coalesce(:role, role),
                 disabled_at = iif(:off IS NULL, disabled_at, nullif(:off, 0))
WHERE id = :id"""
ADMINS = "SELECT count(*) FROM users WHERE role = 'admin' AND password <> '' AND disabled_at IS NULL"
EXPIRED = "DELETE FROM logins WHERE expires_at <= ?"
ENTER = "INSERT INTO logins VALUES (:hash, :kind, :user, :created_at, :expires_at)"
LEAVE = "DELETE FROM logins WHERE hash = :hash OR user = :user"


class SqliteUsers:
    """Users of one store.db."""

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated."""
        self._path = path
        self._reading = Reading(path)

    def version(self) -> int:
        """See the port."""
        return self._reading.version()

    def all(self) -> list[User]:
        """See the port."""
        return [_user(row) for row in self._reading.rows(ALL)]

    def logins(self, now: int) -> list[Login]:
        """See the port."""
        names = Login.__struct_fields__
        return [Login(**dict(zip(names, row, strict=True))) for row in self._reading.rows(LOGINS, (now,))]

    def add(self, name: str, role: Role, *, password: str, at: int) -> User:
        """See the port."""
        with transaction(self._path) as connection:
            if connection.execute(NAMED, (name,)).fetchone():
                raise NameTaken(name)
            return _user(connection.execute(ADD, (name, role, password, at)).fetchone())

    def change(self, id: int, *, password: str | None = None, role: Role | None = None, off: int | None = None) -> bool:
        """See the port."""
        with transaction(self._path) as connection:
            admins = _count_admins(connection)
            values = {"id": id, "password": password, "role": role, "off": off}
            is_there = connection.execute(CHANGE, values).rowcount == 1
            if admins and not _count_admins(connection):
                raise LastAdmin
            if off or password is not None:
                connection.execute(LEAVE, {"hash": b"", "user": id})
            return is_there

    def enter(self, login: Login) -> None:
        """See the port."""
        with transaction(self._path) as connection:
            connection.execute(EXPIRED, (login.created_at,))
            connection.execute(ENTER, {name: getattr(login, name) for name in Login.__struct_fields__})

    def leave(self, hash: bytes = b"", *, user: int = 0) -> bool:
        """See the port."""
        with transaction(self._path) as connection:
            return connection.execute(LEAVE, {"hash": hash, "user": user}).rowcount > 0

    def close(self) -> None:
        """See the port."""
        self._reading.close()


def _count_admins(connection: sqlite3.Connection) -> int:
    return int(connection.execute(ADMINS).fetchone()[0])


def _user(row: tuple[object, ...]) -> User:
    return User(**dict(zip(User.__struct_fields__, row, strict=True)))  # type: ignore[arg-type]  # columns in the fields' order
