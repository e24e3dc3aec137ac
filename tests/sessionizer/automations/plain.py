"""What an automation means, written once more: one walk after the other, each a story that is told from its beginning.

Shares nothing with the engine but the definition's words: no graph, no saved state, no batches. Every walk is a
generator that says until when it waits, and hears when that is, or what has happened.
"""

from collections.abc import Generator, Sequence
from hashlib import blake2b

from sessionizer.automations import definition as asks
from sessionizer.event import Event

MILLISECONDS = {"minutes": 60_000, "hours": 3_600_000, "days": 86_400_000}
Walk = Generator[int, tuple[int, Event | None], str]
"""Yields until when it waits; is sent (instant, event or None for that the time has come); returns why it ended."""


class Jump(Exception):
    """On with another step."""


class Out(Exception):
    """A step says so."""


def length(span: asks.Span) -> int:
    """ms."""
    return span.n * MILLISECONDS[span.unit]


def is_such(wanted: asks.OnEvent, event: Event, trigger: Event) -> bool:
    """Of the tests only `equals` is asked here."""
    return (
        event.key == wanted.key
        and all(event.properties.get(one.path) == one.test.value for one in wanted.where)
        and all(event.properties.get(one.property) == trigger.properties.get(one.as_) for one in wanted.same)
    )


class Story:
    """One entry. did: (step, at) of what was asked for."""

    def __init__(self, definition: asks.Definition, trigger: Event) -> None:
        self.definition, self.trigger, self.at = definition, trigger, trigger.at
        self.did: list[tuple[str, int]] = []
        self.ended: tuple[int, str] | None = None
        self.begin(trigger)

    def begin(self, trigger: Event) -> None:
        """At the first step, also once more."""
        self.trigger, self.at = trigger, trigger.at
        self.walk = self.tell(self.definition.steps)
        self.listens = False
        self.until: int | None = None
        self._go_on(None)

    def _go_on(self, said: tuple[int, Event | None] | None) -> None:
        try:
            self.until = next(self.walk) if said is None else self.walk.send(said)
        except StopIteration as stop:
            self.until, self.ended = None, (self.at, stop.value)

    def hear(self, at: int, event: Event | None) -> None:
        """Time has come, or something has happened."""
        self.at = at
        self._go_on((at, event))

    def tell(self, steps: Sequence[asks.Step]) -> Walk:
        """From the beginning, wherever one jumps to."""
        wanted: str | None = None
        while True:
            try:
                if wanted is None:
                    yield from self.all(steps)
                else:
                    yield from self.after(steps, wanted)
                return "done"
            except Jump as jump:
                wanted = str(jump)
            except Out:
                return "exit"

    def all(self, steps: Sequence[asks.Step]) -> Walk:
        for step in steps:
            yield from self.one(step)
        return ""

    def after(self, steps: Sequence[asks.Step], wanted: str) -> Walk:
        """The steps from that one on, which may stand inside of a branch."""
        for place, step in enumerate(steps):
            inside = next((way for _, way in asks.branches(step) if holds(way, wanted)), None)
            if step.id == wanted:
                yield from self.all(steps[place:])
                return ""
            if inside is not None:
                yield from self.after(inside, wanted)
                yield from self.all(steps[place + 1 :])
                return ""
        return ""

    def one(self, step: asks.Step) -> Walk:
        if isinstance(step, asks.Wait):
            yield self.at + length(step.span)
        elif isinstance(step, asks.WaitFor):
            yield from self.wait_for(step)
        elif isinstance(step, asks.Split):
            ways = (case.then for case in step.cases if all(self.passes(test) for test in case.event))
            yield from self.all(next(ways, step.otherwise))
        elif isinstance(step, asks.RandomSplit):
            yield from self.all(step.parts[self.chance(step)].then)
        elif isinstance(step, asks.GoTo):
            raise Jump(step.step)
        elif isinstance(step, asks.Leave):
            raise Out
        else:
            self.did.append((step.id, self.at))
        return ""

    def wait_for(self, step: asks.WaitFor) -> Walk:
        assert step.event is not None
        until, self.listens = self.at + length(step.within), True
        while True:
            _, event = yield until
            if event is None or is_such(step.event, event, self.trigger):
                break
        self.listens = False
        yield from self.all(step.no if event is None else step.yes)
        return ""

    def passes(self, test: asks.PropertyTest) -> bool:
        return bool(self.trigger.properties.get(test.path) == test.test.value)

    def chance(self, step: asks.RandomSplit) -> int:
        """Which part: as `steps.chosen`, for chance has no other definition."""
        first = self.first if hasattr(self, "first") else self.trigger
        run = blake2b(f"1/{first.category}/{first.id}".encode(), digest_size=13).hexdigest()
        point = int.from_bytes(blake2b(f"{run}/{step.id}".encode(), digest_size=8).digest())
        point %= sum(part.share for part in step.parts)
        for place, part in enumerate(step.parts):
            point -= part.share
            if point < 0:
                return place
        raise AssertionError


def holds(steps: Sequence[asks.Step], wanted: str) -> bool:
    """Whether a step is among these, or inside of one."""
    return any(step.id == wanted for _, step in asks.walk_steps(tuple(steps)))


def rerun(definition: asks.Definition, events: Sequence[Event], until: int) -> list[Story]:
    """Everything that happened, in order, from the beginning to an instant."""
    stories: list[Story] = []

    def go_on(upto: int) -> None:
        while due := [(one.until, n) for n, one in enumerate(stories) if one.until is not None and one.until <= upto]:
            at, n = min(due)
            stories[n].hear(at, None)

    for event in sorted(events, key=lambda one: (one.at, one.id)):
        go_on(event.at)
        for one in stories:
            tell(one, event)
        for trigger in definition.triggers:
            if isinstance(trigger, asks.OnEvent) and is_such(trigger, event, event):
                come(definition, stories, event)
    go_on(until)
    return stories


def tell(story: Story, event: Event) -> None:
    """What happens to somebody who is in."""
    if story.ended:
        return
    exits = story.definition.exits
    if any(isinstance(one, asks.OnEvent) and is_such(one, event, story.trigger) for one in exits):
        story.until, story.ended = None, (event.at, "left")
    elif story.listens:
        story.hear(event.at, event)


def come(definition: asks.Definition, stories: list[Story], event: Event) -> None:
    """Somebody at the door."""
    if any(event in (one.trigger, getattr(one, "first", None)) for one in stories):
        return  # by another trigger already
    entry = definition.entry
    key = event.properties.get(entry.per) if entry.per else None
    mine = [one for one in stories if not entry.per or one.trigger.properties.get(entry.per) == key]
    inside = next((one for one in mine if not one.ended), None)
    if inside is not None and entry.inside == "restart":
        inside.first = getattr(inside, "first", inside.trigger)  # type: ignore[attr-defined]
        inside.begin(event)
    elif inside is None and not (mine and entry.again == "never"):
        stories.append(Story(definition, event))
