"""Who is told of what happens, and does it arrive? `/settings/webhooks/out/<id>`: a receiver and its log."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from collector.access.login import Visitor
from collector.api.frame.body import checked
from collector.api.frame.definitions import id_of
from collector.api.frame.problem import FieldError, Problem
from collector.api.webhooks.bodies import ChangedWebhook, NewWebhook, check_headers
from collector.api.webhooks.definitions import change_of
from collector.api.webhooks.desk import Desk, Refused
from collector.delivery.hooks.sink import Heard
from collector.errors import Code
from collector.services import Services
from collector.store.ports.definitions.webhooks import TooMany, Webhook, Writing
from collector.store.ports.webhooks.deliveries import STATES, State
from collector.told.kinds import kinds_of
from collector.ui.guard import Form, Guard
from collector.ui.page import Language, language_of
from collector.ui.times import DAY_MS, HOUR_MS
from collector.ui.webhooks import receiver
from collector.ui.webhooks.sources import of_rule

HOME = "/settings/webhooks"
LIMIT = 50
STATUSES = {
    "active": ("webhooks_active", "good"),
    "paused": ("webhooks_paused", "warn"),
    "disabled": ("webhooks_disabled", "bad"),
}
SAID: Mapping[State, tuple[str, str]] = {
    "waiting": ("webhooks_due", "warn"),
    "done": ("webhooks_arrived", "good"),
    "failed": ("webhooks_failed", "bad"),
    "dropped": ("webhooks_dropped", ""),
}
"""State of a delivery → the text that says it, and its badge."""
SPANS = {
    "hour": ("webhooks_last_hour", HOUR_MS),
    "day": ("webhooks_last_day", DAY_MS),
    "week": ("webhooks_last_week", 7 * DAY_MS),
}


class New(NamedTuple):
    """What is shown this once: a secret, or what a receiver said to a sample."""

    secret: str = ""
    heard: Heard | None = None


class OutPages:
    """Receivers."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._services, self._guard, self._desk = services, guard, Desk(services)

    async def listed(self, language: Language) -> Mapping[str, Any]:
        """What the list of all shows of them."""
        return {
            "receivers": await self._desk.shown(await self._desk.all()),
            "statuses": STATUSES,
            "kinds_of": lambda webhook: [receiver.named(kind, language) for kind in kinds_of(webhook)],
        }

    async def new(self, request: Request, visitor: Visitor) -> Response:
        """An empty form."""
        return self._form(request, visitor, {})

    async def create(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """A new one; its secret is shown this once."""
        try:
            body = checked(receiver.fields_of(form), NewWebhook)
            check_headers(body.headers)
            made = await self._desk.create(body.name, body.url, Writing(kinds=body.kinds, headers=body.headers))
        except Problem as problem:
            return self._form(request, visitor, form, problem=problem)
        except Refused as error:
            return self._form(request, visitor, form, problem=bad_url(error))
        except TooMany:
            return self._form(request, visitor, form, problem=Problem(409))
        return await self._show(request, visitor, made, New(secret=made.writing.secrets[0]), status=201)

    async def get(self, request: Request, visitor: Visitor) -> Response:
        """How it does, and what it was told."""
        return await self._show(request, visitor, await self._named(request), New())

    async def edit(self, request: Request, visitor: Visitor) -> Response:
        """The form, as it is kept."""
        webhook = await self._named(request)
        return self._form(request, visitor, receiver.form_of(webhook), webhook=webhook)

    async def change(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Another name, address, other events; headers when some are given."""
        webhook = await self._named(request)
        try:
            said = {
                name: value for name, value in receiver.fields_of(form).items() if name != "kinds" or is_ours(webhook)
            }
            await self._desk.change(webhook, change_of(checked(said, ChangedWebhook), webhook.writing))
        except Problem as problem:
            return self._form(request, visitor, form, webhook=webhook, problem=problem)
        except Refused as error:
            return self._form(request, visitor, form, webhook=webhook, problem=bad_url(error))
        return _back(webhook, "saved")

    async def rotate(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """A new secret, shown this once."""
        webhook = await self._named(request)
        return await self._show(request, visitor, webhook, New(secret=await self._desk.rotate(webhook)), status=201)

    async def test(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Send a sample, and show what its receiver said."""
        webhook = await self._named(request)
        return await self._show(request, visitor, webhook, New(heard=await self._desk.test(webhook)))

    async def pause(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Paused, or told again; also one that was disabled."""
        webhook = await self._named(request)
        body = ChangedWebhook(paused=form.get("paused") == "yes")
        await self._desk.change(webhook, change_of(body, webhook.writing))
        return _back(webhook, "saved")

    async def again(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """One delivery once more, or all that failed since a while."""
        webhook, id, span = await self._named(request), form.get("delivery", ""), form.get("span", "")
        if id:
            await self._desk.again(webhook, id)
        elif span in SPANS:
            await self._desk.again_since(webhook, self._services.clock() - SPANS[span][1])
        return _back(webhook, "again")

    async def remove(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Forget it, and its log."""
        await self._desk.remove(await self._named(request))
        return RedirectResponse(f"{HOME}?done=unheard", 303)

    async def _show(
        self, request: Request, visitor: Visitor, webhook: Webhook, new: New, *, status: int = 200
    ) -> Response:
        """The page. new: what is shown this once."""
        asked, language = request.query_params, language_of(request)
        state = next((one for one in STATES if one == asked.get("delivery_state")), None)
        found = await self._desk.deliveries(
            webhook, state=state, limit=LIMIT + 1, before=_offset(asked.get("before", ""))
        )
        (shown,) = await self._desk.shown([webhook])
        context = {
            "webhook": webhook,
            "health": shown.health,
            "kinds": kinds_of(webhook),
            "as_kind": lambda kind: of_rule(kind, language),
            "named": lambda kind: receiver.named(kind, language),
            "statuses": STATUSES,
            "said": SAID,
            "spans": SPANS,
            "state": state or "",
            "deliveries": found[:LIMIT],
            "older": str(found[LIMIT - 1].delivery.offset) if len(found) > LIMIT else "",
            "is_first": "before" not in asked,
            "new": new,
            "done": asked.get("done", ""),
        }
        return self._guard.render(request, "webhooks/out.html", context, visitor=visitor, status=status)

    def _form(
        self,
        request: Request,
        visitor: Visitor,
        form: Form,
        *,
        webhook: Webhook | None = None,
        problem: Problem | None = None,
    ) -> Response:
        context = {
            "webhook": webhook,
            "is_ours": webhook is None or is_ours(webhook),
            "form": {name: form.get(name, "") for name in ("name", "url", "others", "headers")},
            "ticked": {name.removeprefix(receiver.BOX) for name in form if name.startswith(receiver.BOX)},
            "groups": receiver.groups(language_of(request)),
            "wrong": receiver.wrong_of(problem),
            "is_full": problem is not None and problem.status == 409,
        }
        status = problem.status if problem else 200
        return self._guard.render(request, "webhooks/receiver.html", context, visitor=visitor, status=status)

    async def _named(self, request: Request) -> Webhook:
        webhook = await self._desk.one(id_of(request, "webhook"))
        if webhook is None:
            raise HTTPException(404)
        return webhook


def is_ours(webhook: Webhook) -> bool:
    """Whether its events are chosen here; those of Brevo's addresses are chosen there."""
    return webhook.writing.form == "sentiero"


def bad_url(error: Refused) -> Problem:
    """An address to which nothing is posted."""
    return Problem(400, str(error), errors=(FieldError("url", Code.MALFORMED, str(error)),))


def _offset(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _back(webhook: Webhook, done: str) -> Response:
    return RedirectResponse(f"{HOME}/out/{webhook.id}?done={done}", 303)
