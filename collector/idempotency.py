"""Was this very change asked for before? Whoever names it by `Idempotency-Key` may ask again: it happens once.

The first answer below 500 is kept for a day. An answer that holds a secret (a new key) is kept in memory only, for no
file may hold it: after a restart the same request is told that it was carried out, and not by which answer.
Reads and writes through `store/ports/idempotency.py`. Who dies between a change and its answer keeps nothing of it.
"""

import logging
from collections import OrderedDict

import msgspec

from collector.store.ports.idempotency import Answers, Kept
from collector.store.ports.store import StoreFailed

KEPT_MS = 86_400_000
MAX_SECRETS = 1_000

log = logging.getLogger(__name__)


class KeyReused(Exception):
    """The key names another request."""


class StillRunning(Exception):
    """The same request is being carried out now."""


class Repeats:
    """One a process. Between `begin` and `end` a key is taken; what both of them read and write is a file: threads."""

    def __init__(self, answers: Answers) -> None:
        """answers: where they are kept."""
        self.answers = answers
        self._running: set[str] = set()
        self._secrets: OrderedDict[str, bytes | None] = OrderedDict()

    def begin(self, key: str) -> None:
        """Take the key. Raises StillRunning."""
        if key in self._running:
            raise StillRunning
        self._running.add(key)

    def end(self, key: str) -> None:
        """Let others have it."""
        self._running.discard(key)

    def find(self, key: str, fingerprint: bytes, *, now: int) -> Kept | None:
        """The answer that was given; its body is None when it was a secret that is gone. Raises KeyReused."""
        kept = self.answers.get(key, since=now - KEPT_MS)
        if kept is None:
            return None
        if kept.fingerprint != fingerprint:
            raise KeyReused
        return msgspec.structs.replace(kept, body=self._secrets.get(key)) if kept.body is None else kept

    def keep(self, key: str, answer: Kept, *, is_secret: bool, now: int) -> None:
        """From now on that is the answer. A store that cannot keep it is no reason to withhold it."""
        if is_secret:
            self._secrets[key] = answer.body
            if len(self._secrets) > MAX_SECRETS:
                self._secrets.popitem(last=False)
            answer = msgspec.structs.replace(answer, body=None)
        try:
            self.answers.keep(key, answer, at=now)
        except StoreFailed as error:
            log.warning("an answer was not kept for its Idempotency-Key: %s", error)

    def clean(self, now: int) -> None:
        """Forget what is older than a day. For a timer, in a thread."""
        self.answers.clean(now - KEPT_MS)
