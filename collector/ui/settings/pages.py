"""Where are things set? `/settings`: to the first of its tabs. Each tab is a noun's own folder."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from collector.access.login import Visitor
from collector.ui.guard import Guard


def routes(guard: Guard) -> list[Route]:
    """The address in the navigation."""

    async def show(request: Request, visitor: Visitor) -> Response:
        """To the sites, which everybody may see."""
        return RedirectResponse("/settings/sites", 303)

    return [Route("/settings", guard.page(show), methods=["GET"])]
