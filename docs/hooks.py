"""Which providers are understood, and by which doors does each system event come? The two tables of docs/hooks.md.

Reads the mapping files, the catalogue, the rules and what our delivery reports; `generate.py` writes the tables between
their markers and leaves the rest of the page as it stands.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import get_args

from collector.hooks.mapping import HookMapping, Rule, parts_of
from collector.hooks.providers import GENERIC, shipped
from collector.hooks.signature import Signature
from docs.markdown import code, table
from sessionizer.catalogue import CATALOGUE, CATEGORIES, CUSTOM, PRIVACY, SYSTEM, Row, takes
from sessionizer.event import Kind
from sessionizer.messages.message import Channel, Purpose
from sessionizer.messages.receipt import What, kind_of
from sessionizer.rules.assignments import RULE_OF

PAGE = Path(__file__).resolve().parent / "hooks.md"

HEAD = """\
# Webhooks of providers

What providers post to `/hooks/<source>` becomes events. The two tables are written from the code by `make docs`.
"""

PROVIDERS_HEAD = """\
*Checked*: when the mapping was compared with the documentation. *Untried*: what could not be.
"""

DOORS_HEAD = """\
All of them come by the API as well, and as JSON that says category and key. *Browser*: our tracker, or a script of
yours with the public key. *Delivery*: a receipt of the messages that we send. *Rule*: it follows from others by itself.
"""

SIGNED: Mapping[str, str] = {
    "hmac": "HMAC",
    "standard": "Standard Webhooks",
    "ecdsa": "ECDSA",
    "twilio": "as Twilio does",
    "paypal": "RSA, by a certificate",
    "basic": "user and password",
    "bearer": "bearer token",
    "header": "the secret",
}
"""In which words, by scheme."""

_LITERAL = re.compile(r"'([^']*)'")


def page() -> str:
    """The whole page: what stands there, with the tables of now. A page that has no markers yet gets them."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else HEAD
    for name, title, written in (("providers", "Providers", providers), ("doors", "Doors", doors)):
        begin, end = f"<!-- {name}: written by make docs -->", f"<!-- {name} end -->"
        if begin not in text or end not in text:
            text += f"\n## {title}\n\n{begin}\n{end}\n"
        before, _, rest = text.partition(begin)
        text = f"{before}{begin}\n\n{written()}\n{end}{rest.partition(end)[2]}"
    return text


def providers() -> str:
    """One row a provider."""
    rows = [
        (mapping.title, events_of(name, mapping), signed(mapping), documented(mapping), checked(mapping))
        for name, mapping in shipped().items()
    ]
    return f"{PROVIDERS_HEAD}\n{table(('provider', 'events', 'signed by', 'documentation', 'checked'), rows)}"


def events_of(name: str, mapping: HookMapping) -> str:
    """`payments`: payment_done, payment_request_created; …"""
    own = [rule.event.partition("/") for rule in mapping.events if rule.event.startswith(f"{CUSTOM}/")]
    if name == GENERIC:
        return "all of the catalogue, and your own"
    named = [*given()[name], *((CUSTOM, key) for _, _, key in own)]
    keys = {slug: dict.fromkeys(re.sub(r"{.*?}", "…", key) for at, key in named if at == slug) for slug in CATEGORIES}
    return "; ".join(f"*{slug}*: {', '.join(map(code, found))}" for slug, found in keys.items() if found)


def signed(mapping: HookMapping) -> str:
    """In which ways, and in which header."""
    return " or ".join(dict.fromkeys(map(_way, mapping.signature)))


def _way(way: Signature) -> str:
    said = f"HMAC-{way.algorithm.upper()}" if way.scheme == "hmac" else SIGNED[way.scheme]
    kind, _, place = way.value.partition(":")
    where = f"{code(place)} of the body" if kind == "body" else code(place.partition("/")[0])
    return f"{said} in {where}" if where else said


def documented(mapping: HookMapping) -> str:
    """A link."""
    return f"[documentation]({mapping.docs})" if mapping.docs else ""


def checked(mapping: HookMapping) -> str:
    """The day, and what is untried."""
    day = mapping.checked.isoformat() if mapping.checked else "ours"
    return f"{day}. *Untried*: {mapping.untried}" if mapping.untried else day


def doors() -> str:
    """One row a system event."""
    rows = [(row.category, code(row.key), *doors_of(row)) for row in SYSTEM]
    return f"{DOORS_HEAD}\n{table(('category', 'key', 'browser', 'delivery', 'rule', 'providers'), rows)}"


def doors_of(row: Row) -> tuple[str, str, str, str]:
    """By which it comes beside the API: browser, delivery, rule, providers; any JSON where nothing else gives it."""
    kind = (row.category, row.key)
    rule = RULE_OF[kind].name if kind in RULE_OF else "erasure" if row.by == PRIVACY else ""
    browser = "yes" if takes(*kind, is_public=True) else ""
    delivery = "yes" if kind in reported() else ""
    titles = [shipped()[name].title for name, kinds in given().items() if kind in kinds and name != GENERIC]
    if not (rule or browser or delivery or titles):
        titles = [shipped()[GENERIC].title]
    return browser, delivery, rule, ", ".join(titles)


def reported() -> set[Kind]:
    """What our own delivery says of messages."""
    told = (
        kind_of(channel, purpose, what)
        for channel in get_args(Channel)
        for purpose in get_args(Purpose)
        for what in get_args(What)
    )
    return {kind for kind in told if kind}


@cache
def given() -> Mapping[str, Sequence[Kind]]:
    """Which events of the catalogue each mapping may give, in its order, by the provider's name."""
    found = {name: {kind for rule in mapping.events for kind in kinds_of(rule)} for name, mapping in shipped().items()}
    return {name: [kind for kind in CATALOGUE if kind in kinds or name == GENERIC] for name, kinds in found.items()}


def kinds_of(rule: Rule) -> Iterator[Kind]:
    """What stands in braces is one of the texts in it, or of those that the condition compares it with; else any."""
    pieces = parts_of(rule.event)
    pattern = "".join("(.+)" if at % 2 else re.escape(piece) for at, piece in enumerate(pieces))
    possible = [_values(expression, rule.when) for expression in pieces[1::2]]
    for kind in CATALOGUE:
        match = re.fullmatch(pattern, "/".join(kind))
        if match and all(not values or value in values for value, values in zip(match.groups(), possible, strict=True)):
            yield kind


def _values(expression: str, when: str) -> list[str]:
    within = re.search(rf"contains\(\[([^]]*)\], {re.escape(expression)}\)", when)
    return _LITERAL.findall(within[1] if within else expression)
