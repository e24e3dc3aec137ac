"""What was refused? A row's place and why, and the file beside the import in which such rows are kept as they were.

{"row": 17, "path": "occurred_at", "code": "bad_time", "message": "A time is …", "raw": {…}}
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, NamedTuple

import msgspec


class Refused(NamedTuple):
    """A row that was refused. row: from 1. path: of the field, "" for the whole row."""

    row: int
    path: str
    code: str
    message: str


class Rejects:
    """The file, appended to; made at the first row. Without a path nothing is kept."""

    def __init__(self, path: Path | None, length: int) -> None:
        """length: what stood there when the run was interrupted; the rest of it is cut off."""
        self._path, self._file = path, None
        self.length = length
        if path is not None:
            with suppress(FileNotFoundError):
                os.truncate(path, length)

    _file: IO[bytes] | None

    def keep(self, refused: Refused, raw: Any) -> None:
        """Add a row. Raises OSError."""
        if self._path is None:
            return
        self._file = self._file or self._path.open("ab", buffering=0)
        self.length += self._file.write(_line(refused, raw))

    def close(self) -> None:
        """Close it; a file without rows is removed."""
        if self._file is not None:
            self._file.close()
        if self._path is not None and not self.length:
            self._path.unlink(missing_ok=True)


def _line(refused: Refused, raw: Any) -> bytes:
    try:
        return msgspec.json.encode({**refused._asdict(), "raw": raw}) + b"\n"
    except (ValueError, RecursionError, OverflowError, TypeError):  # half characters, great numbers
        return msgspec.json.encode({**refused._asdict(), "raw": ascii(raw)}) + b"\n"
