"""What holds for all automations? `/automations/rules`: quiet hours, and how many messages are enough."""

import asyncio
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from collector.access.login import Visitor
from collector.services import Services
from collector.ui.automations.editing.fields import part_of
from collector.ui.automations.editing.kinds import HOUSE
from collector.ui.automations.editing.showing import OF_FIELDS
from collector.ui.automations.known import house_of
from collector.ui.automations.told import speaker_of
from collector.ui.guard import Form, Guard
from collector.ui.page import language_of
from sessionizer.automations.definition import HouseRules
from sessionizer.automations.wording import rules


class HousePages:
    """The rules of the house."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._services, self._guard = services, guard

    async def get(self, request: Request, visitor: Visitor) -> Response:
        """As they are."""
        return await self._page(request, visitor)

    async def put(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """From now on."""
        part = part_of({name: value for name, value in form.items() if name != "f.json"}, HOUSE, {})
        try:
            kept = msgspec.convert(part, HouseRules)
        except msgspec.ValidationError:
            return await self._page(request, visitor, part=part)
        if bool(kept.quiet_from) != bool(kept.quiet_to):
            return await self._page(request, visitor, part=part)
        if kept.quiet_from and kept.quiet_from == kept.quiet_to:
            return await self._page(request, visitor, part=part, bad="quiet_to")
        await asyncio.to_thread(self._services.automations.put_rules, kept)
        return RedirectResponse("/automations/rules?done=saved", 303)

    async def _page(
        self, request: Request, visitor: Visitor, *, part: dict[str, Any] | None = None, bad: str = ""
    ) -> Response:
        """part: what was filled in and could not be kept. bad: the field that is to blame, where it is one."""
        kept = await asyncio.to_thread(self._services.automations.rules)
        house, language = await house_of(self._services), language_of(request)
        speaker = speaker_of({"steps": []}, house, language)
        context = {
            "kind": HOUSE,
            "part": msgspec.json.decode(msgspec.json.encode(kept)) if part is None else part,
            "says": list(rules.house(speaker, kept)),
            "is_refused": part is not None,
            "bad": bad,
            "is_done": request.query_params.get("done") == "saved",
            "offered": {},
            "steps": [],
            **OF_FIELDS,
        }
        status = 200 if part is None else 400
        return self._guard.render(request, "automations/rules.html", context, visitor=visitor, status=status)
