"""The fixture of this folder: a data folder with a worker."""

from pathlib import Path

import pytest

from tests.collector.work.deployment import Deployment


@pytest.fixture
def here(tmp_path: Path) -> Deployment:
    """An empty deployment."""
    return Deployment(tmp_path)
