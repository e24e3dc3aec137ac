"""Does the house still stand as drawn? Who may import whom, what is pure, how big and how named things are.

Reads the source of `collector/`, `sessionizer/` and `tests/` by its syntax tree and imports none of it.
Source: DESIGN 2, STYLE 1 to 8.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("collector", "sessionizer")

# What may be known inside each part of the collector beside its own modules. `sessionizer` is the shared vocabulary.
# Only `app`, `work` and `commands` put parts together, so nobody imports those three but themselves.
ASSEMBLERS = ("collector.app", "collector.work", "collector.commands", "collector.__main__")
DOORS = ("collector.ingest", "collector.api", "collector.ui")
FORBIDDEN = {
    "sessionizer": ("collector",),
    "collector.log": ("collector.store", "collector.delivery", *DOORS, *ASSEMBLERS),
    "collector.store": ("collector.log", "collector.delivery", *DOORS, *ASSEMBLERS),
    "collector.delivery": ("collector.log", "collector.store", *DOORS, *ASSEMBLERS),
    "collector.hooks": ("collector.log", "collector.store.sqlite", *DOORS, *ASSEMBLERS),
    "collector.told": ("collector.log", "collector.store.sqlite", "collector.delivery", *DOORS, *ASSEMBLERS),
    "collector.bulk": ("collector.log", "collector.store", "collector.delivery", *DOORS, *ASSEMBLERS),
    "collector.moving": ("collector.store.sqlite", "collector.delivery", "collector.ui", *ASSEMBLERS),
    "collector.access": (*DOORS, *ASSEMBLERS),
    "collector.privacy": (*DOORS, *ASSEMBLERS),
    "collector.ingest": ("collector.api", "collector.ui", *ASSEMBLERS),
    "collector.api": ("collector.ingest", "collector.ui", *ASSEMBLERS),
    "collector.ui": ("collector.ingest", *ASSEMBLERS),
}
BACKENDS = {
    "collector.log": ("memory", "sqlite", "kafka"),
    "collector.store": ("memory", "sqlite", "postgres", "clickhouse"),
    "collector.delivery": ("smtp", "sms", "whatsapp", "webpush", "webhook"),
}

# All that the sessionizer may import from outside: nothing here reads a clock, a file, a socket, chance.
PURE = frozenset(
    "__future__ abc bisect calendar collections dataclasses datetime decimal difflib enum fractions functools hashlib "
    "heapq html itertools json math msgspec operator re string struct types typing unicodedata urllib.parse "
    "zoneinfo".split()
)
# Beside those, each for one module: a library that is pure, and that nobody else in the house shall know.
FOREIGN = {
    "liquid": "sessionizer.messages.language.expression",
    "mjml": "sessionizer.messages.mjml",
}
IMPURE_CALLS = frozenset("open print input exec eval __import__ breakpoint".split())
CLOCKS = frozenset("now utcnow today time monotonic perf_counter".split())
CLOCK_OWNERS = frozenset("datetime date time dt".split())

SHAPELESS = frozenset("utils util helpers helper common manager managers base misc".split())
MAX_LINES = 400
MAX_FILES = 14
LONG_BY_NATURE = frozenset({"sessionizer/catalogue.py"})  # one row an event: a table, long as a table is


class Import(NamedTuple):
    """One import: the file, its line, the whole dotted name of what is imported."""

    path: Path
    line: int
    name: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line} imports {self.name}"


def sources(*folders: str) -> list[Path]:
    """Every Python file below the folders, in order of path."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def module_of(path: Path) -> str:
    """`collector/log/port.py` → `collector.log.port`; a package's `__init__.py` → the package."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def within(name: str, *packages: str) -> bool:
    """Whether the dotted name is one of the packages or inside of one."""
    return any(name == package or name.startswith(package + ".") for package in packages)


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of every import, also inside functions. `from a import b` gives `a.b`: b may be a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{'.' * node.level}{node.module or ''}.{alias.name}") for alias in node.names)


def imports_of(*folders: str) -> list[Import]:
    """Every import below the folders."""
    return [
        Import(path, line, name)
        for path in sources(*folders)
        for line, name in imported(ast.parse(path.read_text(encoding="utf-8")))
    ]


def impurities(tree: ast.AST, module: str = "") -> list[str]:
    """What the code does that a pure function cannot: a foreign import, a forbidden call, a look at the clock."""
    found = [f"line {line}: imports {name}" for line, name in imported(tree) if not pure_import(name, module)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in IMPURE_CALLS:
            found.append(f"line {node.lineno}: calls {node.func.id}()")
        if isinstance(node, ast.Attribute) and reads_clock(node):
            found.append(f"line {node.lineno}: reads the clock by .{node.attr}")
    return found


def pure_import(name: str, module: str) -> bool:
    """Whether the sessionizer may import it, in this module."""
    return within(name, "sessionizer", *PURE) or FOREIGN.get(name.split(".")[0]) == module


def reads_clock(node: ast.Attribute) -> bool:
    """`datetime.now`, `date.today`, `dt.datetime.utcnow`: on the class, wherever it was imported from."""
    owner = node.value
    name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
    return node.attr in CLOCKS and name in CLOCK_OWNERS


def part_behind(name: str) -> str | None:
    """The part whose backend the dotted name is: `collector.store.sqlite.events` → `collector.store`."""
    behind = (part for part, backends in BACKENDS.items() for each in backends if within(name, f"{part}.{each}"))
    return next(behind, None)


def listed(lines: list[str]) -> str:
    """One offence a line, for the message of an assertion."""
    return "\n  " + "\n  ".join(lines)


@pytest.mark.parametrize("part", FORBIDDEN)
def test_arrows_point_one_way(part: str) -> None:
    """A part of the house imports nothing from a part that it must not know."""
    wrong = [
        str(found)
        for found in imports_of(*PACKAGES)
        if within(module_of(found.path), part) and within(found.name, *FORBIDDEN[part])
    ]
    assert [] == wrong, listed(wrong)


def test_only_assemblers_know_a_backend() -> None:
    """Who is not `app`, `work`, `commands` or the part itself knows ports, never what stands behind them."""
    wrong = [
        str(found)
        for found in imports_of(*PACKAGES)
        if (part := part_behind(found.name)) and not within(module_of(found.path), part, *ASSEMBLERS)
    ]
    assert [] == wrong, listed(wrong)


def test_sessionizer_is_pure() -> None:
    """The sessionizer touches no clock, file, socket, environment or chance: the same history gives the same answer."""
    wrong = [
        f"{path.relative_to(ROOT)} {impurity}"
        for path in sources("sessionizer")
        for impurity in impurities(ast.parse(path.read_text(encoding="utf-8")), module_of(path))
    ]
    assert [] == wrong, listed(wrong)


@pytest.mark.parametrize("library", FOREIGN)
def test_one_module_alone_knows_a_library(library: str) -> None:
    """What a template's grammar or MJML is read with can be changed in one place: nobody else imports it."""
    found = {module_of(found.path) for found in imports_of(*PACKAGES) if within(found.name, library)}
    assert {FOREIGN[library]} == found


@pytest.mark.parametrize(
    "code",
    [
        "import asyncio",
        "from os import environ",
        "import time",
        "def f():\n    import random",
        "from pathlib import Path",
        "import sqlite3",
        "from urllib import request",
        "from collector.errors import Code",
        "import datetime as dt\ndt.datetime.now(dt.UTC)",
        "from datetime import date\ndate.today()",
        "open('x')",
        "from . import event",
        "import liquid",
        "from mjml import mjml2html",
    ],
)
def test_impurity_is_seen(code: str) -> None:
    """The check for purity finds each way to touch the world, also one hidden inside of a function."""
    assert impurities(ast.parse(code))


def test_names_say_what_a_thing_is() -> None:
    """No module or folder has a name that would fit any other as well."""
    wrong = [
        str(path.relative_to(ROOT))
        for path in sources(*PACKAGES, "tests")
        if SHAPELESS & {part.lstrip("_") for part in path.relative_to(ROOT).with_suffix("").parts}
    ]
    assert [] == wrong, listed(wrong)


def test_no_module_eats_the_others() -> None:
    """A module has at most 400 lines; past that it is two nouns."""
    lengths = {str(path.relative_to(ROOT)): len(path.read_bytes().splitlines()) for path in sources(*PACKAGES)}
    wrong = [f"{path}: {n} lines" for path, n in lengths.items() if n > MAX_LINES and path not in LONG_BY_NATURE]
    assert [] == wrong, listed(wrong)


def package_folders() -> list[Path]:
    """Every folder of the two packages that holds Python, and the tests' own."""
    return sorted({path.parent for path in sources(*PACKAGES)} | {ROOT / "tests"})


@pytest.mark.parametrize("folder", package_folders(), ids=lambda folder: str(folder.relative_to(ROOT)))
def test_a_folder_fits_on_a_screen(folder: Path) -> None:
    """A folder has at most 14 modules and a README of 5 to 15 lines that says what it is for."""
    modules = [path.name for path in folder.glob("*.py") if path.name != "__init__.py"]
    readme = folder / "README.md"
    assert len(modules) <= MAX_FILES, modules
    assert readme.is_file(), f"{readme.relative_to(ROOT)} is missing"
    assert 5 <= len(readme.read_text(encoding="utf-8").splitlines()) <= 15
