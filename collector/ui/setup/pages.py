"""How does a website begin to send? `/setup`: the tag to paste, whether the first event has come, and else why not."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from collector.access.login import Visitor
from collector.api import sites as api
from collector.api.frame.body import checked
from collector.api.frame.params import MAX_ID, is_digits
from collector.api.frame.problem import Problem, unknown
from collector.errors import Code
from collector.services import Services
from collector.store.ports.definitions.sites import Site
from collector.store.ports.events import EventQuery, StoredEvent
from collector.store.ports.totals import SessionFilter
from collector.tracker import addresses, script_tag
from collector.ui.guard import Form, Guard
from collector.ui.setup.causes import causes_of, look
from collector.ui.sites.pages import CONSENTS
from collector.ui.times import DAY_MS, HOUR_MS

LONG_AGO_MS = 30 * DAY_MS

TABS = {"script": "tab_script", "gtm": "tab_gtm", "npm": "tab_npm", "curl": "tab_curl", "python": "tab_python"}
"""Way to send → its name."""

TEST_SAYS = {
    Code.KEY_UNKNOWN: "test_key",
    Code.KEY_REVOKED: "test_key",
    Code.ORIGIN_REFUSED: "test_origin",
    Code.RATE_LIMITED: "test_busy",
    Code.OVERLOADED: "test_busy",
}
"""Why the test was refused → what to say; any other code is said as it is."""


def routes(services: Services, guard: Guard) -> list[Route]:
    """Everybody sees; admins change."""
    pages = SetupPages(services, guard)
    return [
        Route("/setup", guard.page(pages.show), methods=["GET"]),
        Route("/setup/origins", guard.change(pages.allow, needs="admin"), methods=["POST"]),
        Route("/setup/consent", guard.change(pages.choose_consent, needs="admin"), methods=["POST"]),
    ]


class SetupPages:
    """The page that a web developer sees first."""

    def __init__(self, services: Services, guard: Guard) -> None:
        self._services, self._guard = services, guard

    async def show(self, request: Request, visitor: Visitor) -> Response:
        """The state, live; likely causes; the tag in each of its forms; consent and origins."""
        return await self._show(request, visitor, await self._site(request.query_params.get("site", "")))

    async def allow(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """One more origin of the site."""
        site, origin = await self._site(form.get("site", "")), form.get("origin", "").strip()
        try:
            body = checked({"origins": [*site.origins, origin]}, api.ChangedSite)
            await asyncio.to_thread(api.alter, site.id, body, self._services)
        except Problem:
            return await self._show(request, visitor, site, wrong=origin or "–")
        return RedirectResponse(f"/setup?site={site.id}&done=allowed", 303)

    async def choose_consent(self, request: Request, visitor: Visitor, form: Form) -> Response:
        """How the site asks its visitors."""
        site = await self._site(form.get("site", ""))
        body = checked({"consent": form.get("consent", "")}, api.ChangedSite)
        await asyncio.to_thread(api.alter, site.id, body, self._services)
        return RedirectResponse(f"/setup?site={site.id}&done=saved", 303)

    async def _site(self, id: str) -> Site:
        """The site of that id, the first one for "". Raises Problem 404."""
        sites = await asyncio.to_thread(self._services.keys.sites.all)
        wanted = int(id) if is_digits(id) and len(id) <= len(str(MAX_ID)) else None
        found = [site for site in sites if not id or site.id == wanted]
        if not found:
            raise unknown("site", id[:20])
        return found[0]

    async def _show(self, request: Request, visitor: Visitor, site: Site, *, wrong: str = "") -> Response:
        key, origin = await asyncio.to_thread(self._key_of, site), self._guard.origin(request)
        seen = await look(self._services, site)
        last = seen.last or await self._long_ago(site)
        tab = request.query_params.get("tab", "")
        context = {
            "site": site,
            "sites": await asyncio.to_thread(self._services.keys.sites.all),
            "last": last,
            "host": host_of(last),
            "causes": causes_of(seen),
            "tab": tab if tab in TABS else "script",
            "tabs": TABS,
            "consents": CONSENTS,
            "test_says": TEST_SAYS,
            "wrong": wrong,
            "done": request.query_params.get("done", ""),
            "demo": self._services.settings.demo,
            **self._tag(key, origin),
        }
        return self._guard.render(request, "setup/setup.html", context, visitor=visitor, status=400 if wrong else 200)

    def _tag(self, key: str, origin: str) -> Mapping[str, Any]:
        """What goes into the pages of the website."""
        settings = self._services.settings
        script = origin + addresses(settings.tracker_name)[0]
        return {"key": key, "origin": origin, "script": script, "tag": script_tag(origin, key, settings)}

    def _key_of(self, site: Site) -> str:
        """The write key of the site that was made last and is good, "" without one."""
        good = [key for key in self._services.keys.ring.all() if key.site == site.id and key.revoked_at is None]
        return good[-1].shown if good else ""

    async def _long_ago(self, site: Site) -> StoredEvent | None:
        """An event of the last hour in which a visit of the site began.

        Without that bound the events of a busy site would be walked through for a site that never had one.
        """
        now, totals = self._services.clock(), self._services.store.totals
        since, until = (now - LONG_AGO_MS) // HOUR_MS * HOUR_MS, (now // HOUR_MS + 1) * HOUR_MS
        hours = await totals.sessions(SessionFilter(since=since, until=until, sites=(site.id,)), step="hour")
        if not hours:
            return None
        at = hours[-1].at
        query = EventQuery(sources=("tracker",), sites=(site.id,), since=at, until=at + HOUR_MS)
        found = await self._services.store.events.find(query, limit=1)
        return found[0] if found else None


def host_of(event: StoredEvent | None) -> str:
    """Of the page from which it came, "" when there is none."""
    try:
        return urlsplit(event.page.url).netloc if event and event.page else ""
    except ValueError:
        return ""
