"""Which events are a source's calls? `/settings/webhooks/in/<name>/mapping`: a payload, rules, the events.

One form that carries everything: each button takes over what stands in it; only `save` and `shipped` keep anything.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from collector.access.login import Visitor
from collector.api.frame.problem import Problem
from collector.api.hooks import desk
from collector.api.hooks.bodies import ChangedSource
from collector.hooks.mapping import BadMapping, Fault, HookMapping, read_mapping, written
from collector.hooks.providers import shipped, texts
from collector.services import Services
from collector.store.ports.definitions.sources import Payload, Source
from collector.ui.guard import Form, Guard
from collector.ui.page import Language, language_of
from collector.ui.webhooks.attempt import Attempt, Given, attempt, given, shown
from collector.ui.webhooks.draft import Draft, draft_of, filled_in, mapping_of, pressed
from collector.ui.webhooks.sources import is_form, of_rule, readable, told
from sessionizer.catalogue import CATALOGUE

HOME = "/settings/webhooks"
MAX_FORM_BYTES = 640 * 1024
MAX_FIELDS = 8_000


SAID: Mapping[str, tuple[str, str]] = {
    "identifiers": ("webhooks_identifiers", "webhooks_who"),
    "contact_properties": ("webhooks_contact_properties", "contact"),
    "properties": ("webhooks_properties", "properties"),
}
"""Group of fields → the texts that say it: in full, and on a badge."""


class Writing(NamedTuple):
    """What the form holds. draft: None while it is written as text that cannot be read. mapping: None while it cannot
    be used. text: TOML, as it was written."""

    draft: Draft | None
    mapping: HookMapping | None
    text: str
    faults: list[Fault]
    is_text: bool


class MappingPages:
    """The form of one mapping."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._services, self._guard = services, guard

    async def edit(self, request: Request, visitor: Visitor) -> Response:
        """As it is kept; `?call=` one of the last calls, `?as=text` as TOML."""
        source, calls = await self._found(request)
        text = source.mapping or texts().get(source.provider, "")
        writing = of_text(text, is_text=request.query_params.get("as") == "text")
        call = request.query_params.get("call", "")
        return await self._page(request, visitor, source, calls, writing, said=_of_call(calls, call), call=call)

    async def change(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """What a button says: keep it, show what would come of it, or show it otherwise."""
        source, calls = await self._found(request)
        do, said, call = form.get("do", "try"), given(form), form.get("call", "")
        if do == "shipped":
            return await self._keep(source, "")
        if do == "load":
            said = _of_call(calls, call)
        writing = taken(form, do, before=readable(source) or shipped().get(source.provider))
        if do == "save" and writing.mapping is not None:
            is_shipped = not writing.is_text and writing.mapping == shipped().get(source.provider)
            return await self._keep(source, "" if is_shipped else writing.text)
        status = 400 if do == "save" else 200
        return await self._page(
            request, visitor, source, calls, writing, said=said, call=call, is_changed=True, status=status
        )

    async def _keep(self, source: Source, text: str) -> Response:
        await asyncio.to_thread(desk.change, self._services, source.name, ChangedSource(mapping=text))
        return RedirectResponse(f"{HOME}/in/{source.name}?done=mapped", 303)

    async def _page(
        self,
        request: Request,
        visitor: Visitor,
        source: Source,
        calls: list[Payload],
        writing: Writing,
        *,
        said: Given,
        call: str,
        is_changed: bool = False,
        status: int = 200,
    ) -> Response:
        each = writing.draft.each if writing.draft else ""
        tried = await asyncio.to_thread(attempt, self._services, source.name, said, writing.mapping, each)
        context = {
            "source": source,
            "title": title_of(source, writing.mapping),
            "calls": calls,
            "call": call or (str(calls[0].at) if calls else ""),
            "writing": writing,
            "said": said,
            "tried": tried,
            "is_changed": is_changed,
            "is_refused": status == 400,
            **_beside(writing, tried, language_of(request)),
        }
        return self._guard.render(request, "webhooks/mapping.html", context, visitor=visitor, status=status)

    async def _found(self, request: Request) -> tuple[Source, list[Payload]]:
        name = request.path_params["name"]
        try:
            source = await asyncio.to_thread(desk.get, self._services, name)
            return source, await asyncio.to_thread(desk.payloads, self._services, name)
        except Problem:
            raise HTTPException(404) from None


def title_of(source: Source, mapping: HookMapping | None) -> str:
    """What its provider is called."""
    known = mapping or readable(source) or shipped().get(source.provider)
    return known.title if known else source.provider


def of_text(text: str, *, is_text: bool) -> Writing:
    """A mapping as it is written; what cannot be read stays text."""
    text = text.replace("\r\n", "\n")
    try:
        mapping = read_mapping(text)
    except BadMapping as bad:
        return Writing(None, None, text, list(bad.faults), True)
    return Writing(draft_of(mapping), mapping, text, [], is_text)


def taken(form: Form, do: str, *, before: HookMapping | None) -> Writing:
    """What stands in the form, after its button."""
    if form.get("as") == "text" or before is None:
        return of_text(form.get("mapping", ""), is_text=do != "as:fields")
    draft = pressed(filled_in(form), do)
    mapping, faults = mapping_of(draft, before)
    text = written(mapping) if mapping else ""
    return Writing(draft, None if faults else mapping, text, faults, do == "as:text" and mapping is not None)


def _of_call(calls: list[Payload], at: str) -> Given:
    """The call of that instant, else the last one."""
    found = next((call for call in calls if str(call.at) == at), calls[0] if calls else None)
    if found is None:
        return Given()
    return Given(found.body, "\n".join(f"{name}: {value}" for name, value in found.headers.items()), is_form(found))


def _beside(writing: Writing, tried: Attempt, language: Language) -> Mapping[str, Any]:
    """What the page shows beside what is written."""
    faults = {fault.path: fault.message for fault in writing.faults}
    parts = (writing.draft.shared, *writing.draft.rules) if writing.draft else ()
    own = {part.at for part in parts} | {f"{part.at}.{name}" for part in parts for name in part.values} | {"each"}
    own |= {f"{part.at}.object.{name}" for part in parts for name in ("type", "id")}
    own |= {place for part in parts for line in part.lines for place in (line.field, part.fault_at(line))}

    def is_open(at: int) -> bool:
        """Whether a rule holds, has a fault, or is the only one."""
        return (
            at in tried.holds
            or len(parts) == 2
            or any(path.startswith((f"events[{at}].", f"r{at}.")) for path in faults)
        )

    return {
        "faults": faults,
        "stray": [fault for fault in writing.faults if writing.is_text or fault.path not in own],
        "kinds": [told(category, key, language) for category, key in CATALOGUE],
        "groups": SAID,
        "shown": shown,
        "as_told": lambda event: told(event["category"], event["key"], language),
        "as_kind": lambda event: of_rule(event, language),
        "is_shared_open": any(path == "each" or path.startswith(("shared.", "s.")) for path in faults),
        "is_open": is_open,
    }
