"""How is asked what somebody did? Tests of a survivor `c`, 1 or 0 each, along one of three ways.

    few      along the events of a kind: a set of the contacts that have them
    many     contact by contact along their own events, none further than matters: the answer of most is near
    pages    along the events of the pages that are asked about, where these are fewer than those of the kind

In braces stand what is to be put in: `{more}` further conditions on the rows, `:{name}` a bound value. What was done by
a contact that was absorbed counts as the survivor's.
"""

from typing import NamedTuple

from collector.store.sqlite.body import BOT, SUPERSEDED
from collector.store.sqlite.segments.survivors import MEMBERS, SURVIVOR

HIDDEN = SUPERSEDED | BOT
DEAR = 3
"""So many events of a kind cost as much as the look at a contact."""

UNBOUNDED = 2**53


class Span(NamedTuple):
    """When: [since, until), ms UTC."""

    since: int
    until: int


class Times(NamedTuple):
    """How often: both ends included, high None: or more."""

    low: int
    high: int | None = None

    @property
    def enough(self) -> int:
        """From so many on it does not matter how many more there are."""
        return self.low if self.high is None else self.high + 1

    @property
    def bounds(self) -> dict[str, int]:
        """As they are bound. before: how many go before the one that is wanted."""
        return {"low": self.low, "high": UNBOUNDED if self.high is None else self.high, "before": self.low - 1}


KIND = "(SELECT id FROM kinds WHERE category = :{category} AND key = :{key})"
WHEN = f"e.at >= :{{since}} AND e.at < :{{until}} AND e.flags & {HIDDEN} = 0"
OF_KIND = f"e.kind = {KIND} AND {WHEN}{{more}}"
EVENTS = f"events e INDEXED BY events_kind WHERE e.contact IS NOT NULL AND {OF_KIND}"

# Along the events of a kind -------------------------------------------------------------------------------------------

ONCE = f"SELECT {SURVIVOR.format('e.contact')} FROM {EVENTS}"
COUNTED = f"""SELECT {SURVIVOR.format("g.contact")} AS id FROM (
  SELECT e.contact, count(*) AS n FROM {EVENTS} GROUP BY e.contact) g
GROUP BY 1 HAVING sum(g.n) BETWEEN :{{low}} AND :{{high}}"""
"""Counted by the contacts under which it was recorded, and then added up."""

TALLIED = f"""SELECT {SURVIVOR.format("CAST(key AS INTEGER)")} FROM json_each((
  SELECT tally(who, what) FROM (SELECT NULL AS who, :{{asked}} AS what
    UNION ALL SELECT e.contact, e.body FROM {EVENTS})))
GROUP BY 1 HAVING sum(value) BETWEEN :{{low}} AND :{{high}}"""
"""The same of rows whose properties pass. The first row says what is asked: to say it at each costs a tenth more."""

WORKED_OUT = f"""SELECT value FROM json_each((
  SELECT worked_out(who, what) FROM (SELECT NULL AS who, :{{asked}} AS what
    UNION ALL SELECT {SURVIVOR.format("e.contact")}, e.body FROM {EVENTS})))"""

OF_SITES = "e.site IN (SELECT value FROM json_each(:{sites}))"
OF_DEVICES = """coalesce((SELECT iif(a.device = '', 'unknown', a.device) FROM agents a WHERE a.id = e.agent), 'unknown')
  IN (SELECT value FROM json_each(:{devices}))"""
ON_SOME_PAGES = "e.page IN"
ON_PAGES = f"{ON_SOME_PAGES} (SELECT p.id FROM pages p WHERE page_passes(p.url, :{{page}}, :now, :zone))"
ON_PAGES_OR_NONE = f"(e.page IS NULL OR {ON_PAGES})"
WITH_PROPERTIES = "body_passes(e.body, :{tests})"

# Contact by contact ---------------------------------------------------------------------------------------------------

OWN = f"""EXISTS (SELECT 1 FROM events e INDEXED BY events_contact
  WHERE e.contact = c.id AND {OF_KIND} LIMIT 1 OFFSET :{{skip}})"""
WHOLE = f"""EXISTS (SELECT 1 FROM {MEMBERS} m CROSS JOIN events e INDEXED BY events_contact
  WHERE e.contact = m.id AND {OF_KIND} LIMIT 1 OFFSET :{{skip}})"""
NTH = f"iif(EXISTS (SELECT 1 FROM contact_links WHERE survivor = c.id), {WHOLE}, {OWN})"
"""Most have absorbed nobody."""

EACH = NTH.replace("{skip}", "{before}")
EACH_BETWEEN = f"({EACH} AND NOT {NTH.replace('{skip}', '{high}')})"

THEN = """(SELECT coalesce(sum(d.events), 0) FROM kind_days d
    WHERE d.kind IN {of} AND d.day BETWEEN :{since} / 86400000 AND :{until} / 86400000)"""
FEW_OR_MANY = f"iif({DEAR} * (SELECT max(id) FROM contacts) >= {THEN}, {{few}}, {{each}})"
FEW_OR_MANY_TIMES = FEW_OR_MANY.replace("{of}", f"({KIND})")

OF_PAGES_OR_KIND = f"""iif((SELECT count(*) FROM (SELECT 1 FROM events e INDEXED BY events_page
    WHERE {{pages}} AND e.at >= :{{since}} AND e.at < :{{until}} LIMIT {THEN} / 2)) < {THEN} / 2,
  {{of_pages}}, {{of_kind}})""".replace("{of}", f"({KIND})")
"""Few pages have less to look into than all events of a kind, but for pages that everybody sees."""

LAST = f"""(SELECT max((SELECT e.at FROM events e INDEXED BY events_contact WHERE e.contact = m.id
  AND e.kind = {KIND} AND e.at < :{{until}} AND e.flags & {HIDDEN} = 0 ORDER BY e.at DESC LIMIT 1)) FROM {MEMBERS} m)"""
BEGAN, OVER = (
    LAST.replace("{category}", f"{{{which}_category}}").replace("{key}", f"{{{which}_key}}") for which in ("s", "e")
)
ON_SITE = f"coalesce({BEGAN} >= coalesce({OVER}, 0), 0)"
"""Whether the last beginning of a session is not before the last end of one."""

KINDS = """(SELECT id FROM kinds WHERE (category, key) IN (
    SELECT value ->> 0, value ->> 1 FROM json_each(:{kinds})))"""
HISTORY = "meets(:{asked}, e.at, e.id, k.category, k.key, e.site, {url}, {device}, {body})"
MEETS_OF_FEW = f"""SELECT {SURVIVOR.format("e.contact")} AS who
  FROM kinds k CROSS JOIN events e INDEXED BY events_kind ON e.kind = k.id
  WHERE k.id IN {KINDS} AND {WHEN} AND e.contact IS NOT NULL AND who IN {{able}}
GROUP BY 1 HAVING {HISTORY}"""
MEETS_EACH = f"""(c.id IN {{able}} AND coalesce((SELECT {HISTORY}
  FROM {MEMBERS} m CROSS JOIN events e INDEXED BY events_contact ON e.contact = m.id CROSS JOIN kinds k ON k.id = e.kind
  WHERE e.kind IN {KINDS} AND {WHEN}), 0))"""
MEETS = FEW_OR_MANY.replace("{of}", KINDS).replace("{each}", MEETS_EACH)
"""able: a set of those who did all that it takes."""
COLUMNS = {
    "url": "(SELECT url FROM pages WHERE id = e.page)",
    "device": "(SELECT device FROM agents WHERE id = e.agent)",
    "body": "e.body",
}
"""What an event is told of where it is asked about: a look into rows costs most."""
