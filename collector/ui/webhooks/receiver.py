"""How is a receiver of webhooks filled in? Name, address, what it is told, headers: the fields of a form and back.

Pure. Each kind that can be asked for is a box of its own, `kind:ecommerce/*`; those that no box is for stand in lines.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from collector.api.frame.problem import Problem
from collector.store.ports.definitions.webhooks import Webhook
from collector.told.kinds import EVERYTHING, kinds_of
from collector.ui.guard import Form
from collector.ui.page import Language
from collector.ui.webhooks.attempt import headers_lines
from collector.ui.webhooks.sources import Told, told
from sessionizer.catalogue import CATALOGUE, CATEGORIES, FAMILIES

BOX = "kind:"
FIELDS = ("name", "url", "kinds", "headers")
MAX_FIELDS = 300

_WORD = re.compile(r"[a-z]+")


class Box(NamedTuple):
    """What may be ticked. kind: as it is asked for."""

    kind: str
    label: str


class Shelf(NamedTuple):
    """A category: the whole of it, and its events."""

    whole: Box
    events: Sequence[Box]


class Group(NamedTuple):
    """A family of categories."""

    label: str
    shelves: Sequence[Shelf]


def groups(language: Language) -> list[Group]:
    """Everything of the catalogue, as people see it; one's own events as a whole."""
    place = f"label_{language}"
    return [
        Group(getattr(family, place), [_shelf(category, place) for category in family.categories])
        for family in FAMILIES.values()
    ]


def _shelf(category: str, place: str) -> Shelf:
    events = [Box("/".join(kind), getattr(row, place)) for kind, row in CATALOGUE.items() if row.category == category]
    return Shelf(Box(f"{category}/*", getattr(CATEGORIES[category], place)), events)


def named(kind: str, language: Language) -> Told:
    """A kind as people call it: a whole category by its name."""
    category, _, key = kind.partition("/")
    if key == "*" and category in CATEGORIES:
        return Told(category, key, getattr(CATEGORIES[category], f"label_{language}"))
    return told(category, key, language)


def form_of(webhook: Webhook) -> Form:
    """The form's fields of one as it is. The values of headers are not told again."""
    kinds = kinds_of(webhook)
    known = {*_boxes()}
    boxes = {f"{BOX}{kind}": "on" for kind in kinds if kind in known}
    others = "\n".join(kind for kind in kinds if kind not in known)
    return {"name": webhook.name, "url": webhook.url, "others": others, **boxes}


def fields_of(form: Form) -> Mapping[str, Any]:
    """What was filled in, as the API's body has it; headers only when there are any."""
    ticked = [name.removeprefix(BOX) for name in form if name.startswith(BOX)]
    others = [line.strip() for line in form.get("others", "").splitlines() if line.strip()]
    said = {
        "name": form.get("name", "").strip(),
        "url": form.get("url", "").strip(),
        "kinds": _least([*ticked, *others]),
    }
    lines = form.get("headers", "")
    return {**said, **({"headers": headers_lines(lines)} if lines.strip() else {})}


def _least(kinds: Sequence[str]) -> list[str]:
    """Without what is asked for by a greater one."""
    if EVERYTHING in kinds:
        return [EVERYTHING]
    return [kind for kind in dict.fromkeys(kinds) if kind.endswith("/*") or f"{kind.partition('/')[0]}/*" not in kinds]


def _boxes() -> Iterable[str]:
    yield EVERYTHING
    yield from (f"{category}/*" for category in CATEGORIES)
    yield from ("/".join(kind) for kind in CATALOGUE)


def wrong_of(problem: Problem | None) -> Mapping[str, str]:
    """Field → what is wrong with it."""
    found: dict[str, str] = {}
    for error in problem.errors if problem else ():
        found.setdefault(next((name for name in FIELDS if name in _WORD.findall(error.path)), ""), error.message)
    return found
