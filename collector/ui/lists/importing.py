"""How do people put a file onto a list? `/lists/<id>/import`: a form, then what became of each of its lines.

The form's text works as it is. With `static/lists.js` a file can be chosen; it is sent as it is, as a CSV, and the page
that answers takes the place of the form.
"""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from collector.access.login import Visitor
from collector.api.frame.body import content_of, media_type_of
from collector.api.frame.definitions import id_of
from collector.api.frame.operation import CSV
from collector.api.frame.problem import Problem
from collector.api.people.list_files import FILE, MAX_FILE_BYTES, ListFiles
from collector.api.people.list_import import ImportAnswer
from collector.api.people.lists import ListPages
from collector.command import NotYet
from collector.errors import Code
from collector.services import Services
from collector.store.ports.definitions.lists import ContactList
from collector.ui.guard import Form, Guard

MAX_PASTED_BYTES = 1024 * 1024
"""Of the form: a text grows when it is sent."""

MAX_PASTED_CHARACTERS = 300_000

WHY: Mapping[str, str] = {
    Code.BAD_IDENTIFIER: "lists_why_nobody",
    Code.BAD_PROPERTY: "lists_why_value",
    Code.MALFORMED: "lists_why_line",
}
"""Code of a refused line → what it means."""


class ImportPages:
    """The form, and what came of it."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._guard = guard
        self._lists, self._files = ListPages(services), ListFiles(services)

    async def show(self, request: Request, visitor: Visitor) -> Response:
        """The form, empty."""
        return self._form(request, visitor, await self._lists.named(id_of(request, "list")))

    async def bring(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """A file, or what was pasted; answered when everybody is on the list. It may be sent again."""
        one = await self._lists.named(id_of(request, "list"))
        text = form.get("text", "")
        try:
            answer = await self._files.bring_content(one.id, await self._content(request, text))
        except NotYet:
            return self._form(request, visitor, one, text=text, problem=Problem(503, "lists_not_yet"))
        except Problem as problem:
            return self._form(request, visitor, one, text=text, problem=problem)
        return self._result(request, visitor, one, answer)

    async def _content(self, request: Request, text: str) -> bytes:
        """Raises Problem 408, 413."""
        if media_type_of(request) != CSV:
            return text.encode()
        return await content_of(request, most=FILE.max_bytes, within_s=FILE.within_s)

    def _form(
        self, request: Request, visitor: Visitor, one: ContactList, *, text: str = "", problem: Problem | None = None
    ) -> Response:
        context = {
            "list": one,
            "text": text,
            "most": MAX_PASTED_CHARACTERS,
            "megabytes": MAX_FILE_BYTES // 1024**2,
            "wrong": said_of(problem),
            "detail": problem.detail if problem and problem.status == 400 else "",
        }
        status = problem.status if problem else 200
        return self._guard.render(request, "lists/import.html", context, visitor=visitor, status=status)

    def _result(self, request: Request, visitor: Visitor, one: ContactList, answer: ImportAnswer) -> Response:
        context = {"list": one, "answer": answer, "why": lambda code: WHY.get(code, "lists_why_other")}
        return self._guard.render(request, "lists/imported.html", context, visitor=visitor)


def said_of(problem: Problem | None) -> str:
    """What is to be said of a file that was refused as a whole; "" of none."""
    if problem is None:
        return ""
    return {408: "lists_file_slow", 413: "lists_file_large", 503: "lists_not_yet"}.get(problem.status, "lists_file_bad")
