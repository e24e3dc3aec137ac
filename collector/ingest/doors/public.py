"""What does a public write key open? One site, for its own pages and for programs, within the limits of rate.

    key (401) → origin (403) → limits (429)

Source: INTERFACES 2 and 3, SECURITY 2.
"""

from typing import Any

from starlette.types import Scope

from collector.access.keys import SiteAccess
from collector.access.origins import permits
from collector.errors import Code
from collector.ingest import skew
from collector.ingest.answer import Answer, Header, RequestRefused
from collector.ingest.bounds import MAX_PROPERTIES_BYTES
from collector.ingest.cors import cors_headers, preflight
from collector.ingest.door import BROWSER_TYPES, Door, origin_of
from collector.ingest.draft import Batch
from collector.ingest.request import Arrival
from collector.privacy.consent import cookieless_id
from collector.process.clock import ahead_of

DAY_MS = 86_400_000


class PublicDoor(Door):
    """A door for whoever has a site's write key. asked_headers: that a page may send beside the usual ones."""

    methods = frozenset({"POST", "OPTIONS"})
    media_types = BROWSER_TYPES
    asked_headers: tuple[str, ...] = ()

    def cors(self, scope: Scope) -> tuple[Header, ...]:
        """The page may read the answer, whatever it is."""
        return cors_headers(origin_of(scope))

    def preflight(self, scope: Scope) -> Answer:
        """Browsers ask before they send JSON, gzip or a header of their own."""
        origin = origin_of(scope)
        self.services.traces.asked(origin.decode("latin-1"))
        return preflight(origin, self.asked_headers)

    def site_of(self, write_key: str, arrival: Arrival, events: int, *, path: str = "write_key") -> SiteAccess:
        """Whose events they are, when this page may send them and not too many. Raises RequestRefused 401, 403, 429.

        path: where the key stands in a request.
        """
        site = self.services.keys.site_of(write_key)
        if isinstance(site, Code):
            raise RequestRefused(site, path=path)
        if not permits(site.origins, arrival.text(b"origin")):
            raise RequestRefused(Code.ORIGIN_REFUSED, path="origin", site=site.id)
        if wait_s := self.services.limits.charge(self.address_of(arrival), site.key_id, events, now=arrival.at):
            raise RequestRefused(Code.RATE_LIMITED, retry_after_s=wait_s, site=site.id)
        return site

    def correction_ms(self, sent_at: int, arrival: Arrival) -> int:
        """How wrong the client's clock is. sent_at: by that clock, ms UTC.

        The clock of a demo is moved on, that of its visitors is not.
        """
        ahead_ms = ahead_of(self.services.clock)
        return ahead_ms + skew.correction_ms(
            sent_at + ahead_ms, arrival.at, skew_ms=self.services.settings.clock_skew_ms
        )

    def visitor_of_today(self, arrival: Arrival, site: SiteAccess, ip: str) -> str:
        """The id of a visitor of whom nothing lasting may be kept. ip: truncated."""
        salt = self.intake.salt(arrival.at // DAY_MS)
        return cookieless_id(salt, site=site.id, ip=ip, user_agent=arrival.user_agent)

    def batch_of(self, arrival: Arrival, site: SiteAccess, *, max_bytes: int, **more: Any) -> Batch:
        """What the events of a request share. max_bytes: of one event. more: what the door itself knows of them."""
        return Batch(
            door=f"site:{site.id}",
            received_at=arrival.at,
            oldest_at=arrival.at - self.services.settings.max_event_age_ms,
            ahead_ms=self.services.settings.clock_ahead_ms,
            is_small=max_bytes <= MAX_PROPERTIES_BYTES,
            pinned=self.services.pinned.by_kind,
            site=site.id,
            identify_mode=site.identify,
            origin=arrival.text(b"origin"),
            **more,
        )
