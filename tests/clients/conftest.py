"""A deployment with its worker, for the clients of others: they come by loopback, as they would in a shop."""

from collections.abc import Iterator

import pytest

from tests.killed.process import Deployment


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """One for all tests of a module; each of them takes people and things of its own."""
    running = Deployment(tmp_path_factory.mktemp("deployment"))
    running.start()
    yield running
    running.close()
