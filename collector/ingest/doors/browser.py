"""How do browsers bring events? `POST /e`, the tracker's door, under a public write key.

    envelope (400, 413) → key (401) → origin (403) → limits (429) → consent → visitor → intake → 202

Source: INTERFACES 2 and 3.
"""

from msgspec.structs import replace

from collector.access.keys import SiteAccess
from collector.errors import Code
from collector.ingest.answer import Answer, Header, RequestRefused, taken
from collector.ingest.dialects.sentiero import PUBLIC, Envelope, parse
from collector.ingest.doors.public import PublicDoor
from collector.ingest.request import Arrival
from collector.ingest.visitor import Recognised, Shown, cookie_of, needs_secure, recognise, set_cookie
from collector.instant import parse_instant
from collector.privacy.consent import Mode, mode_of
from collector.privacy.redact import truncate_ip


class TrackerDoor(PublicDoor):
    """Takes a batch of events from the tracker, or from whoever has the site's write key."""

    name = "e"

    async def handle(self, arrival: Arrival) -> Answer:
        """A batch → 202 once it is on disk."""
        self.services.traces.brought(arrival.text(b"origin"), arrival.at)
        parsed = parse(PUBLIC, arrival.body)
        envelope = parsed.envelope
        site = self.site_of(envelope.write_key, arrival, len(parsed.items))
        correction_ms = self._correction_ms(envelope.sent_at, arrival, site)
        mode = mode_of(site.consent, envelope.consent or "unknown", gpc=arrival.says_gpc)
        ip = truncate_ip(self.address_of(arrival))
        who = self._visitor(envelope, arrival, site, mode, ip)
        batch = self.batch_of(
            arrival,
            site,
            max_bytes=len(arrival.body),
            source="tracker",
            correction_ms=correction_ms,
            visitor=who.visitor_id,
            consent=envelope.consent or "unknown",
            mode=mode,
            user_agent=arrival.user_agent,
            ip=ip,
            landed=lambda token: self.services.links.landed(token, now=arrival.at),
        )
        if parsed.unknown_fields:
            self.count_unknown_fields(parsed.unknown_fields)
        size = len(arrival.body)
        result = await self.intake.take(parsed.items, batch, size_bytes=size, invalid_visitors=who.invalid)
        if who.fresh and not who.by_cookie:
            result = replace(result, visitor=who.fresh)
        return taken(result, self._cookies(envelope, arrival, who, mode))

    def _correction_ms(self, sent_at: str, arrival: Arrival, site: SiteAccess) -> int:
        """How wrong the client's clock is. Raises RequestRefused 400."""
        sent = parse_instant(sent_at)
        if sent is None:
            raise RequestRefused(Code.BAD_TIME, path="sent_at", site=site.id)
        return self.correction_ms(sent, arrival)

    def _visitor(self, envelope: Envelope, arrival: Arrival, site: SiteAccess, mode: Mode, ip: str) -> Recognised:
        """Who sends it: the same one as long as consent permits, the same one today, or nobody."""
        if mode is Mode.NOTHING:
            return Recognised("")
        if mode is Mode.COOKIELESS:
            return Recognised(self.visitor_of_today(arrival, site, ip))
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
