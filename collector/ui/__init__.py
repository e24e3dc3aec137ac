"""HTML for people: the console. See README.md."""

from collections.abc import Iterable
from pathlib import Path

from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from collector.access.login import Visitor
from collector.api.frame.openapi import Book
from collector.services import Services
from collector.store.ports.events import EventQuery, Which
from collector.ui import twins
from collector.ui.automations import pages as automations
from collector.ui.catalogue import pages as catalogue
from collector.ui.contacts import pages as contacts
from collector.ui.docs import pages as docs
from collector.ui.events import pages as events
from collector.ui.guard import Guard
from collector.ui.keys import pages as keys
from collector.ui.leaving import pages as leaving
from collector.ui.lists import pages as lists
from collector.ui.login import pages as login
from collector.ui.messages import pages as messages
from collector.ui.segments import pages as segments
from collector.ui.sessions import pages as sessions
from collector.ui.settings import pages as settings
from collector.ui.setup import pages as setup
from collector.ui.sites import pages as sites
from collector.ui.users import account
from collector.ui.users import pages as users
from collector.ui.webhooks import pages as webhooks

STATIC = Path(__file__).parent / "static"


def routes(services: Services, guard: Guard, api: Iterable[BaseRoute], book: Book) -> list[BaseRoute]:
    """Every page of the console. api: the API's routes, whose answers lists give as well. book: its document."""

    async def home(request: Request, visitor: Visitor) -> Response:
        """To the setup until the first event has come, then to the events."""
        found = await services.store.events.find(EventQuery(bots=Which.INCLUDE), limit=1)
        return RedirectResponse("/events" if found else "/setup", 303)

    return [
        Route("/", guard.page(home), methods=["GET"]),
        *twins.routes(api),
        *login.routes(services, guard),
        *setup.routes(services, guard),
        *catalogue.routes(services, guard),
        *events.routes(services, guard),
        *contacts.routes(services, guard),
        *lists.routes(services, guard),
        *segments.routes(services, guard),
        *automations.routes(services, guard),
        *messages.routes(services, guard),
        *sessions.routes(services, guard),
        *settings.routes(guard),
        *sites.routes(services, guard),
        *keys.routes(services, guard),
        *webhooks.routes(services, guard),
        *users.routes(services, guard),
        *account.routes(services, guard),
        *docs.routes(services, guard, book),
        *leaving.routes(services),
        Mount("/static", GZipMiddleware(StaticFiles(directory=STATIC)), name="static"),
    ]
