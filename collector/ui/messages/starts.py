"""With which messages can one begin? Starters in the reader's language, as they would look to a customer.

Reads the pictures of the demo shop; writes nothing.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from collector.demo.shop import SITE
from collector.services import Services
from collector.ui.page import Language
from sessionizer.messages.message import Rendered
from sessionizer.messages.render import render
from sessionizer.messages.starters.table import STARTERS, Starter, example
from sessionizer.messages.template import Template, compile

SHOP = "https://shop.example/"


class Gallery:
    """One a console; what was compiled is kept."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._templates: dict[Starter, Template] = {}

    def starters(self, language: Language) -> Sequence[Starter]:
        """Those in that language."""
        return [one for one in STARTERS if one.language == language]

    def starter(self, slug: str, language: Language) -> Starter | None:
        """The one of that name in that language."""
        return next((one for one in self.starters(language) if one.slug == slug), None)

    def shown(self, starter: Starter) -> Rendered:
        """As a customer of a shop that there is not would get it."""
        if starter not in self._templates:
            self._templates[starter] = compile(starter.content, {})
        data, settings = _with_pictures(example(SHOP)), self._services.settings
        return render(self._templates[starter], data, now=self._services.clock(), zone=settings.zone)


def _with_pictures(value: Any) -> Any:
    """Pictures inside of the data: a page of the console asks nobody else for anything."""
    if isinstance(value, Mapping):
        return {name: _picture(each) if name == "image" else _with_pictures(each) for name, each in value.items()}
    return [_with_pictures(each) for each in value] if isinstance(value, list) else value


def _picture(address: str) -> str:
    file = SITE / address.removeprefix(SHOP)
    content = base64.b64encode(file.read_bytes()).decode() if file.is_file() else ""
    return f"data:image/svg+xml;base64,{content}"
