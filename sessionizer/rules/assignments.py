"""Which rule, with which numbers, derives which event? The whole list, in the order in which they hear an event.

A rule hears what the rules before it say, never what those after it say. The catalogue's derived events are these.
"""

from sessionizer.rule import Rule
from sessionizer.rules.inactivity import Sessions
from sessionizer.session import GAP_MS

RULES: tuple[Rule, ...] = (
    Sessions(gap_ms=GAP_MS),  # push/push_session_started, website/session_ended
)
