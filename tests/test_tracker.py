"""Is the committed tracker what its sources say, and small enough? Rebuilds it where Node and npm are there."""

import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from collector import __version__

TRACKER = Path(__file__).parents[1] / "tracker_js"
BUILT = TRACKER / "dist" / "tracker.js"
MAX_GZIP_BYTES = 3_500
MAX_BREVO_BYTES = 1_400


def test_the_tracker_is_small() -> None:
    """At most 3,500 bytes, compressed as `gzip -9` does."""
    assert len(gzip.compress(BUILT.read_bytes(), 9)) <= MAX_GZIP_BYTES


def test_what_brevos_calls_cost_is_small() -> None:
    """Only sites that ask for it pay it."""
    assert len(gzip.compress((BUILT.parent / "brevo.js").read_bytes(), 9)) <= MAX_BREVO_BYTES


def test_the_tracker_says_the_version_of_the_collector() -> None:
    """One release, one number."""
    assert __version__ == json.loads((TRACKER / "package.json").read_text())["version"]
    assert f'tracker:"{__version__}"' in BUILT.read_text()


def test_the_committed_tracker_is_what_its_sources_give(tmp_path: Path) -> None:
    """Built anew from the locked tools, it is the same to the byte."""
    if not shutil.which("npm"):
        pytest.skip("no Node here: the rebuild is compared where it is")
    for name in ("src", "types"):
        shutil.copytree(TRACKER / name, tmp_path / name)
    for name in ("package.json", "package-lock.json", "tsconfig.json", "build.mjs"):
        shutil.copy(TRACKER / name, tmp_path)
    npm("ci", "--silent", "--no-audit", "--no-fund", folder=tmp_path)
    npm("run", "--silent", "check", folder=tmp_path)
    npm("run", "--silent", "build", folder=tmp_path)
    for name in ("tracker.js", "brevo.js"):
        assert (BUILT.parent / name).read_bytes() == (tmp_path / "dist" / name).read_bytes()


def test_the_lock_names_no_registry() -> None:
    """Whoever installs asks the registry that they are set up for."""
    assert [] == re.findall(r'"resolved": "[^"]*"', (TRACKER / "package-lock.json").read_text())


def npm(*words: str, folder: Path) -> None:
    """Run npm there; what it says is the failure's message."""
    done = subprocess.run(["npm", *words], cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
