"""How do files of events become a file of sessions? `sentiero sessionize`: read, sessionize, write, count.

DuckDB sees no name of the user's, neither in SQL nor as a pattern (`*`, `s3://`): a folder of our own holds links to
the inputs (`in0.csv`, `in1.parquet`) and to a second folder, beside the output. There is what does not fit into memory,
and the output until it is whole and takes its name.
"""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from errno import EACCES, EISDIR, ENOENT
from pathlib import Path
from typing import NamedTuple

from collector.bulk import engine
from collector.bulk.engine import Watch
from collector.bulk.format import SUFFIXES, Format, format_of
from collector.bulk.inputs import opened
from collector.bulk.mistake import explained
from collector.bulk.output import output_of
from collector.bulk.source import WITHOUT_CONTACT, WITHOUT_TIME
from collector.bulk.unusable import Unusable


class Summary(NamedTuple):
    """What was done. left_out: rows that count for no session, by reason (`source.LEFT_OUT`)."""

    sessions: int
    events: int
    contacts: int
    left_out: dict[str, int]


def sessionize(inputs: Sequence[Path], output: Path, *, gap_ms: int, watch: Watch = lambda percent: None) -> Summary:
    """The sessions of all the inputs together, into one file, in order of contact and session.

    Nothing is at `output` before it is whole; what was there is replaced. Raises Unusable with a sentence for people,
    OSError, KeyboardInterrupt; then `output` is as it was.
    """
    target, formats, written = output.resolve(), [_format(path) for path in inputs], _format(output)
    _keep_inputs(inputs, target)
    with _beside(target) as folder, engine.working(folder / "beside" / "spill") as connection:
        sources = [opened(connection, *each, folder) for each in zip(inputs, formats, strict=True)]
        result = output_of(folder / "beside" / f"out{written.suffix}", written, sources)
        with explained(connection, sources):
            engine.run(connection, result.statement(sources, gap_ms=gap_ms), watch)
        summary = Summary(*result.counts(connection), engine.left_out(connection))
        if not summary.events and (summary.left_out[WITHOUT_CONTACT] or summary.left_out[WITHOUT_TIME]):
            raise Unusable(f"{inputs[0]}: no row has both a contact_id and an occurred_at")
        result.path.replace(target)
    return summary


def _format(path: Path) -> Format:
    found = format_of(path)
    if found is None:
        raise Unusable(f"{path}: its suffix does not say how it is written; one of {SUFFIXES} does")
    return found


def _keep_inputs(inputs: Sequence[Path], target: Path) -> None:
    """Raises OSError when an input cannot be read, Unusable when it is the output."""
    for path in inputs:
        with path.open("rb"):  # DuckDB's own words for it would name the link
            pass
        if target.exists() and path.samefile(target):
            raise Unusable(f"{path}: is an input and the output; give -o another name")


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A folder for links, and in it, as `beside`, one that is on the output's disk. Both are gone at the end.

    Raises OSError when nothing can be written there.
    """
    if target.is_dir():
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(target))
    if not os.access(target.parent, os.W_OK | os.X_OK):
        code = EACCES if target.parent.is_dir() else ENOENT
        raise OSError(code, os.strerror(code), str(target.parent))
    with (
        tempfile.TemporaryDirectory(prefix="sentiero-") as links,
        tempfile.TemporaryDirectory(prefix=".sentiero-", dir=target.parent) as beside,
    ):
        (Path(links) / "beside").symlink_to(Path(beside))
        yield Path(links)
