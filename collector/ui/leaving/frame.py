"""What have the pages in common that people see who follow a link of a message? Looks, limits, how a change is said.

Nobody is logged in, and nothing is remembered: the signed token in the address is all there is.
"""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from collector.access.address import client_address
from collector.command import NotYet
from collector.services import Services
from collector.store.ports.messages.outbox import Delivery
from collector.ui import page
from sessionizer.messages.receipt import IDENTIFIERS

RETRY_S = 5
ANYWHERE = "form-action 'self' http: https:"
"""For a form whose answer leads to a website: browsers hold the whole way to the policy, not its first step."""


def shown(
    request: Request, template: str, context: Mapping[str, Any], *, status: int = 200, leads_on: bool = False
) -> Response:
    """A page of this folder. leads_on: its form is answered by the way to a website."""
    response = page.render(request, f"leaving/{template}.html", context, status=status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    if status in (429, 503):
        response.headers["Retry-After"] = str(RETRY_S)
    if leads_on:
        policy = response.headers["Content-Security-Policy"].replace("form-action 'self'", ANYWHERE)
        response.headers["Content-Security-Policy"] = policy
    return response


def said(request: Request, title: str, says: str, *, status: int = 200) -> Response:
    """A page that says one thing: keys of texts."""
    return shown(request, "said", {"title": title, "says": says}, status=status)


def unknown(request: Request) -> Response:
    """404: the token is none of ours, or what it named is gone."""
    return said(request, "leaving_unknown", "leaving_unknown_says", status=404)


def not_yet(request: Request, status: int = 503) -> Response:
    """It cannot be done now."""
    return said(request, "leaving_title", "leaving_not_yet", status=status)


def is_too_fast(request: Request, services: Services) -> bool:
    """Whether so many come from one address that no more is looked up or done."""
    peer = request.client.host if request.client else ""
    known = client_address(peer, request.headers.get("x-forwarded-for", ""), services.settings.trusted_proxies)
    return services.limits.charge(known, None, 1, now=services.clock()) > 0


def person_of(delivery: Delivery) -> dict[str, str]:
    """By what an event names the person to whom it went."""
    if delivery.contact:
        return {"contact_id": str(delivery.contact)}
    return {IDENTIFIERS[delivery.channel]: delivery.recipient}


async def told(services: Services, events: list[Mapping[str, Any]]) -> bool:
    """Whether it is known now, or on its way: what cannot be waited for is written all the same, or was not taken."""
    try:
        return not (await services.commands.tell(events)).rejected
    except NotYet:
        return False
