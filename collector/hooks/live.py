"""Which sources are there now? Their mappings, compiled, in memory; and the payloads that came, on their way to disk.

It follows the store within the interval at which the process calls `refresh`, as keys do (`collector/access/keys.py`).
Payloads are kept for whoever writes a mapping: `flush` brings them to disk once a second, so that no call waits for it.
"""

from collections import deque
from collections.abc import Mapping
from typing import NamedTuple

from collector.hooks.call import Call
from collector.hooks.mapping import BadMapping, HookMapping, read_mapping
from collector.hooks.providers import shipped
from collector.hooks.translate import Translator
from collector.store.ports.definitions.sources import KEPT_PAYLOADS, MAX_PAYLOAD_BYTES, HookSources, Payload, Source

HIDDEN = frozenset(
    "authorization cookie proxy-authorization api-key host connection content-length accept accept-encoding".split()
)
"""Headers that are not kept: they let somebody in, or say nothing."""
MAX_HEADER_CHARACTERS = 500


class Open(NamedTuple):
    """A source that may be called. translator: None when its mapping can no longer be read."""

    source: Source
    translator: Translator | None


class LiveSources:
    """Looks up sources without touching the disk. One a process; `refresh` and `flush` may run in another thread."""

    def __init__(self, kept: HookSources) -> None:
        """kept: where they are written, by `api` and `ui`. Call `refresh` before the first use."""
        self.kept = kept
        self._version: int | None = None
        self._open: Mapping[str, Open] = {}
        self._came: dict[str, deque[Payload]] = {}

    def refresh(self) -> bool:
        """Read them again if the store has changed; whether it had. If the store raises, the old ones stay."""
        version = self.kept.version()
        if version == self._version:
            return False
        self.reload()
        self._version = version
        return True

    def reload(self) -> None:
        """Read them now: after an own write, so that the next call sees it."""
        self._open = {source.name: self._opened(source) for source in self.kept.all()}

    def __call__(self, name: str) -> Open | None:
        """The source of that name."""
        return self._open.get(name)

    def _opened(self, source: Source) -> Open:
        """A mapping that did not change stays compiled."""
        before = self._open.get(source.name)
        same = before is not None and (before.source.mapping, before.source.provider) == (
            source.mapping,
            source.provider,
        )
        return Open(source, before.translator if before is not None and same else translator_of(source))

    def came(self, name: str, call: Call, says: Mapping[str, object]) -> None:
        """Remember a call; of those that come between two flushes the last ones."""
        headers = {
            key: value[:MAX_HEADER_CHARACTERS]
            for key, value in call.headers.items()
            if key not in HIDDEN and "signature" not in key
        }
        body = call.body[:MAX_PAYLOAD_BYTES].decode("utf-8", "replace").replace("\0", "")
        payload = Payload(source=name, at=call.at, headers=headers, body=body, says=says)
        self._came.setdefault(name, deque(maxlen=KEPT_PAYLOADS)).append(payload)

    def flush(self) -> None:
        """Bring to disk what came."""
        came, self._came = self._came, {}
        if came:
            self.kept.keep([payload for payloads in came.values() for payload in payloads])


def mapping_of(source: Source) -> HookMapping:
    """Its own, or that of its provider. Raises BadMapping; KeyError for a provider that is no longer shipped."""
    return read_mapping(source.mapping) if source.mapping else shipped()[source.provider]


def translator_of(source: Source) -> Translator | None:
    """None for a mapping that an older version had let through."""
    try:
        return Translator(mapping_of(source))
    except (BadMapping, KeyError):
        return None
