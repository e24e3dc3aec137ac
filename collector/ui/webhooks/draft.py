"""How is a mapping filled in? Its rules as fields of a form, and back; what is wrong stands at its field.

Part `s` of the form is what all events have in common, `r0` the first rule: `r0.when`, and a line each for what is
found: `r0.2.group`, `.name`, `.path`. A line without name and path is none. Pure.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from collector.hooks.mapping import MAX_EVENTS, Fault, HookMapping, Rule, Shared, faults_of
from collector.ui.guard import Form

GROUPS = ("identifiers", "contact_properties", "properties")
WHOLE = "*"
"""The name of a line whose expression is the whole group."""
SINGLE = ("event", "when", "id", "occurred_at", "visitor_id", "activity", "type", "thing")
MAX_LINES = 200
"""Of one rule."""


class Line(NamedTuple):
    """What is found for a field of an event. field: its place in the form."""

    field: str
    group: str
    name: str
    path: str


class Part(NamedTuple):
    """A rule, or what all have in common. field: its place in the form. at: its place in the mapping."""

    field: str
    at: str
    values: Mapping[str, str]
    lines: Sequence[Line]

    @property
    def spare(self) -> Line:
        """The line that is still empty."""
        group = self.lines[-1].group if self.lines else "identifiers"
        return Line(f"{self.field}.{len(self.lines)}", group, "", "")

    def fault_at(self, line: Line) -> str:
        """Where a fault of a line is said to be."""
        return f"{self.at}.{line.group}" if line.name == WHOLE else f"{self.at}.{line.group}.{line.name}"


class Draft(NamedTuple):
    """What the form holds."""

    each: str
    shared: Part
    rules: Sequence[Part]


# From a mapping -------------------------------------------------------------------------------------------------------


def draft_of(mapping: HookMapping) -> Draft:
    """A mapping as the form has it."""
    rules = [_part(f"r{at}", f"events[{at}]", rule) for at, rule in enumerate(mapping.events)]
    return Draft(mapping.each, _part("s", "shared", mapping.shared), rules)


def _part(field: str, at: str, shared: Shared) -> Part:
    values = {name: str(getattr(shared, name, "")) for name in SINGLE}
    if isinstance(shared, Rule):
        values |= {
            "activity": {True: "yes", False: "no", None: ""}[shared.activity],
            "type": shared.object.type if shared.object else "",
            "thing": shared.object.id if shared.object else "",
        }
    lines = [Line(f"{field}.{n}", *found) for n, found in enumerate(_found(shared))]
    return Part(field, at, values, lines)


def _found(shared: Shared) -> Iterator[tuple[str, str, str]]:
    for group in GROUPS:
        fields = getattr(shared, group)
        if isinstance(fields, str):
            if fields:
                yield group, WHOLE, fields
        else:
            yield from ((group, name, path) for name, path in fields.items())


# From the form --------------------------------------------------------------------------------------------------------


def filled_in(form: Form) -> Draft:
    """What was filled in. Rules that were taken away leave no gap."""
    fields = [f"r{n}" for n in range(MAX_EVENTS) if f"r{n}.event" in form]
    rules = [_filled(form, field, f"r{at}", f"events[{at}]") for at, field in enumerate(fields)]
    return Draft(form.get("each", "").strip(), _filled(form, "s", "s", "shared"), rules)


def _filled(form: Form, given: str, field: str, at: str) -> Part:
    values = {name: form.get(f"{given}.{name}", "").strip() for name in SINGLE}
    read = ((_group(form, f"{given}.{n}"), *_pair(form, f"{given}.{n}")) for n in range(MAX_LINES))
    kept = [one for one in read if one[1] or one[2]]
    return Part(field, at, values, [Line(f"{field}.{n}", *one) for n, one in enumerate(kept)])


def _group(form: Form, field: str) -> str:
    group = form.get(f"{field}.group", "")
    return group if group in GROUPS else "properties"


def _pair(form: Form, field: str) -> tuple[str, str]:
    return form.get(f"{field}.name", "").strip(), form.get(f"{field}.path", "").strip()


def pressed(draft: Draft, do: str) -> Draft:
    """The draft after a button: `add` a rule, `remove:2`."""
    what, _, place = do.partition(":")
    rules = list(draft.rules)
    if what == "add" and len(rules) < MAX_EVENTS:
        at = len(rules)
        rules.append(Part(f"r{at}", f"events[{at}]", dict.fromkeys(SINGLE, ""), []))
    if what == "remove" and place.isdecimal() and len(place) < 4 and int(place) < len(rules):
        del rules[int(place)]
        rules = [_moved(rule, at) for at, rule in enumerate(rules)]
    return draft._replace(rules=rules)


def _moved(rule: Part, at: int) -> Part:
    lines = [line._replace(field=f"r{at}.{n}") for n, line in enumerate(rule.lines)]
    return rule._replace(field=f"r{at}", at=f"events[{at}]", lines=lines)


# To a mapping ---------------------------------------------------------------------------------------------------------


def mapping_of(draft: Draft, before: HookMapping) -> tuple[HookMapping | None, list[Fault]]:
    """The mapping that was filled in, and what is wrong in it; None when it cannot even be written. before: what says
    the rest: how calls are signed, and what people are told."""
    wrong = [fault for part in (draft.shared, *draft.rules) for fault in _line_faults(part)]
    if wrong:
        return None, wrong
    plain = msgspec.to_builtins(before, builtin_types=(dt.date,))
    plain |= {"each": draft.each, "shared": _plain(draft.shared), "events": [_rule(rule) for rule in draft.rules]}
    try:
        mapping = msgspec.convert(plain, HookMapping)
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at ")
        return None, [Fault(path.strip("`").removeprefix("$."), reason)]
    return mapping, list(faults_of(mapping))


def _line_faults(part: Part) -> Iterator[Fault]:
    """What cannot be said in a mapping at all."""
    for line in part.lines:
        same = [other for other in part.lines if other.group == line.group]
        if not line.name:
            yield Fault(line.field, "what is it called? Give it a name, or * for the whole object")
        elif line != next(other for other in same if other.name == line.name):
            yield Fault(line.field, f"{line.name} stands here twice")
        elif line.name == WHOLE and len(same) > 1:
            yield Fault(line.field, "* is the whole: beside it there can be no other of the same kind")
        elif line.name == WHOLE and line.group == "identifiers":
            yield Fault(line.field, "who it is is said by name: email_id, ext_id, phone_id")


def _plain(part: Part) -> dict[str, Any]:
    values = {name: part.values[name] for name in ("id", "occurred_at", "visitor_id")}
    return values | {group: _fields(part, group) for group in GROUPS}


def _fields(part: Part, group: str) -> Mapping[str, str] | str:
    found = {line.name: line.path for line in part.lines if line.group == group}
    return found.get(WHOLE, found)


def _rule(part: Part) -> dict[str, Any]:
    values = part.values
    rule: dict[str, Any] = {**_plain(part), "event": values["event"], "when": values["when"]}
    if values["activity"] in ("yes", "no"):
        rule["activity"] = values["activity"] == "yes"
    if values["type"] or values["thing"]:
        rule["object"] = {"type": values["type"], "id": values["thing"]}
    return rule
