"""Who must be woken? Contacts whose first timer is due, the longest due first.

A thread's `wake_at` is never later than its first timer, and often earlier: then the engine finds nothing to do and the
thread is saved with a later one. So a visit that goes on costs its timer nothing.
"""

from collector.store.ports.work import Threads
from collector.work.decide import Decide

AT_ONCE = 300


def wake_due(threads: Threads, decide: Decide, now: int) -> int:
    """Wake at most 300 contacts that are due at or before `now` (ms UTC); returns how many."""
    due = threads.due(now, AT_ONCE)
    decide.wake(due, now)
    return len(due)
