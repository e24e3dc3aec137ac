"""Who says how an automation reads? A voice of the segments that also knows what messages and steps are called.

Reads nothing, writes nothing.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sessionizer.automations.definition import OnEvent, Shift, Weekday, Zone
from sessionizer.automations.wording.words import WORDS
from sessionizer.segments.condition import Condition
from sessionizer.segments.window import Span, Unit
from sessionizer.segments.wording.phrases import narrowing
from sessionizer.segments.wording.sentence import about
from sessionizer.segments.wording.voice import Voice

_LARGER: tuple[tuple[int, Unit], ...] = ((7 * 24 * 60, "weeks"), (24 * 60, "days"), (60, "hours"))


class Speaker(NamedTuple):
    """messages: names by id. steps: by id what people call one, its number as a rule."""

    voice: Voice
    messages: Mapping[int, str] = {}
    steps: Mapping[str, str] = {}

    def say(self, key: str, *values: str, **named: str) -> str:
        """The words of that key, filled in."""
        return self.voice.one_of(WORDS[key]).format(*values, **named)

    def listed(self, values: Iterable[str]) -> str:
        """`a, b and c`."""
        *others, last = values
        return self.say("and", ", ".join(others), last) if others else last

    def only(self, who: Condition | None) -> str:
        """Behind a sentence: of whom alone it is so; "" for everybody."""
        return self.say("only", about(self.voice, who)) if who else ""

    def done(self, event: OnEvent) -> str:
        """What somebody has done, with all that narrows it: `updated the cart (total is more than 50)`."""
        narrow = list(narrowing(self.voice, event))
        narrow += [self.say("same", self.voice.path(one.property), self.voice.path(one.as_)) for one in event.same]
        return self.voice.deed(event.kind).done + (f" ({'; '.join(narrow)})" if narrow else "")

    def shifted(self, shift: Shift | None) -> str:
        """`1 day before the `, in front of a date; `the ` for the date itself."""
        return self.say("before" if shift.before else "after", self.voice.span(shift.span)) if shift else self.say("at")

    def minutes(self, minutes: int) -> str:
        """In the largest unit that says it whole."""
        for size, unit in _LARGER:
            if minutes % size == 0:
                return self.voice.span(Span(minutes // size, unit))
        return self.voice.span(Span(minutes, "minutes"))

    def zone(self, zone: Zone) -> str:
        """Whose clock, where it is not the usual one."""
        return self.say("their_clock") if zone == "contact" else ""

    def days(self, days: Iterable[Weekday]) -> str:
        """Days of the week."""
        return self.listed(self.say(day) for day in days)

    def message(self, id: int) -> str:
        """Its name, else its number."""
        if not id:
            return self.say("no_message")
        return self.voice.quoted(self.messages[id]) if id in self.messages else self.say("numbered", str(id))

    def step(self, id: str) -> str:
        """What it is called."""
        return self.steps.get(id, id)
