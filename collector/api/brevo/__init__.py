"""Brevo's REST interface, but for the doors of events and orders. See README.md."""

from collections.abc import Sequence

from starlette.routing import Route

from collector.api.brevo import (
    attributes,
    categories,
    contact_changes,
    contacts,
    double_opt_in,
    events,
    imports,
    lists,
    mails,
    others,
    products,
    segments,
    webhooks,
)
from collector.services import Services


def routes(services: Services, doors: Sequence[Route]) -> list[Route]:
    """Every route of /v3, that of all else last. doors: those of events and orders."""
    known = [
        *events.routes(services),
        *products.routes(services),
        *categories.routes(services),
        *webhooks.routes(services),
        *mails.routes(services),
        *attributes.routes(services),
        *lists.routes(services),
        *imports.routes(services),
        *segments.routes(services),
        *others.beside_contacts(services),
        *double_opt_in.routes(services),
        *contact_changes.routes(services),
        *contacts.routes(services),
    ]
    return [*known, *others.routes(services, [*doors, *known])]
