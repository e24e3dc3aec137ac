"""When does somebody fall quiet? Whatever ends, or begins again, after a gap: sessions, conversations.

    activity    x   x x        x                    x
                |---- session -|-- 30 minutes --|   |-- …      a gap of exactly 30:00.000 splits
                started                         ended          session_ended stands at last activity + gap

Reads events of one contact in order; says `push/push_session_started` and `website/session_ended`, and
`conversations/conversation_ended`. Source: DESIGN 5.
"""

from typing import Any, TypeVar

import msgspec

from sessionizer.contact import Contact
from sessionizer.derived import derived_id
from sessionizer.event import Agent, Event, Kind
from sessionizer.rule import ACTIVITY, Fact, State, Step
from sessionizer.rules.given import id_of
from sessionizer.session import GAP_MS, Session, Utm, utm_of
from sessionizer.wall_clock import text_of

STARTED: Kind = ("push", "push_session_started")
ENDED: Kind = ("website", "session_ended")
PAGE_VISITED: Kind = ("website", "page_visited")
_PAGE_CATEGORY, _PAGE_KEY = PAGE_VISITED

OVER: Kind = ("conversations", "conversation_ended")
EMAIL, CHAT, SOCIAL = CHANNELS = ("email", "chat", "social")
MESSAGES = ("conversation_started", "message_received", "agent_replied")
JOINED, LEFT = "agent_joined", "agent_left"
AGENTS = ("agent_assigned", JOINED, LEFT)
REPLIED, CLOSED = "agent_replied", "conversation_closed"
MINUTE_MS = 60_000

_LONGEST_URL = 1024  # characters: three of them keep the state below its 16 KiB
_MOST = 16  # sites and visitors remembered of one session, agents of a conversation: real ones have one or two
_LONGEST_AGENT = 64  # characters: of a longer id so many are remembered, and it is told by them

_NO_UTM = Utm()

T = TypeVar("T")


class Frame(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """What of a visit hardly ever changes while it goes on.

    session_id: that of its `push_session_started`. started_at: ms UTC. entry_page, referrer, utm: of the first event
    that names a page, empty until then. agent: of the first event that has one. sites, visitor_ids: in order of
    appearance, the first 16.
    """

    session_id: str
    started_at: int
    entry_page: str
    referrer: str
    utm: Utm
    agent: Agent | None
    sites: tuple[int, ...]
    visitor_ids: tuple[str, ...]


class Visit(State, frozen=True):
    """A session while it is open.

    last_at: ms UTC. last_id: the event at last_at. events: those that are activity. pages: page views among them.
    exit_page: of the last event that names a page, "" where that is the first: most visits are one page.
    """

    frame: Frame
    last_at: int
    last_id: str
    events: int
    pages: int
    exit_page: str


class Sessions:
    """Opens a session at the first activity after a gap, closes it when the gap has passed. One session a contact."""

    name = "sessions"
    takes: tuple[str, ...] = (ACTIVITY,)
    says: tuple[Kind, ...] = (STARTED, ENDED)
    states: tuple[type[State], ...] = (Visit,)

    def __init__(self, gap_ms: int = GAP_MS) -> None:
        """gap_ms: inactivity that ends a session, at least 1; exactly so much ends it."""
        self.gap_ms = gap_ms

    def key_of(self, event: Event) -> str:
        """A contact has one session at a time, on all its sites and devices."""
        return ""

    def on_event(self, state: Visit | None, event: Event, contact: Contact) -> Step:
        """The visit goes on, or begins."""
        wake_at = event.at + self.gap_ms
        if state is not None:  # nearly always; what `Step(…)` does, in a third of its time
            return tuple.__new__(Step, (_continued(state, event), (), wake_at))
        visit = _opened(event)
        return Step(visit, (Fact(STARTED, event.id, _start_properties(visit.frame)),), wake_at)

    def on_time(self, state: Visit, due: int, contact: Contact) -> Step:
        """The gap has passed without activity."""
        return Step(None, (Fact(ENDED, state.last_id, _end_properties(state)),))


def session_of(visit: Visit, *, open: bool) -> Session:
    """The row that people read. open: whether the gap has yet to pass."""
    frame = visit.frame
    return Session(
        id=frame.session_id,
        started_at=frame.started_at,
        ended_at=visit.last_at,
        open=open,
        events=visit.events,
        pages=visit.pages,
        entry_page=frame.entry_page,
        exit_page=visit.exit_page or frame.entry_page,
        referrer=frame.referrer,
        utm=frame.utm,
        agent=frame.agent or Agent(),
        sites=frame.sites,
        visitor_ids=frame.visitor_ids,
    )


def _opened(event: Event) -> Visit:
    """In the order of the fields, as below."""
    page = event.page
    frame = Frame(
        derived_id(Sessions.name, STARTED, event.id, event.at),
        event.at,
        page.url[:_LONGEST_URL] if page else "",
        page.referrer[:_LONGEST_URL] if page else "",
        utm_of(page.url) if page else _NO_UTM,
        event.agent,
        (event.site,) if event.site else (),
        (event.visitor,) if event.visitor else (),
    )
    pages = 1 if event.key == _PAGE_KEY and event.category == _PAGE_CATEGORY else 0
    return Visit(frame, event.at, event.id, 1, pages, "")


def _continued(visit: Visit, event: Event) -> Visit:
    """Written field by field, in their order: by name it would take twice as long, and every event comes here."""
    frame, page = visit.frame, event.page
    if not (event.visitor in frame.visitor_ids and event.site in frame.sites and frame.agent and frame.entry_page):
        frame = _filled(frame, event)
    return Visit(
        frame,
        event.at,
        event.id,
        visit.events + 1,
        visit.pages + 1 if event.key == _PAGE_KEY and event.category == _PAGE_CATEGORY else visit.pages,
        visit.exit_page if page is None else page.url[:_LONGEST_URL],
    )


def _filled(frame: Frame, event: Event) -> Frame:
    """With what the event says first: what came before it named no page, or this browser is new."""
    page = event.page if not frame.entry_page else None
    return Frame(
        frame.session_id,
        frame.started_at,
        page.url[:_LONGEST_URL] if page else frame.entry_page,
        page.referrer[:_LONGEST_URL] if page else frame.referrer,
        utm_of(page.url) if page else frame.utm,
        frame.agent or event.agent,
        frame.sites if event.site in frame.sites else _with(frame.sites, event.site),
        frame.visitor_ids if event.visitor in frame.visitor_ids else _with(frame.visitor_ids, event.visitor),
    )


def _with(some: tuple[T, ...], one: T) -> tuple[T, ...]:
    """One more, unless it names nothing (site 0, visitor "") or there are enough."""
    return (*some, one) if one and len(some) < _MOST else some


def _start_properties(frame: Frame) -> dict[str, Any]:
    """Where the visit came from; what is unknown is left out."""
    named = {}
    if frame.entry_page:
        named["entry_page"] = frame.entry_page
    if frame.referrer:
        named["referrer"] = frame.referrer
    if frame.utm is not _NO_UTM and frame.utm != _NO_UTM:
        values = ((f"utm_{name}", getattr(frame.utm, name)) for name in Utm.__struct_fields__)
        named.update((name, value) for name, value in values if value)
    return named


def _end_properties(visit: Visit) -> dict[str, Any]:
    """What the visit was."""
    frame = visit.frame
    return {
        "session_id": frame.session_id,
        "started_at": text_of(frame.started_at),
        "ended_at": text_of(visit.last_at),
        "duration_seconds": (visit.last_at - frame.started_at) // 1_000,
        "pages": visit.pages,
        "events": visit.events,
        "entry_page": frame.entry_page or None,
        "exit_page": visit.exit_page or frame.entry_page or None,
    }


class Talk(State, frozen=True):
    """A conversation that goes on. Instants in ms UTC. last_id: the event of the last message.

    channel: email | chat | social. agents: those who were assigned or joined and have not left, the first 16.
    assigned: whether there ever was one. answered: whether one has ever replied.
    """

    conversation: str
    channel: str
    last_at: int
    last_id: str
    agents: tuple[str, ...] = ()
    assigned: bool = False
    answered: bool = False


class Conversations:
    """A conversation ends when it falls quiet, or when the agents have left it.

        email                                   5 minutes after a message
        chat, social: nobody assigned,
                      or nobody ever replied    5 minutes after a message
        chat, social: assigned and answered     30 minutes after a message
        assigned                                at once when all agents have left, or somebody closes it

    A message in either direction, an agent's reply among them, restarts the time. Source: DESIGN 5, INTERFACES 7.
    """

    name = "conversations"
    takes: tuple[str, ...] = tuple(f"conversations/{key}" for key in (*MESSAGES, *AGENTS, CLOSED))
    says: tuple[Kind, ...] = (OVER,)
    states: tuple[type[State], ...] = (Talk,)

    def __init__(self, *, short_ms: int = 5 * MINUTE_MS, long_ms: int = 30 * MINUTE_MS) -> None:
        """The two spans of quiet, at least 1."""
        self.short_ms, self.long_ms = short_ms, long_ms

    def key_of(self, event: Event) -> str | None:
        """The conversation."""
        return id_of(event, "conversation_id")

    def on_event(self, state: Talk | None, event: Event, contact: Contact) -> Step:
        """Somebody writes, joins, leaves or closes. Nobody joins or leaves what is over."""
        if event.key in MESSAGES:
            return self._goes_on(_written(state, event))
        if state is None:
            return Step()
        talk = _with_agent(state, event)
        if event.key == CLOSED or (event.key == LEFT and state.assigned and not talk.agents):
            return Step(None, (_over(talk, event.id),))
        return self._goes_on(talk)

    def on_time(self, state: Talk, due: int, contact: Contact) -> Step:
        """Nobody has written for long enough."""
        return Step(None, (_over(state, state.last_id),))

    def _goes_on(self, talk: Talk) -> Step:
        is_long = talk.answered and talk.channel != EMAIL
        return Step(talk, (), talk.last_at + (self.long_ms if is_long else self.short_ms))


def _written(talk: Talk | None, event: Event) -> Talk:
    """With one more message; an agent's reply says also that somebody is there and has answered."""
    said = str(event.properties.get("channel", ""))
    channel = said if said in CHANNELS else (talk.channel if talk else CHAT)
    conversation = id_of(event, "conversation_id") or ""
    before = talk or Talk(conversation, channel, event.at, event.id)
    talk = msgspec.structs.replace(before, channel=channel, last_at=event.at, last_id=event.id)
    return msgspec.structs.replace(_with_agent(talk, event), answered=True) if event.key == REPLIED else talk


def _with_agent(talk: Talk, event: Event) -> Talk:
    agent = (id_of(event, "agent_id") or "")[:_LONGEST_AGENT]
    if event.key == LEFT:
        return msgspec.structs.replace(talk, agents=tuple(one for one in talk.agents if one != agent))
    if event.key == CLOSED or agent in talk.agents:
        return talk
    return msgspec.structs.replace(talk, agents=_with(talk.agents, agent), assigned=True)


def _over(talk: Talk, cause: str) -> Fact:
    return Fact(OVER, cause, {"conversation_id": talk.conversation, "channel": talk.channel})
