"""Which messages are there, and what became of them lately? `/messages`: the list, and every address below it."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.access.login import Visitor
from collector.api.frame.params import is_digits
from collector.api.messages.mailroom import Mailroom
from collector.services import Services
from collector.ui.guard import Guard
from collector.ui.messages.blocks import BlockPages
from collector.ui.messages.editor import EditorPages
from collector.ui.messages.forms import MAX_FORM_BYTES
from collector.ui.messages.outbox.pages import OutboxPages
from collector.ui.messages.outbox.suppressions import SuppressionPages
from collector.ui.messages.preview import PreviewPages
from collector.ui.messages.results import ResultPages, Results, results_of
from collector.ui.messages.sending import Sending
from collector.ui.messages.starts import Gallery
from collector.ui.page import language_of
from sessionizer.catalogue import lookup
from sessionizer.event import Kind

ROWS = 50


def routes(services: Services, guard: Guard) -> list[Route]:
    """Everybody sees; editors write and send."""
    gallery = Gallery(services)
    pages, editor = MessagePages(services, guard, gallery), EditorPages(services, guard, gallery)
    previews, sending, one = PreviewPages(services, guard, gallery), Sending(services), "/messages/{id}"
    create = guard.change(editor.create, needs="write", most=MAX_FORM_BYTES)
    change = guard.change(editor.change, needs="write", most=MAX_FORM_BYTES)
    return [
        Route("/messages", guard.page(pages.find), methods=["GET"]),
        Route("/messages", create, methods=["POST"]),
        Route("/messages/new", guard.page(editor.new, needs="write"), methods=["GET"]),
        Route("/messages/preview", guard.change(previews.preview, most=MAX_FORM_BYTES), methods=["POST"]),
        Route("/messages/frame", guard.change(previews.frame, most=MAX_FORM_BYTES), methods=["POST"]),
        Route("/messages/starters/{language}/{slug}", guard.page(previews.starter), methods=["GET"]),
        *_of_outbox(services, guard),
        *_of_blocks(services, guard),
        Route(one, guard.page(editor.get), methods=["GET"]),
        Route(one, change, methods=["POST"]),
        Route(f"{one}/frame", guard.page(previews.frame_of), methods=["GET"]),
        Route(f"{one}/results", guard.page(ResultPages(services, guard).get), methods=["GET"]),
        Route(f"{one}/archive", guard.change(editor.archive, needs="write"), methods=["POST"]),
        Route(f"{one}/back", guard.change(editor.back, needs="write"), methods=["POST"]),
        Route(f"{one}/test", guard.change(sending.test, needs="write"), methods=["POST"]),
        Route(f"{one}/send", guard.change(sending.send, needs="write"), methods=["POST"]),
    ]


def _of_outbox(services: Services, guard: Guard) -> list[Route]:
    outbox, left = OutboxPages(services, guard), SuppressionPages(services, guard)
    return [
        Route("/messages/outbox", guard.page(outbox.find), methods=["GET"]),
        Route("/messages/outbox/again", guard.change(outbox.again, needs="write"), methods=["POST"]),
        Route("/messages/outbox/cancel", guard.change(outbox.cancel, needs="write"), methods=["POST"]),
        Route("/messages/outbox/{id}", guard.page(outbox.get), methods=["GET"]),
        Route("/messages/outbox/{id}/frame", guard.page(outbox.frame), methods=["GET"]),
        Route("/messages/suppressions", guard.page(left.find), methods=["GET"]),
        Route("/messages/suppressions/allow", guard.change(left.allow, needs="write"), methods=["POST"]),
    ]


def _of_blocks(services: Services, guard: Guard) -> list[Route]:
    blocks, put = BlockPages(services, guard), "/messages/blocks"
    return [
        Route(put, guard.page(blocks.find), methods=["GET"]),
        Route(put, guard.change(blocks.put, needs="write", most=MAX_FORM_BYTES), methods=["POST"]),
        Route("/messages/new-block", guard.page(blocks.new, needs="write"), methods=["GET"]),
        Route(f"{put}/{{name}}", guard.page(blocks.get), methods=["GET"]),
        Route(f"{put}/{{name}}/delete", guard.change(blocks.delete, needs="write"), methods=["POST"]),
    ]


class MessagePages:
    """The list."""

    def __init__(self, services: Services, guard: Guard, gallery: Gallery) -> None:
        self._services, self._guard, self._gallery = services, guard, gallery
        self._room = Mailroom(services)

    async def find(self, request: Request, visitor: Visitor) -> Response:
        """Those in use, or those that were put away, the last changed first; with what one can begin."""
        every, given = await self._room.all(), request.query_params
        is_archived = given.get("archived") == "true"
        wanted = [one for one in every if (one.archived_at is not None) == is_archived]
        wanted.sort(key=lambda one: (-one.modified_at, one.id))
        skipped = int(given["after"]) if is_digits(given.get("after", "")) and len(given["after"]) < 9 else 0
        shown, language = wanted[skipped : skipped + ROWS], language_of(request)
        results: Mapping[int, Results] = {one.id: await results_of(one.id, self._services) for one in shown}
        tab = "archived=true&" if is_archived else ""
        context = {
            "messages": shown,
            "results": results,
            "next": f"?{tab}after={skipped + ROWS}" if len(wanted) > skipped + ROWS else "",
            "first": f"?{tab}" if skipped else "",
            "is_archived": is_archived,
            "archived": sum(1 for one in every if one.archived_at is not None),
            "starters": self._gallery.starters(language),
            "label": lambda kind: label_of(kind, language),
            "gallery": "starters" in given or not any(one.archived_at is None for one in every),
        }
        return self._guard.render(request, "messages/messages.html", context, visitor=visitor, frames=True)


def label_of(kind: Kind, language: str) -> str:
    """What people call an event."""
    row = lookup(*kind)
    return (row.label_it if language == "it" else row.label_en) if row else "/".join(kind)
