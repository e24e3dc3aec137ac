"""Reasons for which a message is faulty: each is given by somebody, with what its sentence is filled with."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import sessionizer.messages
from sessionizer.messages.reasons import REASONS, because

FOLDER = Path(sessionizer.messages.__file__).parent


def given() -> Iterator[tuple[str, frozenset[str]]]:
    """(reason, the names of what it is filled with) of every call of `because` in the package."""
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "because":
                filled = frozenset(str(keyword.arg) for keyword in node.keywords)
                words = [part.value for part in ast.walk(node.args[0]) if isinstance(part, ast.Constant)]
                yield from ((word, filled) for word in words if isinstance(word, str))


def places(text: str) -> frozenset[str]:
    """The names between its braces."""
    return frozenset(field for _, field, *_ in Formatter().parse(text) if field)


def test_each_reason_is_given_with_what_its_sentence_names() -> None:
    """None is left over, none is unknown, and no sentence asks for what nobody gives."""
    assert {(name, places(row.says)) for name, row in REASONS.items()} == set(given())


@pytest.mark.parametrize(
    ("expected", "name", "filled"),
    [
        ("`{% if %}` is not closed; add `{% endif %}`.", "tag_open", {"tag": "{% if %}", "end": "{% endif %}"}),
        ("A list has more than 10,000 elements; use less of it.", "list_long", {"most": 10_000}),
        ("A tag without a name; write one behind `{%`.", "tag_nameless", {}),
        ("There is no filter `{x}`; docs/messages.md lists them.", "filter_unknown", {"name": "{x}"}),
    ],
)
def test_a_reason_is_a_sentence_in_english(expected: str, name: str, filled: dict[str, str | int]) -> None:
    """Numbers as people read them; braces that somebody wrote stay as they are."""
    assert expected == str(because(name, **filled))
