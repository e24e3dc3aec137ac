"""How does a provider's payload become events? The mapping file as a type, and what is wrong with one.

    title = "Stripe"
    docs = "https://docs.stripe.com/webhooks"       # where its payloads are documented
    each = "events"                                 # expression: the parts, when one call tells of many things

    [[signature]]                                   # any of them is enough: signature.py
    scheme = "hmac"
    …
    [shared]                                        # what all events have in common
    id = "id"
    occurred_at = "created"
    [[events]]
    event = "payments/payment_done"                 # category/key; expressions in braces: "custom/{type}"
    when = "type == 'charge.succeeded'"             # every event whose condition holds comes out
    identifiers = { email_id = "data.object.billing_details.email" }
    properties = { amount = "minor(data.object.amount, data.object.currency)" }    # or one expression for all

Right of a = stands an expression (expression.py), asked of the part; `_headers` and `_body` are the whole call. Pure:
the text is an argument.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Final, Literal, NamedTuple

import msgspec
import tomli_w
from msgspec.structs import replace

from collector.hooks.challenge import Challenge
from collector.hooks.expression import BadExpression, Expression
from collector.hooks.signature import OF_PUBLIC_KEYS, Signature
from sessionizer.catalogue import CATEGORIES, CUSTOM, known

MAX_BYTES: Final = 64 * 1024
MAX_EVENTS: Final = 200
MAX_DOTS: Final = 100
"""Of one name: with ten thousand (`a.a.a.a = 1`) Python's reader is busy for a minute."""
NAMES: Final = frozenset("contact_id ext_id email_id phone_id whatsapp_id landline_number_id".split())

Text = Annotated[str, msgspec.Meta(max_length=1_000)]
Fields = Mapping[str, Text]

_BRACES = re.compile(r"\{([^{}]*)\}")
_AT = re.compile(r" - at `\$\.?([^`]*)`$")


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A sentence for people, in both languages."""

    it: str = ""
    en: str = ""


class Thing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The thing that an event is about: what it is (as it stands), and the expression of its id."""

    type: str
    id: Text


class Shared(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is found in a part; "" and {} find nothing."""

    id: Text = ""
    occurred_at: Text = ""
    visitor_id: Text = ""
    identifiers: Fields = {}
    contact_properties: Fields | Text = {}
    properties: Fields | Text = {}


class Rule(Shared, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One event that may come out of a part. when: "" is always."""

    event: Text
    when: Text = ""
    object: Thing | None = None
    activity: bool | None = None

    def beside(self, shared: Shared) -> "Rule":
        """With what all events have in common, where it says nothing itself; fields of both come together."""
        return replace(
            self,
            id=self.id or shared.id,
            occurred_at=self.occurred_at or shared.occurred_at,
            visitor_id=self.visitor_id or shared.visitor_id,
            identifiers={**shared.identifiers, **self.identifiers},
            contact_properties=_both(shared.contact_properties, self.contact_properties),
            properties=_both(shared.properties, self.properties),
        )


class HookMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A mapping file. docs: "" when nothing is published. checked: when its payloads were compared with `docs`.
    untried: what could not be verified, "" when all could. about: which events it gives. where: at which place of the
    provider's pages the address is entered, and where the secret is found. secret: who makes it up. answers: the status
    of a call that was taken, for a provider that takes nothing but 200 for an answer."""

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    docs: str = ""
    checked: dt.date | None = None
    untried: str = ""
    about: Words = Words()
    where: Words = Words()
    secret: Literal["ours", "theirs"] = "theirs"
    answers: Literal[200, 202] = 202
    each: Text = ""
    challenge: Challenge | None = None
    signature: tuple[Signature, ...] = ()
    shared: Shared = Shared()
    events: Annotated[tuple[Rule, ...], msgspec.Meta(max_length=MAX_EVENTS)] = ()


class Fault(NamedTuple):
    """What is wrong, and where: `events[2].identifiers.email_id`."""

    path: str
    message: str


class BadMapping(ValueError):
    """A text that is no mapping."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{fault.path}: {fault.message}" for fault in faults))
        self.faults = tuple(faults)


def read_mapping(text: str) -> HookMapping:
    """A file's text → its mapping, without a fault. Raises BadMapping."""
    if len(text.encode()) > MAX_BYTES:
        raise BadMapping([Fault("", f"a mapping has at most {MAX_BYTES // 1024} KiB")])
    if any(piece.count(".") > MAX_DOTS for line in text.split("\n") for piece in line.split("=")):
        raise BadMapping([Fault("", f"a name or a text has at most {MAX_DOTS} dots")])
    try:
        mapping = msgspec.convert(tomllib.loads(text), HookMapping)
    except RecursionError:
        raise BadMapping([Fault("", "it is nested too deeply")]) from None
    except msgspec.ValidationError as error:
        at = _AT.search(str(error))
        raise BadMapping([Fault(at[1] if at else "", _AT.sub("", str(error)))]) from None
    except ValueError as error:  # also of a number with thousands of digits
        raise BadMapping([Fault("", f"it is not TOML: {error}")]) from None
    faults = list(faults_of(mapping))
    if faults:
        raise BadMapping(faults)
    return mapping


def written(mapping: HookMapping) -> str:
    """The text of a mapping: what `read_mapping` reads as the same."""
    plain = msgspec.to_builtins(mapping, builtin_types=(dt.date,))
    return tomli_w.dumps(_without_nothing(plain), multiline_strings=False)


def faults_of(mapping: HookMapping) -> Iterator[Fault]:
    """What its types let through and is wrong all the same."""
    yield from _expression_fault("each", mapping.each)
    for at, way in enumerate(mapping.signature):
        yield from _signature_faults(f"signature[{at}]", way)
    public = [way.scheme for way in mapping.signature if way.scheme in OF_PUBLIC_KEYS]
    if public and len(public) < len(mapping.signature):
        yield Fault("signature", f"beside {public[0]} there is no other way: its secret is none, others would trust it")
    yield from _shared_faults("shared", mapping.shared)
    if not mapping.events:
        yield Fault("events", "there is none: nothing would ever come out")
    for at, rule in enumerate(mapping.events):
        yield from _rule_faults(f"events[{at}]", rule)


def parts_of(event: str) -> list[str]:
    """`custom/{type}` → ["custom/", "type", ""]: texts and expressions in turns."""
    return _BRACES.split(event)


def _rule_faults(path: str, rule: Rule) -> Iterator[Fault]:
    yield from _shared_faults(path, rule)
    yield from _expression_fault(f"{path}.when", rule.when)
    if rule.object is not None:
        yield from _expression_fault(f"{path}.object.id", rule.object.id)
    pieces = parts_of(rule.event)
    for expression in pieces[1::2]:
        yield from _expression_fault(f"{path}.event", expression or " ")
    category, slash, key = rule.event.partition("/")
    if not slash or not category or not key:
        yield Fault(f"{path}.event", "an event is category/key, such as custom/lesson_done or payments/payment_done")
    elif len(pieces) == 1 and not known(category, key):
        yield Fault(f"{path}.event", _unknown(category, key))


def _unknown(category: str, key: str) -> str:
    if category == CUSTOM:
        return "a custom event's key is 1 to 255 letters, digits, - and _"
    if category not in CATEGORIES:
        return f"there is no category {category}: take custom/{key}"
    return f"{category} has no event {key}: GET /api/catalogue lists what it has"


def _shared_faults(path: str, shared: Shared) -> Iterator[Fault]:
    for name in ("id", "occurred_at", "visitor_id"):
        yield from _expression_fault(f"{path}.{name}", getattr(shared, name))
    for kind in shared.identifiers:
        if kind not in NAMES:
            yield Fault(f"{path}.identifiers.{kind}", f"an identifier is one of {', '.join(sorted(NAMES))}")
    for group in ("identifiers", "contact_properties", "properties"):
        fields = getattr(shared, group)
        if isinstance(fields, str):
            yield from _expression_fault(f"{path}.{group}", fields)
        else:
            for name, text in fields.items():
                yield from _expression_fault(f"{path}.{group}.{name}", text)


def _signature_faults(path: str, way: Signature) -> Iterator[Fault]:
    if way.scheme in ("hmac", "ecdsa", "header") and not way.value:
        yield Fault(f"{path}.value", "where does the signature stand? header:<name>, pair:<name>/<key> or body:<path>")
    pieces = way.signed.replace("}", "{").split("{")
    known_names = {"body", "method", "url", *way.parts, *(["timestamp"] if way.timestamp else [])}
    unknown = [name for name in pieces[1::2] if name not in known_names]
    if unknown or len(pieces) % 2 == 0:
        yield Fault(
            f"{path}.signed", f"{unknown[0] if unknown else 'a brace'} is no place: one of {sorted(known_names)}"
        )
    for name, place in {"value": way.value, "timestamp": way.timestamp, **way.parts}.items():
        if place.startswith("body:"):
            yield from _expression_fault(f"{path}.{name}", place.removeprefix("body:"))


def _expression_fault(path: str, text: str) -> Iterator[Fault]:
    if text:
        try:
            Expression(text)
        except BadExpression as error:
            yield Fault(path, str(error))


def _both(shared: Fields | str, own: Fields | str) -> Fields | str:
    """Fields of both; where one is a whole expression, the own one, if it says anything."""
    if isinstance(shared, str) or isinstance(own, str):
        return own or shared
    return {**shared, **own}


def _without_nothing(value: Any) -> Any:
    """TOML has no null."""
    if isinstance(value, dict):
        return {name: _without_nothing(item) for name, item in value.items() if item is not None and item != {}}
    return [_without_nothing(item) for item in value] if isinstance(value, list | tuple) else value
