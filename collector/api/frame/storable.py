"""Can this JSON be stored? Not too deep, whole numbers of 64 bits, no NUL: what a body may hold, wherever it stands.

Of events the doors ask more (`ingest/bounds.py`).
"""

from typing import Any

from collector.errors import Code

MAX_DEPTH = 10
MAX_INTEGER = 2**63 - 1
_SHOWN_CHARACTERS = 64


class Unstorable(Exception):
    """It cannot. path: of the field, "" for the whole."""

    def __init__(self, code: Code, path: str, reason: str) -> None:
        super().__init__(reason)
        self.code, self.path, self.reason = code, path, reason


def check_storable(plain: Any, path: str = "", depth: int = 1) -> None:
    """plain: as it was decoded. Raises Unstorable."""
    if isinstance(plain, dict | list):
        if depth > MAX_DEPTH:
            raise Unstorable(Code.TOO_DEEP, path, f"nested more than {MAX_DEPTH} levels deep")
        for name, value in plain.items() if isinstance(plain, dict) else enumerate(plain):
            shown = str(name)[:_SHOWN_CHARACTERS]
            check_storable(name, f"{path}.{shown}" if path else shown, depth)
            check_storable(value, f"{path}.{shown}" if path else shown, depth + 1)
    elif isinstance(plain, int) and not -MAX_INTEGER <= plain <= MAX_INTEGER:
        raise Unstorable(Code.TOO_LARGE, path, "a whole number beyond ±(2^63 − 1)")
    elif isinstance(plain, str) and "\0" in plain:
        raise Unstorable(Code.MALFORMED, path, "it holds NUL")
