"""Is who is in segments right, and was each coming and going said once? What a test of segments asks after its kills.

`sentiero segment check` agrees of everybody          a contact comes into a segment and leaves it in turns
the last turn says who is in                           the history is what was said, each turn once
"""

import json
import subprocess
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import closing
from itertools import pairwise
from typing import Any, NamedTuple

from collector.sqlite import connect
from collector.store.sqlite.body import decode_body
from sessionizer.segments.condition import Definition, parse
from tests.killed.process import API_KEY, COMMAND, ROOT, Deployment
from tests.killed.wait import until

BY_HAND = ("created", "edited", "resumed")
"""Turns that nobody hears of."""

VISITED = {"type": "event", "category": "website", "key": "page_visited"}

_SAID = """SELECT e.at, e.contact, k.key, e.body FROM events e JOIN kinds k ON k.id = e.kind
           WHERE k.category = 'segment' AND NOT e.flags & 1"""
_PAGES = "SELECT e.contact, e.at FROM events e JOIN kinds k ON k.id = e.kind WHERE k.key = 'page_visited'"


class Turn(NamedTuple):
    """Somebody came into a segment, or left it."""

    segment: int
    contact: int
    at: int
    entered: bool
    why: str


class Turns(NamedTuple):
    """What store.db holds at one instant at which nothing is on its way to the log.

    members: (segment, contact). said: what stands of the log. since: by segment, when it was made. pages: of a contact.
    """

    members: set[tuple[int, int]]
    history: list[Turn]
    said: list[Turn]
    since: dict[int, int]
    pages: dict[int, list[int]]

    def of(self, segment: int, *, why: str, entered: bool) -> int:
        """How many of that kind."""
        return sum(turn[0] == segment and turn[3:] == (entered, why) for turn in self.history)


WasIn = Callable[[Turns, int, int], bool]
"""Of a segment and a contact."""


def nobody(turns: Turns, segment: int, contact: int) -> bool:
    """No segment began with anybody in it."""
    return False


def definition(where: Any) -> Definition:
    """From JSON."""
    return parse({"where": where})


def make(deployment: Deployment, name: str, where: Any) -> int:
    """A segment, by the API; its id."""
    body = json.dumps({"name": name, "where": where}).encode()
    answer = deployment.request("POST", "/api/segments", body, api_key=API_KEY, content_type="application/json")
    assert answer.status in (200, 201), answer
    return int(answer.json()["id"])


def check_segments(deployment: Deployment, *, segments: int, was_in: WasIn = nobody) -> Turns:
    """Everything of this module's head; a worker must be there, with the log read. segments: how many there are.

    was_in: who was in a segment when it was made, though it was heard later: nothing is said of what was before.
    """
    until(lambda: not _walking(deployment), 60, lambda: f"a segment is not asked of everybody: {deployment.output}")
    code, printed = checked(deployment)
    assert 0 == code, printed
    assert "not yet asked" not in printed
    assert segments == sum(line.startswith("│") for line in printed.splitlines()), printed
    turns = until(lambda: _read(deployment), 60, lambda: deployment.output)
    check_turns(turns, was_in)
    return turns


def checked(deployment: Deployment) -> tuple[int, str]:
    """`sentiero segment check` of everybody: (exit code, what it printed)."""
    command = [*COMMAND, "segment", "check", "--sample", "1000000", "--data", str(deployment.data)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    return done.returncode, done.stdout + done.stderr


def check_turns(turns: Turns, was_in: WasIn) -> None:
    """In, out, in, …; the last says who is in; and each was said once, but for those by hand."""
    by_pair = defaultdict(list)
    for turn in sorted(turns.history, key=lambda turn: (turn.at, turn.entered)):
        by_pair[turn.segment, turn.contact].append(turn.entered)
    twice = [pair for pair, entered in by_pair.items() if any(one == next_ for one, next_ in pairwise(entered))]
    assert [] == twice[:5]
    begins_in = {pair for pair, entered in by_pair.items() if not entered[0]} | (turns.members - by_pair.keys())
    assert [] == [pair for pair in begins_in if not was_in(turns, *pair)][:5]
    ends_in = {pair for pair, entered in by_pair.items() if entered[-1]} | (begins_in - by_pair.keys())
    assert turns.members == ends_in
    assert Counter(turn for turn in turns.history if turn.why not in BY_HAND) == Counter(turns.said)


def _walking(deployment: Deployment) -> int:
    with closing(connect(deployment.store_path, readonly=True)) as store:
        return int(store.execute("SELECT count(*) FROM segment_walks WHERE walked_to < upto").fetchone()[0])


def _read(deployment: Deployment) -> Turns | None:
    """None while something is on its way to the log."""
    with closing(connect(deployment.store_path, readonly=True)) as store:
        store.execute("BEGIN")
        if store.execute("SELECT EXISTS (SELECT 1 FROM to_log)").fetchone()[0]:
            return None
        history = store.execute("SELECT segment, contact, at, entered, why FROM segment_history")
        pages = defaultdict(list)
        for contact, at in store.execute(_PAGES):
            pages[contact].append(at)
        return Turns(
            members=set(store.execute("SELECT segment, contact FROM segment_members")),
            history=[Turn(*row[:3], bool(row[3]), row[4]) for row in history],
            said=[_said(*row) for row in store.execute(_SAID)],
            since=dict(store.execute("SELECT segment, since FROM segment_walks")),
            pages=pages,
        )


def _said(at: int, contact: int, key: str, body: bytes) -> Turn:
    said = decode_body(body).properties or {}
    return Turn(said["segment_id"], contact, at, key == "segment_entered", said["why"])
