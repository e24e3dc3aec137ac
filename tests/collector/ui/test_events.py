"""The screens of events: list, filters, panel, exports, refusals."""

import csv
import io
import json
import re
import subprocess
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from collector.errors import Code
from collector.instant import instant
from collector.store.ports.events import EventQuery
from collector.store.ports.store import QueryTooSlow
from collector.ui.events import export, filters, pages
from collector.ui.events.payload import columns, curl_of, shape
from collector.ui.events.remedies import REMEDIES
from sessionizer.catalogue import FAMILIES
from tests.collector.ingest.sending import NONCE, NOW, Deployment, batch, event
from tests.collector.ui.console import Person
from tests.collector.ui.test_pages import PROBE, work

COMMERCE = [("category", category) for category in FAMILIES["commerce"].categories]
DATA_ID = re.compile(r'<tr data-id="([^"]*)"')
CHIP = re.compile(r'<li><a href="([^"]*)" data-swap="#content" aria-label="Remove the filter ([^"]*)"')


def shown(text: str) -> list[str]:
    """The ids of the rows of a list."""
    return [unescape(id) for id in DATA_ID.findall(text)]


def query_of(address: str) -> list[tuple[str, str]]:
    """The parameters of an address in a page."""
    return parse_qsl(urlsplit(unescape(address)).query)


def link(text: str, label: str) -> str:
    """The address of the link that begins with that label."""
    found = re.search(rf'<a [^>]*?href="([^"]*)"[^>]*>{re.escape(label)}', text)
    assert found, label
    return unescape(found[1])


@pytest.fixture
def filled(deployment: Deployment) -> Deployment:
    """A cart of Anna's, a visit and a wish."""
    deployment.send_as_server(
        event(id="cart", key="cart_updated", occurred_at="2026-11-25T09:00:00Z", identifiers={"email_id": "anna@a.it"},
              properties={"total": 59.9, "currency": "EUR", "items": [{"sku": "A-1", "price": 59.9}]},
              contact_properties={"CITY": "Roma"}, object={"type": "cart", "id": "c-1"}),
    )  # fmt: skip
    page = {"url": "https://shop.example/shoes?size=42", "title": "Shoes", "referrer": "https://search.example/"}
    deployment.send(
        event(id="visit", occurred_at="2026-11-25T09:30:00Z", page=page),
        event(id="wish", key="wished", occurred_at="2026-11-25T09:59:59Z"),
    )
    work(deployment)
    return deployment


# The list ------------------------------------------------------------------------------------------------------------


def test_rows_say_when_what_and_whose_newest_first(filled: Deployment, admin: Person) -> None:
    """A contact goes by the primary identifier, a cart by its total, a visit by title and path."""
    text = admin.get("/events?category=ecommerce&category=website&category=custom").text
    assert ["wish", "visit", "cart"] == shown(text)
    rows = [part.split("</tr>")[0] for part in text.split('<tr data-id="')[1:]]
    assert ">anna@a.it</a>" in rows[2]
    assert "total 59.90 EUR" in rows[2]
    assert ["Shoes", "/shoes?size=42"] == [part for part in ("Shoes", "/shoes?size=42") if part in rows[1]]
    assert 'data-family="custom">wished' in rows[0]
    assert '<time datetime="2026-11-25T09:59:59.000Z" title="25 November 2026 09:59:59 UTC">1 second ago' in rows[0]


def test_an_empty_list_says_which_bots_it_hides(
    deployment: Deployment, admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a link to them, by the filters at work; nothing where there are none, or where they are asked for."""
    robot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    sent = [event(id=f"bot-{n}", occurred_at="2026-11-25T09:30:00Z") for n in range(3)]
    deployment.send(*sent, headers={"user_agent": robot})
    work(deployment)
    text = admin.get("/events?q=").text
    assert ([], True) == (shown(text), "3 events of bots are hidden." in text)
    address = link(text, "Show them")
    assert 3 == len(shown(admin.get(address).text))
    custom = admin.get("/events?category=custom&category=website").text
    assert [("category", "custom"), ("category", "website"), ("bots", "include")] == query_of(link(custom, "Show them"))
    assert "of bots are hidden" not in admin.get("/events?category=ecommerce").text
    assert "of bots are hidden" not in admin.get("/events?category=website&bots=only").text
    monkeypatch.setattr(pages, "MOST_BOTS", 2)
    assert "More than 2 events of bots are hidden." in admin.get("/events").text


def test_tabs_are_families_with_counts_and_keep_the_other_filters(filled: Deployment, admin: Person) -> None:
    """A tab asks for all its categories by name, so that its twin answers the same."""
    text = admin.get("/events?q=a&key=cart_updated&category=ecommerce").text
    address = link(text, "Commerce")
    assert [*COMMERCE, ("q", "a")] == query_of(address)
    assert re.search(r'aria-current="page">Commerce <span class="count">1</span>', text)
    assert [("q", "a")] == query_of(link(text, "All <span"))
    tab = admin.get(address.replace("q=a", "")).text
    assert ["cart"] == shown(tab)
    twin = admin.get(unescape(re.search(r'href="(/events\.json[^"]*)"', tab)[1])).json()  # type: ignore[index]  # it is there
    assert ["cart"] == [one["id"] for one in twin["events"]]


def test_events_to_choose_have_counts_and_offer_those_never_seen(filled: Deployment, admin: Person) -> None:
    """Those of the catalogue under their category, custom ones that came; in a tab only its own."""
    text = admin.get("/events").text
    assert '<option value="website/page_visited">Page visited · page_visited (1)' in text
    assert '<option value="custom/wished">wished (1)</option>' in text
    assert re.search(r'value="marketing_email/Soft Bounce">[^<]* · never seen yet<', text)
    tab = admin.get("/events?" + urlencode(COMMERCE)).text
    assert [True, False] == [f'value="{kind}"' in tab for kind in ("ecommerce/order_created", "website/page_visited")]


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ([("category", "website"), ("kind", "custom/wished"), ("q", "")], [("category", "custom"), ("key", "wished")]),
        ([("kind", "marketing_email/Soft Bounce")], [("category", "marketing_email"), ("key", "Soft Bounce")]),
        ([*COMMERCE, ("kind", ""), ("op", "eq")], COMMERCE),
        ([("kind", ""), ("path", "items.sku"), ("op", "eq"), ("value", "A:1")], [("property", "items.sku:eq:A:1")]),
        ([("path", "coupon"), ("op", "exists"), ("value", "")], [("property", "coupon:exists")]),
        ([("from", "2026-11-24T10:00"), ("to", "2026-11-24T10:00:30")],
         [("from", "2026-11-24T10:00:00Z"), ("to", "2026-11-24T10:00:30Z")]),
        ([("from", "yesterday"), ("key", "")], [("from", "yesterday"), ("key", "")]),
    ],
)  # fmt: skip
def test_what_the_form_gives_becomes_the_words_of_the_api(given: filters.Pairs, canonical: filters.Pairs) -> None:
    """One event in two parameters, a property in one, times with a zone; what is said so already stays as it is."""
    assert canonical == filters.canonical(given)
    assert canonical == filters.canonical(canonical)


def test_the_form_leads_to_the_address_of_what_it_asks(filled: Deployment, admin: Person) -> None:
    """Also without scripts."""
    answer = admin.get("/events?q=&kind=ecommerce%2Fcart_updated&path=total&op=gte&value=59&from=2026-11-25T08:00")
    expected = [("from", "2026-11-25T08:00:00Z"), ("category", "ecommerce"), ("key", "cart_updated"),
                ("property", "total:gte:59")]  # fmt: skip
    assert (303, expected) == (answer.status_code, query_of(answer.headers["location"]))
    text = admin.get(answer.headers["location"]).text
    assert ["cart"] == shown(text)
    assert '<option value="ecommerce/cart_updated" selected>' in text
    assert 'name="from" type="datetime-local" step="1" value="2026-11-25T08:00:00"' in text
    assert '<input type="hidden" name="property" value="total:gte:59">' in text


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("contact=1", ["cart"]),
        ("source=tracker", ["wish", "visit"]),
        ("from=2026-11-25T09:30:00Z&to=2026-11-25T09:59:59Z&source=tracker", ["visit"]),
        ("property=items.sku:eq:A-1", ["cart"]),
        ("q=anna@", ["cart"]),
        ("q=/shoes", ["visit"]),
        ("key=wished&open=cart", ["wish"]),
    ],
)
def test_each_filter_narrows(filled: Deployment, admin: Person, query: str, ids: list[str]) -> None:
    """As the API does."""
    assert ids == shown(admin.get(f"/events?{query}").text)


def test_a_chip_takes_its_filter_away(filled: Deployment, admin: Person) -> None:
    """One a value; that of an event leads back to its family."""
    text = admin.get("/events?category=ecommerce&key=cart_updated&source=api&source=tracker&open=cart").text
    chips = {unescape(says): query_of(address) for address, says in CHIP.findall(text)}
    rest = [("category", "ecommerce"), ("key", "cart_updated")]
    assert {
        "Event cart_updated": [*COMMERCE, ("source", "api"), ("source", "tracker")],
        "Source api": [*rest, ("source", "tracker")],
        "Source tracker": [*rest, ("source", "api")],
    } == chips


def test_spans_of_time_are_links_with_an_instant(filled: Deployment, admin: Person) -> None:
    """They keep the other filters and work without scripts."""
    text = admin.get("/events?key=wished&from=2026-11-01T00:00:00Z").text
    assert [("key", "wished"), ("from", "2026-11-25T09:00:00.000Z")] == query_of(link(text, "Last hour"))
    assert [("key", "wished")] == query_of(link(text, "All time"))


@pytest.mark.parametrize("query", ["from=yesterday", "property=total", "nonsense=1", "contact=anna", "cursor=x"])
def test_a_filter_that_makes_no_sense_is_said_beside_the_whole_list(
    filled: Deployment, admin: Person, query: str
) -> None:
    """The sentence is the API's."""
    text = admin.get(f"/events?{query}").text
    assert f'role="alert">{query.split("=")[0] if query[0] != "n" else "Unknown: nonsense"}' in text
    assert {"wish", "visit", "cart"} <= set(shown(text))


def test_the_list_goes_on_behind_its_last_row(deployment: Deployment, admin: Person) -> None:
    """With the same filters; a page further back is not live."""
    deployment.send(*[event(id=f"e{n:02}", key="wished") for n in range(60)])
    work(deployment)
    first = admin.get("/events?key=wished").text
    address = link(first, "Older")
    assert "key" in dict(query_of(address))
    second = admin.get("/events" + address).text
    assert [f"e{n:02}" for n in range(59, -1, -1)] == shown(first) + shown(second)
    assert ['data-live-query="key=wished"', 'data-live-query="-"'] == [
        re.findall(r'data-live-query="[^"]*"', text)[0] for text in (first, second)
    ]
    assert len(first.encode()) < 100_000


def test_empty_lists_say_what_to_do(admin: Person) -> None:
    """Before the first event another thing than when nothing matches."""
    assert "As soon as your website sends" in admin.get("/events").text
    assert "Take a filter away" in admin.get("/events?key=nothing").text


# One event -----------------------------------------------------------------------------------------------------------


def test_a_row_opens_beside_the_list(filled: Deployment, admin: Person) -> None:
    """The panel has all of it: whose, when, properties as people read them, and how to send it again."""
    text = admin.get("/events?key=cart_updated&open=cart").text
    panel = text[text.index('<aside id="panel"') :]
    for part in (
        "Cart updated", 'href="/contacts/1">anna@a.it', "25 November 2026, 09:00:00 UTC", "Received", "c-1", "Roma",
        "59.90 EUR", '<th scope="col">sku</th>', "api-key: $SENTIERO_API_KEY", "https://collector.example/events/cart",
    ):  # fmt: skip
        assert part in panel, part
    assert '<tr data-id="cart" data-open>' in text
    assert [("key", "cart_updated")] == query_of(link(panel, "Close"))
    assert 'class="card panel" aria-label="Event"></aside>' in admin.get("/events").text
    assert "This event is not there" in admin.get("/events?open=gone").text


def test_one_event_has_a_page_of_its_own(filled: Deployment, admin: Person) -> None:
    """With the same parts; and an id may be any text."""
    filled.send_as_server(event(id="a/b?c", key="wished"))
    work(filled)
    assert "59.90 EUR" in admin.get("/events/cart").text
    assert "https://collector.example/events/a/b%3Fc" in unescape(admin.get("/events/a%2Fb%3Fc").text)
    assert 404 == admin.get("/events/nothing").status_code


def test_a_session_and_what_derives_from_it_lead_to_each_other(filled: Deployment, admin: Person) -> None:
    """A derived event has no line to send it; it names its cause."""
    (started,) = filled.get("/api/events?key=push_session_started").json()["events"]
    text = admin.get(f"/events/{started['id']}").text
    assert "Nobody sent it" in text
    assert "curl" not in text
    assert f'href="/events/{started["causes"][0]}"' in text
    assert f'href="/sessions/{started["id"]}"' in text


def test_as_received_brings_the_same_again(filled: Deployment, admin: Person) -> None:
    """The item that is shown is one that the server's door takes, and says what the event says."""
    text = admin.get("/events/cart").text
    item = json.loads(unescape(re.search(r"is kept: .*?<pre[^>]*>(.*?)</pre>", text, re.DOTALL)[1]))  # type: ignore[index]  # it is there
    answer = filled.send_as_server({**item, "id": "again"})
    assert (1, []) == (answer["accepted"], answer["rejected"])
    work(filled)
    before, after = (filled.get(f"/api/events/{id}").json() for id in ("cart", "again"))
    mine = {"id": "", "received_at": ""}
    assert {**before, **mine} == {**after, **mine}


def test_the_shell_sends_what_is_shown(tmp_path: Path) -> None:
    """Quotes, line breaks, dollars and backslashes arrive as they were; the key comes from the environment."""
    item = {"id": "it's", "key": "k", "properties": {"text": "a'b\"c\n$HOME `id` $(id) \\ !", "emoji": "🏔", "at": "@x"}}
    fake = tmp_path / "curl"
    fake.write_text('#!/bin/sh\nprintf "%s\\0" "$@"\n')
    fake.chmod(0o755)
    done = subprocess.run(
        ["bash", "-c", curl_of(item, "https://c.example")],
        capture_output=True, check=True, env={"PATH": f"{tmp_path}:/usr/bin:/bin", "SENTIERO_API_KEY": "sk_1"},
    )  # fmt: skip
    arguments = done.stdout.decode().split("\0")
    assert ["-X", "POST", "https://c.example/api/events", "-H", "api-key: sk_1"] == arguments[:5]
    assert {"events": [item]} == json.loads(arguments[8])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": 1}, "facts"), ({}, "text"), ([{"a": 1}, {"b": 2}], "table"), ([{"a": {}}], "list"), ([1, 2], "list"),
        ([], "text"), ("https://a.example", "address"), ("javascript:alert(1)", "text"), (None, "text"), (True, "text"),
        ([{str(n): n for n in range(11)}], "list"),
    ],
)  # fmt: skip
def test_a_value_is_shown_as_it_is_read_best(value: Any, expected: str) -> None:
    """Objects alike as a table, only http(s) as a link."""
    assert expected == shape(value)
    assert (expected == "table") == (isinstance(value, list) and bool(columns(value)))


def test_every_shape_of_payload_is_shown(deployment: Deployment, admin: Person) -> None:
    """Nested as deeply as is taken, in Italian too."""
    deep: Any = "bottom"
    for _ in range(4):
        deep = {"in": [deep]}
    values = {"deep": deep, "yes": True, "none": None, "list": ["a", 1], "price": 1234.5, "currency": "EUR", "no": []}
    deployment.send(event(id="one", key="k", properties=values))
    work(deployment)
    text = Person(deployment, language="it").log_in().get("/events/one").text
    for part in ("bottom", "sì", "1.234,50 EUR", '<ul class="inner"><li>'):
        assert part in text, part


def test_a_long_address_does_not_make_a_long_list(deployment: Deployment, admin: Person) -> None:
    """Rows show its beginning; the panel has all of it."""
    url = f"https://shop.example/{'a' * 900}"
    deployment.send(event(id="one", key="k", page={"url": url, "title": "t" * 900}))
    work(deployment)
    assert "a" * 121 not in admin.get("/events").text
    assert url in admin.get("/events?open=one").text


# Exports -------------------------------------------------------------------------------------------------------------


def test_an_export_holds_the_filtered_list_whole(
    deployment: Deployment, admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Piece by piece, each once, in the order of the list; in both formats."""
    monkeypatch.setattr(export, "PIECE", 3)
    deployment.send(*[event(id=f"e{n}", key="wished") for n in range(9)], event(id="other", key="bought"))
    work(deployment)
    expected = [f"e{n}" for n in range(8, -1, -1)]
    answer = admin.get("/events/export.ndjson?key=wished")
    assert 'attachment; filename="events-2026-11-25.ndjson"' == answer.headers["content-disposition"]
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert expected == [line["id"] for line in lines]
    assert deployment.get("/api/events/e8").json() == lines[0]
    rows = list(csv.DictReader(io.StringIO(admin.get("/events/export.csv?key=wished").text, newline="")))
    assert expected == [row["id"] for row in rows]


def test_csv_is_safe_in_a_spreadsheet(deployment: Deployment, admin: Person) -> None:
    """What a spreadsheet would run becomes text; commas, quotes and line breaks stay in their cell."""
    page = {"url": "https://shop.example/", "title": '=1+1,"a"\n'}
    deployment.send_as_server(event(id="-1", key="wished", page=page, object={"type": "@x", "id": "＝1"}))
    work(deployment)
    text = admin.get("/events/export.csv").text
    assert text.startswith(",".join(export.HEAD) + "\r\n")
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert ("'=1+1,\"a\"", "'-1", "'@x", "'＝1", "{}") == (
        row["page_title"].strip(), row["id"], row["object_type"], row["object_id"], row["properties"]
    )  # fmt: skip


@pytest.mark.parametrize("start", "= + - @ \t \r ＝ ＋ － ＠".split(" "))
def test_every_beginning_of_a_formula_is_disarmed(start: str) -> None:
    """Source: SECURITY 2."""
    assert f"'{start}cmd" == export.safe(f"{start}cmd")


def test_a_store_that_fails_on_the_way_breaks_the_transfer(
    deployment: Deployment, admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody takes a part for the whole; one that fails at once is answered as a failure."""
    monkeypatch.setattr(export, "PIECE", 2)
    deployment.send(*[event(key="wished") for _ in range(5)])
    work(deployment)
    events = deployment.built.services.store.events
    find, good = type(events).find, [True]

    async def failing(self: Any, query: EventQuery, **given: Any) -> Any:
        if not good:
            raise QueryTooSlow
        good.pop()
        return await find(self, query, **given)

    monkeypatch.setattr(type(events), "find", failing)
    with pytest.raises(RuntimeError):
        admin.get("/events/export.ndjson")
    assert 503 == admin.get("/events/export.csv").status_code
    assert 303 == Person(deployment).get("/events/export.csv").status_code


def test_a_question_that_takes_too_long_says_how_to_narrow_it(
    deployment: Deployment, admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page in the reader's language, with the status that programs get."""

    async def slow(self: Any, query: EventQuery, **given: Any) -> Any:
        raise QueryTooSlow

    monkeypatch.setattr(type(deployment.built.services.store.events), "find", slow)
    answer = admin.get("/events?property=a:eq:1", accept="text/html")
    assert 503 == answer.status_code
    assert "The question was too large" in answer.text
    assert "Narrow it, for example by time or to one event." in answer.text


# Refusals ------------------------------------------------------------------------------------------------------------


def refuse(deployment: Deployment) -> None:
    """Two bad keys and a bad time; returns when they are counted."""
    deployment.post(batch(event(id="x", key="!!"), event(id="y", key="??"), event(id="z", occurred_at="noon")))
    deployment.rejections()


def test_a_refusal_says_why_and_how_to_fix_it(deployment: Deployment, admin: Person) -> None:
    """A card a reason, the most frequent first, with samples as they came."""
    refuse(deployment)
    text = admin.get("/events/rejected").text
    assert ["bad_key", "bad_time"] == re.findall(r'class="tone" data-tone="\d">(\w+)<', text)
    for part in (
        "Use 1 to 255 letters",
        "events[1].key",
        "Samples as received (2)",
        "Rejected, day by day",
        "&#34;??&#34;",
    ):
        assert part in text, part
    assert "Usa da 1 a 255 lettere" in Person(deployment, language="it").log_in().get("/events/rejected").text


def test_refusals_are_filtered_by_reason_site_and_time(deployment: Deployment, admin: Person) -> None:
    """The address is that of the twin."""
    refuse(deployment)
    narrowed = admin.get("/events/rejected?code=bad_time").text
    assert ["bad_time"] == re.findall(r'class="tone" data-tone="\d">(\w+)<', narrowed)
    assert "Nothing matches" in admin.get("/events/rejected?site=7").text
    assert "Nothing matches" in admin.get("/events/rejected?to=2026-11-20T00:00:00Z").text
    assert 'role="alert"' in admin.get("/events/rejected?code=nonsense").text
    assert 303 == admin.get("/events/rejected?from=2026-11-20T00:00").status_code
    twin = admin.get("/events/rejected.json?code=bad_time").json()
    assert ["bad_time"] == [row["code"] for row in twin["rejections"]]


def test_the_chart_is_by_hour_for_a_day_and_by_day_for_a_month(deployment: Deployment, admin: Person) -> None:
    """Each bar says what it is made of; what stood before the stretch is not in it."""
    refuse(deployment)
    deployment.now = NOW + 3 * 3_600_000
    refuse(deployment)
    day = admin.get(link(admin.get("/events/rejected").text, "24 hours")).text
    assert "Rejected, hour by hour" in day
    assert ["bad_key: 2, 25 November 2026 10:00 UTC", "bad_key: 2, 25 November 2026 13:00 UTC"] == re.findall(
        r"<title>(bad_key[^<]*)", day
    )
    month = admin.get("/events/rejected").text
    assert ["bad_key: 4, 25 November 2026"] == re.findall(r"<title>(bad_key[^<]*)", month)


def test_no_refusal_is_said_to_be_good_news(admin: Person) -> None:
    """And the page says what it is for."""
    text = admin.get("/events/rejected").text
    assert "Nothing was refused" in text
    assert "<svg" not in text


def test_every_code_has_a_remedy_in_both_languages() -> None:
    """What is refused is explained."""
    assert set(Code) == REMEDIES.keys()
    assert all(text.endswith(".") for remedy in REMEDIES.values() for text in remedy)


# Strangers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/events?open=one", "/events/one", "/events/rejected", "/events?" + urlencode({"q": PROBE, "open": PROBE})]
)
def test_what_a_stranger_writes_is_text_in_every_screen(deployment: Deployment, admin: Person, path: str) -> None:
    """A probe in every field of events, refusals and the address stands escaped."""
    page = {"url": f"https://shop.example/{PROBE}", "title": PROBE, "referrer": f"https://a.example/{PROBE}"}
    deployment.send(
        event(id="one", key="k", page=page, identifiers={"ext_id": PROBE}, object={"type": PROBE, "id": PROBE},
              properties={PROBE: PROBE, "list": [PROBE, {PROBE: PROBE}], "rows": [{PROBE: PROBE}]},
              contact_properties={"CITY": PROBE}),
        event(id=PROBE, key="!"),
        headers={"user_agent": PROBE},
    )  # fmt: skip
    work(deployment)
    deployment.rejections()
    text = admin.get(path).text
    assert "&lt;script&gt;alert" in text
    assert "<script>alert" not in text
    assert "<img src=x" not in text


@pytest.mark.parametrize("path", ["/events/export.csv", "/events/export.ndjson", "/events/rejected", "/events?open=x"])
def test_a_stranger_sees_nothing(stranger: Person, path: str) -> None:
    """Exports are asked for by login as well."""
    assert "/login" == urlsplit(stranger.get(path).headers["location"]).path


def test_an_event_says_what_it_caused_and_what_became_of_it(deployment: Deployment, admin: Person) -> None:
    """Causes and effects by name and time; one that was taken back says so, and which session took its place."""
    deployment.send(event(id="first", occurred_at=ago(180)), event(id="second", occurred_at=ago(130)), nonce=NONCE)
    work(deployment)
    (gone, stands) = (session["id"] for session in admin.get("/api/sessions").json()["sessions"])
    deployment.send(event(id="between", occurred_at=ago(155)), nonce=NONCE)
    work(deployment)
    effects = facts(admin.get("/events/first").text)["What follows"]
    assert "Session started 07:00:00 Session ended 07:30:00 taken back" == effects
    cause = facts(admin.get("/events/second").text)["What follows"]
    assert "Session started 07:50:00 taken back Session ended 08:20:00" == cause
    rows = admin.get("/events?superseded=only").text
    assert [2, 2] == [len(shown(rows)), rows.count(">taken back</span>")]
    text = admin.get(f"/events/{gone}").text
    assert "Page visited 07:50:00" == facts(text)["Caused by"]
    assert f'<a href="/sessions/{stands}">The session that took its place</a>' in text
    assert "25 November 2026, 10:00:00 UTC 2 h 35 min later" == facts(admin.get("/events/between").text)["Received"]


def test_an_event_that_came_too_late_says_what_helps(deployment: Deployment, admin: Person) -> None:
    """And one that was imported says that it was: it never comes too late."""
    told = {"key": "order_created", "identifiers": {"ext_id": "u1"}}
    deployment.send_as_server(event(**told))
    work(deployment)
    deployment.send_as_server(event(id="late", occurred_at=ago(60 * 24 * 8), **told))
    other = {**told, "identifiers": {"ext_id": "u2"}}
    deployment.send_as_server(event(**other), event(id="old", occurred_at=ago(60 * 24 * 8), historical=True, **other))
    work(deployment)
    signs = ">late</span>", "sessionize --rebuild", ">historical</span>"
    found = {id: [sign in admin.get(f"/events/{id}").text for sign in signs] for id in ("late", "old")}
    assert {"late": [True, True, False], "old": [False, False, True]} == found


def facts(text: str) -> dict[str, str]:
    """What stands beside each name, as one reads it."""
    found = re.findall(r"<dt>([^<]+)</dt><dd>(.*?)</dd>", text, re.DOTALL)
    return {name: " ".join(re.sub(r"<[^>]*>", " ", unescape(said)).split()) for name, said in found}


def ago(minutes: int) -> str:
    """So long before now, as an event has it."""
    return instant(NOW - minutes * 60_000)
