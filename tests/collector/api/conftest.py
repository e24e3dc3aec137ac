"""A store to be filled, and a client that asks it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.collector.api.asking import Client, asking
from tests.collector.store.rows import Rows


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Rows]:
    """An empty store, to be filled."""
    filled = Rows(tmp_path)
    yield filled
    filled.close()


@pytest.fixture
def client(rows: Rows) -> Iterator[Client]:
    """Asks the store, with a key for reading."""
    with asking(rows.folder) as asked:
        yield asked
