"""Which events does a webhook want? Texts `category/key`, `category/*` or `*`; of Brevo's form, what its names mean."""

import re
from collections.abc import Iterable
from typing import Final

from collector.store.ports.definitions.webhooks import Webhook
from collector.told import brevo

EVERYTHING: Final = "*"
PATTERN: Final = r"^(\*|[^/\x00-\x1f\x7f]{1,64}/[^\x00-\x1f\x7f]{1,255})$"
"""A key may hold blanks and slashes, a category none of the latter."""


class Wanted:
    """What one webhook wants: `kind in wanted`."""

    def __init__(self, kinds: Iterable[str]) -> None:
        """kinds: as they were asked for."""
        asked = frozenset(kinds)
        self._all = EVERYTHING in asked
        self._kinds = asked
        self._categories = frozenset(kind[:-2] for kind in asked if kind.endswith("/*"))

    def __contains__(self, kind: str) -> bool:
        """kind: `category/key`."""
        return self._all or kind in self._kinds or kind.partition("/")[0] in self._categories


def kinds_of(webhook: Webhook) -> tuple[str, ...]:
    """As they were asked for, in our names."""
    writing = webhook.writing
    return writing.kinds if writing.brevo is None else brevo.kinds_of(writing.brevo)


def is_kind(text: str) -> bool:
    """Whether it can be asked for."""
    return re.match(PATTERN, text) is not None
