"""How is a table written in Markdown? And what is a paragraph, a cell, a word of code in it?

Reads nothing, writes nothing.
"""

import inspect
from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cell(text) for text in line)} |\n" for line in lines)


def cell(text: str) -> str:
    """Text that stays inside of its cell, and is not taken for HTML."""
    line = paragraph(text).replace("|", "\\|")
    return line if line.startswith("`") else line.replace("<", "&lt;")


def code(text: str) -> str:
    """As code; nothing where there is nothing."""
    return f"`{text}`" if text else ""


def paragraph(text: str | None) -> str:
    """Its first paragraph, on one line."""
    return " ".join(inspect.cleandoc(text or "").split("\n\n")[0].split())
