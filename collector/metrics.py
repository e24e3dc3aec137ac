"""How is the process doing, in numbers? The counters of the way in, in Prometheus' words.

A registry of its own: nothing is shared between two apps in one process. Names and help are the reference.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

CONTENT_TYPE = CONTENT_TYPE_LATEST


class Metrics:
    """The counters. door: `e`, `api`, …: the route's family, never a name that a client can choose."""

    def __init__(self) -> None:
        """All at zero."""
        self.registry = CollectorRegistry()
        self.accepted = self._counter("sentiero_events_accepted", "Events that were committed to the log.", "door")
        self.duplicates = self._counter("sentiero_events_duplicate", "Events whose id the door knew already.", "door")
        self.rejected = self._counter("sentiero_events_rejected", "Events that were refused, by reason.", "code")
        self.requests = self._counter("sentiero_requests", "Requests on the way in, by answer.", "door", "status")
        self.unknown_fields = self._counter("sentiero_unknown_fields", "Fields that no event has, ignored.", "door")
        self.commit_seconds = Histogram(
            "sentiero_commit_seconds",
            "Time that a commit of the log took.",
            buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5),
            registry=self.registry,
        )
        self.queue_depth = self._gauge("sentiero_queue_depth", "Events that wait for their commit.")
        self.stored_offset = self._gauge("sentiero_stored_offset", "Log offset up to which the worker has written.")
        self.ready = self._gauge("sentiero_ready", "1 when /readyz says so.")

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(name, says, labels, registry=self.registry)

    def _gauge(self, name: str, says: str) -> Gauge:
        return Gauge(name, says, registry=self.registry)

    def text(self) -> bytes:
        """Everything, in the text format that CONTENT_TYPE names."""
        return generate_latest(self.registry)
