"""How does an event look to programs? In `/api/events`, in exports, in what webhooks are told: everywhere the same."""

from collections.abc import Mapping
from typing import Any

import msgspec

from collector.instant import Instant, instant
from collector.store.ports.events import StoredEvent
from sessionizer.event import Agent, Page


class PageAnswer(msgspec.Struct, frozen=True):
    """The page on which it happened."""

    url: str
    title: str | None
    referrer: str | None


class AgentAnswer(msgspec.Struct, frozen=True):
    """By what it was done; null where it is not known."""

    browser: str | None
    os: str | None
    device: str | None
    bot: bool


class ObjectAnswer(msgspec.Struct, frozen=True):
    """The thing that it is about."""

    type: str
    id: str


class EventAnswer(msgspec.Struct, frozen=True):
    """An event as programs see it (INTERFACES 5). site: its number. Absent things are null, empty collections empty."""

    id: str
    category: str
    key: str
    source: str
    occurred_at: Instant
    received_at: Instant
    site: int | None
    visitor_id: str | None
    contact_id: int | None
    session_id: str | None
    page: PageAnswer | None
    agent: AgentAnswer | None
    properties: Mapping[str, Any]
    identifiers: Mapping[str, str]
    object: ObjectAnswer | None
    causes: tuple[str, ...]
    superseded: bool
    late: bool


def answer_of(event: StoredEvent) -> EventAnswer:
    """What the store knows → what programs see."""
    return EventAnswer(
        id=event.id,
        category=event.category,
        key=event.key,
        source=event.source,
        occurred_at=instant(event.at),
        received_at=instant(event.received_at),
        site=event.site or None,
        visitor_id=event.visitor or None,
        contact_id=event.contact,
        session_id=event.session,
        page=seen_of(event.page),
        agent=agent_of(event.agent),
        properties=event.properties,
        identifiers=event.identifiers,
        object=ObjectAnswer(event.object.type, event.object.id) if event.object else None,
        causes=event.causes,
        superseded=event.superseded,
        late=event.late,
    )


def seen_of(page: Page | None) -> PageAnswer | None:
    """The page, None where there was none."""
    return None if page is None else PageAnswer(page.url, page.title or None, page.referrer or None)


def agent_of(agent: Agent | None) -> AgentAnswer | None:
    """The agent, None where it is not known at all."""
    if agent is None:
        return None
    return AgentAnswer(agent.browser or None, agent.os or None, agent.device or None, agent.bot)
