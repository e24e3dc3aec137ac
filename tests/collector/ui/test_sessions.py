"""The pages of sessions: the list, its filters, the numbers of the chart."""

import json
import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest

from collector.store.ports.sessions import SessionQuery
from collector.store.ports.totals import SessionTotal
from collector.ui.sessions import one
from collector.ui.sessions.chart import Line, chart_of
from collector.ui.sessions.window import Window, window_of
from tests.collector.ingest.sending import NOW, Deployment, event
from tests.collector.ui.console import Person
from tests.collector.ui.test_pages import PROBE, work

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/17.5 Mobile/15E148 Safari/604.1"
)
NONCES = [f"6f1c2b52-7f1d-4c55-9d0a-1f1f6f0d7a{n}" for n in range(10, 99)]


def visit(deployment: Deployment, hours: float, *, nonce: int = 0, path: str = "/", **fields: Any) -> None:
    """A visit of one page, so many hours ago. fields: headers; referrer; further ones of the event."""
    headers, referrer = fields.pop("headers", {}), fields.pop("referrer", "")
    when = datetime.fromtimestamp((NOW - hours * HOUR_MS) / 1000, UTC).isoformat()
    page = {"url": f"https://shop.example{path}", "title": "Shop", "referrer": referrer}
    deployment.send(event(page=page, occurred_at=when, **fields), nonce=NONCES[nonce], headers=headers)


def entries(text: str) -> list[str]:
    """The entry pages of the list, in order."""
    return re.findall(r'<td class="wide mono"><span title="[^"]*">([^<]*)</span>', text)


def numbers(text: str) -> dict[str, Any]:
    """What the chart's script reads."""
    found = re.search(r"data-chart-numbers>(.*?)</script>", text)
    assert found
    read: dict[str, Any] = json.loads(found[1])
    return read


def test_the_list_shows_what_a_visit_was(deployment: Deployment, admin: Person) -> None:
    """Whose, how long, from where to where, by what; open until half an hour of quiet."""
    visit(deployment, 0.3, path="/in", referrer="https://www.search.example/", identifiers={"email_id": "anna@shop.it"})
    visit(deployment, 0.2, path="/out")
    work(deployment)
    text = admin.get("/sessions").text
    for shown in ("anna@shop.it", "6 min", "/in", "→", "/out", "search.example", "open"):
        assert shown in text


def test_each_filter_narrows_list_and_chart(deployment: Deployment, admin: Person) -> None:
    """By source, device, site and time; by contact only the list, over all time."""
    visit(deployment, 30, path="/a?utm_source=news")
    visit(deployment, 5, path="/b", nonce=1, headers={"user_agent": PHONE})
    visit(deployment, 3, path="/c", nonce=2, referrer="https://search.example/")
    work(deployment)
    for query, expected in {
        "": ["/c", "/b", "/a"],
        "last=24h": ["/c", "/b"],
        "source=news": ["/a"],
        "source=direct": ["/b"],
        "device=mobile": ["/b"],
        "source=search.example&device=unknown": ["/c"],
        "site=2": [],
        "from=2026-11-25&to=2026-11-25": ["/c", "/b"],
        "to=2026-11-24": ["/a"],
        "from=2026-11-25T06:00:00Z": ["/c"],
        "last=24h&to=2026-11-24": ["/a"],
    }.items():
        text = admin.get(f"/sessions?{query}").text
        assert expected == entries(text), query
        if expected:
            assert len(expected) == sum(sum(line["counts"]) for line in numbers(text)["lines"]), query
    of_one = admin.get("/sessions?contact=1").text
    assert (["/a"], False) == (entries(of_one), "data-chart" in of_one)


def test_a_filter_that_makes_no_sense_is_said(admin: Person) -> None:
    """And the page is there all the same."""
    for query in ("from=2026-02-31", "to=9999-12-31", "contact=anna", "cursor=nonsense", "nonsense=1"):
        answer = admin.get(f"/sessions?{query}")
        assert (200, True) == (answer.status_code, 'role="alert"' in answer.text), query


def test_the_twin_gives_the_same_sessions(deployment: Deployment, admin: Person) -> None:
    """The preset is written out as an instant, the screen's own parameters are not there."""
    visit(deployment, 30)
    visit(deployment, 3, nonce=1)
    work(deployment)
    text = admin.get("/sessions?last=24h&by=source").text
    found = re.search(r'href="(/sessions\.json[^"]*)"', text)
    assert found
    assert "/sessions.json?from=2026-11-24T10%3A00%3A00.000Z" == found[1]
    assert 1 == len(admin.get(found[1]).json()["sessions"])
    assert 2 == len(admin.get("/sessions.json?by=source&last=24h").json()["sessions"])


def test_the_list_goes_on(deployment: Deployment, admin: Person) -> None:
    """Fifty a page, each once, under the same filters."""
    for n in range(53):
        visit(deployment, 1 + n / 10, nonce=n, path=f"/{n}")
    work(deployment)
    first = admin.get("/sessions?source=direct").text
    link = re.search(r'href="(\?[^"]*cursor=[^"]*)"', first)
    assert link
    second = admin.get("/sessions" + link[1].replace("&amp;", "&")).text
    assert [f"/{n}" for n in range(53)] == entries(first) + entries(second)
    assert '<a class="button" href="?source=direct"' in second


def test_a_replaced_session_leads_to_its_successor(deployment: Deployment, admin: Person) -> None:
    """Whose page says whose place it took, and leads to its timeline; an unknown one is a 404."""
    visit(deployment, 3, path="/second")
    work(deployment)
    (gone,) = admin.get("/api/sessions").json()["sessions"]
    assert "It took the place of others" not in admin.get(f"/sessions/{gone['id']}").text
    visit(deployment, 3.2, path="/first")
    work(deployment)
    (stands,) = admin.get("/api/sessions").json()["sessions"]
    answer = admin.get(f"/sessions/{gone['id']}")
    assert (308, f"/sessions/{stands['id']}") == (answer.status_code, answer.headers["location"])
    assert "no-store" == answer.headers["cache-control"], "it may stand again tomorrow"
    text = admin.get(f"/sessions/{stands['id']}").text
    assert f'href="/events/{gone["id"]}">{gone["id"]}</a>' in text.partition("It took the place of others")[2]
    assert "began at 07:00:00" in text
    link = re.search(r'href="(/contacts/1[^"#]*)#(s-[^"]+)"', text)
    assert link
    assert f'id="{link[2]}"' in admin.get(unescape(link[1])).text
    assert 404 == admin.get("/sessions/nothing").status_code


def test_a_session_shows_its_trail(deployment: Deployment, admin: Person) -> None:
    """Pages in order with the time on each, what happened between them, how it began and ended, and whose it was."""
    origin = {"referrer": "https://www.search.example/", "headers": {"user_agent": PHONE}}
    visit(deployment, 3, path="/in?utm_source=news", identifiers={"email_id": "anna@shop.it"}, **origin)
    visit(deployment, 2.9, path="/out", headers={"user_agent": PHONE})
    visit(deployment, 2.85, path="/out", key="cart_updated", headers={"user_agent": PHONE})
    deployment.send_as_server(sent(2.95, key="order_created"), sent(2.7, key="order_refunded"))
    work(deployment)
    text = admin.get(address_of_one(admin)).text
    assert ["6 min", "at least 3 min"] == stays(text)
    trail = re.findall(r"data-row[^>]*>([^<]+)</a>", text)
    assert ["Shop", "Order created", "Shop", "Cart updated"] == trail
    for shown in (
        ">anna@shop.it</a>", "9 min", "search.example", "utm_source", "mobile", "Mobile Safari, iOS", "default",
        "Began at 07:00:00", "Ended: last activity at 07:09:00", "at 07:39:00", "2 <span",
    ):  # fmt: skip
        assert shown in text
    assert ">open</span>" not in text


def test_an_open_session_says_so(deployment: Deployment, admin: Person) -> None:
    """And of its last page nobody knows how long it was looked at."""
    visit(deployment, 0.1)
    work(deployment)
    text = admin.get(address_of_one(admin)).text
    assert [True] * 4 == [said in text for said in (">open</span>", "Still open", "time unknown", "so far")]
    assert [] == stays(text)


def test_a_session_knows_those_before_and_after(deployment: Deployment, admin: Person) -> None:
    """Of the same person."""
    for hours in (9, 6, 3):
        visit(deployment, hours)
    visit(deployment, 7, nonce=1)
    work(deployment)
    found = admin.get("/api/sessions?contact=1").json()["sessions"]
    after, middle, before = (session["id"] for session in found)
    shown = {id: re.findall(r'class="button[^"]*" href="/sessions/([^"]+)"', admin.get(f"/sessions/{id}").text)
             for id in (before, middle, after)}  # fmt: skip
    assert {before: [middle], middle: [before, after], after: [middle]} == shown


def test_a_session_has_a_twin(deployment: Deployment, admin: Person) -> None:
    """The API's answer, also to the id of one that was replaced."""
    visit(deployment, 3)
    work(deployment)
    (session,) = admin.get("/api/sessions").json()["sessions"]
    path = f"/sessions/{session['id']}.json"
    assert f'href="{path}"' in admin.get(f"/sessions/{session['id']}").text
    assert session == admin.get(path).json()
    assert 404 == admin.get("/sessions/nothing.json").status_code


def test_a_long_session_goes_on(deployment: Deployment, admin: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its end first; what was before it is a page further, each once, and no page's time is lost at the seam."""
    monkeypatch.setattr(one, "ROWS", 4)
    for n in range(6):
        visit(deployment, 3 - n / 60, path=f"/{n}")
    work(deployment)
    last = admin.get(address_of_one(admin)).text
    link = re.search(r'href="(\?cursor=[^"]*)"', last)
    assert link
    first = admin.get(address_of_one(admin) + unescape(link[1])).text
    pages = [re.findall(r'mono">https://shop.example/(\d)<', text) for text in (first, last)]
    assert [["0", "1", "2"], ["3", "4", "5"]] == pages
    assert [["1 min"] * 3, ["1 min"] * 2] == [stays(first), stays(last)]
    assert [True, True] == ["Back to the end" in first, "Began at" in first]
    assert 400 == admin.get(address_of_one(admin) + "?cursor=nonsense", accept="text/html").status_code


def test_what_was_taken_back_stands_struck_on_the_trail(deployment: Deployment, admin: Person) -> None:
    """A late page between two visits makes them one: the first's end and the second's start are said to be no more."""
    visit(deployment, 3)
    visit(deployment, 2.25)
    work(deployment)
    visit(deployment, 2.6)
    work(deployment)
    text = admin.get(address_of_one(admin)).text
    gone = re.findall(r'class="derived gone">.*?data-row title="([^"]+)"', text, re.DOTALL)
    assert ["website/session_ended", "push/push_session_started"] == gone
    assert 2 == text.count(">taken back</span>")
    assert 3 == text.count("received later:")


def sent(hours: float, **fields: Any) -> dict[str, Any]:
    """What a server says of Anna."""
    when = datetime.fromtimestamp((NOW - hours * HOUR_MS) / 1000, UTC).isoformat()
    return event(occurred_at=when, identifiers={"email_id": "anna@shop.it"}, **fields)


def address_of_one(admin: Person) -> str:
    """The page of the only session."""
    (session,) = admin.get("/api/sessions").json()["sessions"]
    return f"/sessions/{session['id']}"


def stays(text: str) -> list[str]:
    """The times that were spent on pages, in order, but for the unknown ones."""
    found = re.findall(r'<span class="end nowrap">(.*?)</span></div>', text, re.DOTALL)
    words = [" ".join(re.sub(r"<[^>]*>", "", one).split()) for one in found]
    return [said for said in words if said != "time unknown"]


def test_the_chart_is_split_and_has_a_table(deployment: Deployment, admin: Person) -> None:
    """By source, by device, by site by its name; the same numbers stand in a table."""
    visit(deployment, 30, path="/?utm_source=news")
    visit(deployment, 5, nonce=1, headers={"user_agent": PHONE})
    work(deployment)
    for by, names in {
        "": ["Sessions"], "source": ["direct", "news"], "device": ["unknown", "mobile"], "site": ["default"],
        "nonsense": ["Sessions"],
    }.items():  # fmt: skip
        text = admin.get(f"/sessions?last=30d&by={by}").text
        assert names == [line["name"] for line in numbers(text)["lines"]]
        assert ("day", 31) == (numbers(text)["step"], len(numbers(text)["at"]))
        assert [True] * len(names) == [f'class="right">{name}</th>' in text for name in names]
    assert "hour" == numbers(admin.get("/sessions?last=24h").text)["step"]


def test_only_the_largest_parts_have_a_line() -> None:
    """Six, the largest first, then all others together; steps without any are noughts."""
    rows = [SessionTotal(at, part, count) for at, part, count in
            [(0, "a", 1), (0, "b", 9), *((2, part, 5) for part in "cdefg"), (2, "a", 1), (9, "b", 1)]]  # fmt: skip
    chart = chart_of(rows, [0, 1, 2])
    assert [
        Line("b", [9, 0, 0]),
        *(Line(part, [0, 0, 5]) for part in "cdefg"),
        Line(None, [1, 0, 1]),
    ] == chart.lines
    assert [10, 0, 26] == chart.totals
    assert ([], []) == (chart_of([], [0, 1]).lines, chart_of([], [0, 1]).totals)


@pytest.mark.parametrize(
    ("since", "until", "expected", "step", "places"),
    [
        (None, None, Window(NOW - 7 * DAY_MS, NOW), "day", 8),
        (NOW - DAY_MS + 5, None, Window(NOW - DAY_MS, NOW), "hour", 24),
        (NOW - 3 * DAY_MS, None, Window(NOW - 3 * DAY_MS, NOW), "hour", 72),
        (0, None, Window(NOW - 92 * DAY_MS, NOW), "day", 93),
        (None, NOW - DAY_MS, Window(NOW - 8 * DAY_MS, NOW - DAY_MS), "day", 8),
        (NOW, NOW - DAY_MS, Window(NOW, NOW - DAY_MS), "hour", 0),
    ],
)
def test_what_a_chart_shows(since: int | None, until: int | None, expected: Window, step: str, places: int) -> None:
    """A week unless asked otherwise, whole hours, a quarter at most; hours up to three days."""
    window = window_of(SessionQuery(since=since, until=until), NOW)
    assert (expected, step, places) == (window, window.step, len(window.places))


def test_an_empty_store_says_so(admin: Person) -> None:
    """With a way to a longer time."""
    text = admin.get("/sessions").text
    assert "No sessions in this time" in text
    assert 'href="?last=30d"' in text


def test_a_campaign_cannot_act(deployment: Deployment, admin: Person) -> None:
    """Probes in addresses, referrers, campaigns and filters stand as text, in the numbers for the script too."""
    visit(deployment, 1, path=f"/{PROBE}?utm_source={PROBE}", referrer=f"https://a.example/{PROBE}")
    work(deployment)
    for path in ("/sessions?by=source", f"/sessions?source={PROBE}", f"/sessions?from={PROBE}", address_of_one(admin)):
        text = admin.get(path).text
        assert ["alert(1)" in text, False, False] == [True, "<script>alert" in text, "<img src=x" in text]


def test_the_screen_is_light(deployment: Deployment, admin: Person) -> None:
    """A full page with the chart, its scripts and styles: at most 100 kB as they are transferred."""
    for n in range(51):
        visit(deployment, n, nonce=n, path=f"/shoes/{n}?utm_source=s{n % 9}", identifiers={"ext_id": f"person-{n}"})
    work(deployment)
    page = admin.get("/sessions?by=source&last=30d", accept_encoding="gzip")
    parts = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    assert any("uPlot" in part for part in parts)
    answers = [page, *(admin.get(part, accept_encoding="gzip") for part in parts)]
    assert sum(int(answer.headers["content-length"]) for answer in answers) <= 100_000
