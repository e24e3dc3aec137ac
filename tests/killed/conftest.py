"""A deployment a test, gone when the test ends, whatever came of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.killed.process import Deployment


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    """On an empty folder; not started."""
    deployment = Deployment(tmp_path)
    yield deployment
    deployment.close()
