"""How do browsers bring events? `POST /e`, the tracker's door, under a public write key.

    envelope (400, 413) → key (401) → origin (403) → limits (429) → consent → visitor → intake → 202

Source: INTERFACES 2 and 3.
"""

from msgspec.structs import replace
from starlette.types import Scope

from collector.access.keys import SiteAccess
from collector.access.origins import permits
from collector.errors import Code
from collector.ingest import skew
from collector.ingest.answer import Answer, Header, RequestRefused, taken
from collector.ingest.bounds import MAX_PROPERTIES_BYTES
from collector.ingest.cors import cors_headers, preflight
from collector.ingest.dialects.sentiero import PUBLIC, Envelope, parse
from collector.ingest.door import BROWSER_TYPES, Door, origin_of
from collector.ingest.draft import Batch
from collector.ingest.request import Arrival
from collector.ingest.visitor import Recognised, Shown, cookie_of, needs_secure, recognise, set_cookie
from collector.instant import parse_instant
from collector.privacy.consent import Mode, cookieless_id, mode_of
from collector.privacy.redact import truncate_ip

DAY_MS = 86_400_000


class TrackerDoor(Door):
    """Takes a batch of events from the tracker, or from whoever has the site's write key."""

    name = "e"
    methods = frozenset({"POST", "OPTIONS"})
    media_types = BROWSER_TYPES

    def cors(self, scope: Scope) -> tuple[Header, ...]:
        """The page may read the answer, whatever it is."""
        return cors_headers(origin_of(scope))

    def preflight(self, scope: Scope) -> Answer:
        """Browsers ask before they send JSON or gzip."""
        origin = origin_of(scope)
        self.services.traces.asked(origin.decode("latin-1"))
        return preflight(origin)

    async def handle(self, arrival: Arrival) -> Answer:
        """A batch → 202 once it is on disk."""
        self.services.traces.brought(arrival.text(b"origin"), arrival.at)
        parsed = parse(PUBLIC, arrival.body)
        envelope = parsed.envelope
        address = self.address_of(arrival)
        site = self._site(envelope.write_key, arrival, address, len(parsed.items))
        correction_ms = self._correction_ms(envelope.sent_at, arrival, site)
        mode = mode_of(site.consent, envelope.consent or "unknown", gpc=arrival.headers.get(b"sec-gpc") == b"1")
        ip = truncate_ip(address)
        who = self._visitor(envelope, arrival, site, mode, ip)
        batch = Batch(
            door=f"site:{site.id}",
            source="tracker",
            received_at=arrival.at,
            oldest_at=arrival.at - self.services.settings.max_event_age_ms,
            ahead_ms=self.services.settings.clock_ahead_ms,
            is_small=len(arrival.body) <= MAX_PROPERTIES_BYTES,
            site=site.id,
            correction_ms=correction_ms,
            visitor=who.visitor_id,
            consent=envelope.consent or "unknown",
            mode=mode,
            identify_mode=site.identify,
            user_agent=arrival.user_agent,
            ip=ip,
            origin=arrival.text(b"origin"),
        )
        if parsed.unknown_fields:
            self.count_unknown_fields(parsed.unknown_fields)
        size = len(arrival.body)
        result = await self.intake.take(parsed.items, batch, size_bytes=size, invalid_visitors=who.invalid)
        if who.fresh and not who.by_cookie:
            result = replace(result, visitor=who.fresh)
        return taken(result, self._cookies(envelope, arrival, who, mode))

    def _site(self, write_key: str, arrival: Arrival, address: str, events: int) -> SiteAccess:
        """Whose events they are, when this page may send them and not too many. Raises RequestRefused 401, 403, 429."""
        site = self.services.keys.site_of(write_key)
        if isinstance(site, Code):
            raise RequestRefused(site, path="write_key")
        if not permits(site.origins, arrival.text(b"origin")):
            raise RequestRefused(Code.ORIGIN_REFUSED, path="origin", site=site.id)
        if wait_s := self.services.limits.charge(address, site.key_id, events, now=arrival.at):
            raise RequestRefused(Code.RATE_LIMITED, retry_after_s=wait_s, site=site.id)
        return site

    def _correction_ms(self, sent_at: str, arrival: Arrival, site: SiteAccess) -> int:
        """How wrong the client's clock is. Raises RequestRefused 400."""
        sent = parse_instant(sent_at)
        if sent is None:
            raise RequestRefused(Code.BAD_TIME, path="sent_at", site=site.id)
        return skew.correction_ms(sent, arrival.at, skew_ms=self.services.settings.clock_skew_ms)

    def _visitor(self, envelope: Envelope, arrival: Arrival, site: SiteAccess, mode: Mode, ip: str) -> Recognised:
        """Who sends it: the same one as long as consent permits, the same one today, or nobody."""
        if mode is Mode.NOTHING:
            return Recognised("")
        if mode is Mode.COOKIELESS:
            salt = self.intake.salt(arrival.at // DAY_MS)
            return Recognised(cookieless_id(salt, site=site.id, ip=ip, user_agent=arrival.user_agent))
        shown = Shown(
            site.id,
            arrival.same_site,
            cookie_of(arrival.text(b"cookie"), self.services.settings.cookie_name),
            envelope.visitor or "",
            (envelope.nonce or "").lower(),
            bool(envelope.reset),
        )
        return recognise(self.services.tokens, shown, now=arrival.at)

    def _cookies(self, envelope: Envelope, arrival: Arrival, who: Recognised, mode: Mode) -> tuple[Header, ...]:
        """Set the visitor's cookie; delete it when the visitor withdraws."""
        name = self.services.settings.cookie_name
        has_withdrawn = mode is not Mode.FULL and envelope.consent == "denied"
        is_to_be_set = bool(who.fresh) and who.by_cookie
        if not is_to_be_set and not (has_withdrawn and cookie_of(arrival.text(b"cookie"), name)):
            return ()
        secure = needs_secure(arrival.scheme, arrival.text(b"host"))
        return ((b"set-cookie", set_cookie(name, who.fresh if is_to_be_set else "", secure=secure)),)
