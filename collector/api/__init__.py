"""JSON for programs, but for the live tail and the document of it all. See README.md."""

from starlette.routing import Route

from collector.api import catalogue, events, keys, rejections, schemas, sessions, sites
from collector.api.automations import definitions, looking, rules, runs, turns
from collector.api.hooks import attempts, sources
from collector.api.messages import blocks, messages, outbox, suppressions, trying
from collector.api.people import attributes, changes, contacts, erasures, lists, segments
from collector.api.shop import orders, products
from collector.api.webhooks import definitions as webhooks
from collector.api.webhooks import deliveries as told
from collector.services import Services


def routes(services: Services) -> list[Route]:
    """Every noun's, the busiest first."""
    from collector.api.people import list_files  # here: it knows `moving`, which knows the answers of the API

    return [
        *events.routes(services),
        *contacts.routes(services),
        *changes.routes(services),
        *erasures.routes(services),
        *lists.routes(services),
        *list_files.routes(services),
        *attributes.routes(services),
        *segments.routes(services),
        *rules.routes(services),
        *looking.routes(services),
        *runs.routes(services),
        *turns.routes(services),
        *definitions.routes(services),
        *attempts.routes(services),
        *sources.routes(services),
        *outbox.routes(services),
        *suppressions.routes(services),
        *blocks.routes(services),
        *trying.routes(services),
        *messages.routes(services),
        *told.routes(services),
        *webhooks.routes(services),
        *sessions.routes(services),
        *orders.routes(services),
        *products.routes(services),
        *rejections.routes(services),
        *catalogue.routes(services),
        *schemas.routes(services),
        *sites.routes(services),
        *keys.routes(services),
    ]
