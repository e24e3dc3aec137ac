"""The secret file: made once, whole, for its owner only; never guessed."""

import threading
from pathlib import Path

import pytest

from collector.access.secret import SecretError, read_or_create


def test_secret_is_made_once(tmp_path: Path) -> None:
    """The first call makes one key of 32 bytes; every later one reads the same."""
    path = tmp_path / "secret"
    keys = read_or_create(path)
    assert [32] == [len(key) for key in keys]
    assert keys == read_or_create(path)
    assert ["secret"] == [file.name for file in tmp_path.iterdir()]


def test_secret_is_for_its_owner_only(tmp_path: Path) -> None:
    """Nobody else may read it."""
    read_or_create(tmp_path / "secret")
    assert 0o600 == (tmp_path / "secret").stat().st_mode & 0o777


def test_several_keys_newest_first(tmp_path: Path) -> None:
    """A rotated secret gives its keys in the order of the file."""
    path = tmp_path / "secret"
    path.write_text(f"{'ab' * 32}\n{'cd' * 32}\n")
    assert [b"\xab" * 32, b"\xcd" * 32] == read_or_create(path)


@pytest.mark.parametrize("content", ["", "\n", "zz" * 32, "ab" * 16, f"{'ab' * 32}\nrubbish", "é" * 64])
def test_damaged_secret_is_refused(tmp_path: Path, content: str) -> None:
    """A file that is empty, short or not hexadecimal stops the start; it is never replaced."""
    path = tmp_path / "secret"
    path.write_text(content, "utf-8")
    with pytest.raises(SecretError):
        read_or_create(path)
    assert content == path.read_text("utf-8")


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    """However many make it at once, all have the same key."""
    barrier, found = threading.Barrier(8), list[list[bytes]]()

    def start() -> None:
        barrier.wait()
        found.append(read_or_create(tmp_path / "secret"))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 8 == len(found)
    assert all(keys == found[0] for keys in found)
