"""When did it happen for the first or the last time? One event is kept."""

from datetime import date, tzinfo

from sessionizer.event import Event
from sessionizer.segments import condition as asks
from sessionizer.segments.comparison import Today
from sessionizer.segments.history import matches, on_page
from sessionizer.segments.kept.keeper import Answer, Kept, Mark
from sessionizer.thread import FOREVER


class Once(Kept, frozen=True, tag="o"):
    """The first, or the last one."""

    mark: Mark


class Time:
    """The first or the last time."""

    grows = False

    def __init__(self, wanted: asks.FirstOrLast, zone: tzinfo) -> None:
        self.kinds = frozenset({wanted.kind})
        self._wanted, self._today = wanted, Today(date.min, zone)

    def looks_at(self, url: str) -> bool:
        """See the protocol."""
        return on_page(self._wanted, url, self._today)

    def heard(self, kept: Once | None, event: Event) -> Once | None:
        """See the protocol."""
        if not matches(self._wanted, event, self._today):
            return kept
        mark = (event.at, event.id)
        if self._wanted.which == "first":
            return kept if kept and mark > kept.mark else Once(mark)
        return Once(max(mark, kept.mark) if kept else mark)  # another one also where it was the last once, before

    def answer(self, kept: Once | None, now: int) -> Answer:
        """See the protocol."""
        if kept is None:
            return Answer(False)
        at, id = kept.mark
        stay = self._wanted.window.stay(at, self._today.zone)
        until = min((edge for edge in stay if edge > now), default=FOREVER)
        return Answer(stay.enters <= now < stay.leaves, until, id)
