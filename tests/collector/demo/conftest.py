"""A small demo store, made once for the tests that read it, and one of its own for each that goes on from it."""

import shutil
from pathlib import Path

import pytest

from collector.commands.demo import write
from collector.commands.prepare import prepare
from collector.config import load
from collector.demo.history import Request
from tests.collector.work.deployment import T0, Deployment

REQUEST = Request(events=6_000, contacts=150, days=21, seed=7, now=T0, url="http://127.0.0.1:8400")


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder, which nobody changes."""
    folder = tmp_path_factory.mktemp("demo")
    settings = load({"data": str(folder)}, {}, folder)
    prepare(settings, now=T0)
    write(settings, REQUEST)
    return folder


@pytest.fixture
def here(written: Path, tmp_path: Path) -> Deployment:
    """A worker on a copy of it."""
    shutil.copytree(written, tmp_path / "data")
    return Deployment(tmp_path / "data")
