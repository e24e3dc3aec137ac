"""What is recorded of one contact in one automation? For `sessionizer/automations/explain.py`, without HTTP."""

from collections.abc import Iterator, Mapping, Sequence

from collector.services import Services
from collector.store.ports.automations.definitions import Automation
from collector.store.ports.contacts import Resolved
from collector.store.ports.messages.outbox import Delivery
from sessionizer.automations.book import kinds_of
from sessionizer.automations.explain import Alone, Kept, Line, Records, Sending, Standing, explain
from sessionizer.automations.run import Run
from sessionizer.event import Event

RUNS, REFUSALS, SUPPRESSIONS = 20, 20, 10
ASKED = ("sent", "called")
"""What a way says of a row of the outbox."""
RECEIPTS = ("delivered", "opened", "proxied", "clicked", "bounced", "left")


def explained(automation: Automation, who: Resolved, services: Services) -> list[Line]:
    """Why somebody did or did not get what it sends. Reads several files: call it in a thread."""
    standing = Standing(automation.status, automation.active_at, automation.definition)
    return explain(standing, _records(automation, who, services), services.settings.zone)


def _records(automation: Automation, who: Resolved, services: Services) -> Records:
    runs = services.runs.find(automation.id, contacts=who.all, limit=RUNS)
    missed = services.runs.refusals(automation=automation.id, contacts=who.all, limit=REFUSALS)
    sent = _sent(runs, services)
    return Records(
        runs=runs,
        missed=[Kept(one.reason, one.at, one.event, one.times) for one in missed],
        sendings={name: _sending(one) for name, one in sent.items()},
        alone=list(_alone({one.recipient for one in sent.values()}, services)),
        events=() if runs or missed else _events(automation, who, services),
    )


def _sent(runs: Sequence[Run], services: Services) -> Mapping[str, Delivery]:
    """By what the ways of runs call them; what was erased since is not there any more."""
    names = [line.more for run in runs for line in run.path if line.what in ASKED]
    found = ((name, services.deliveries.one(name)) for name in names)
    return {name: one for name, one in found if one is not None}


def _sending(one: Delivery) -> Sending:
    marks = ((what, getattr(one, f"{what}_at")) for what in RECEIPTS)
    at = one.settled_at or one.first_at or one.created_at
    receipts = [(what, at) for what, at in marks if at is not None]
    return Sending(one.id, one.message, one.state, at, one.reason, receipts)


def _alone(addresses: set[str], services: Services) -> Iterator[Alone]:
    """Of those to which something went."""
    for address in sorted(addresses):
        for row in services.deliveries.suppressions(limit=SUPPRESSIONS, q=address):
            if row.address == address:
                yield Alone(address, row.scope, row.reason, row.at)


def _events(automation: Automation, who: Resolved, services: Services) -> list[Event]:
    """Of the triggers' kinds, in order of time."""
    kinds, _ = kinds_of(automation.definition)
    with services.past() as past:
        return [event for person in past.persons([who.survivor], kinds) for event in person.history]
