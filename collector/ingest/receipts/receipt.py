"""How does a receipt get into the log? As an entry that names its delivery, and nobody.

Written like an event of a server; what cannot be written in time is left out, for whoever asks is not kept waiting.
"""

import asyncio
import logging
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request

from collector.access.address import client_address
from collector.access.links import Named
from collector.event_id import new_id, unpack_id
from collector.log.entry import RECEIPT_DOOR, Entry
from collector.log.writer import Overloaded, WriteFailed
from collector.privacy.redact import truncate_ip
from collector.services import Services
from sessionizer.event import NOTHING
from sessionizer.messages.receipt import What, kind_of

PATIENCE_S = 2.0
MAX_AGENT = 512

logger = logging.getLogger(__name__)


def entry_of(
    request: Request,
    services: Services,
    of: Named,
    what: What,
    *,
    properties: Mapping[str, Any] = NOTHING,
    user_agent: str | None = None,
) -> Entry | None:
    """The entry; None where the catalogue has no event for it. user_agent: None takes the request's."""
    agent = request.headers.get("user-agent", "") if user_agent is None else user_agent
    kind, at = kind_of(of.channel, of.purpose, what), services.clock()
    if kind is None:
        return None
    return Entry(
        door=RECEIPT_DOOR, source=RECEIPT_DOOR, site=0, id=unpack_id(new_id(at, secrets.randbits(80))),
        category=kind[0], key=kind[1], occurred_at=at, received_at=at, identifiers={"delivery": of.delivery},
        properties=dict(properties) or None, user_agent=agent[:MAX_AGENT],
        ip=truncate_ip(address_of(request, services)),
    )  # fmt: skip


def is_too_fast(request: Request, services: Services) -> bool:
    """Whether so many come from one address that they are answered and not told."""
    return services.limits.charge(address_of(request, services), None, 1, now=services.clock()) > 0


async def write(services: Services, entry: Entry | None) -> bool:
    """Whether it is on disk, in time."""
    return entry is None or await write_all(services, [entry])


async def write_all(services: Services, entries: Sequence[Entry]) -> bool:
    """Whether they are on disk, in time."""
    if not entries:
        return True
    try:
        async with asyncio.timeout(PATIENCE_S):
            await services.writer.write(entries)
    except (Overloaded, WriteFailed, TimeoutError) as error:
        logger.warning("a receipt was not written: %s", error.__class__.__name__)
        return False
    return True


def address_of(request: Request, services: Services) -> str:
    """Of the client, as proxies that we trust say it."""
    peer = request.client.host if request.client else ""
    return client_address(peer, request.headers.get("x-forwarded-for", ""), services.settings.trusted_proxies)
