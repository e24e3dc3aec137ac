"""What does a parameter mean? The same at every address that has it: its type, and a sentence, for the document.

`params.py` reads them; what it does not take is not of the type that stands here.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple

from msgspec import Meta

from collector.api.frame.params import DEFAULT_LIMIT, MAX_CHARS, MAX_ID, MAX_LIMIT, MAX_VALUES
from collector.errors import Code
from collector.store.ports.automations.runs import Stage
from collector.store.ports.events import Which
from collector.store.ports.messages.outbox import State
from collector.store.ports.webhooks.deliveries import State as WebhookState
from collector.store.property import OPERATORS

Text = Annotated[str, Meta(max_length=MAX_CHARS)]
RowId = Annotated[int, Meta(ge=1, lt=MAX_ID)]


class Parameter(NamedTuple):
    """One of a query, a path or a header. several: it may be repeated, which means *or*."""

    says: str
    type: Any = Text
    several: bool = False


def several(says: str, type: Any = Text) -> Parameter:
    """One that may be repeated."""
    return Parameter(says, Annotated[tuple[type, ...], Meta(max_length=MAX_VALUES)], several=True)


QUERY: Mapping[str, Parameter] = {
    "limit": Parameter(f"Rows of a page; {DEFAULT_LIMIT} without it.", Annotated[int, Meta(ge=1, le=MAX_LIMIT)]),
    "cursor": Parameter("Where the list goes on: `next` of the page before."),
    "from": Parameter("Not before this instant, which is included.", datetime),
    "to": Parameter("Before this instant, which is not included.", datetime),
    "category": several("Categories: of events, or of products."),
    "key": several("Keys of events."),
    "contact": several("Ids of contacts.", RowId),
    "visitor_id": several("Ids of visitors."),
    "site": several("Numbers of sites.", RowId),
    "source": several("Where it comes from: of events `tracker`, `api` and so on, of sessions the campaign's source."),
    "superseded": Parameter("Events that were taken back: left out without it.", Which),
    "bots": Parameter("What bots did: left out without it.", Which),
    "order": Parameter("By when it happened, or by when it was recorded.", Literal["occurred", "recorded"]),
    "q": Parameter("The beginning of a key, an identifier or a path, or a word of a title; of products a part of one."),
    "id": several("Ids of products."),
    "archived": Parameter("Only segments, messages or automations that were put away, instead of those in use.", bool),
    "deleted": Parameter("Only products that are not sold any more, or only the others.", bool),
    "property": several(f"`path:op:value`, such as `total:gte:50`; op is one of {' '.join(OPERATORS)}."),
    "anonymous": Parameter("Only contacts without an identifier, or only those with one.", bool),
    "email_id": several("E-mail addresses."),
    "email": several("The same as `email_id`."),
    "phone_id": several("Telephone numbers."),
    "phone": several("The same as `phone_id`."),
    "ext_id": several("Ids of your own."),
    "whatsapp_id": several("WhatsApp numbers."),
    "landline_number_id": several("Numbers of landlines."),
    "device": several("Kinds of devices; `unknown` for sessions without."),
    "status": several("How it stands: the keys of the latest events without `order_`, such as `completed`."),
    "state": several("How deliveries stand.", State),
    "message": several("Ids of messages; the first counts.", RowId),
    "delivery_state": Parameter("How deliveries to a webhook stand.", WebhookState),
    "stage": Parameter("How runs stand.", Stage),
    "step": Parameter("The id of a step at which runs are."),
    "code": several("Codes of refusals.", Code),
}

HEADERS: Mapping[str, Parameter] = {
    "Last-Event-ID": Parameter(
        "The id of the last event of this stream that was seen.", Annotated[int, Meta(ge=0, lt=MAX_ID)]
    ),
    "Idempotency-Key": Parameter(
        "Any text that is new for each change: the same request under the same key is carried out once, and answered "
        "alike for 24 hours.",
        Annotated[str, Meta(min_length=1, max_length=255, pattern=r"^[!-~]+$")],
    ),
}

NUMBER = Parameter("Its id.", RowId)
TEXT = Parameter("Its id or name.", Annotated[str, Meta(min_length=1, max_length=255)])
