"""How far is the worker with a segment? And is what it keeps the answer to what is asked now?

Reads the port `Members`; writes nothing.
"""

from collections.abc import Mapping, Sequence

import msgspec

from collector.store.ports.definitions.segments import Segment
from collector.store.ports.segments import Members, Progress
from sessionizer.segments.book import digest_of, whole
from sessionizer.segments.condition import Condition, InSegment, leaves

Others = Mapping[int, Condition]


class Followed(msgspec.Struct, frozen=True):
    """done: everybody was asked, and who is in it is kept. asked, of: contacts, by their numbers. since: ms UTC, None
    while the worker has not begun."""

    done: bool = False
    asked: int = 0
    of: int = 0
    since: int | None = None


NOT_YET = Followed()


async def followed(members: Members, segments: Sequence[Segment], every: Sequence[Segment]) -> Mapping[int, Followed]:
    """By id. every: all that there are, of which others may ask for some."""
    progress = await members.progress([one.id for one in segments])
    others = {one.id: one.definition.where for one in every}
    return {one.id: followed_of(one, progress.get(one.id), others) for one in segments}


def followed_of(segment: Segment, progress: Progress | None, others: Others) -> Followed:
    """Of one that is paused or archived members stay as they were; else they must be those of the question of now."""
    if progress is None:
        return NOT_YET
    if not is_idle(segment) and (progress.stopped or progress.question != question_of(segment, others)):
        return NOT_YET  # the worker is about to ask anew
    return Followed(progress.is_done, progress.asked, progress.of, progress.since)


def is_idle(segment: Segment) -> bool:
    """Whether nobody follows it."""
    return segment.paused_at is not None or segment.archived_at is not None


def question_of(segment: Segment, others: Others) -> bytes:
    """The hash by which the worker knows what it asks."""
    return digest_of(whole(segment.definition.where, others))


def users_of(id: int, every: Sequence[Segment]) -> list[Segment]:
    """The segments that ask for the one of that id."""
    return [one for one in every if any(asks_for(leaf, id) for leaf in leaves(one.definition.where))]


def asks_for(leaf: Condition, id: int) -> bool:
    """Whether a condition is to be in the segment of that id."""
    return isinstance(leaf, InSegment) and leaf.id == id
