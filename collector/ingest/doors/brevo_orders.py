"""How do Brevo's clients bring orders? `POST /v3/orders/status` and `/v3/orders/status/batch`, under a secret key.

    one order    204 once it is on disk; 400
    a batch      202 {batchId, count}, with the orders that were not taken; 400 none of them

Source: facts on Brevo 5.3.
"""

from collector.ingest.answer import Answer
from collector.ingest.dialects.brevo_orders import parse_order, parse_orders
from collector.ingest.doors.brevo_rest import NOTHING, BrevoDoor, said
from collector.ingest.request import Arrival

NAMES = {"occurred_at": "updatedAt", "key": "status", "properties": "order", "object": "order"}
"""Our names of fields → Brevo's, where they differ."""


class BrevoOrderDoor(BrevoDoor):
    """Takes the state of one order."""

    names = NAMES

    async def handle(self, arrival: Arrival) -> Answer:
        """An order → 204 once its event is on disk."""
        item = parse_order(arrival.body, at=arrival.at)
        taken = await self.intake.take([item], self.batch_of(arrival), size_bytes=len(arrival.body))
        return self.refused_item(taken.rejected[0]) if taken.rejected else NOTHING


class BrevoOrdersDoor(BrevoDoor):
    """Takes up to 500 orders."""

    names = NAMES

    async def handle(self, arrival: Arrival) -> Answer:
        """A batch → 202; count: of the orders that were taken."""
        items = parse_orders(arrival.body, at=arrival.at)
        taken = await self.intake.take(items, self.batch_of(arrival), size_bytes=len(arrival.body))
        if len(taken.rejected) == len(items):
            return self.refused_batch(taken.rejected)
        body = {"batchId": arrival.at, "count": len(items) - len(taken.rejected)}
        return said(202, body | ({"errors": self.errors_of(taken.rejected)} if taken.rejected else {}))
