"""How is a message written? The form of a new one and of one that is there, and keeping what was written."""

import asyncio
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from collector.access.login import Visitor
from collector.api.automations.desk import Desk
from collector.api.frame.definitions import id_of
from collector.api.messages.mailroom import Mailroom
from collector.services import Services
from collector.store.ports.definitions.lists import NameTaken
from collector.store.ports.definitions.messages import Message, MessageChange
from collector.ui.guard import Form, Guard
from collector.ui.messages.forms import CHANNELS, PURPOSES, Draft, draft_of, form_of, is_blank, of_message, replaced
from collector.ui.messages.preview import PreviewPages
from collector.ui.messages.sending import Sending
from collector.ui.messages.starts import Gallery
from collector.ui.messages.versions import versions_of
from collector.ui.page import language_of
from collector.ui.segments.offers import Offers
from sessionizer.messages.fault import Faults
from sessionizer.messages.message import Channel, Content

DONE = {
    "saved": "messages_done_saved", "archived": "messages_done_archived", "taken": "messages_done_taken",
    "back": "messages_done_back",
}  # fmt: skip


class EditorPages:
    """The form, with the preview beside it."""

    def __init__(self, services: Services, guard: Guard, gallery: Gallery) -> None:
        self._services, self._guard, self._gallery = services, guard, gallery
        self._room, self._previews = Mailroom(services), PreviewPages(services, guard, gallery)
        self._sending = Sending(services)

    async def new(self, request: Request, visitor: Visitor) -> Response:
        """From a starter, from a message that is there, or from nothing."""
        draft = draft_of(await self._begun(request))._replace(wrong={})  # a name that nobody has asked for yet
        return await self._page(request, visitor, draft, is_new=True)

    async def get(self, request: Request, visitor: Visitor) -> Response:
        """One as it is."""
        message = await self._named(request)
        return await self._page(request, visitor, draft_of(of_message(message)), message=message)

    async def create(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Keep a new one; or look at it, and keep nothing."""
        draft = _taken_over(form)
        if _is_try(form) or draft.writing is None:
            return await self._page(request, visitor, draft, form=form, status=_status(form))
        try:
            made = await self._room.create(draft.values["name"], draft.writing)
        except Faults:
            return await self._page(request, visitor, draft, form=form, status=400)
        except NameTaken:
            return await self._page(request, visitor, _named_alike(draft), form=form, status=409)
        return RedirectResponse(f"/messages/{made.id}?done=saved{_chosen(form)}", 303)

    async def change(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Keep what it says from now on, as a new version; or look at it, and keep nothing."""
        message, draft = await self._named(request), _taken_over(form)
        if _is_try(form) or draft.writing is None:
            return await self._page(request, visitor, draft, form=form, message=message, status=_status(form))
        change = MessageChange(name=draft.values["name"], writing=draft.writing)
        try:
            await self._room.change(message.id, change)
        except Faults:
            return await self._page(request, visitor, draft, form=form, message=message, status=400)
        except NameTaken:
            return await self._page(request, visitor, _named_alike(draft), form=form, message=message, status=409)
        return RedirectResponse(f"/messages/{message.id}?done=saved{_chosen(form)}", 303)

    async def archive(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Put it away, or take it back into use."""
        message = await self._named(request)
        is_archived = form.get("archived") == "true"
        await self._room.change(message.id, MessageChange(archived=is_archived))
        return RedirectResponse(f"/messages/{message.id}?done={'archived' if is_archived else 'taken'}", 303)

    async def back(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """What it said once, as its newest version."""
        message, given = await self._named(request), form.get("version", "")
        found = await asyncio.to_thread(self._services.messages.versions, message.id)
        kept = {str(one.version): one.writing for one in found}
        if given not in kept:
            raise HTTPException(404)
        try:
            await self._room.change(message.id, MessageChange(writing=kept[given]))
        except Faults:  # a block that it has is no more
            draft = draft_of(of_message(replace(message, writing=kept[given])))
            return await self._page(request, visitor, draft, message=message, status=400)
        return RedirectResponse(f"/messages/{message.id}?done=back", 303)

    async def _begun(self, request: Request) -> Form:
        """What a new one says at first."""
        given, language = request.query_params, language_of(request)
        starter = self._gallery.starter(given.get("start", ""), language)
        if starter:
            event = "/".join(starter.kind or ())
            return form_of(starter.content, name=starter.name, purpose=starter.purpose, event=event)
        copied = given.get("copy", "")
        message = await self._room.one(int(copied)) if copied.isdecimal() and len(copied) < 16 else None
        if message:
            return {**of_message(message), "name": ""}
        channel: Channel = next((one for one in CHANNELS if one == given.get("channel")), "email")
        return form_of(Content(channel), event=given.get("event", ""))

    async def _named(self, request: Request) -> Message:
        message = await self._room.one(id_of(request, "message"))
        if message is None:
            raise HTTPException(404)
        return message

    async def _page(
        self,
        request: Request,
        visitor: Visitor,
        draft: Draft,
        *,
        form: Form | None = None,
        message: Message | None = None,
        is_new: bool = False,
        status: int = 200,
    ) -> Response:
        """form: what was sent, when it was. is_new: whether nobody has written anything yet."""
        given: Mapping[str, str] = request.query_params if form is None else form
        chosen = given.get("start", "") if is_new else ""
        events = await Offers(self._services).events(language_of(request), "template")
        context: dict[str, Any] = {
            "message": message,
            "events": events,
            "known": {f"{category}/{key}" for _, all in events for category, key, *_ in all},
            "channels": CHANNELS,
            "purposes": PURPOSES,
            "is_new": is_new,
            "is_sent": form is not None,
            "start": chosen if self._gallery.starter(chosen, language_of(request)) else "",
            "done": DONE.get(request.query_params.get("done", ""), ""),
            "versions": await versions_of(message, self._services) if message else (),
            "automations": await Desk(self._services).that_send(message.id) if message else (),
            **await self._previews.beside(request, draft, given, is_awaited=is_new and is_blank(draft)),
            **await self._sending.of_page(message, request, visitor),
        }
        return self._guard.render(
            request, "messages/message.html", context, visitor=visitor, status=status, frames=True
        )


def _status(form: Form) -> int:
    return 200 if _is_try(form) else 400


def _taken_over(form: Form) -> Draft:
    """The draft; with another variable where one was taken that was probably meant (`replace`: field|name|near)."""
    field, _, names = form.get("replace", "").partition("|")
    name, _, near = names.partition("|")
    if not (near and field in form):
        return draft_of(form)
    return draft_of({**form, field: replaced(form[field], name, near)})


def _named_alike(draft: Draft) -> Draft:
    return draft._replace(wrong={"name": "messages_name_taken"})


def _chosen(form: Form) -> str:
    """For whom it was shown, so that it is shown for them again."""
    given = [(name, form.get(name, "")) for name in ("contact", "about")]
    return "".join(f"&{name}={value}" for name, value in given if value.replace("-", "").isalnum())


def _is_try(form: Form) -> bool:
    """Whether nothing is to be kept: somebody looks, or has taken another variable."""
    return form.get("do") == "try" or "replace" in form
