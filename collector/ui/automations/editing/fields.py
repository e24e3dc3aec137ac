"""What was filled in for one part of an automation? The fields of a form become its JSON.

Field `name` of the part is `f.name` in the form; controls of several inputs have more behind it: `f.span.n`. What has
no field stays as it was. Nothing here refuses: what is wrong says `check`. Reads nothing, writes nothing.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from collector.ui.automations.editing.kinds import Field, Kind
from collector.ui.guard import Form
from sessionizer.automations.definition import WEEKDAYS
from sessionizer.segments.comparison import RELATIVE, TIMELY, VALUELESS

Plain = dict[str, Any]
NUMBER = re.compile(r"-?(0|[1-9]\d{0,15})(\.\d{1,10})?")
SPAN = re.compile(r"(\d{1,6})\s*(days|weeks|months|years)?")
ROWS = 6
"""Of a control with rows: so many are read."""


def part_of(form: Form, kind: Kind, old: Mapping[str, Any]) -> Plain:
    """The part as it is filled in. old: as it was. JSON that was changed by hand says all."""
    text = form.get("f.json", "")
    if text and text.replace("\r\n", "\n") != shown_json(old):
        found = _json(text)
        if isinstance(found, dict):
            return {**found, **({"id": old["id"]} if "id" in old and kind.type != "segment" else {})}
    part = dict(old)
    for field in kind.fields:
        if _is_there(form, field):
            _put(part, field, form)
    return part


def shown_json(part: Mapping[str, Any]) -> str:
    """A part without the steps inside of it, as people read and write it."""
    return msgspec.json.format(msgspec.json.encode(part), indent=2).decode()


def scalar(text: str) -> Any:
    """What somebody typed, as a value: a number, true or false, else the text; in double quotes a text for sure."""
    text = text.strip()
    if NUMBER.fullmatch(text) or text in ("true", "false") or (len(text) > 1 and text[0] == text[-1] == '"'):
        return _json(text, text)
    return text


def typed(value: Any) -> str:
    """A value, as somebody would type it."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(typed(one) for one in value)
    text = str(value)
    if isinstance(value, str) and not isinstance(scalar(text), str):
        return f'"{text}"'
    return text if isinstance(value, str) else msgspec.json.encode(value).decode()


def test_of(op: str, text: str) -> Plain:
    """A comparison of an operation and what was typed beside it."""
    if op in VALUELESS:
        return {"op": op}
    if op in TIMELY:
        found = SPAN.fullmatch(text.strip())
        within = {"n": int(found[1]), "unit": found[2] or "days"} if found else {"n": 0, "unit": "days"}
        return {"op": op, "within": within} if found or op in RELATIVE else {"op": op}
    if op in ("in", "between"):
        return {"op": op, "value": [scalar(one) for one in text.split(",") if one.strip()]}
    return {"op": op, "value": scalar(text)}


def test_typed(test: Mapping[str, Any]) -> str:
    """What stands beside the operation."""
    within = test.get("within")
    return f"{within['n']} {within['unit']}" if isinstance(within, dict) else typed(test.get("value"))


# Controls -------------------------------------------------------------------------------------------------------------


def _is_there(form: Form, field: Field) -> bool:
    """Whether the form has that field at all. A tick that is not set is not sent: beside it stands that it is asked."""
    at = f"f.{field.name}"
    return any(name == at or name.startswith(f"{at}.") for name in form) or (not field.name and "f.kind" in form)


def _put(part: Plain, field: Field, form: Form) -> None:
    if field.control == "event":
        part.update(_kind(form, "f.kind"))
        return
    value = _READ[field.control](form, f"f.{field.name}", part.get(field.name))
    if value is None or value == field.usual:
        part.pop(field.name, None)
    else:
        part[field.name] = value


def _kind(form: Form, at: str) -> Plain:
    """Category and key; a key of one's own stands beside."""
    category, _, key = form.get(at, "").partition("/")
    other = form.get(f"{at}.key", "").strip()
    return {"category": category or "custom", "key": key or other}


def _text(form: Form, at: str, old: Any) -> str:
    return form.get(at, "").replace("\r\n", "\n").strip()


def _number(form: Form, at: str, old: Any) -> Any:
    return scalar(form.get(at, "")) if form.get(at, "").strip() else None


def _value(form: Form, at: str, old: Any) -> Any:
    return scalar(form.get(at, ""))


def _check(form: Form, at: str, old: Any) -> bool:
    return form.get(at) == "on"


def _span(form: Form, at: str, old: Any) -> Plain | None:
    n = form.get(f"{at}.n", "").strip()
    return {"n": int(n), "unit": form.get(f"{at}.unit", "days")} if n.isdecimal() and len(n) < 9 else None


def _shift(form: Form, at: str, old: Any) -> Plain | None:
    way, span = form.get(at, ""), _span(form, at, None)
    if way not in ("before", "after") or not span:
        return None
    return {"span": span, "before": True} if way == "before" else {"span": span}


def _cap(form: Form, at: str, old: Any) -> Plain | None:
    n, within = form.get(f"{at}.most", "").strip(), _span(form, at, None)
    return {"n": int(n), "within": within} if n.isdecimal() and len(n) < 9 and within else None


def _caps(form: Form, at: str, old: Any) -> list[Plain]:
    found = [_cap(form, f"{at}.{row}", None) for row in range(ROWS)]
    return [one for one in found if one]


def _days(form: Form, at: str, old: Any) -> list[str] | None:
    days: list[str] = [day for day in WEEKDAYS if form.get(f"{at}.{day}") == "on"]
    return days if 0 < len(days) < len(WEEKDAYS) else None


def _test(form: Form, at: str, old: Any) -> Plain | None:
    op = form.get(f"{at}.op", "")
    return test_of(op, form.get(f"{at}.value", "")) if op else None


def _tests(form: Form, at: str, old: Any) -> list[Plain] | None:
    return list(_rows_of_tests(form, at, old if isinstance(old, list) else [])) or None


def _rows_of_tests(form: Form, at: str, old: list[Any]) -> Iterator[Plain]:
    """Rows beyond those that a form has stay as they were."""
    for row in range(max(ROWS, len(old))):
        before = old[row] if row < len(old) and isinstance(old[row], dict) else {}
        if f"{at}.{row}.path" not in form:
            if before:
                yield before
            continue
        path, test = form[f"{at}.{row}.path"].strip(), _test(form, f"{at}.{row}", None)
        if path and test:
            yield {**before, "path": path, "test": test}


def _sames(form: Form, at: str, old: Any) -> list[Plain] | None:
    found = [
        {"property": form.get(f"{at}.{row}.property", "").strip(), "as": form.get(f"{at}.{row}.as", "").strip()}
        for row in range(ROWS)
    ]
    return [one for one in found if one["property"] and one["as"]] or None


def _condition(form: Form, at: str, old: Any) -> Any:
    """One that is chosen by its kind, or any as JSON."""
    kind = form.get(at, "")
    if kind in ("segment", "no_segment"):
        id = form.get(f"{at}.segment", "")
        found: Plain = {"type": "segment", "id": int(id) if id.isdecimal() and len(id) < 16 else 0}
    elif kind in ("list", "no_list"):
        found = {"type": "list", "name": form.get(f"{at}.list", "").strip()}
    elif kind == "attribute":
        name = form.get(f"{at}.name", "").strip()
        return {"type": "attribute", "name": name, "test": _test(form, f"{at}.test", None) or {"op": "exists"}}
    elif kind == "consent":
        return {"type": "consent", "is": "granted"}
    elif kind == "json":
        return _json(form.get(f"{at}.json", ""), old)
    else:
        return None
    return {"type": "not", "of": found} if kind.startswith("no_") else found


def condition_kind(condition: Any) -> str:
    """As which of the kinds it is shown; `json` for what has no fields."""
    if condition is None:
        return ""
    is_not = isinstance(condition, dict) and condition.get("type") == "not"
    inner = condition.get("of") if is_not else condition
    kind = inner.get("type") if isinstance(inner, dict) else ""
    if kind in ("segment", "list"):
        return f"no_{kind}" if is_not else str(kind)
    if is_not:
        return "json"
    is_granted = kind == "consent" and inner.get("is") == "granted"
    return str(kind) if kind == "attribute" or is_granted else "json"


def _deed(form: Form, at: str, old: Any) -> Plain | None:
    """An event, or none."""
    if not form.get(f"{at}.kind"):
        return None
    part = {**(old if isinstance(old, dict) else {}), "type": "event", **_kind(form, f"{at}.kind")}
    for name, rows in (("where", _tests), ("same", _sames)):
        value = rows(form, f"{at}.{name}", part.get(name))
        part.pop(name, None)
        if value:
            part[name] = value
    return part


def _as_json(form: Form, at: str, old: Any) -> Any:
    text = form.get(at, "").strip()
    return _json(text, old) if text else None


def _json(text: str, otherwise: Any = None) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return otherwise


_READ: Mapping[str, Callable[[Form, str, Any], Any]] = {
    **dict.fromkeys(("text", "long", "time", "choice", "list", "attribute", "step"), _text),
    **dict.fromkeys(("number", "message", "segment"), _number),
    "value": _value,
    "check": _check,
    "span": _span,
    "shift": _shift,
    "cap": _cap,
    "caps": _caps,
    "days": _days,
    "test": _test,
    "tests": _tests,
    "sames": _sames,
    "condition": _condition,
    "deed": _deed,
    "json": _as_json,
}
