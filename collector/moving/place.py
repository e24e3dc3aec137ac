"""How far has a run come? A small file, replaced at each step: whoever is killed goes on from there.

Written after what it speaks of is on disk, never before: it may lag behind by one step, and that step is repeated.
"""

from pathlib import Path
from typing import Generic, TypeVar

import msgspec

P = TypeVar("P", bound=msgspec.Struct)


class PlaceFile(Generic[P]):
    """A file that holds one struct of a type."""

    def __init__(self, path: Path, kind: type[P]) -> None:
        self._path, self._kind = path, kind

    def read(self) -> P | None:
        """What was written last; None when there is nothing that can be read."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=self._kind)
        except (FileNotFoundError, ValueError):
            return None

    def write(self, place: P) -> None:
        """Replace it, whole or not at all. Raises OSError."""
        beside = self._path.with_name(f"{self._path.name}.new")
        beside.write_bytes(msgspec.json.encode(place))
        beside.replace(self._path)

    def remove(self) -> None:
        """The run is over."""
        self._path.unlink(missing_ok=True)
