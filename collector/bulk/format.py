"""How is a file written? Its suffix says it: what DuckDB reads it with, and what it writes it with.

.csv .csv.gz    .ndjson .ndjson.gz .jsonl .jsonl.gz    .parquet
"""

from enum import Enum
from pathlib import Path
from typing import NamedTuple


class Kind(Enum):
    """The three notations."""

    CSV = "csv"
    NDJSON = "ndjson"
    PARQUET = "parquet"


class Format(NamedTuple):
    """A notation, and whether gzip is around it."""

    kind: Kind
    gzip: bool = False

    @property
    def suffix(self) -> str:
        """What a file of our own is called: DuckDB too goes by the suffix."""
        return f".{self.kind.value}{'.gz' if self.gzip else ''}"

    @property
    def copy_options(self) -> str:
        """How DuckDB's COPY writes it."""
        if self.kind is Kind.PARQUET:
            return "FORMAT parquet"
        compression = "gzip" if self.gzip else "none"
        return f"FORMAT {'csv, HEADER' if self.kind is Kind.CSV else 'json'}, COMPRESSION {compression}"


_KINDS = {".csv": Kind.CSV, ".ndjson": Kind.NDJSON, ".jsonl": Kind.NDJSON, ".parquet": Kind.PARQUET}
SUFFIXES = ".csv, .ndjson, .jsonl (each also with .gz), .parquet"


def format_of(path: Path) -> Format | None:
    """By the suffix, in any case; None when it says nothing."""
    name = path.name.lower()
    gzip = name.endswith(".gz")
    kind = _KINDS.get(Path(name.removesuffix(".gz")).suffix)
    if kind is None or (gzip and kind is Kind.PARQUET):
        return None
    return Format(kind, gzip)
