"""With what is a webhook tried? An event that never was, of the first kind that it wants."""

from collector.store.ports.definitions.webhooks import Webhook
from collector.store.ports.events import StoredEvent
from collector.store.ports.webhooks.telling import Tellable
from collector.told.kinds import kinds_of

ANY = ("custom", "sample")
EMAIL = "ada@mail.example"


def sample_of(webhook: Webhook, at: int) -> Tellable:
    """at: ms UTC, now."""
    category, _, key = next((kind for kind in kinds_of(webhook) if not kind.endswith("*")), "").partition("/")
    event = StoredEvent(
        offset=0, id="sample", category=category or ANY[0], key=key or ANY[1], source="sample", at=at, received_at=at,
        site=0, visitor="", contact=None, session=None, page=None, agent=None, properties={"sample": True},
        identifiers={"email_id": EMAIL}, object=None, causes=(), superseded=False, late=False,
    )  # fmt: skip
    return Tellable(event, EMAIL, True)
