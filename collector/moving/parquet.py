"""How are Parquet files read and written? By DuckDB, the extra `bulk`, in bounded memory and in order of rows."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

try:
    import duckdb

    from collector.bulk import engine
    from collector.bulk.inputs import literal
except ModuleNotFoundError as error:
    from collector.bulk.unusable import Unusable

    raise Unusable(f"{error.name} is not installed: pip install 'sentiero[bulk]'") from None

from collector.bulk.unusable import Unusable
from collector.moving.cells import INSTANTS

AT_ONCE = 1_000
_AS_TEXT = "strftime(CAST({} AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%gZ')"


def values(path: Path) -> Iterator[Mapping[str, Any]]:
    """The rows by the names of their columns, without NULL; instants as RFC 3339. Raises Unusable."""
    with path.open("rb"):  # DuckDB's own words for a file that is not there are others
        pass
    with tempfile.TemporaryDirectory(prefix="sentiero-") as folder, engine.working(Path(folder)) as connection:
        link = Path(folder) / "in.parquet"  # a name of ours: neither pattern nor address
        link.symlink_to(path.resolve())
        connection.execute("SET preserve_insertion_order = true")
        reader = f"read_parquet({literal(link)}, hive_partitioning = false)"
        try:
            there = [(str(row[0]), str(row[1])) for row in connection.execute(f"DESCRIBE FROM {reader}").fetchall()]
            names = [name for name, _ in there]
            found = connection.execute(f"SELECT {', '.join(_selected(*each) for each in there)} FROM {reader}")
            while rows := found.fetchmany(AT_ONCE):
                for row in rows:
                    yield {name: value for name, value in zip(names, row, strict=True) if value is not None}
        except duckdb.Error as error:
            said = " ".join(str(error).replace(str(link), path.name).split())[:300]
            raise Unusable(f"{path}: cannot be read as Parquet: {said}") from None


def write(flat: Path, output: Path, columns: Sequence[str]) -> None:
    """NDJSON of flat objects with these members → Parquet, row by row. Raises Unusable."""
    types = {name: "BOOLEAN" if name in _FLAGS else "BIGINT" if name in _NUMBERS else "VARCHAR" for name in columns}
    selected = ", ".join(f"CAST({name} AS TIMESTAMPTZ) AS {name}" if name in INSTANTS else name for name in columns)
    with (
        tempfile.TemporaryDirectory(prefix="sentiero-") as links,
        engine.working(output.parent / f".{output.name}.spill") as connection,
    ):
        link = Path(links) / "in.ndjson"
        link.symlink_to(flat.resolve())
        connection.execute("SET preserve_insertion_order = true")
        reader = f"read_json({literal(link)}, format = 'newline_delimited', columns = {types})"
        try:
            engine.run(
                connection, f"COPY (SELECT {selected} FROM {reader}) TO {literal(output)} (FORMAT parquet)", _unseen
            )
        except duckdb.InterruptException:
            raise KeyboardInterrupt from None
        except duckdb.Error as error:
            raise Unusable(" ".join(str(error).split())[:300]) from None


_FLAGS = frozenset({"bot", "superseded", "late", "anonymous"})
_NUMBERS = frozenset({"site", "contact_id"})


def _unseen(percent: float) -> None:
    """It takes a second a million rows."""


def _selected(name: str, kind: str) -> str:
    quoted = '"' + name.replace('"', '""') + '"'
    if kind.startswith("TIMESTAMP"):
        return f"{_AS_TEXT.format(quoted)} AS {quoted}"
    if kind.startswith(("DATE", "UUID", "TIME", "INTERVAL", "ENUM")):
        return f"CAST({quoted} AS VARCHAR) AS {quoted}"
    return f"CAST({quoted} AS DOUBLE) AS {quoted}" if kind.startswith("DECIMAL") and "[" not in kind else quoted
