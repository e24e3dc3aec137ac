"""Which statement finds the people of a segment? A set of contacts for each condition, put together as the tree says.

    inside     SQL of those who meet a condition
    outside    SQL of those who do not: *never bought* is everybody but those who did

A condition that holds for somebody of whom nothing is known is always said from outside, so that nobody is forgotten
who has no row. Sets are of survivors. What is asked of single events narrows their rows; what is asked of several at
once (sequences, sums, the last of them) is given to the definition, person by person (`functions.Meets`).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from typing import Any, NamedTuple

import msgspec

from collector.store.sqlite.body import BOT, SUPERSEDED
from collector.store.sqlite.segments.functions import Asked, page_passes
from collector.store.sqlite.segments.survivors import MEMBERS, SURVIVOR, SURVIVORS
from sessionizer.contact import Contact
from sessionizer.segments import condition as asks
from sessionizer.segments.evaluate import holds, kinds_of
from sessionizer.segments.history import ENDED, STARTED, Moment, Person
from sessionizer.segments.window import EVER

NOBODY = "SELECT NULL AS id WHERE 0"
EVERYBODY = f"SELECT c.id {SURVIVORS}"
HIDDEN = SUPERSEDED | BOT

OF_KIND = f"""e.kind = (SELECT id FROM kinds WHERE category = :{{category}} AND key = :{{key}})
  AND e.at >= :{{since}} AND e.at < :{{until}} AND e.contact IS NOT NULL AND e.flags & {HIDDEN} = 0"""

MANY = 200_000
"""Events of a kind, from which on it is cheaper to ask each contact: the answer of most is near."""

THEN = """coalesce((SELECT sum(d.events) FROM kind_days d
  WHERE d.kind = (SELECT id FROM kinds WHERE category = :{category} AND key = :{key})
    AND d.day BETWEEN :{since} / 86400000 AND :{until} / 86400000), 0)"""
IF_FEW, IF_MANY = (f"(SELECT 1 WHERE {THEN} {than} {MANY}) CROSS JOIN" for than in ("<=", ">"))
"""One row or none before the rows of a way: of two ways one is walked."""

COUNTED = f"""SELECT {SURVIVOR.format("g.contact")} AS id FROM (
  SELECT e.contact, count(*) AS n FROM {{guard}} events e INDEXED BY events_kind
  WHERE {OF_KIND}{{more}} GROUP BY e.contact) g GROUP BY 1 HAVING sum(g.n) {{op}} :{{value}}"""
"""Those who did it so often. Counted by the contacts under which it was recorded, and then added up."""

COUNTED_EACH = f"""SELECT {SURVIVOR.format("c.id")} AS id FROM {{guard}} contacts c GROUP BY 1 HAVING sum((
  SELECT count(*) FROM (SELECT 1 FROM events e INDEXED BY events_contact
    WHERE e.contact = c.id AND {OF_KIND} LIMIT :{{value}} + 1))) {{op}} :{{value}}"""
"""The same, contact by contact: none is counted further than matters."""

TIMED = f"""SELECT {SURVIVOR.format("g.contact")} AS id FROM (
  SELECT e.contact, {{function}}(e.at) AS at FROM {{guard}} events e INDEXED BY events_kind
  WHERE {OF_KIND}{{more}} GROUP BY e.contact) g
GROUP BY 1 HAVING {{function}}(g.at) >= :{{from_}} AND {{function}}(g.at) < :{{to}}"""
"""Those for whom the first or the last time lies there."""

TIMED_EACH = f"""SELECT id FROM (
  SELECT {SURVIVOR.format("c.id")} AS id, {{function}}((SELECT e.at FROM events e INDEXED BY events_contact
    WHERE e.contact = c.id AND {OF_KIND} ORDER BY e.at {{direction}} LIMIT 1)) AS at
  FROM {{guard}} contacts c GROUP BY 1) WHERE at >= :{{from_}} AND at < :{{to}}"""

ON_SITE = f"""SELECT {SURVIVOR.format("e.contact")} AS id
FROM kinds k CROSS JOIN events e INDEXED BY events_kind ON e.kind = k.id
WHERE (k.category, k.key) IN (SELECT value ->> 0, value ->> 1 FROM json_each(:{{kinds}}))
  AND e.at < :{{until}} AND e.contact IS NOT NULL AND e.flags & {HIDDEN} = 0
GROUP BY 1 HAVING max(iif(k.key = :{{started}}, e.at, -1)) >= max(iif(k.key = :{{started}}, 0, e.at))"""
"""Those whose last beginning of a session is not before the last end of one."""

MEETING = f"""SELECT {SURVIVOR.format("e.contact")} AS id
FROM kinds k CROSS JOIN events e INDEXED BY events_kind ON e.kind = k.id
LEFT JOIN pages p ON p.id = e.page LEFT JOIN agents a ON a.id = e.agent
WHERE (k.category, k.key) IN (SELECT value ->> 0, value ->> 1 FROM json_each(:{{kinds}}))
  AND e.at >= :{{since}} AND e.at < :{{until}} AND e.contact IS NOT NULL AND e.flags & {HIDDEN} = 0
GROUP BY 1 HAVING :{{wanted}} =
  meets(:{{asked}}, :now, :zone, e.at, e.id, k.category, k.key, e.site, p.url, a.device, e.body)"""

WITH_ATTRIBUTE = f"""SELECT c.id {SURVIVORS} AND attribute_passes(c.attributes,
  (SELECT json_group_array(json(attributes)) FROM (
    SELECT o.attributes FROM contact_links l JOIN contacts o ON o.id = l.absorbed WHERE l.survivor = c.id ORDER BY o.id)
   HAVING count(*) > 0), :{{name}}, :{{test}}, :now, :zone)"""

ANONYMOUS = f"SELECT c.id {SURVIVORS} AND c.anonymous = :{{anonymous}}"
HAS_IDENTIFIER = f"""SELECT DISTINCT {SURVIVOR.format("i.contact")} AS id FROM identifiers i WHERE i.kind = :{{kind}}"""
CONSENTED = f"""SELECT c.id {SURVIVORS} AND iif(c.consent <> 'unknown', c.consent, coalesce(
  (SELECT consent FROM contacts WHERE id IN {MEMBERS} AND consent <> 'unknown' ORDER BY id DESC LIMIT 1),
  'unknown')) = :{{consent}}"""
ON_LIST = f"""SELECT DISTINCT {SURVIVOR.format("m.contact")} AS id FROM list_members m
  JOIN lists l ON l.id = m.list WHERE l.name = :{{name}}"""
BUCKET = f"SELECT c.id {SURVIVORS} AND in_bucket(c.id, :{{salt}}, :{{least}}, :{{below}})"

OF_SITES = "e.site IN (SELECT value FROM json_each(:{sites}))"
OF_DEVICES = """coalesce((SELECT iif(a.device = '', 'unknown', a.device) FROM agents a WHERE a.id = e.agent), 'unknown')
  IN (SELECT value FROM json_each(:{devices}))"""
ON_PAGES = "e.page IN (SELECT p.id FROM pages p WHERE page_passes(p.url, :{page}, :now, :zone))"
ON_PAGES_OR_NONE = f"(e.page IS NULL OR {ON_PAGES})"
WITH_PROPERTIES = "body_passes(e.body, :{tests})"


OPERATORS = (
    {"at_least": ">=", "at_most": "<=", "exactly": "="},
    {"at_least": "<", "at_most": ">", "exactly": "<>"},
)
"""Of a count, and of its opposite."""


class Found(NamedTuple):
    """A set of contacts. outside: the text has those who are not in it."""

    text: str
    outside: bool = False

    @property
    def turned(self) -> "Found":
        """All the others."""
        return Found(self.text, not self.outside)


class Statement(NamedTuple):
    """SQL whose rows have one column `id`, and its values."""

    text: str
    values: Mapping[str, Any]


def compiled(condition: asks.Condition, moment: Moment) -> Statement:
    """SQL of everybody who meets the condition at that moment."""
    compiler = Compiler(moment)
    found = compiler.set_of(condition)
    text = f"{EVERYBODY} EXCEPT {_sub(found.text)}" if found.outside else found.text
    return Statement(text, compiler.values)


class Compiler:
    """One statement in the making: every value that it binds has a name of its own."""

    def __init__(self, moment: Moment) -> None:
        self._moment = moment
        self.values: dict[str, Any] = {"now": moment.now, "zone": name_of(moment.zone)}

    def set_of(self, condition: asks.Condition) -> Found:
        """Those who meet it."""
        if isinstance(condition, asks.NotSo):
            return self.set_of(condition.of).turned
        if isinstance(condition, asks.AllOf):
            return all_of([self.set_of(one) for one in condition.of])
        if isinstance(condition, asks.AnyOf):
            return all_of([self.set_of(one).turned for one in condition.of]).turned
        if isinstance(condition, asks.InSegment):
            other = self._moment.segments.get(condition.id)
            return self.set_of(other) if other else Found(NOBODY)
        if kinds_of(condition):
            return self._of_events(condition)
        return Found(self._of_contact(condition))

    def _bound(self, text: str, **values: Any) -> str:
        """The text with names of its own for the values that it binds."""
        names = {name: f"{name}{len(self.values)}" for name in values}
        self.values |= {names[name]: value for name, value in values.items()}
        return text.format(**names)

    def _of_contact(self, leaf: asks.Condition) -> str:
        """Those of whom that is known."""
        if isinstance(leaf, asks.AttributeIs):
            return self._bound(WITH_ATTRIBUTE, name=leaf.name, test=_json(leaf.test))
        if isinstance(leaf, asks.IdentityIs):
            if leaf.is_ == "has":
                return self._bound(HAS_IDENTIFIER, kind=leaf.kind)
            return self._bound(ANONYMOUS, anonymous=leaf.is_ == "anonymous")
        if isinstance(leaf, asks.ConsentIs):
            return self._bound(CONSENTED, consent=leaf.is_)
        if isinstance(leaf, asks.OnList):
            return self._bound(ON_LIST, name=leaf.name)
        assert isinstance(leaf, asks.InBucket), leaf
        return self._bound(BUCKET, salt=leaf.salt, least=leaf.from_, below=leaf.to)

    def _of_events(self, leaf: asks.Condition) -> Found:
        """Those who did it, from outside where it holds for somebody who did nothing."""
        outside = holds(leaf, Person(Contact(0), ()), self._moment)
        if isinstance(leaf, asks.Visited):
            return Found(self._on_site()) if leaf.now else Found(self._counted(did(leaf), outside=outside), outside)
        if isinstance(leaf, asks.Did):
            return Found(self._counted(leaf, outside=outside), outside)
        if isinstance(leaf, asks.FirstOrLast):
            return Found(self._timed(leaf))
        window = leaf.window if isinstance(leaf, asks.Aggregate) else EVER
        since, until = window.range(self._moment.now, self._moment.zone)
        kinds, asked = _json(sorted(kinds_of(leaf))), _json(leaf)
        text = self._bound(MEETING, kinds=kinds, since=since, until=until, asked=asked, wanted=int(not outside))
        return Found(text, outside)

    def _counted(self, leaf: asks.Did, *, outside: bool) -> str:
        """Those for whom the count is as asked for; outside: for whom it is not."""
        since, until = leaf.window.range(self._moment.now, self._moment.zone)
        values = {"category": leaf.category, "key": leaf.key, "since": since, "until": until, "value": leaf.count.value}
        return self._few_or_many(leaf, (COUNTED, COUNTED_EACH), values, op=OPERATORS[outside][leaf.count.op])

    def _timed(self, leaf: asks.FirstOrLast) -> str:
        """Those whose first or last time lies in the window."""
        from_, to = leaf.window.range(self._moment.now, self._moment.zone)
        values = {"category": leaf.category, "key": leaf.key, "since": 0, "until": self._moment.now + 1}
        function, direction = ("min", "ASC") if leaf.which == "first" else ("max", "DESC")
        return self._few_or_many(
            leaf, (TIMED, TIMED_EACH), values | {"from_": from_, "to": to}, function=function, direction=direction
        )

    def _few_or_many(self, leaf: asks.EventFilter, ways: tuple[str, str], values: dict[str, Any], **words: str) -> str:
        """Along the events of the kind; or contact by contact, where there are many and the index says all of them."""
        more = "".join(f" AND {narrowing}" for narrowing in self._narrowings(leaf))
        guards = ("", None) if more else (IF_FEW, IF_MANY)
        texts = [
            _filled(way, guard=guard, more=more, **words)
            for way, guard in zip(ways, guards, strict=True)
            if guard is not None
        ]
        return self._bound(" UNION ALL ".join(texts), **values)

    def _on_site(self) -> str:
        kinds = _json([STARTED, ENDED])
        return self._bound(ON_SITE, kinds=kinds, until=self._moment.now + 1, started=STARTED[1])

    def _narrowings(self, wanted: asks.EventFilter) -> Iterator[str]:
        """The conditions on single rows, the cheapest first."""
        if wanted.sites:
            yield self._bound(OF_SITES, sites=_json(wanted.sites))
        if wanted.devices:
            yield self._bound(OF_DEVICES, devices=_json(wanted.devices))
        if wanted.page or wanted.utm:
            yield self._on_pages(wanted)
        if wanted.where:
            asked = Asked(wanted.where, self._moment.now, self.values["zone"])
            yield self._bound(WITH_PROPERTIES, tests=_json(asked))

    def _on_pages(self, wanted: asks.EventFilter) -> str:
        asked = _json(asks.EventFilter(category=wanted.category, key=wanted.key, page=wanted.page, utm=wanted.utm))
        without = page_passes("", asked, self._moment.now, self.values["zone"])
        return self._bound(ON_PAGES_OR_NONE if without else ON_PAGES, page=asked)


def name_of(zone: tzinfo) -> str:
    """What the functions know the zone by."""
    return "UTC" if zone is UTC else str(zone)


def all_of(sets: Sequence[Found]) -> Found:
    """Those who are in every one of them."""
    inside = [_sub(one.text) for one in sets if not one.outside]
    outside = [_sub(one.text) for one in sets if one.outside]
    if not inside:
        return Found(" UNION ".join(outside) or NOBODY, outside=True)
    return Found("".join([" INTERSECT ".join(inside), *(f" EXCEPT {text}" for text in outside)]))


def did(leaf: asks.Visited) -> asks.Did:
    """Sessions as the events that tell of them."""
    tests = {"pages": leaf.pages, "duration_seconds": leaf.seconds}
    where = tuple(asks.PropertyTest(name, test) for name, test in tests.items() if test)
    category, key = ENDED if where else STARTED
    return asks.Did(category=category, key=key, where=where, count=leaf.count, window=leaf.window)


def _filled(text: str, **words: str) -> str:
    """Constants in their places; those of bound values stay."""
    for name, word in words.items():
        text = text.replace(f"{{{name}}}", word)
    return text


def _sub(text: str) -> str:
    return f"SELECT id FROM ({text})"


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
