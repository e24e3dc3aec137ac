"""What comes of a payload while its mapping is written? Its fields, the rules that hold for it, the events.

Nothing is written. Reads the payload that is given, and by what the door judges events.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import msgspec

from collector.api.frame.problem import Problem
from collector.api.hooks import desk
from collector.api.hooks.bodies import Trying
from collector.hooks.call import FORM, Call, Unreadable
from collector.hooks.expression import BadExpression, Expression
from collector.hooks.fields import Field, fields_of
from collector.hooks.mapping import MAX_BYTES, HookMapping, written
from collector.hooks.translate import TooManyParts, Translator
from collector.hooks.trial import Outcome
from collector.services import Services
from collector.ui.guard import Form

MAX_HEADERS = 50
MOST_PARTS = 20
"""Of which is asked which rules hold."""
MOST_SHOWN = 60
MOST_CHARACTERS = 90


class Given(NamedTuple):
    """A call to try on. headers: lines, `name: value`."""

    payload: str = ""
    headers: str = ""
    is_form: bool = False


class Attempt(NamedTuple):
    """What came of it. fault: the text that says why nothing can be said of it, "" when it can. holds: places of the
    rules whose condition holds. more: events beyond those that are shown."""

    fields: list[Field]
    headers: list[Field]
    events: list[Outcome]
    holds: frozenset[int] = frozenset()
    ignored: int = 0
    more: int = 0
    fault: str = ""


def given(form: Form) -> Given:
    """What stands in the form."""
    text = form.get("payload", "").replace("\r\n", "\n")
    return Given(text, form.get("headers", "").replace("\r\n", "\n"), form.get("form") == "on")


def headers_lines(text: str) -> Mapping[str, str]:
    """Lines of names and values, as they are written; what is no such line is none."""
    lines = (line.partition(":") for line in text.splitlines()[:MAX_HEADERS])
    return {name.strip(): value.strip() for name, colon, value in lines if colon and name.strip()}


def headers_of(text: str) -> Mapping[str, str]:
    """The same, as a call has them."""
    return {name.lower(): value for name, value in headers_lines(text).items()}


def attempt(services: Services, source: str, said: Given, mapping: HookMapping | None, each: str = "") -> Attempt:
    """mapping: None while it has faults: then only the fields are shown. each: by which expression parts are found."""
    if not said.payload.strip():
        return Attempt([], [], [], fault="webhooks_no_payload")
    if len(said.payload.encode("utf-8", "replace")) > MAX_BYTES:
        return Attempt([], [], [], fault="webhooks_long_payload")
    headers = headers_of(said.headers)
    call = Call(_typed(headers, said), said.payload.encode("utf-8", "replace"), at=services.clock())
    try:
        part = _first(call, each)
    except Unreadable:
        return Attempt([], [], [], fault="webhooks_no_form" if said.is_form else "webhooks_no_json")
    looked = Attempt(fields_of(part), fields_of(dict(headers), "_headers"), [])
    return looked if mapping is None else _tried(services, source, said, mapping=mapping, call=call, looked=looked)


def _tried(
    services: Services, source: str, said: Given, *, mapping: HookMapping, call: Call, looked: Attempt
) -> Attempt:
    body = Trying(
        payload=said.payload,
        mapping=written(mapping),
        source=source,
        headers=headers_of(said.headers),
        form=said.is_form,
    )
    try:
        tried = desk.tried(services, body)
    except Problem:
        return looked._replace(fault="webhooks_too_many_parts")
    return looked._replace(
        events=list(tried.events[:MOST_SHOWN]),
        more=max(0, len(tried.events) - MOST_SHOWN),
        ignored=tried.ignored,
        holds=_holding(Translator(mapping), call),
    )


def _typed(headers: Mapping[str, str], said: Given) -> Mapping[str, str]:
    return {**headers, "content-type": FORM if said.is_form else "application/json"}


def _first(call: Call, each: str) -> Any:
    """The first part, else the whole. Raises Unreadable."""
    found = None
    if each:
        with suppress(BadExpression):
            found = Expression(each)(call.payload)
    if isinstance(found, list):
        found = found[0] if found else None
    return call.payload if found is None else found


def _holding(translator: Translator, call: Call) -> frozenset[int]:
    with suppress(Unreadable, TooManyParts):
        parts = translator.parts(call)[:MOST_PARTS]
        return frozenset(
            at for at, rule in enumerate(translator.rules) if any(rule.meets(part, call) for part in parts)
        )
    return frozenset()


def shown(value: Any) -> str:
    """A value on one line: a text as it is, anything else as JSON."""
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"
