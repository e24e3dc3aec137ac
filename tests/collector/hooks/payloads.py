"""Which payloads do we have of providers, as their documentation shows them? Files below tests/fixtures/hooks/.

from      where it is documented          read_on   when it was read there
headers   those that matter               body      JSON; `form` instead: a form as it is posted
gives     the events that come out, as `POST /api/events` has them
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from collector.hooks.call import FORM, Call

HOME = Path(__file__).resolve().parents[2] / "fixtures" / "hooks"
AT = 1_795_680_000_000
"""When the calls come: 2026-11-26T08:00:00Z."""


class Payload(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One call and what it means. untried: why it is not as documented, "" when it is."""

    source: str = msgspec.field(name="from")
    read_on: str = ""
    gives: Sequence[Mapping[str, Any]] = ()
    headers: Mapping[str, str] = {}
    body: Any = None
    form: str = ""
    untried: str = ""

    @property
    def content(self) -> bytes:
        """The body's bytes."""
        return self.form.encode() if self.form else msgspec.json.encode(self.body)

    @property
    def call(self) -> Call:
        """As it comes in."""
        kind = FORM if self.form else "application/json"
        headers = {"content-type": kind, **{name.lower(): value for name, value in self.headers.items()}}
        return Call(headers, self.content, url="https://t.shop.example/hooks/x", at=AT)


def payloads() -> dict[str, tuple[str, Payload]]:
    """`stripe/charge_succeeded` → (provider, payload), in order of name."""
    return {
        f"{path.parent.name}/{path.stem}": (path.parent.name, msgspec.json.decode(path.read_bytes(), type=Payload))
        for path in sorted(HOME.glob("*/*.json"))
    }
