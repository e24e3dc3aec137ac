"""Who must be woken? Contacts whose first timer is due, the longest due first.

A thread's `wake_at` is never later than its first timer, and often earlier: then the engine finds nothing to do and the
thread is saved with a later one. So a visit that goes on costs its timer nothing.

When more are due than fit into a turn, as after a downtime, nobody is brought further than the last of them was due:
so timers fire in order of time, whoever's they are, and not contact by contact.
"""

from collector.store.ports.work import Threads
from collector.work.decide import Decide

AT_ONCE = 300


def wake_due(threads: Threads, decide: Decide, now: int, *, limit: int = AT_ONCE) -> int:
    """Wake at most `limit` contacts that are due at or before `now` (ms UTC); returns how many."""
    due = threads.due(now, limit)
    if due:
        until = now if len(due) < limit else due[-1][1]
        decide.wake([contact for contact, _ in due], now, until=until)
    return len(due)
