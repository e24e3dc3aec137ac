"""Deployments for the tests of the way in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.collector.ingest.sending import Deployment, deployed


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """One for all tests of a module: what a bad request leaves behind, the next test would meet."""
    with deployed(tmp_path_factory.mktemp("deployment")) as ready:
        yield ready


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Deployment]:
    """One for this test alone, which counts what is in it, or moves its clock."""
    with deployed(tmp_path) as ready:
        yield ready
