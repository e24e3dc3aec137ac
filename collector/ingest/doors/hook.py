"""How do providers bring events? `POST /hooks/<source>`: their own payload, translated by the source's mapping.

    signature (401) → does it ask whether the address is ours? → translate → intake → 202

Space of ids: `hook:<source>`. A call that comes twice is one: by the provider's id of the event, for ever. What was
signed rightly is remembered for a while, so that a mapping can be tried on it. Source: INTERFACES 1 and 2, SECURITY 2.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple, ParamSpec, TypeVar
from urllib.parse import urlsplit

import msgspec
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from collector.access.keys import Keys
from collector.access.schemas import Pinned
from collector.delivery.hooks.sink import SENDER
from collector.errors import Code
from collector.hooks.call import FORM, Call, Unreadable
from collector.hooks.challenge import asked_by_body, asked_by_query
from collector.hooks.live import Open
from collector.hooks.signature import certificate_wanted, is_signed
from collector.hooks.translate import MAX_MADE, MAX_PARTS, TooManyParts, Translation, Translator, Unmade
from collector.hooks.trial import Outcome, Trial, Tried
from collector.ingest.answer import Answer, Rejected, RequestRefused, Taken, Warned
from collector.ingest.bounds import MAX_PROPERTIES_BYTES
from collector.ingest.dialects.sentiero import item_of
from collector.ingest.door import Door
from collector.ingest.doors.certificates import Certificates
from collector.ingest.draft import Batch, Misfit, Refusal
from collector.ingest.intake import decide_all
from collector.ingest.item import Item, ServerItem
from collector.ingest.request import Arrival
from collector.ingest.skew import FIRST_AT
from collector.services import Services

HOME = "/hooks/"
PAUSED_S = 300
MAX_SAID = 100
CIRCLE = "This deployment tells itself: each event would be told again, for ever."
IN_TURN_BYTES = 16 * 1024
"""A longer payload may hold a thousand events: it is read in a thread, and the others are served in between."""
IN_TURN_RULES = 50
"""So is one that is held against more rules."""

P = ParamSpec("P")
T = TypeVar("T")

_encoder = msgspec.json.Encoder()


class Heard(msgspec.Struct, frozen=True):
    """What is answered. ignored: parts of the payload of which no event came."""

    accepted: int
    duplicates: int
    ignored: int
    rejected: Sequence[Rejected]
    warnings: Sequence[Warned]


class HookDoor(Door):
    """Takes what one source's provider tells."""

    media_types = frozenset({b"application/json", FORM.encode(), b"text/plain"})
    reserved = True

    def __init__(self, services: Services, source: str) -> None:
        self.name = f"hook:{source}"
        super().__init__(services)
        self._source, self._certificates = source, Certificates()
        self._ground = Ground(services.settings.clock_ahead_ms, services.pinned, services.keys)

    async def handle(self, arrival: Arrival) -> Answer:
        """A call → 202 once its events are on disk."""
        open = self.services.sources(self._source)
        if open is None:
            return Answer(404, b"")
        translator = ready(open)
        call = call_of(arrival, self.services.settings.url)
        if wanted := certificate_wanted(translator.mapping.signature, call):
            call.certificate = await self._certificates(wanted)
        signature, secrets = translator.mapping.signature, open.source.secrets
        in_turn = len(call.body) <= IN_TURN_BYTES
        if not await _asked(in_turn, is_signed, signature, secrets, call):
            raise RequestRefused(Code.SIGNATURE_INVALID)
        if call.headers.get(SENDER) == urlsplit(self.services.settings.url).netloc:
            raise RequestRefused(Code.LOOP_DEPTH, CIRCLE, status=410)  # whoever tells webhooks stops at that
        try:
            return await self._answer(call, open, translator)
        except RequestRefused as refusal:
            if refusal.code is not Code.OVERLOADED:
                self._remember(call, {"refused": refusal.message})
            raise

    async def _answer(self, call: Call, open: Open, translator: Translator) -> Answer:
        try:
            in_turn = len(call.body) <= IN_TURN_BYTES and len(translator.rules) <= IN_TURN_RULES
            found = await _asked(in_turn, said, translator, open.source.secrets, call)
        except Unreadable:
            raise RequestRefused(Code.MALFORMED, "The body is neither JSON nor a form.") from None
        except TooManyParts:
            says = f"At most {MAX_PARTS:,} parts and {MAX_MADE:,} events in one call."
            raise RequestRefused(Code.TOO_MANY, says) from None
        if not isinstance(found, Translation):
            return Answer(200, _encoder.encode(found))
        taken = await self.intake.take(items_of(found), self._ground.batch(self.name, call), size_bytes=len(call.body))
        heard = Heard(taken.accepted, taken.duplicates, found.ignored, taken.rejected, taken.warnings)
        self._remember(call, {**msgspec.to_builtins(heard), "events": kinds_of(found, taken)})
        return Answer(translator.mapping.answers, _encoder.encode(heard))

    def _remember(self, call: Call, says: dict[str, object]) -> None:
        self.services.sources.came(self._source, call, says)


def kinds_of(found: Translation, taken: Taken) -> list[str]:
    """`category/key` of each event that was taken, or had been before; of the first MAX_SAID."""
    refused = {one.index for one in taken.rejected}
    made = (one for index, one in enumerate(found.items) if index not in refused and not isinstance(one, Unmade))
    return [f"{one['category']}/{one['key']}" for one in islice(made, MAX_SAID)]


async def _asked(in_turn: bool, ask: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The answer, at once or by a thread."""
    return ask(*args, **kwargs) if in_turn else await asyncio.to_thread(ask, *args, **kwargs)


def said(translator: Translator, secrets: Sequence[str], call: Call) -> Mapping[str, str] | Translation:
    """What a call holds, or what it is answered that asks whether the address is ours.

    Raises Unreadable, TooManyParts.
    """
    asked = asked_by_body(translator.mapping.challenge, secrets, call.payload)
    return translator(call) if asked is None else asked


def ready(open: Open) -> Translator:
    """How its calls are read. Raises RequestRefused (503): what comes now shall come again."""
    if open.source.paused:
        raise RequestRefused(Code.OVERLOADED, "This source is paused.", retry_after_s=PAUSED_S)
    if open.translator is None:
        raise RequestRefused(Code.OVERLOADED, "This source's mapping can no longer be read.", retry_after_s=PAUSED_S)
    return open.translator


def call_of(arrival: Arrival, url: str) -> Call:
    """The request as a mapping looks at it. url: the deployment's public address, by which providers call it."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in arrival.headers.items()}
    query = f"?{arrival.query.decode('latin-1')}" if arrival.query else ""
    return Call(headers, arrival.body, url=f"{url}{arrival.path}{query}", at=arrival.at)


class Ground(NamedTuple):
    """By what a source's events are judged. ahead_ms: how far in the future one may be."""

    ahead_ms: int
    pinned: Pinned
    keys: Keys

    def batch(self, door: str, call: Call) -> Batch:
        """What the events of one call share."""
        return Batch(
            door=door,
            source=door,
            received_at=call.at,
            oldest_at=FIRST_AT,
            ahead_ms=self.ahead_ms,
            is_small=len(call.body) <= MAX_PROPERTIES_BYTES,
            pinned=self.pinned.by_kind,
            is_site=lambda id: self.keys.site(id) is not None,
        )


def items_of(found: Translation) -> list[Item | Misfit]:
    """What came out, as the pipeline takes it."""
    return [
        Misfit(Refusal(Code.BAD_PROPERTY, one.path, one.message), one.raw)
        if isinstance(one, Unmade)
        else item_of(one, ServerItem)[0]
        for one in found.items
    ]


def trial(ground: Ground) -> Trial:
    """Translates a call and decides as the door would; nothing is written."""

    def tried(translator: Translator, call: Call, source: str) -> Tried:
        found = translator(call)
        decided = decide_all(items_of(found), ground.batch(f"hook:{source}", call))
        refused = {index: refusal for index, _, refusal in decided.refused}
        warned = {draft.index: draft.warnings for draft in decided.drafts}
        return Tried(
            tuple(outcome_of(one, refused.get(index), warned.get(index, ())) for index, one in enumerate(found.items)),
            found.ignored,
        )

    return tried


def outcome_of(made: dict[str, object] | Unmade, refusal: Refusal | None, warnings: Sequence[Refusal]) -> Outcome:
    """What would become of one event."""
    event = None if isinstance(made, Unmade) else made
    if refusal is not None:
        return Outcome(event, False, refusal.code, refusal.path, refusal.message)
    first = warnings[0] if warnings else Refusal(Code.MALFORMED, "", "")
    return Outcome(event, True, first.code if warnings else "", first.path, first.message)


class Challenges:
    """`GET /hooks/<source>`: some providers ask first whether the address is ours."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def answer(self, request: Request) -> Response:
        """What it asks for, or 404: who does not know the word need not know that there is something."""
        open = self._services.sources(request.path_params["source"])
        if open is None or open.translator is None:
            return Response(status_code=404)
        kind = open.translator.mapping.challenge
        said = asked_by_query(kind, open.source.secrets, request.query_params)
        return PlainTextResponse(said) if said is not None else Response(status_code=404)
