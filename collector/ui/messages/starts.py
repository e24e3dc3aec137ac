"""With which messages can one begin? Starters in the reader's language, as they would look to a customer.

Reads the pictures of the demo shop; writes nothing.
"""

import base64
import re
from collections.abc import Sequence

from msgspec.structs import replace

from collector.demo.shop import SITE
from collector.services import Services
from collector.ui.page import Language
from sessionizer.messages.message import Rendered
from sessionizer.messages.render import render
from sessionizer.messages.starters.table import STARTERS, Starter, example
from sessionizer.messages.template import Template, compile

SHOP = "https://shop.example/"
_PICTURE = re.compile(rf'"{re.escape(SHOP)}([a-z-]+\.svg)"')


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
        settings = self._services.settings
        made = render(self._templates[starter], example(SHOP), now=self._services.clock(), zone=settings.zone)
        return replace(made, html=_PICTURE.sub(_inside, made.html))


def _inside(found: re.Match[str]) -> str:
    """A picture as a part of the page, which asks nobody else for anything."""
    file = SITE / found[1]
    content = base64.b64encode(file.read_bytes()).decode() if file.is_file() else ""
    return f'"data:image/svg+xml;base64,{content}"'
