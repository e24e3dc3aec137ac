"""Which websites send events? `GET POST /api/sites`, `GET PATCH /api/sites/<id>`."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.access.keys import new_write_key
from collector.access.origins import normalise
from collector.api.frame.answer import Instant, answer, listing
from collector.api.frame.auth import require
from collector.api.frame.body import bad_body, body_of
from collector.api.frame.definitions import Place, id_of, page
from collector.api.frame.operation import operation, page_of
from collector.api.frame.params import PAGING, Params
from collector.api.frame.problem import unknown
from collector.instant import instant
from collector.services import Services
from collector.store.ports.definitions.keys import Key
from collector.store.ports.definitions.sites import Consent, Identify, Site, SiteChange, SiteDraft

MAX_ORIGINS = 100

Name = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
Origins = Annotated[tuple[str, ...], Meta(max_length=MAX_ORIGINS)]


class NewSite(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/sites. origins: `https://shop.example`; none accepts every http(s) origin."""

    name: Name
    origins: Origins = ()
    consent: Consent = "implied"
    identify: Identify = "guarded"


class ChangedSite(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of PATCH /api/sites/<id>: what is not there stays."""

    name: Name | UnsetType = UNSET
    origins: Origins | UnsetType = UNSET
    consent: Consent | UnsetType = UNSET
    identify: Identify | UnsetType = UNSET


class SiteAnswer(msgspec.Struct, frozen=True):
    """A site as programs see it. write_keys: those that are good."""

    id: int
    name: str
    origins: tuple[str, ...]
    consent: Consent
    identify: Identify
    write_keys: tuple[str, ...]
    created_at: Instant


def answer_of(site: Site, keys: Sequence[Key]) -> SiteAnswer:
    """What the store knows → what programs see."""
    return SiteAnswer(
        id=site.id,
        name=site.name,
        origins=site.origins,
        consent=site.consent,
        identify=site.identify,
        write_keys=tuple(key.shown for key in keys if key.site == site.id and key.revoked_at is None),
        created_at=instant(site.created_at),
    )


def routes(services: Services) -> list[Route]:
    """Reading and defining sites."""
    keys = services.keys
    sites, ring = keys.sites, keys.ring

    @operation(query=PAGING, answers={200: page_of("sites", SiteAnswer)})
    async def find(request: Request) -> Response:
        """The sites, with their write keys."""
        params = Params(request, PAGING)
        limit, place = params.limit(), params.cursor("sites", Place)
        every, all_keys = await asyncio.to_thread(lambda: (sites.all(), ring.all()))
        shown, more = page(every, "sites", limit=limit, place=place)
        return listing("sites", [answer_of(site, all_keys) for site in shown], more)

    @operation(places=("id",), answers={200: SiteAnswer})
    async def get(request: Request) -> Response:
        """One site."""
        Params(request, ())
        id = id_of(request, "site")
        every, all_keys = await asyncio.to_thread(lambda: (sites.all(), ring.all()))
        found = [site for site in every if site.id == id]
        if not found:
            raise unknown("site", str(id))
        return answer(answer_of(found[0], all_keys))

    @operation(body=NewSite, answers={201: SiteAnswer})
    async def create(request: Request) -> Response:
        """A new site, together with its first write key."""
        body = await body_of(request, NewSite)
        site, all_keys = await asyncio.to_thread(make, body, services)
        response = answer(answer_of(site, all_keys), 201)
        response.headers["Location"] = f"/api/sites/{site.id}"
        return response

    @operation(places=("id",), body=ChangedSite, answers={200: SiteAnswer})
    async def change(request: Request) -> Response:
        """Other origins, another name or mode; what the body does not name stays."""
        body = await body_of(request, ChangedSite)
        id = id_of(request, "site")
        site, all_keys = await asyncio.to_thread(alter, id, body, services)
        if site is None:
            raise unknown("site", str(id))
        return answer(answer_of(site, all_keys))

    return [
        Route("/api/sites", require(services, "read", find), methods=["GET"]),
        Route("/api/sites", require(services, "admin", create), methods=["POST"]),
        Route("/api/sites/{id}", require(services, "read", get), methods=["GET"]),
        Route("/api/sites/{id}", require(services, "admin", change), methods=["PATCH"]),
    ]


def make(body: NewSite, services: Services) -> tuple[Site, list[Key]]:
    """The new site with its first write key, and all keys. Raises Problem 400. Call it in a thread."""
    origins, keys = normalised(body.origins), services.keys
    draft = SiteDraft(name=body.name, origins=origins, consent=body.consent, identify=body.identify)
    site = keys.sites.create(draft, write_key=new_write_key(), at=services.clock())
    keys.reload()
    return site, keys.ring.all()


def alter(id: int, body: ChangedSite, services: Services) -> tuple[Site | None, list[Key]]:
    """The site as it is afterwards, None when there is none, and all keys. Raises Problem 400. Call it in a thread."""
    said = {name: value for name, value in msgspec.structs.asdict(body).items() if value is not UNSET}
    if "origins" in said:
        said["origins"] = normalised(said["origins"])
    keys = services.keys
    site = keys.sites.change(id, SiteChange(**said))
    keys.reload()
    return site, keys.ring.all()


def normalised(origins: Sequence[str]) -> tuple[str, ...]:
    """The origins as browsers send them, each once. Raises Problem 400 that names each which is none."""
    found = {origin: normalise(origin) for origin in origins}
    wrong = [f"origins[{index}]" for index, origin in enumerate(origins) if found[origin] is None]
    if wrong:
        reason = "an origin is http(s)://host[:port] without a path, such as https://shop.example"
        raise bad_body(wrong, reason)
    return tuple(dict.fromkeys(name for name in found.values() if name))
