"""How does a website begin to send? `/setup`: the tag to paste, and whether the first event has come."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.access.login import Visitor
from collector.errors import REFUSALS
from collector.services import Services
from collector.store.ports.events import EventQuery, Which
from collector.store.ports.rejections import RejectionQuery
from collector.tracker import addresses, script_tag
from collector.ui.guard import Guard

LATELY_MS = 600_000


def routes(services: Services, guard: Guard) -> list[Route]:
    """The page that a web developer sees first."""

    async def show(request: Request, visitor: Visitor) -> Response:
        """The snippet, the curl line, the state: live."""
        found = await services.store.events.find(EventQuery(sources=("tracker",), bots=Which.INCLUDE), limit=1)
        key, origin = services.keys.newest_write_key() or "", guard.origin(request)
        context = {
            "key": key,
            "origin": origin,
            "script": origin + addresses(services.settings.tracker_name)[0],
            "tag": script_tag(origin, key, services.settings),
            "last": found[0] if found else None,
            "refused": await _refused(services),
            "sites": await _sites(services),
            "demo": services.settings.demo,
        }
        return guard.render(request, "setup/setup.html", context, visitor=visitor)

    return [Route("/setup", guard.page(show), methods=["GET"])]


async def _refused(services: Services) -> list[dict[str, Any]]:
    """What was refused in the last ten minutes, and what to do about it."""
    since = services.clock() - LATELY_MS
    rows = await services.store.rejections.find(RejectionQuery(since=since), limit=5)
    return [
        {"code": row.code, "count": row.count, "says": REFUSALS[row.code].says, "origin": row.samples[0].origin}  # type: ignore[index]  # codes of the enum
        for row in rows
        if row.samples and row.last_at >= since
    ]


async def _sites(services: Services) -> list[dict[str, Any]]:
    return [{"name": site.name, "origins": site.origins} for site in services.keys.sites.all()]
