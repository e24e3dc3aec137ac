"""Deployments and people for the tests of the console."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from collector.access import login
from tests.collector.ingest.sending import Deployment, deployed
from tests.collector.ui.console import Person


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed as weakly as can be: hundreds of people log in here. The real cost is tested in access/."""
    monkeypatch.setattr(login, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    """One for this test alone."""
    with deployed(tmp_path) as ready:
        yield ready


@pytest.fixture
def stranger(deployment: Deployment) -> Person:
    """Nobody is logged in."""
    return Person(deployment)


@pytest.fixture
def admin(deployment: Deployment) -> Person:
    """Logged in."""
    return Person(deployment).log_in()
