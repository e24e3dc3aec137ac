"""Which visits were there? `GET /api/sessions`, `/api/sessions/<id>`."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.frame.answer import Instant, answer, listing, moved
from collector.api.frame.auth import require
from collector.api.frame.cursor import encode_cursor
from collector.api.frame.operation import operation, page_of
from collector.api.frame.params import PAGING, Params
from collector.api.frame.problem import unknown
from collector.instant import instant
from collector.services import Services
from collector.store.ports.sessions import SessionPlace, SessionQuery, StoredSession
from collector.told.event import AgentAnswer, agent_of
from sessionizer.event import Agent
from sessionizer.session import Utm

KNOWN = ("contact", "site", "source", "device", "from", "to", *PAGING)

ABSENT = {"source": "direct", "device": "unknown"}
"""How one asks for sessions without: an empty value does not narrow."""


class UtmAnswer(msgspec.Struct, frozen=True):
    """By which campaign it began; null where the entry page did not say."""

    source: str | None
    medium: str | None
    campaign: str | None
    term: str | None
    content: str | None


class SessionAnswer(msgspec.Struct, frozen=True):
    """A session as programs see it (INTERFACES 5). ended_at: the last activity, so far when it is open."""

    id: str
    contact_id: int
    started_at: Instant
    ended_at: Instant
    open: bool
    events: int
    pages: int
    duration_seconds: int
    entry_page: str | None
    exit_page: str | None
    referrer: str | None
    utm: UtmAnswer | None
    agent: AgentAnswer | None
    sites: tuple[int, ...]
    visitor_ids: tuple[str, ...]


def answer_of(stored: StoredSession) -> SessionAnswer:
    """What the store knows → what programs see."""
    session = stored.session
    return SessionAnswer(
        id=session.id,
        contact_id=stored.contact,
        started_at=instant(session.started_at),
        ended_at=instant(session.ended_at),
        open=session.open,
        events=session.events,
        pages=session.pages,
        duration_seconds=session.duration_seconds,
        entry_page=session.entry_page or None,
        exit_page=session.exit_page or None,
        referrer=session.referrer or None,
        utm=utm_of(session.utm),
        agent=agent_of(None if session.agent == Agent() else session.agent),
        sites=session.sites,
        visitor_ids=session.visitor_ids,
    )


def utm_of(utm: Utm) -> UtmAnswer | None:
    """The campaign, None when there was none."""
    if utm == Utm():
        return None
    return UtmAnswer(**{name: getattr(utm, name) or None for name in UtmAnswer.__struct_fields__})


def query_of(params: Params) -> SessionQuery:
    """The filters of a request; `from`, `to` are about the beginning of the session."""
    return SessionQuery(
        contacts=params.ids("contact"),
        sites=params.ids("site"),
        sources=words_of(params, "source"),
        devices=words_of(params, "device"),
        since=params.instant("from"),
        until=params.instant("to"),
    )


def words_of(params: Params, name: str) -> tuple[str, ...]:
    """The values of a parameter; the word for an absent one asks for those without, and for that very word."""
    given = params.texts(name)
    return (*given, "") if ABSENT[name] in given else given


def routes(services: Services) -> list[Route]:
    """Reading sessions."""
    sessions = services.store.sessions

    @operation(query=KNOWN, answers={200: page_of("sessions", SessionAnswer)})
    async def find(request: Request) -> Response:
        """Sessions by contact, site, source, device and time, newest first."""
        params = Params(request, KNOWN)
        limit = params.limit()
        found = await sessions.find(query_of(params), limit=limit + 1, after=params.cursor("sessions", SessionPlace))
        shown = found[:limit]
        more = encode_cursor("sessions", place_of(shown[-1])) if len(found) > limit else None
        return listing("sessions", [answer_of(session) for session in shown], more)

    @operation(answers={200: SessionAnswer, 308: None})
    async def get(request: Request) -> Response:
        """One session. The id of one that was replaced answers 308 to its successor."""
        Params(request, ())
        id = request.path_params["id"]
        found = await sessions.get(id)
        if found is not None:
            return answer(answer_of(found))
        replacement = await sessions.replacement(id)
        if replacement is None:
            raise unknown("session", id)
        return moved(f"/api/sessions/{replacement}")

    return [
        Route("/api/sessions", require(services, "read", find), methods=["GET"]),
        Route("/api/sessions/{id}", require(services, "read", get), methods=["GET"]),
    ]


def place_of(stored: StoredSession) -> SessionPlace:
    """Where the session stands in a list."""
    return SessionPlace(stored.session.started_at, stored.session.id)
