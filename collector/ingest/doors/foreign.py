"""How are events in another product's words taken? Each for its own visitor and by its own consent, as those of `/e`.

Visitors have names of their own there ("segment:…", "brevo:…"): an id is derived from site and name. No browser can
claim it by a token, and no name leads to the id of a visitor whom a token names. What a program says of a person's
browser is heard; its own user agent and address are nobody's. A page's are its visitor's, whatever the body says.
Source: INTERFACES 3, SECURITY 2.
"""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple, get_args

import msgspec

from collector.access.keys import SiteAccess
from collector.errors import REFUSALS, Code
from collector.ingest.answer import Answer, Taken
from collector.ingest.doors.public import PublicDoor
from collector.ingest.draft import Batch, Misfit, Refusal
from collector.ingest.foreign import MAX_EVENT_BYTES, Consented, ForeignItem
from collector.ingest.request import Arrival
from collector.instant import parse_instant
from collector.privacy.consent import Mode, SiteConsent, mode_of
from collector.privacy.redact import truncate_ip

ANSWERS: tuple[Consented, ...] = get_args(Consented)


class Carried(NamedTuple):
    """What a dialect has read. sent_at: by the client's clock, "" when it is not said."""

    write_key: str
    sent_at: str
    items: Sequence[ForeignItem | Misfit]


class Succeeded(msgspec.Struct, frozen=True):
    """What clients look for; beside it what became of each event, as `/e` answers it."""

    success: bool
    accepted: int
    duplicates: int
    rejected: tuple[object, ...]
    warnings: tuple[object, ...]


_encoder = msgspec.json.Encoder()


def succeeded(taken: Taken) -> Answer:
    """200: everything that was accepted is on disk."""
    said = Succeeded(True, taken.accepted, taken.duplicates, taken.rejected, taken.warnings)
    return Answer(200, _encoder.encode(said))


class _Heard(NamedTuple):
    """How the people of a request are heard. taken: which answers of theirs let an event in. lasting: which of these
    let it keep its visitor. is_of_page: a browser sends it, of whom its own headers speak."""

    taken: frozenset[Consented]
    lasting: frozenset[Consented]
    is_of_page: bool


@cache
def _heard(consent: SiteConsent, says_gpc: bool, is_of_page: bool) -> _Heard:
    """consent: the site's rule. Once a request: of each event `mode_of` would cost more than all else at this door."""
    modes = {said: mode_of(consent, said, gpc=says_gpc) for said in ANSWERS}
    # Who says no is nobody here: of a program no visitor of one day can be told.
    taken = frozenset(said for said in ANSWERS if modes[said] is not Mode.NOTHING and said != "denied")
    return _Heard(taken, frozenset(said for said in taken if modes[said] is Mode.FULL), is_of_page)


class ForeignDoor(PublicDoor):
    """A door for events in another product's words. source: of its events. key_path: where its key stands."""

    source = ""
    key_path = ""

    async def take(self, carried: Carried, arrival: Arrival) -> Taken:
        """Returns when all is on disk. Raises RequestRefused: 401, 403, 429, 503."""
        self.services.traces.brought(arrival.text(b"origin"), arrival.at)
        site = self.site_of(carried.write_key, arrival, len(carried.items), path=self.key_path)
        heard = _heard(site.consent, arrival.says_gpc, arrival.is_of_page)
        items = [self._admitted(item, site, heard) for item in carried.items]
        batch = self._batch(carried.sent_at, items, arrival, site)
        return await self.intake.take(items, batch, size_bytes=len(arrival.body))

    def _admitted(self, item: ForeignItem | Misfit, site: SiteAccess, heard: _Heard) -> ForeignItem | Misfit:
        """The item with its visitor, as far as this person's consent goes."""
        if isinstance(item, Misfit):  # whose it was nobody can say, so nor whether it may be kept as a sample
            return Misfit(item.refusal, None) if site.consent == "required" else item
        if item.consent not in heard.taken:
            return Misfit(Refusal(Code.CONSENT_DENIED, "", REFUSALS[Code.CONSENT_DENIED].says), {"id": item.id})
        if item.named and item.consent in heard.lasting:
            item.visitor = self.services.tokens.named(site.id, item.named)
        if heard.is_of_page:
            item.agent = ""
        return item

    def _batch(self, sent_at: str, items: Sequence[ForeignItem | Misfit], arrival: Arrival, site: SiteAccess) -> Batch:
        said = {item.consent for item in items if isinstance(item, ForeignItem)}
        # Where consent is required those who have not given it are refused one by one, above.
        consent: Consented = "granted" if said == {"granted"} or site.consent == "required" else "unknown"
        mode = mode_of(site.consent, consent, gpc=arrival.says_gpc)
        ip = truncate_ip(self.address_of(arrival)) if arrival.is_of_page else ""
        return self.batch_of(
            arrival,
            site,
            max_bytes=min(MAX_EVENT_BYTES, len(arrival.body)),
            source=self.source,
            correction_ms=self._correction_ms(sent_at, arrival),
            visitor=self.visitor_of_today(arrival, site, ip) if mode is Mode.COOKIELESS else "",
            consent=consent,
            mode=mode,
            user_agent=arrival.user_agent if arrival.is_of_page else "",
            ip=ip,
        )

    def _correction_ms(self, sent_at: str, arrival: Arrival) -> int:
        """How wrong the client's clock is; as right as ours when it says nothing that can be read."""
        sent = parse_instant(sent_at) if sent_at else None
        return 0 if sent is None else self.correction_ms(sent, arrival)
