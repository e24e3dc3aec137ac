"""Which messages were asked for? Rows of store.db (port: `collector/store/ports/definitions/mails.py`)."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from collector.store.ports.definitions.mails import Mail
from collector.store.sqlite.definitions.transaction import transaction

ADD = "INSERT INTO mails (message, body, send_at, created_at) VALUES (?, ?, ?, ?)"


class SqliteMails:
    """Mails of one store.db."""

    def __init__(self, path: Path) -> None:
        """path: of store.db, migrated."""
        self._path = path

    def add(self, mails: Sequence[Mail], *, at: int) -> None:
        """See the port."""
        rows = [(mail.message, msgspec.json.encode(mail.body).decode(), mail.send_at, at) for mail in mails]
        with transaction(self._path) as connection:
            connection.executemany(ADD, rows)
