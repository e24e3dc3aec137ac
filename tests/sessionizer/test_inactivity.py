"""Do sessions open and close where a person would say?"""

import msgspec
import pytest

from sessionizer.derived import Derived
from sessionizer.engine import Engine
from sessionizer.event import Agent, Event, Page
from sessionizer.rules.assignments import RULES
from sessionizer.rules.inactivity import Sessions, Visit, session_of
from sessionizer.session import Session, Utm
from tests.factories import SHOP, SOMEBODY, Tick, at, events, history
from tests.sessionizer.memory_worker import MemoryWorker

VISITOR = "0123456789abcdefghjkmnpqrs"


def lived(*lines: str) -> MemoryWorker:
    """The worker after a timeline of one contact, each line as it comes."""
    worker = MemoryWorker(Engine(RULES))
    for one in history(*lines):
        if isinstance(one, Tick):
            worker.tick(one.at)
        else:
            worker.deliver("K", [one])
    return worker


def sessions(*lines: str) -> list[Session]:
    """The contact's sessions after a timeline."""
    return lived(*lines).sessions("K")


def said(*lines: str) -> list[Derived]:
    """What was said of a timeline, in order of time."""
    return sorted(lived(*lines).said["K"].values(), key=lambda one: one.at)


def test_a_session_starts_when_somebody_opens_the_site_first_or_after_30_minutes_of_inactivity() -> None:
    """«… apre il tuo sito web … per la prima volta, oppure dopo 30 minuti di inattività se l'aveva già aperta»."""
    visits = "00:00 page_visited", "00:29 page_visited", "00:59 page_visited", "05:00 page_visited"
    starts = [one.at for one in said(*visits) if one.key == "push_session_started"]
    assert [at("00:00"), at("00:59"), at("05:00")] == starts


@pytest.mark.parametrize(("second", "count"), [("00:29:59.999", 1), ("00:30:00.000", 2), ("00:30:00.001", 2)])
def test_a_gap_of_thirty_minutes_splits(second: str, count: int) -> None:
    """29:59.999 stays, 30:00.000 opens a new session."""
    assert count == len(sessions("00:00 page_visited", f"{second} page_visited"))


def test_the_gap_is_the_rules_own_number() -> None:
    """A deployment with another gap makes another rule, not another file."""
    outcome = Engine((Sessions(gap_ms=60_000),)).fold(
        None, events("00:00 page_visited", "00:01 page_visited"), SOMEBODY, 0
    )
    assert ["push_session_started", "session_ended", "push_session_started"] == [one.key for one in outcome.added]


def test_a_session_is_open_until_the_gap_has_passed() -> None:
    """It ends at its last activity, said at the instant at which the gap is over."""
    assert [True] == [one.open for one in sessions("00:00 page_visited", "00:29:59.999 tick")]
    assert [(False, at("00:00"))] == [(one.open, one.ended_at) for one in sessions("00:00 page_visited", "00:30 tick")]


def test_what_is_not_activity_opens_and_extends_nothing() -> None:
    """A push delivered at night, a mail opened by a machine: the visitor did nothing."""
    assert [] == sessions("03:00 web_push/webpush_delivered quiet")
    assert [(False, 1)] == [
        (one.open, one.events) for one in sessions("00:00 page_visited", "00:20 email/Delivered quiet", "00:30 tick")
    ]


def test_the_start_says_where_the_visit_came_from() -> None:
    """Entry page, its referrer, its campaign; nothing that is empty."""
    page = Page(f"{SHOP}/sale?utm_source=news&utm_campaign=autumn%20sale", "Sale", "https://search.example/")
    outcome = Engine(RULES).fold(
        None, [Event(5, "e", "website", "page_visited", page=page, activity=True)], SOMEBODY, 0
    )
    (start,) = outcome.added
    assert ("push", "push_session_started", 5, "e") == (*start.kind, start.at, start.cause)
    assert {
        "entry_page": page.url,
        "referrer": "https://search.example/",
        "utm_source": "news",
        "utm_campaign": "autumn sale",
    } == start.data
    assert {} == said("00:00 clicked")[0].data


def test_the_end_says_what_the_visit_was() -> None:
    """Caused by the last activity, at last activity and gap, with plain properties."""
    start, end = said("00:00 page_visited /in", "00:01:30.500 clicked", "00:02 page_visited /out #last", "01:00 tick")
    assert ("website", "session_ended", at("00:32"), "last") == (*end.kind, end.at, end.cause)
    assert {
        "session_id": start.id,
        "started_at": "2026-09-21T00:00:00.000Z",
        "ended_at": "2026-09-21T00:02:00.000Z",
        "duration_seconds": 120,
        "pages": 2,
        "events": 3,
        "entry_page": f"{SHOP}/in",
        "exit_page": f"{SHOP}/out",
    } == end.data


def test_a_session_is_what_happened_in_it() -> None:
    """First page in, last page out, page views among all events, every site and visitor, the first known device."""
    first, second, third = events("00:00 clicked @v1", "00:01 page_visited /a @v2", "00:02 page_visited /b @v1")
    phone, laptop = Agent("Safari", "iOS", "mobile"), Agent("Firefox", "Linux", "desktop")
    timeline = [
        first,
        msgspec.structs.replace(second, agent=phone, page=Page(f"{SHOP}/a?utm_medium=mail", "", "https://r.example/")),
        msgspec.structs.replace(third, agent=laptop, site=2),
    ]
    engine = Engine(RULES)
    outcome = engine.fold(None, timeline, SOMEBODY, 0)
    visit = engine.state_of(outcome.thread, "sessions")
    assert isinstance(visit, Visit)
    assert Session(
        id=outcome.added[0].id,
        started_at=at("00:00"),
        ended_at=at("00:02"),
        open=True,
        events=3,
        pages=2,
        entry_page=f"{SHOP}/a?utm_medium=mail",
        exit_page=f"{SHOP}/b",
        referrer="https://r.example/",
        utm=Utm(medium="mail"),
        agent=phone,
        sites=(1, 2),
        visitor_ids=("v1", "v2"),
    ) == session_of(visit, open=True)


def test_a_visit_of_one_page_leaves_where_it_came_in() -> None:
    """The exit page is the entry page, also when what follows names none."""
    (session,) = sessions("00:00 page_visited /only", "00:01 clicked")
    assert (f"{SHOP}/only", f"{SHOP}/only") == (session.entry_page, session.exit_page)


def test_a_late_page_joins_two_sessions() -> None:
    """The second start was none: it is retracted with the first end, and its row goes."""
    worker = lived("00:00 page_visited #a", "00:40 page_visited #c", "02:00 tick", "00:20 page_visited #b")
    assert [(3, False)] == [(one.events, one.open) for one in worker.sessions("K")]
    assert ["push_session_started", "session_ended"] == sorted(one.key for one in worker.said["K"].values())


def test_a_visit_stays_within_its_bounds() -> None:
    """Whatever a page sends, a visit is at most 16 KiB: addresses are cut, of sites and visitors 16 are kept."""
    long = "https://shop.example/" + "€" * 5000 + "?" + "&".join(f"utm_{n}={'€' * 500}" for n in Utm.__struct_fields__)
    timeline = [
        Event(n, f"{n:0128d}", "website", "page_visited", page=Page(long + str(n), "", long), visitor=f"{VISITOR}{n}",
              site=n, activity=True)
        for n in range(1, 100)
    ]  # fmt: skip
    visit = Engine(RULES).fold(None, timeline, SOMEBODY, 0).thread.slots["sessions/"][0]
    assert isinstance(visit, Visit)
    frame = visit.frame
    assert (16, 16, 1024) == (len(frame.sites), len(frame.visitor_ids), len(frame.entry_page))
    assert len(msgspec.msgpack.encode(visit)) <= 16 * 1024
