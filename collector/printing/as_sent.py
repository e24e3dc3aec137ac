"""What did a message look like? Made anew from what it was made with: the same version, blocks, data and instant.

`shown` of a delivery is JSON: {"now": ms UTC, "data": …, "blocks": {name: source}}. The same gives the same bytes.
"""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

import msgspec

from collector.access.links import Links, Named
from collector.printing.compiled import Wanted, writing_of
from collector.printing.links import followed, links_of
from collector.store.ports.definitions.messages import Messages
from collector.store.ports.messages.outbox import Delivery
from sessionizer.messages.message import Rendered
from sessionizer.messages.render import render
from sessionizer.messages.template import compile


class Shown(msgspec.Struct, frozen=True):
    """With what it was rendered. now: ms UTC."""

    now: int
    data: Mapping[str, Any]
    blocks: Mapping[str, str] = {}


class AsSent:
    """One a process. Compiles what it is asked for: that is for another thread than the event loop's."""

    def __init__(self, messages: Messages, links: Links, zone: tzinfo) -> None:
        self._messages, self._links, self._zone = messages, links, zone

    def made(self, delivery: Delivery, shown: str, *, of: Named, clicks: bool) -> Rendered:
        """The message. of: whose links stand in it. clicks: whether those that are followed tell it, as they did then.

        Raises NoSuchMessage, Faults, RenderFailed: of a version that is gone, or that a newer Sentiero takes for wrong.
        """
        then, order = msgspec.json.decode(shown, type=Shown), delivery.order
        writing = writing_of(
            Wanted(delivery.message, delivery.version, delivery.purpose, order.content), self._messages
        )
        template = compile(writing.content, then.blocks)
        data = {**then.data, **links_of(self._links, of, template.needs())}
        rendered = render(template, data, now=then.now, zone=self._zone)
        tracked = writing.track_clicks if order.track_clicks is None else order.track_clicks
        return followed(rendered, self._links, of, opens=False, clicks=clicks and tracked)
