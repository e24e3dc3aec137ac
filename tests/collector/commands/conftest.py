"""A terminal in an empty folder, or in one with a deployment, without settings of whoever runs the tests."""

import os
import shutil
from pathlib import Path

import pytest

from collector.commands.prepare import prepare
from collector.config import load
from collector.process.clock import wall_clock
from tests.collector.commands.terminal import Terminal


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Stands in a folder of its own; nothing is there."""
    for name in [name for name in os.environ if name.startswith("SENTIERO_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return Terminal(tmp_path)


@pytest.fixture(scope="session")
def fresh_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as `init` leaves it, to be copied."""
    folder = tmp_path_factory.mktemp("fresh")
    prepare(load({"write_key": "wk_first"}, {}, folder), now=wall_clock())
    return folder / "sentiero-data"


@pytest.fixture
def ready(here: Terminal, fresh_data: Path) -> Terminal:
    """With the site `default` (1), the admin key `first` (1) and the site's write key `wk_first` (2)."""
    shutil.copytree(fresh_data, here.data)
    return here
