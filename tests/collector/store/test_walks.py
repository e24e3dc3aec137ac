"""Whatever index a question about events is walked along, its answer is what looking at each event would find."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from collector.store.ports.events import EventQuery, Place, StoredEvent, Which
from collector.store.sqlite import event_walks
from collector.store.sqlite.body import ACTIVITY, BOT, SUPERSEDED
from collector.store.sqlite.store import SqliteStore
from tests.collector.store.rows import Rows, ask

VISITORS = tuple(letter * 26 for letter in "vwx")
KEYS = tuple(f"key_{n:02}" for n in range(24))
PATHS = tuple(f"/{section}/{n}" for section in ("shoes", "hats") for n in range(12))
SOURCES = ("tracker", "api", "import")
EVENTS, QUESTIONS = 160, 150
EVERYTHING = EventQuery(superseded=Which.INCLUDE, bots=Which.INCLUDE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a little of everything, many events of one instant among it."""
    rows, chance = Rows(tmp_path_factory.mktemp("store")), random.Random(7)
    for visitor in VISITORS:
        rows.contact(visitor, ext_id=f"user-{visitor[0]}")
    for _ in range(3):
        rows.contact()
    rows.join(absorbed=4, survivor=1)
    for _ in range(EVENTS):
        happen(rows, chance)
    rows.close()
    return rows.folder


def happen(rows: Rows, chance: random.Random) -> None:
    """One event: of a browser's owner, of somebody without one, or a bot's, who is nobody."""
    hidden = chance.choice((0, 0, 0, BOT, SUPERSEDED))
    contact = chance.randrange(1, 7)
    rows.event(
        f"10:{chance.randrange(12):02}",
        chance.choice(KEYS),
        category="custom",
        source=chance.choice(SOURCES),
        site=chance.choice((0, 1, 1, 2)),
        contact=None if hidden == BOT else contact,
        visitor=VISITORS[contact - 1] if contact <= len(VISITORS) else "",
        url=chance.choice((*PATHS, "")),
        title="Warm things",
        flags=ACTIVITY | hidden,
    )


def asked_by(chance: random.Random, instants: Sequence[int]) -> EventQuery:
    """Some filters at once."""
    since, until = sorted(chance.sample(instants, 2))
    offers: dict[str, Any] = {
        "categories": ("custom",),
        "keys": tuple(chance.sample(KEYS, chance.choice((1, 2, 20)))),
        "contacts": tuple(chance.sample(range(1, 8), chance.choice((1, 2)))),
        "visitors": tuple(chance.sample((*VISITORS, "y" * 26), chance.choice((1, 2)))),
        "sites": (chance.choice((1, 2, 9)),),
        "sources": tuple(chance.sample((*SOURCES, "receipt"), 2)),
        "since": since,
        "until": until,
        "superseded": Which.ONLY,
        "bots": chance.choice((Which.ONLY, Which.INCLUDE)),
        "q": chance.choice(("key_0", "/shoes", "/", "user-v", "warm", "zzz")),
    }
    chosen = chance.sample(sorted(offers), chance.choice((1, 2, 2, 3)))
    order = chance.choice(({}, {}, {"recorded": True}, {"oldest": True}))
    return EventQuery(**{name: offers[name] for name in chosen}, **order)


def fits(event: StoredEvent, query: EventQuery, survivors: dict[int, int]) -> bool:
    """What the question says, looked at one by one."""
    wanted = {survivors.get(contact, contact) for contact in query.contacts}
    path = event.page.url.split("example", 1)[1] if event.page else ""
    holder = {1: "user-v", 2: "user-w", 3: "user-x"}.get(event.contact or 0, "")
    return (
        (not query.keys or event.key in query.keys)
        and (not wanted or event.contact in wanted)
        and (not query.visitors or event.visitor in query.visitors)
        and (not query.sites or event.site in query.sites)
        and (not query.sources or event.source in query.sources)
        and (query.since is None or event.at >= query.since)
        and (query.until is None or event.at < query.until)
        and shown(event.superseded, query.superseded)
        and shown(bool(event.agent and event.agent.bot), query.bots)
        and (not query.q or said(query.q, event.key, path, holder) or (query.q == "warm" and bool(path)))
    )


def shown(hidden: bool, which: Which) -> bool:
    """Whether such an event is in the answer."""
    return which is Which.INCLUDE or hidden == (which is Which.ONLY)


def said(q: str, *texts: str) -> bool:
    """Whether one of them begins so."""
    return any(text.startswith(q) for text in texts)


def sorted_as_asked(events: Sequence[StoredEvent], query: EventQuery) -> list[StoredEvent]:
    """In the order of the answer."""
    if query.recorded:
        return sorted(events, key=lambda event: -event.offset)
    return sorted(events, key=lambda event: (event.at, event.id, event.offset), reverse=not query.oldest)


async def read_through(store: SqliteStore, query: EventQuery, limit: int) -> list[str]:
    """All pages of the answer."""
    ids: list[str] = []
    after: Place | None = None
    while page := await store.events.find(query, limit=limit, after=after):
        ids += [event.id for event in page]
        after = Place(page[-1].at, page[-1].id, page[-1].offset)
    return ids


@pytest.mark.parametrize("bounds", [{}, {"MAX_ARMS": 1, "FEW": 3, "MANY": 20}, {"FEW": 1, "MANY": 2, "GATHERED": 4}])
def test_the_way_changes_nothing_of_the_answer(
    folder: Path, bounds: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every page of every question holds what fits it, in order, whether few or many are walked or gathered."""
    for name, value in bounds.items():
        monkeypatch.setattr(event_walks, name, value)
    chance = random.Random(len(bounds))

    async def compare(store: SqliteStore) -> int:
        everything = await store.events.find(EVERYTHING, limit=500)
        instants, matched = sorted({event.at for event in everything}), 0
        for _ in range(QUESTIONS):
            query, limit = asked_by(chance, instants), chance.choice((1, 3, 50))
            wanted = [event for event in everything if fits(event, query, {4: 1})]
            assert [event.id for event in sorted_as_asked(wanted, query)] == await read_through(store, query, limit)
            matched += bool(wanted)
        return matched

    assert ask(folder, compare) > QUESTIONS / 3
