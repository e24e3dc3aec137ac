"""What is a source with its blocks in their places? For blocks of MJML, which have to be there before it is HTML.

Reads nothing, writes nothing.
"""

import re
from collections.abc import Mapping

from sessionizer.messages.language.scan import pieces

MAX_DEPTH = 5
MAX_LENGTH = 2 * 1024 * 1024  # characters
_NAMED = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)')\s*(?:with\b|,)?\s*(.*)""", re.DOTALL)


class TooLong(ValueError):
    """Its blocks make it longer than MAX_LENGTH."""


def inlined(source: str, blocks: Mapping[str, str], depth: int = 0) -> str:
    """With these blocks put in, the names that they are given around them. Raises TooLong."""
    out: list[str] = []
    length = 0
    for piece in pieces(source):
        named = _NAMED.fullmatch(piece.text) if piece.kind == "tag" and piece.name in ("include", "render") else None
        block = blocks.get(named[1] or named[2] or "") if named else None
        if named is None or block is None or depth >= MAX_DEPTH:
            out.append(source[piece.start : piece.end])
        else:
            inner = inlined(block, blocks, depth + 1)
            out.append(f"{{% with {named[3]} %}}{inner}{{% endwith %}}" if named[3] else inner)
        length += len(out[-1])
        if length > MAX_LENGTH:
            raise TooLong
    return "".join(out)
