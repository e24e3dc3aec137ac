"""The log in memory: the executable definition of `port.Log`. Nothing survives the process."""

from bisect import bisect_right
from collections.abc import Sequence

from collector.log.entry import Entry
from collector.log.port import Rejection, Row


class MemoryLog:
    """A list of rows."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self.rejections: list[Rejection] = []

    def append(self, entries: Sequence[Entry], rejections: Sequence[Rejection] = ()) -> list[int]:
        """As `port.Log.append`; nothing is durable here."""
        first = self.end() + 1
        rows = [Row(first + i, entry) for i, entry in enumerate(entries)]
        self._rows.extend(rows)
        self.rejections.extend(rejections)
        return [row.offset for row in rows]

    def read(self, after: int, limit: int) -> list[Row]:
        """As `port.Log.read`."""
        start = bisect_right(self._rows, after, key=lambda row: row.offset)
        return self._rows[start : start + limit]

    def end(self) -> int:
        """As `port.Log.end`."""
        return self._rows[-1].offset if self._rows else 0

    def trim(self, before: int) -> int:
        """As `port.Log.trim`."""
        gone = [row for row in self._rows[:-1] if row.offset < before]
        del self._rows[: len(gone)]
        return len(gone)
