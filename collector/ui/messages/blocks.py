"""Which parts do several messages share? The list, one of them with who has it, and keeping or dropping it."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from collector.access.login import Visitor
from collector.api.messages.blocks import NAME
from collector.api.messages.bodies import MAX_SOURCE
from collector.api.messages.mailroom import Mailroom
from collector.services import Services
from collector.store.ports.definitions.messages import Message
from collector.ui.guard import Form, Guard
from collector.ui.messages.faults import sentences
from collector.ui.page import Language, language_of
from sessionizer.messages.fault import Faults
from sessionizer.messages.message import Content
from sessionizer.messages.template import compile

DONE = {"saved": "blocks_done_saved", "deleted": "blocks_done_deleted"}


class BlockPages:
    """Shared parts."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._services, self._guard, self._room = services, guard, Mailroom(services)

    async def find(self, request: Request, visitor: Visitor) -> Response:
        """All of them, by name."""
        blocks, messages = await self._blocks(), await self._room.all()
        context = {
            "blocks": [(block, users_of(name, messages)) for name, block in sorted(blocks.items())],
            "done": DONE.get(request.query_params.get("done", ""), ""),
        }
        return self._guard.render(request, "messages/blocks.html", context, visitor=visitor)

    async def new(self, request: Request, visitor: Visitor) -> Response:
        """The form of a new one."""
        return await self._form(request, visitor, {"name": "", "body": ""})

    async def get(self, request: Request, visitor: Visitor) -> Response:
        """One of them."""
        block = (await self._blocks()).get(request.path_params["name"])
        if block is None:
            raise HTTPException(404)
        return await self._form(request, visitor, {"name": block.name, "body": block.body}, is_there=True)

    async def put(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """What it says from now on, unless a message would break."""
        name, body = form.get("name", "").strip(), form.get("body", "").replace("\r\n", "\n")
        is_there = name in await self._blocks()
        given = {"name": name, "body": body}
        language = language_of(request)
        if NAME.fullmatch(name) is None or len(body) > MAX_SOURCE:
            return await self._form(request, visitor, given, wrong="blocks_bad_name")
        wrong = self._wrong(name, body, await self._room.blocks(), language)
        harm = await self._room.harm(name, body) if not wrong else []
        if wrong or harm:
            return await self._form(request, visitor, given, is_there=is_there, wrong=wrong, harm=harm)
        at = self._services.clock()
        await asyncio.to_thread(self._services.messages.put_block, name, body, at=at)
        return RedirectResponse("/messages/blocks?done=saved", 303)

    async def delete(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """Drop one that no message has."""
        name = request.path_params["name"]
        block = (await self._blocks()).get(name)
        if block is None:
            raise HTTPException(404)
        harm = await self._room.harm(name, None)
        if harm:
            given = {"name": name, "body": block.body}
            return await self._form(request, visitor, given, is_there=True, harm=harm)
        await asyncio.to_thread(self._services.messages.delete_block, name)
        return RedirectResponse("/messages/blocks?done=deleted", 303)

    def _wrong(self, name: str, body: str, blocks: Mapping[str, str], language: Language) -> list[sentences.Said]:
        """What is wrong with it by itself."""
        content = Content("email", subject="-", html=f"{{% include '{name}' %}}")
        try:
            compile(content, {**blocks, name: body})
        except Faults as error:
            own = [one._replace(part="html") for one in error.faults if one.part == f"block:{name}"]
            return sentences.said(own or error.faults, language)
        return []

    async def _blocks(self) -> Mapping[str, Any]:
        return await asyncio.to_thread(self._services.messages.blocks)

    async def _form(
        self,
        request: Request,
        visitor: Visitor,
        given: Form,
        *,
        is_there: bool = False,
        wrong: str | Sequence[sentences.Said] = "",
        harm: Sequence[tuple[Message, Faults]] = (),
    ) -> Response:
        """wrong: a key of words about its name, or faults. harm: messages that would break."""
        context = {
            **given,
            "is_there": is_there,
            "wrong_name": wrong if isinstance(wrong, str) else "",
            "faults": () if isinstance(wrong, str) else wrong,
            "harm": [(message, sentences.said(found.faults, language_of(request))) for message, found in harm],
            "users": users_of(given["name"], await self._room.all()),
        }
        status = 409 if harm else 400 if wrong else 200
        return self._guard.render(request, "messages/block.html", context, visitor=visitor, status=status)


def users_of(name: str, messages: Sequence[Message]) -> list[Message]:
    """The messages in which it stands."""
    tag = re.compile(rf"""\{{%-?\s*include\s+["']{re.escape(name)}["']""") if name else None
    return [one for one in messages if tag and any(tag.search(text) for text in _sources(one))]


def _sources(message: Message) -> Sequence[str]:
    content = message.writing.content
    return content.subject, content.preheader, content.html, content.mjml, content.text
