"""How is a value said in a language? Numbers, texts in quotes, days, lengths of time, the names of things.

A `Voice` speaks one language and knows the names that a question has only ids for. Reads nothing, writes nothing.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import Any, Literal, NamedTuple

from sessionizer.event import Kind
from sessionizer.segments.comparison import Days
from sessionizer.segments.window import Span, Window
from sessionizer.segments.wording.deeds import DEEDS
from sessionizer.segments.wording.words import MONTHS, WORDS

Language = Literal["it", "en"]
WORD = re.compile(r"[\w-]+")
ELIDED = frozenset({8, 11})
"""Days before which an Italian article loses its vowel: l'8, l'11."""


class Names(NamedTuple):
    """What a question does not say by itself. segments, sites: by id. events: labels for those without words of ours.

    zone: the deployment's, in which instants are told.
    """

    segments: Mapping[int, str] = {}
    sites: Mapping[int, str] = {}
    events: Mapping[Kind, str] = {}
    zone: tzinfo = UTC


NAMELESS = Names()


class Deed(NamedTuple):
    """What somebody did, and *has done*: two forms of few English verbs."""

    did: str
    done: str


class Voice(NamedTuple):
    """Who speaks."""

    language: Language
    names: Names = NAMELESS

    def say(self, key: str, *values: str, **named: str) -> str:
        """The words of that key, filled in."""
        return self.one_of(WORDS[key]).format(*values, **named)

    def one_of(self, words: tuple[str, str]) -> str:
        """(Italian, English) → the one that is spoken."""
        return words[self.language == "en"]

    # Values -----------------------------------------------------------------------------------------------------------

    def value(self, value: Any) -> str:
        """A value of JSON: texts in quotes, numbers and truth without."""
        if isinstance(value, bool):
            return self.say("true" if value else "false")
        return self.number(value) if isinstance(value, int | float) else self.quoted(value)

    def quoted(self, text: Any) -> str:
        """In the quotes of the language."""
        return self.say("quoted", str(text))

    def number(self, number: float) -> str:
        """`12,345.5`, in Italian `12.345,5`; four digits stay together, as those of a year."""
        text = f"{number:,}" if abs(number) >= 10_000 else str(number)
        text = text.removesuffix(".0")
        return text.translate(str.maketrans(",.", ".,")) if self.language == "it" else text

    def listed(self, values: Iterable[str], joint: str = "or") -> str:
        """“a”, “b” or “c”; with `nor` between each."""
        *others, last = values
        if not others:
            return last
        return self.say(joint).join([(self.say("nor") if joint == "nor" else ", ").join(others), last])

    # Times ------------------------------------------------------------------------------------------------------------

    def day(self, key: str, day: date, clock: str = "") -> str:
        """A day behind the preposition of that key; clock: a time of it."""
        number = "1°" if self.language == "it" and day.day == 1 else str(day.day)
        text = f"{number} {self.one_of(MONTHS[day.month - 1])} {day.year}"
        text = self.say("at_time", text, clock) if clock else text
        return self.say(f"{key}_elided" if day.day in ELIDED else key, text)

    def instant(self, key: str, moment: datetime) -> str:
        """The same of an instant, on the clock of the zone: at midnight the day alone."""
        try:
            local = moment.astimezone(self.names.zone)
        except OverflowError:  # the first or the last day of the calendar
            local = moment
        precise = "milliseconds" if local.microsecond else "seconds" if local.second else "minutes"
        clock = local.time().isoformat(precise)
        return self.day(key, local.date(), "" if clock == "00:00" else clock)

    def span(self, span: Span | Days, prefix: str = "") -> str:
        """`3 days`; prefix last_: in the last 3 days; next_: in the next 3 days."""
        key = "one" if span.n == 1 else "several"
        return self.say(f"{prefix}{key}_{span.unit}", n=self.number(span.n))

    def window(self, window: Window) -> str:
        """When, "" for ever: not longer ago and longer ago, then between which instants."""
        relative = [self.span(window.last, "last_")] if window.last else []
        if window.ago:
            relative.append(self.say("ago", self.span(window.ago)))
        absolute = [self.instant("since", window.after)] if window.after else []
        if window.before:
            absolute.append(self.instant("before", window.before))
        return self.say("and").join([*([self.say("but").join(relative)] if relative else []), *absolute])

    # Names ------------------------------------------------------------------------------------------------------------

    def name(self, name: str) -> str:
        """A name of the sender's; in quotes if it is more than a word, so that it ends where it ends."""
        return name if WORD.fullmatch(name) else self.quoted(name)

    def path(self, path: str) -> str:
        """items[].sku → items › sku."""
        return " › ".join(self.name(name.removesuffix("[]")) for name in path.split("."))

    def site(self, id: int) -> str:
        """Its name, else its number."""
        return self._named(self.names.sites, id)

    def segment(self, id: int) -> str:
        """Its name, else its number."""
        return self._named(self.names.segments, id)

    def device(self, name: str) -> str:
        """The kind of device."""
        key = f"device_{name}"
        return self.say(key) if key in WORDS else self.quoted(name)

    def _named(self, names: Mapping[int, str], id: int) -> str:
        return self.quoted(names[id]) if id in names else self.say("numbered", str(id))

    def deed(self, kind: Kind) -> Deed:
        """What an event is: that of the catalogue in words, another by its label or key."""
        if kind in DEEDS and kind not in self.names.events:
            words = self.one_of(DEEDS[kind])
            return Deed(words, words)
        label = self.quoted(self.names.events.get(kind, kind[1]))
        return Deed(self.say("named", label), self.say("named_done", label))
