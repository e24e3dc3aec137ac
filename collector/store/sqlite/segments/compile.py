"""Which statement finds the people of a segment? Everybody who is left by joins, and a test of each, as the tree says.

A test is SQL that is 1 or 0 for a contact `c`. Of a group those that cost least come first: what costs more is asked of
those only who are left. What is asked of single events is answered by sets of contacts, or contact by contact where
there are many such events (`happened.py`). What is asked of several at once (sequences, inactivity) is given to the
definition, person by person (`aggregates.Meets`), of those only who did all that it takes.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, tzinfo
from typing import Any, NamedTuple

import msgspec

from collector.store.sqlite.segments import happened, known
from collector.store.sqlite.segments.asked import Asked, Question
from collector.store.sqlite.segments.functions import attribute_passes, page_passes
from collector.store.sqlite.segments.survivors import SURVIVORS
from sessionizer.contact import Contact
from sessionizer.segments import condition as asks
from sessionizer.segments.evaluate import filters_of, holds, kinds_of
from sessionizer.segments.history import ENDED, STARTED, Moment, Person, as_events
from sessionizer.segments.window import EVER

EVERYBODY = f"SELECT c.id {SURVIVORS}"
ALWAYS, NEVER = "1", "0"
ONCE = happened.Times(1)

COSTS: Mapping[type, int] = {
    asks.IdentityIs: 0, asks.OnList: 0, asks.InBucket: 1, asks.ConsentIs: 1, asks.AttributeIs: 2, asks.Did: 3,
    asks.FirstOrLast: 3, asks.Visited: 3, asks.Aggregate: 5, asks.Inactive: 6, asks.InOrder: 6,
}  # fmt: skip
"""What goes first; a filter that looks into rows costs one more."""


class Statement(NamedTuple):
    """SQL whose rows have one column `id`, and its values."""

    text: str
    values: Mapping[str, Any]


def compiled(condition: asks.Condition, moment: Moment) -> Statement:
    """SQL of everybody who meets the condition at that moment."""
    compiler = Compiler(moment)
    test = compiler.test_of(condition)
    return Statement(f"{compiler.sets}{EVERYBODY} AND {test}", compiler.values)


class Compiler:
    """One statement in the making: every value that it binds has a name of its own, every set of contacts too.

    Sets go before the statement, not into it: SQLite's parser cannot look deep into brackets.
    """

    def __init__(self, moment: Moment) -> None:
        self._moment, self._until_now = moment, moment.now + 1
        self._sets: list[str] = []
        self.values: dict[str, Any] = {"now": moment.now, "zone": name_of(moment.zone)}

    def test_of(self, condition: asks.Condition) -> str:
        """Whether `c` meets it."""
        if isinstance(condition, asks.NotSo):
            return f"NOT {self.test_of(condition.of)}"
        if isinstance(condition, asks.AllOf | asks.AnyOf):
            return self._of_group(condition)
        if isinstance(condition, asks.InSegment):
            other = self._moment.segments.get(condition.id)
            return f"c.id IN {self._set(f'{EVERYBODY} AND {self.test_of(other)}')}" if other else NEVER
        return self._of_events(condition) if kinds_of(condition) else self._of_contact(condition)

    @property
    def sets(self) -> str:
        """What goes before the statement."""
        named = ", ".join(f"set{place} (id) AS ({text})" for place, text in enumerate(self._sets))
        return f"WITH {named} " if named else ""

    def _set(self, text: str, **values: Any) -> str:
        """The set of those contacts, by its name."""
        self._sets.append(self._bound(text, **values))
        return f"(SELECT id FROM set{len(self._sets) - 1})"

    def _of_group(self, group: asks.AllOf | asks.AnyOf) -> str:
        tests = [self.test_of(one) for one in sorted(group.of, key=self._cost)]
        word, nothing = ("AND", ALWAYS) if isinstance(group, asks.AllOf) else ("OR", NEVER)
        return f"({f' {word} '.join(tests) or nothing})"

    def _cost(self, condition: asks.Condition) -> int:
        if isinstance(condition, asks.NotSo):
            return self._cost(condition.of)
        if isinstance(condition, asks.AllOf | asks.AnyOf):
            return max(map(self._cost, condition.of), default=0)
        if isinstance(condition, asks.InSegment):
            other = self._moment.segments.get(condition.id)
            return self._cost(other) if other else 0
        return COSTS[type(condition)] + any(map(looks_into_rows, filters_of(condition)))

    def _bound(self, text: str, **values: Any) -> str:
        """The text with names of its own for the values that it binds."""
        names = {name: f"{name}{len(self.values)}" for name in values}
        self.values |= {names[name]: value for name, value in values.items()}
        return text.format(**names)

    # What is known of the contact

    def _of_contact(self, leaf: asks.Condition) -> str:
        if isinstance(leaf, asks.AttributeIs):
            test = _json(leaf.test)
            of_none = attribute_passes("{}", None, leaf.name, test, self._moment.now, self.values["zone"])
            return self._bound(known.ATTRIBUTE, name=leaf.name, test=test, of_none=of_none)
        if isinstance(leaf, asks.IdentityIs):
            if leaf.is_ == "has":
                return self._bound(known.IDENTIFIER, kind=leaf.kind)
            return self._bound(known.ANONYMOUS, anonymous=leaf.is_ == "anonymous")
        if isinstance(leaf, asks.ConsentIs):
            return self._bound(known.CONSENT, consent=leaf.is_)
        if isinstance(leaf, asks.OnList):
            return self._bound(known.LIST, name=leaf.name)
        assert isinstance(leaf, asks.InBucket), leaf
        return self._bound(known.BUCKET, salt=leaf.salt, least=leaf.from_, below=leaf.to)

    # What happened

    def _of_events(self, leaf: asks.Condition) -> str:
        if isinstance(leaf, asks.Visited) and leaf.now:
            return self._is_on_site()
        if isinstance(leaf, asks.Visited):
            leaf = as_events(leaf)
        span = happened.Span(*getattr(leaf, "window", EVER).range(self._moment.now, self._moment.zone))
        if isinstance(leaf, asks.Did):
            return self._did(leaf, span, times_of(leaf.count))
        if isinstance(leaf, asks.FirstOrLast):
            return self._first_or_last(leaf, span)
        if isinstance(leaf, asks.Aggregate):
            return self._worked_out(leaf, span)
        if isinstance(leaf, asks.Inactive):
            return self._meets(leaf, [self._did(leaf.after, span)], span._replace(until=self._until_now))
        assert isinstance(leaf, asks.InOrder), leaf
        return self._in_order(leaf, span)

    def _did(self, wanted: asks.EventFilter, span: happened.Span, times: happened.Times = ONCE) -> str:
        """Whether it happened so often. Never is the opposite of once: who did nothing is in no set."""
        if times.low == 0:
            return ALWAYS if times.high is None else f"NOT {self._did(wanted, span, happened.Times(times.high + 1))}"
        more = self._narrowings(wanted)
        values = {"category": wanted.category, "key": wanted.key, **span._asdict(), **times.bounds}
        if wanted.where:
            values["asked"] = _json(Asked(wanted.where, self._moment.now, self.values["zone"], times.enough))
        rows = happened.TALLIED if wanted.where else happened.ONCE if times == ONCE else happened.COUNTED
        rows = rows.replace("{more}", "".join(f" AND {one}" for one in more))
        few = f"c.id IN {self._set(rows, **values)}"
        if more and more[-1].startswith(happened.ON_SOME_PAGES):
            of_pages = f"c.id IN {self._set(rows.replace('events_kind', 'events_page'), **values)}"
            words = {"{pages}": more[-1], "{of_pages}": of_pages, "{of_kind}": few}
            return self._bound(filled(happened.OF_PAGES_OR_KIND, words), **values)
        if looks_into_rows(wanted):
            return few
        each = happened.EACH if times.high is None else happened.EACH_BETWEEN
        each = each.replace("{more}", "".join(f" AND {one}" for one in more))
        return self._bound(filled(happened.FEW_OR_MANY_TIMES, {"{few}": few, "{each}": each}), **values)

    def _first_or_last(self, leaf: asks.FirstOrLast, span: happened.Span) -> str:
        """Then, and not before it, or not since."""
        other = happened.Span(0, span.since) if leaf.which == "first" else happened.Span(span.until, self._until_now)
        return f"({self._did(leaf, span)} AND NOT {self._did(leaf, other)})"

    def _is_on_site(self) -> str:
        names = {"s_category": STARTED[0], "s_key": STARTED[1], "e_category": ENDED[0], "e_key": ENDED[1]}
        return self._bound(happened.ON_SITE, **names, until=self._until_now)

    def _worked_out(self, leaf: asks.Aggregate, span: happened.Span) -> str:
        """A set of those for whom it holds; or, where it holds for who did nothing, of those for whom it does not."""
        is_usual = holds(leaf, Person(Contact(0), ()), self._moment)
        more = self._narrowings(leaf)
        if leaf.where:
            asked = Asked(leaf.where, self._moment.now, self.values["zone"])
            more.append(self._bound(happened.WITH_PROPERTIES, tests=_json(asked)))
        question = Question(leaf, self._moment.now, self.values["zone"], is_usual)
        values = {"category": leaf.category, "key": leaf.key, **span._asdict(), "asked": _json(question)}
        rows = happened.WORKED_OUT.replace("{more}", "".join(f" AND {one}" for one in more))
        return f"c.id {'NOT ' if is_usual else ''}IN {self._set(rows, **values)}"

    def _in_order(self, leaf: asks.InOrder, span: happened.Span) -> str:
        """Of those who did every step, in as much of the past as can matter: a step is not long before the next one."""
        spans = [span]
        for step in reversed(leaf.steps[1:]):
            since = step.within.cut(spans[-1].since, self._moment.zone) if step.within else 0
            spans.append(span._replace(since=since))
        needed = [self._did(step, when) for step, when in zip(leaf.steps, reversed(spans), strict=True)]
        return self._meets(leaf, needed, spans[-1])

    def _meets(self, leaf: asks.Condition, needed: list[str], span: happened.Span) -> str:
        """needed: tests of what it takes at least."""
        filters = list(filters_of(leaf))
        columns = {
            "url": any(one.page or one.utm for one in filters),
            "device": any(one.devices for one in filters),
            "body": any(one.where for one in filters) or any(step.same for step in getattr(leaf, "steps", ())),
        }
        words = {f"{{{name}}}": happened.COLUMNS[name] if is_asked else "NULL" for name, is_asked in columns.items()}
        words["{able}"] = self._set(f"{EVERYBODY} AND {' AND '.join(needed)}")
        asked = Question(leaf, self._moment.now, self.values["zone"])
        values = {"kinds": _json(sorted(kinds_of(leaf))), "asked": _json(asked), **span._asdict()}
        words["{few}"] = f"c.id IN {self._set(filled(happened.MEETS_OF_FEW, words), **values)}"
        return self._bound(filled(happened.MEETS, words), **values)

    def _narrowings(self, wanted: asks.EventFilter) -> list[str]:
        """Further conditions on rows, the cheapest first, that on pages last; but what is asked of properties."""
        return list(self._narrowing(wanted))

    def _narrowing(self, wanted: asks.EventFilter) -> Iterator[str]:
        if wanted.sites:
            yield self._bound(happened.OF_SITES, sites=_json(wanted.sites))
        if wanted.devices:
            yield self._bound(happened.OF_DEVICES, devices=_json(wanted.devices))
        if wanted.page or wanted.utm:
            yield self._on_pages(wanted)

    def _on_pages(self, wanted: asks.EventFilter) -> str:
        asked = _json(asks.EventFilter(category=wanted.category, key=wanted.key, page=wanted.page, utm=wanted.utm))
        without = page_passes("", asked, self._moment.now, self.values["zone"])
        return self._bound(happened.ON_PAGES_OR_NONE if without else happened.ON_PAGES, page=asked)


def filled(text: str, words: Mapping[str, str]) -> str:
    """Words in their places; those of bound values stay."""
    for place, word in words.items():
        text = text.replace(place, word)
    return text


def name_of(zone: tzinfo) -> str:
    """What the functions know the zone by."""
    return "UTC" if zone is UTC else str(zone)


def looks_into_rows(wanted: asks.EventFilter) -> bool:
    """Whether more is asked than stands in the index."""
    return bool(wanted.where or wanted.page or wanted.utm or wanted.devices)


def times_of(count: asks.Counted) -> happened.Times:
    """How often, as bounds."""
    low, high = (0 if count.op == "at_most" else count.value), (None if count.op == "at_least" else count.value)
    return happened.Times(low, high)


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
