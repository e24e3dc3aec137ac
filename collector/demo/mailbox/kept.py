"""Where are the letters of a demo? Files in the data folder, at most 300; the oldest go.

<ms UTC>-<8 hexadecimal digits>.eml     a mail, as it came
<ms UTC>-<8 hexadecimal digits>.txt     an SMS: JSON of {to, from, text}
"""

import os
import re
import secrets
from pathlib import Path
from typing import Literal

MOST = 300
ID = re.compile(r"[0-9]{13}-[0-9a-f]{8}")

Suffix = Literal[".eml", ".txt"]


class Kept:
    """The folder; it is made when the first letter comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes, suffix: Suffix, *, at: int) -> str:
        """Keep it; returns its id. at: ms UTC."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        id = f"{at:013d}-{secrets.token_hex(4)}"
        half = self._folder / f"{id}.part"
        half.write_bytes(content)
        os.replace(half, self._folder / f"{id}{suffix}")
        for old in self.ids()[MOST:]:
            self._remove(old)
        return id

    def ids(self) -> list[str]:
        """The newest first."""
        return sorted(self._files(), reverse=True)

    def read(self, id: str) -> tuple[bytes, Suffix] | None:
        """What came; None when it is gone."""
        suffix = self._files().get(id)
        try:
            return ((self._folder / f"{id}{suffix}").read_bytes(), suffix) if suffix else None
        except FileNotFoundError:
            return None

    def clear(self) -> None:
        """Throw all of them away."""
        for id in self.ids():
            self._remove(id)

    def _files(self) -> dict[str, Suffix]:
        found: dict[str, Suffix] = {}
        for path in self._folder.glob("*-*.*"):
            if ID.fullmatch(path.stem) and path.suffix != ".part":
                found[path.stem] = ".eml" if path.suffix == ".eml" else ".txt"
        return found

    def _remove(self, id: str) -> None:
        for suffix in ".eml", ".txt":
            (self._folder / f"{id}{suffix}").unlink(missing_ok=True)
