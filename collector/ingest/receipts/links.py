"""Who follows a link of a message, who loads its image? `/c/<token>` leads on, `/o/<token>.gif` is a pixel; both tell.

    GET by a person               Clicked, and the way to the target; on a page of ours with a token that says who comes
    HEAD, looking ahead           the same way, told as a machine's
    a bad token                   404, and no way anywhere

They answer always, with the database down as well. Source: SECURITY 1 and 2.
"""

from base64 import b64decode
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from collector.access.links import LANDING, Named
from collector.access.origins import permits
from collector.ingest.receipts.receipt import entry_of, is_too_fast, write
from collector.services import Services
from sessionizer.messages.receipt import What

PIXEL = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
HEADERS = {
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
}
UNKNOWN = (
    "<!doctype html><html lang=it><meta charset=utf-8><title>Link</title>"
    "<p>Questo link non è completo, o non è più valido. / This link is incomplete, or no longer valid."
)
UNASKED = ("Mozilla/5.0",)
"""Apple Mail's privacy proxy says this and no more, whether somebody looks or not."""
PROXIES = ("GoogleImageProxy", "YahooMailProxy")
"""They load images when somebody looks, and speak for that person's browser."""


def routes(services: Services) -> list[Route]:
    """The two addresses."""
    return [
        Route("/c/{token}", _Clicks(services).answer, methods=["GET"]),  # the framework adds HEAD
        Route("/o/{token}.gif", _Images(services).answer, methods=["GET"]),
    ]


class _Clicks:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def answer(self, request: Request) -> Response:
        """A link that is followed."""
        of = self._services.links.read("click", request.path_params["token"])
        if of is None or not of.target.lower().startswith(("http://", "https://")):
            return HTMLResponse(UNKNOWN, 404, HEADERS)
        machine = is_machine(request)
        if not is_too_fast(request, self._services):
            said = {"url": of.target, **({"scanner": True} if machine else {})}
            await write(self._services, entry_of(request, self._services, of, "clicked", properties=said))
        target = of.target if machine else self._introduced(request, of)
        return RedirectResponse(target, 302, HEADERS)

    def _introduced(self, request: Request, of: Named) -> str:
        """On a page of ours the browser says by whose message it came; not where somebody asks not to be known."""
        if request.headers.get("sec-gpc") == "1" or not self._is_ours(of.target):
            return of.target
        token = self._services.links.landing(of.delivery, now=self._services.clock())
        return with_parameter(of.target, LANDING, token)

    def _is_ours(self, target: str) -> bool:
        try:
            parts = urlsplit(target)
        except ValueError:
            return False
        origin = f"{parts.scheme}://{parts.netloc}"
        if target.startswith(f"{self._services.settings.url}/"):
            return True
        return any(site.origins and permits(site.origins, origin) for site in self._services.keys.sites_open())


class _Images:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def answer(self, request: Request) -> Response:
        """An image that is loaded: always the same one, also for a token that says nothing."""
        of = self._services.links.read("open", request.path_params["token"])
        if of is not None and not is_too_fast(request, self._services):
            said = {"scanner": True} if request.method == "HEAD" else {}
            what, agent = opening(request.headers.get("user-agent", ""))
            entry = entry_of(request, self._services, of, what, properties=said, user_agent=agent)
            await write(self._services, entry)
        return Response(PIXEL, 200, HEADERS, "image/gif")


def opening(user_agent: str) -> tuple[What, str]:
    """What it means that an agent loads an image, and whose agent it is: a proxy's is nobody's."""
    if user_agent.strip() in UNASKED:
        return "proxied", ""
    return "opened", "" if any(proxy in user_agent for proxy in PROXIES) else user_agent


def is_machine(request: Request) -> bool:
    """Whether nobody looks: a scanner, or a browser that looks ahead. (Whom a user agent betrays, the worker knows.)"""
    ahead = request.headers.get("sec-purpose", request.headers.get("purpose", ""))
    return request.method == "HEAD" or "prefetch" in ahead


def with_parameter(address: str, name: str, value: str) -> str:
    """The address with one parameter more; whatever else is in it stays to the letter."""
    head, hash_, fragment = address.partition("#")
    return f"{head}{'&' if '?' in head else '?'}{name}={quote(value, safe='')}{hash_}{fragment}"
