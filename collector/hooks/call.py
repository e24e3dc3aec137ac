"""What did a provider send? One request as its mapping looks at it: its bytes, its headers, what its body says.

Pure.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

import msgspec

MAX_FIELDS = 500
FORM = "application/x-www-form-urlencoded"


class Unreadable(Exception):
    """The body is neither JSON nor a form."""


class Call:
    """One request. headers: names in lower case. url: as the provider called it, with its query. at: now, ms UTC.
    certificate: the one that it names, fetched by whoever heard the call; empty when it names none."""

    certificate: bytes = b""

    def __init__(
        self, headers: Mapping[str, str], body: bytes, *, url: str = "", method: str = "POST", at: int = 0
    ) -> None:
        self.headers, self.body, self.url, self.method, self.at = headers, body, url, method, at

    @property
    def is_form(self) -> bool:
        """By its media type."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower() == FORM

    @cached_property
    def payload(self) -> Any:
        """What the body says. Raises Unreadable."""
        try:
            if self.is_form:
                fields = parse_qsl(self.body.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS)
                return dict(fields)
            return msgspec.json.decode(self.body)
        except (ValueError, RecursionError):  # also what msgspec raises
            raise Unreadable from None

    @cached_property
    def around(self) -> Mapping[str, Any]:
        """What an expression can ask for beside the part that it looks at."""
        return {"_headers": dict(self.headers), "_body": self.payload}
