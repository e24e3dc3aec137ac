"""What would somebody get? The parts beside the form while one writes, and the message itself, in its frame."""

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from collector.access.login import Visitor
from collector.api.frame.definitions import id_of
from collector.api.messages.mailroom import Mailroom, Shown
from collector.services import Services
from collector.store.ports.definitions.messages import Message
from collector.ui.contacts.names import called
from collector.ui.guard import Form, Guard
from collector.ui.messages.faults import sentences
from collector.ui.messages.forms import Draft, draft_of, is_blank, nameless, of_message
from collector.ui.messages.frame import framed, framed_text
from collector.ui.messages.palette import palette_of
from collector.ui.messages.sample import EXAMPLE, Sample, sample_of
from collector.ui.messages.starts import Gallery
from collector.ui.page import language_of, translator
from collector.ui.segments.offers import Offers
from sessionizer.messages.message import lines_of

NOTHING = Shown(None, ())


class PreviewPages:
    """A message for one person, before it is sent."""

    def __init__(self, services: Services, guard: Guard, gallery: Gallery) -> None:
        self._services, self._guard, self._gallery = services, guard, gallery
        self._room, self._offers = Mailroom(services), Offers(services)

    async def preview(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """What stands beside the form, for its script."""
        draft = nameless(draft_of(form))
        context = await self.beside(request, draft, form, is_awaited=_is_awaited(draft, form))
        return self._guard.render(request, "messages/preview.html", context, visitor=visitor)

    async def frame(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """The message as it stands in the form."""
        draft = nameless(draft_of(form))
        if _is_awaited(draft, form):
            word = "messages_awaited" if draft.values["channel"] == "email" else "messages_awaited_text"
            return framed_text(translator(language_of(request))(word))
        sample = await self._sample(draft, form)
        return self._framed(request, draft, await self._shown(draft, sample), as_text=form.get("view") == "text")

    async def frame_of(self, request: Request, visitor: Visitor) -> Response:
        """A message as it is kept, for somebody."""
        message = await self._named(request)
        draft, given = draft_of(of_message(message)), request.query_params
        sample = await self._sample(draft, given)
        return self._framed(request, draft, await self._shown(draft, sample), as_text=given.get("view") == "text")

    async def starter(self, request: Request, visitor: Visitor) -> Response:
        """A message to begin with, as an example."""
        slug, language = request.path_params["slug"], request.path_params["language"]
        starter = self._gallery.starter(slug, language)
        if starter is None:
            raise HTTPException(404)
        made = self._gallery.shown(starter)
        return framed(made.html) if made.html else framed_text(made.text, is_short=True)

    async def beside(
        self, request: Request, draft: Draft, given: Mapping[str, str], *, is_awaited: bool = False
    ) -> Mapping[str, Any]:
        """All that a page shows of it. given: for whom it is to be shown, see `sample_of`. is_awaited: whether it is
        a new one of which nothing is written yet, so that nothing of it is called wrong."""
        language, judged = language_of(request), nameless(draft)
        kind = judged.writing.event if judged.writing else None
        sample = await self._sample(judged, given)
        shown = NOTHING if is_awaited else await self._shown(judged, sample)
        is_html = draft.values["channel"] == "email"
        return {
            "draft": draft,
            "is_awaited": is_awaited,
            "sample": sample,
            "who": given.get("who", "").strip(),
            "example": EXAMPLE,
            "shown": shown,
            "faults": sentences.said(shown.faults, language),
            "places": _places(draft, shown),
            "missing": sentences.of_missing(shown.missing),
            "palette": palette_of(
                kind,
                properties=await self._offers.properties(kind) if kind else (),
                attributes=await self._offers.attributes(),
                blocks=await self._room.blocks(),
                is_html=is_html,
            ),
            "called": called,
            "is_html": is_html,
        }

    async def _sample(self, draft: Draft, given: Mapping[str, str]) -> Sample:
        return await sample_of(draft.writing.event if draft.writing else None, given, self._services)

    async def _shown(self, draft: Draft, sample: Sample) -> Shown:
        if draft.writing is None:
            return NOTHING
        return await self._room.shown(draft.writing, sample.about(draft.writing.channel))

    async def _named(self, request: Request) -> Message:
        message = await self._room.one(id_of(request, "message"))
        if message is None:
            raise HTTPException(404)
        return message

    def _framed(self, request: Request, draft: Draft, shown: Shown, *, as_text: bool) -> Response:
        if shown.rendered is None:
            return framed_text(translator(language_of(request))("messages_not_yet"))
        if as_text or not shown.rendered.html:
            return framed_text(shown.rendered.text, is_short=draft.values["channel"] != "email")
        return framed(shown.rendered.html)


def _places(draft: Draft, shown: Shown) -> tuple[str, ...]:
    """What goes into a template that WhatsApp has approved; () for a message without one."""
    is_template = draft.values["channel"] == "whatsapp" and bool(draft.values["template"])
    return lines_of(shown.rendered.text) if is_template and shown.rendered else ()


def _is_awaited(draft: Draft, form: Form) -> bool:
    """Whether the form says that it is new (`fresh`: nobody has asked to keep or check it), and holds nothing yet."""
    return form.get("fresh") == "yes" and is_blank(draft)
