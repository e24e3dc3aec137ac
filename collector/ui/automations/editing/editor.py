"""How is an automation written? A form that carries the whole draft; each button changes it, and only one keeps it.

Without scripts: the form holds the draft as JSON, and the fields of the one part that is open. Whatever button is
pressed, what stands in those fields is taken over first. What a button does stands in its value: `add:wait:steps[1]`.
"""

import asyncio
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from collector.access.login import Visitor
from collector.api.automations.desk import Desk, NotNow, Wrong
from collector.api.frame.definitions import id_of
from collector.api.frame.storable import MAX_DEPTH, Unstorable, check_storable
from collector.services import Services
from collector.store.ports.automations.definitions import Automation, AutomationChange
from collector.store.ports.definitions.lists import NameTaken
from collector.ui.automations import faults
from collector.ui.automations.editing import tree
from collector.ui.automations.editing.fields import part_of
from collector.ui.automations.editing.kinds import EXITS, STEPS, TRIGGERS, Kind, kind_of, kinds_at
from collector.ui.automations.editing.showing import INNER, Showing
from collector.ui.automations.known import house_of
from collector.ui.automations.told import Teller, definition_of, speaker_of
from collector.ui.guard import Form, Guard
from collector.ui.page import Language, language_of, translator
from collector.ui.segments.drafts import is_name
from sessionizer.automations.check import Fault
from sessionizer.automations.definition import Definition

MAX_FORM_BYTES = 512 * 1024
VERSION = re.compile("[0-9]{1,9}")
LEVELS = 90
"""Of nesting: more than a way within a way within a way needs."""


NOTHING_YET = Definition()


class Draft(NamedTuple):
    """What the form holds. open: path of the part whose fields are shown; "" for none. version: from which it was
    drawn."""

    name: str
    tree: tree.Tree
    open: str = ""
    version: int = 0


class EditorPages:
    """The form of one."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._services, self._guard = services, guard
        self._showing, self._desk = Showing(services), Desk(services)

    async def edit(self, request: Request, visitor: Visitor) -> Response:
        """As it is kept; `?open=` a part of it."""
        automation = await self._named(request)
        asked = request.query_params.get("open", "")
        draft = Draft(automation.name, tree.tree_of(automation.definition), asked, automation.version)
        return await self._page(request, visitor, automation, draft)

    async def change(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """What a button says; keep it, when it is that one."""
        automation = await self._named(request)
        try:
            draft = taken(form)
            draft = pressed(form.get("do", ""), draft)
        except (tree.Astray, Unstorable):
            raise HTTPException(400) from None
        if form.get("do") != "save":
            return await self._page(request, visitor, automation, draft, is_changed=True)
        return await self._keep(request, visitor, automation, draft)

    async def _keep(self, request: Request, visitor: Visitor, automation: Automation, draft: Draft) -> Response:
        definition, wrong = definition_of(draft.tree)
        if not is_name(draft.name):
            wrong.append(Fault("name", "", "name", "1 to 100 characters, on one line."))
        if definition is None or wrong:
            return await self._page(request, visitor, automation, draft, wrong=wrong, is_changed=True)
        seen = automation.seen._replace(version=draft.version)
        try:
            await self._desk.change(automation, AutomationChange(name=draft.name, definition=definition, seen=seen))
        except NotNow:
            return await self._overtaken(request, visitor, draft)
        except Wrong as found:
            return await self._page(request, visitor, automation, draft, wrong=list(found.faults), is_changed=True)
        except NameTaken:
            taken_ = [Fault("name", "", "name_taken", "There is an automation of that name.")]
            return await self._page(request, visitor, automation, draft, wrong=taken_, is_changed=True)
        return RedirectResponse(f"/automations/{automation.id}?done=saved", 303)

    async def _overtaken(self, request: Request, visitor: Visitor, draft: Draft) -> Response:
        """The draft stays, and whoever saves it once more has been told over what."""
        automation = await self._named(request)
        draft = draft._replace(version=automation.version)
        return await self._page(request, visitor, automation, draft, is_changed=True, is_overtaken=True)

    async def _page(
        self,
        request: Request,
        visitor: Visitor,
        automation: Automation,
        draft: Draft,
        *,
        wrong: list[Fault] | None = None,
        is_changed: bool = False,
        is_overtaken: bool = False,
    ) -> Response:
        """wrong: what kept it from being kept, when it was to be."""
        house, language = await house_of(self._services), language_of(request)
        definition, unread = definition_of(draft.tree)
        found = unread if definition is None else house.faults(definition)
        if definition == NOTHING_YET and not is_changed:
            found = []  # nobody has written anything: they are invited, not judged
        at = await asyncio.to_thread(self._services.runs.steps, automation.id)
        name = next((one for one in wrong or () if one.path == "name"), None)
        context: Mapping[str, Any] = {
            "automation": automation,
            "title": _title(automation, language),
            "name": draft.name,
            "wrong_name": faults.said([name], language)[0] if name else "",
            "written": tree.written(draft.tree),
            "page": Teller(draft.tree, speaker_of(draft.tree, house, language), found, at).page(),
            "wrong": lambda some: faults.said(some, language),
            "unread": faults.said(unread, language),
            "is_refused": wrong is not None,
            "is_overtaken": is_overtaken,
            "from_version": draft.version,
            "is_changed": is_changed,
            "kinds": {"triggers": TRIGGERS, "exits": EXITS, "steps": STEPS},
            **await self._showing.open_part(draft.tree, draft.open, house, language),
        }
        status = 409 if is_overtaken else 400 if wrong else 200
        return self._guard.render(request, "automations/editing/edit.html", context, visitor=visitor, status=status)

    async def _named(self, request: Request) -> Automation:
        found = await self._desk.one(id_of(request, "automation"))
        if found is None:
            raise HTTPException(404)
        return found


def _title(automation: Automation, language: Language) -> str:
    """One of which nothing was ever kept is new, whatever it is called."""
    t = translator(language)
    is_new = automation.version == 1 and automation.definition == NOTHING_YET
    return t("automations_make") if is_new else t("automations_edit_title", name=automation.name)


def taken(form: Form) -> Draft:
    """The draft, with what stands in the fields of the part that was open. Raises Astray, Unstorable."""
    name, given, version = form.get("name", "").strip(), form.get("definition", ""), form.get("version", "")
    draft = Draft(name, tree.read(given), form.get("open", ""), int(version) if VERSION.fullmatch(version) else 0)
    if draft.open:
        part = tree.get(draft.tree, draft.open)
        kind = kind_of(draft.open, part) if isinstance(part, dict) else None
        if kind:
            inner = {name: part[name] for name in INNER if name in part}
            outer = {name: value for name, value in part.items() if name not in INNER}
            tree.put(draft.tree, draft.open, _with(part_of(form, kind, outer), inner))
    check_storable(draft.tree, "definition", MAX_DEPTH - LEVELS + 1)
    return draft._replace(tree=tree.read(tree.written(draft.tree)))


def _with(part: tree.Tree, inner: tree.Tree) -> tree.Tree:
    """The steps inside stay, also of a part that was written as JSON."""
    return {**{name: value for name, value in part.items() if name not in INNER}, **inner}


def pressed(do: str, draft: Draft) -> Draft:
    """The draft after a button: `open:path`, `close`, `add:kind:path`, `remove:path`, `up:path`, `down:path`."""
    what, _, rest = do.partition(":")
    if what == "open":
        tree.get(draft.tree, rest)
        return draft._replace(open=rest)
    if what == "close":
        return draft._replace(open="")
    if what == "add":
        return _added(draft, *rest.partition(":")[::2])
    if what == "remove":
        tree.remove(draft.tree, rest)
        return draft._replace(open="")
    if what in ("up", "down"):
        return draft._replace(open="", **_moved(draft.tree, rest, -1 if what == "up" else 1))
    return draft


def _moved(draft: tree.Tree, path: str, by: int) -> dict[str, Any]:
    tree.move(draft, path, by)
    return {"tree": draft}


def _added(draft: Draft, kind: str, path: str) -> Draft:
    """A new part, whose fields are then shown."""
    found = next((one for one in kinds_at(path) if one.type == kind), None)
    if found is None:
        raise tree.Astray(path)
    tree.insert(draft.tree, path, _blank(draft.tree, found, path))
    return draft._replace(open=path)


def _blank(draft: tree.Tree, kind: Kind, path: str) -> tree.Tree:
    blank = tree.read_part(tree.written(kind.blank))
    if kind.type in ("case", "share"):
        return {**blank, **({"share": 10} if kind.type == "share" else {})}
    is_step = kind in STEPS
    return {"type": kind.type, **({"id": tree.free_id(draft, kind.type)} if is_step else {}), **blank}
