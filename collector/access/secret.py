"""With what does this deployment sign? The keys in the `secret` file of the data folder, newest first.

Reads and, the first time, writes that file: one key a line, 64 hexadecimal digits. A key is rotated by putting a new
line on top: new signatures use the first, old ones are still recognised by the others.
"""

import errno
import os
import secrets
from pathlib import Path

KEY_BYTES = 32
_NO_HARD_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK)


class SecretError(Exception):
    """The secret file is there but cannot be used. Nothing is signed with a guess."""


def read_or_create(path: Path) -> list[bytes]:
    """The signing keys, newest first, at least one of KEY_BYTES bytes; a first one is made when there is no file.

    Raises SecretError when the file cannot be read or holds something else.
    """
    try:
        return read(path)
    except FileNotFoundError:
        _create(path)
        return read(path)


def read(path: Path) -> list[bytes]:
    """The signing keys, newest first. Raises FileNotFoundError; SecretError when the file cannot be used."""
    try:
        lines = path.read_text("ascii").split()
        keys = [bytes.fromhex(line) for line in lines]
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        raise SecretError(f"{path} cannot be read ({error.__class__.__name__}): restore it from a backup") from None
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise SecretError(f"{path} must hold one key a line, each {2 * KEY_BYTES} hexadecimal digits")
    return keys


def _create(path: Path) -> None:
    """Whole or not at all, also after a crash; when another process was faster, its file stays."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        _write(temporary, f"{secrets.token_hex(KEY_BYTES)}\n".encode())
        _publish(temporary, path)
        _sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _publish(temporary: Path, path: Path) -> None:
    """A hard link, unlike a rename, never replaces what is there: two processes that start at once agree."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        return
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        temporary.rename(path)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
