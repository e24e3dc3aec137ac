"""How does a segment look to programs? Its question in words, how far the worker is with it, who came and went."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from collector.api.frame.answer import Instant
from collector.api.people.contacts import ContactAnswer
from collector.api.people.kept import Followed, users_of
from collector.api.people.membership import Difference
from collector.instant import instant
from collector.store.ports.definitions.segments import Segment
from collector.store.ports.segments import Passage, Why
from sessionizer.segments.condition import Condition
from sessionizer.segments.explain import Reason
from sessionizer.segments.wording.sentence import sentence
from sessionizer.segments.wording.voice import Names


class Sentence(msgspec.Struct, frozen=True):
    """A question as people say it, in Italian and in English."""

    it: str
    en: str


class FollowingAnswer(msgspec.Struct, frozen=True):
    """How far the worker is with asking it of all contacts: `asked` of `of`. since: followed since then."""

    done: bool
    asked: int
    of: int
    since: Instant | None


class SegmentAnswer(msgspec.Struct, frozen=True):
    """A segment as programs see it. members: how many, null until all were asked. used_by: ids of segments that ask
    for it."""

    id: int
    name: str
    where: Condition
    version: int
    sentence: Sentence
    created_at: Instant
    updated_at: Instant
    archived_at: Instant | None
    paused: bool
    following: FollowingAnswer
    members: int | None
    used_by: tuple[int, ...]


class PassageAnswer(msgspec.Struct, frozen=True):
    """Somebody came into a segment, or left it. cause: id of the event by which."""

    contact_id: int
    at: Instant
    entered: bool
    why: Why
    cause: str | None


class PreviewAnswer(msgspec.Struct, frozen=True):
    """Who would be in a segment now. members: the newest twenty. unseen: events that never came yet.

    difference: who would enter and leave the segment that was named, if it asked this.
    """

    count: int
    members: tuple[ContactAnswer, ...]
    milliseconds: int
    sentence: Sentence
    unseen: tuple[str, ...]
    difference: Difference | None


class ReasonAnswer(msgspec.Struct, frozen=True):
    """Why. because: ids of the events that count now, at most twenty. changes_at: when it changes by itself.

    of: what is inside of a group.
    """

    where: Condition
    sentence: Sentence
    holds: bool
    because: tuple[str, ...]
    changes_at: Instant | None
    of: tuple["ReasonAnswer", ...]


def said(condition: Condition, names: Names) -> Sentence:
    """In both languages."""
    return Sentence(it=sentence(condition, "it", names), en=sentence(condition, "en", names))


class Known(NamedTuple):
    """What is said of segments beside their rows. sizes: of those whose members are kept."""

    every: Sequence[Segment]
    names: Names
    followed: Mapping[int, Followed]
    sizes: Mapping[int, int]


def segment_of(one: Segment, known: Known) -> SegmentAnswer:
    """What the store knows → what programs see."""
    return SegmentAnswer(
        id=one.id,
        name=one.name,
        where=one.definition.where,
        version=one.definition.version,
        sentence=said(one.definition.where, known.names),
        created_at=instant(one.created_at),
        updated_at=instant(one.modified_at),
        archived_at=None if one.archived_at is None else instant(one.archived_at),
        paused=one.paused_at is not None,
        following=following_of(known.followed[one.id]),
        members=known.sizes.get(one.id),
        used_by=tuple(user.id for user in users_of(one.id, known.every)),
    )


def following_of(one: Followed) -> FollowingAnswer:
    """How far the worker is → what programs see."""
    since = None if one.since is None else instant(one.since)
    return FollowingAnswer(done=one.done, asked=one.asked, of=one.of, since=since)


def passage_of(one: Passage) -> PassageAnswer:
    """A line of the history → what programs see."""
    return PassageAnswer(
        contact_id=one.contact,
        at=instant(one.place.at),
        entered=one.place.entered,
        why=one.why,
        cause=one.cause or None,
    )


def reason_of(reason: Reason, names: Names) -> ReasonAnswer:
    """What was found out → what programs see."""
    return ReasonAnswer(
        where=reason.condition,
        sentence=said(reason.condition, names),
        holds=reason.holds,
        because=tuple(event.id for event in reason.because),
        changes_at=None if reason.changes_at is None else instant(reason.changes_at),
        of=tuple(reason_of(one, names) for one in reason.of),
    )
