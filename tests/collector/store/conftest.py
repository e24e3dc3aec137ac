"""A data folder for tests that fill one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.collector.store.rows import Rows


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Rows]:
    """An empty store, to be filled."""
    filled = Rows(tmp_path)
    yield filled
    filled.close()
