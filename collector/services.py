"""What does a request handler work with? The parts that `collector/app.py` put together, by name."""

from collections.abc import Mapping
from dataclasses import dataclass

from collector.access.csrf import Csrf
from collector.access.keys import Keys
from collector.access.limits import Limits
from collector.access.links import Links
from collector.access.login import Logins
from collector.access.schemas import Pinned
from collector.access.tokens import Tokens
from collector.access.traces import Traces
from collector.command import Commands
from collector.config import Settings
from collector.delivery.providers.account import Hook
from collector.hooks.live import LiveSources
from collector.hooks.trial import Trial
from collector.idempotency import Repeats
from collector.log.writer import Writer
from collector.metrics import Metrics
from collector.process.clock import Clock, outside
from collector.store.ports.automations.definitions import Automations
from collector.store.ports.automations.past import Looking
from collector.store.ports.automations.runs import Runs
from collector.store.ports.definitions.attributes import Attributes
from collector.store.ports.definitions.categories import Categories
from collector.store.ports.definitions.erasures import Erasures
from collector.store.ports.definitions.lists import Lists
from collector.store.ports.definitions.messages import Messages
from collector.store.ports.definitions.products import Products
from collector.store.ports.definitions.segments import Segments
from collector.store.ports.definitions.webhooks import Webhooks
from collector.store.ports.messages.gathering import Gathering
from collector.store.ports.messages.outbox import Deliveries
from collector.store.ports.store import Store
from collector.store.ports.webhooks.deliveries import Told


@dataclass(frozen=True, slots=True)
class Services:
    """One of each a process. store: reading, asynchronous. hooks: providers of SMS and WhatsApp, by name."""

    settings: Settings
    keys: Keys
    logins: Logins
    csrf: Csrf
    writer: Writer
    store: Store
    tokens: Tokens
    traces: Traces
    limits: Limits
    metrics: Metrics
    clock: Clock
    commands: Commands
    lists: Lists
    segments: Segments
    erasures: Erasures
    attributes: Attributes
    products: Products
    categories: Categories
    webhooks: Webhooks
    told: Told
    links: Links
    automations: Automations
    runs: Runs
    past: Looking
    messages: Messages
    deliveries: Deliveries
    gathering: Gathering
    hooks: Mapping[str, Hook]
    sources: LiveSources
    trial: Trial
    pinned: Pinned
    repeats: Repeats

    @property
    def outside(self) -> Clock:
        """The clock of people's browsers, by which they are logged in: a demo's that is moved on logs nobody out."""
        return outside(self.clock)
