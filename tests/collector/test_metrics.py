"""The counters of the process."""

from collector.metrics import Metrics


def test_two_processes_in_one_do_not_share_counters() -> None:
    """Each has a registry of its own."""
    first, second = Metrics(), Metrics()
    first.accepted.labels("e").inc(3)
    assert b'sentiero_events_accepted_total{door="e"} 3.0' in first.text()
    assert b"door=" not in second.text()
