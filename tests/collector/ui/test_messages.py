"""Messages in the console: begun, written, kept, shown for somebody, tried; by roles, and never acting there."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path

import pytest

from collector.ui.messages import editor, results, sending
from collector.ui.messages.forms import replaced
from collector.ui.messages.frame import HEADERS, framed
from collector.ui.messages.palette import palette_of
from collector.ui.messages.versions import Line, lines_of
from collector.ui.page import HEADERS as PAGE_HEADERS
from sessionizer.messages.starters.table import STARTERS
from tests.collector.ui.console import Person
from tests.fixtures.shop import Shop, minute, opened

PROBE = "<script>alert(1)</script><img src=x onerror=alert(1)>"
ITEMS = [{"name": "Cengia boots", "price": 189, "quantity": 1}, {"name": PROBE, "price": 1, "quantity": 2}]
BOUGHT = "ecommerce/order_completed"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A deployment where Ada bought something, and Kim asked for a brochure."""
    with opened(tmp_path) as ready:
        order = {"id": "ada-1", "category": "ecommerce", "key": "order_completed", "occurred_at": minute(0)}
        ready.serve(0, {**order, "identifiers": {"email_id": "ada@mail.example"},
                        "properties": {"total": 191, "currency": "EUR", "items": ITEMS, "url": "javascript:alert(1)"},
                        "contact_properties": {"FIRSTNAME": "Ada", "CITY": PROBE}})  # fmt: skip
        brochure = {"id": "kim-1", "key": "brochure_asked", "properties": {"brochure": "winter", "tags": ["a"]}}
        ready.serve(10, {**brochure, "identifiers": {"email_id": "kim@mail.example"}})
        yield ready


@pytest.fixture
def admin(shop: Shop) -> Person:
    """Logged in."""
    return Person(shop.deployment).log_in()


def form(**fields: str) -> Mapping[str, str]:
    """What the editor sends."""
    usual = {"channel": "email", "purpose": "transactional", "format": "html", "event": BOUGHT, "track_clicks": "on"}
    return {**usual, "name": "Thanks", "subject": "Hi {{ contact.FIRSTNAME }}", "body": "<p>Hi</p>", **fields}


def kept(admin: Person, **fields: str) -> str:
    """A message that is there; its address."""
    answer = admin.send("/messages", form(**fields))
    assert 303 == answer.status_code, answer.text
    return answer.headers["location"].split("?")[0]


def test_nobody_begins_with_an_empty_page(admin: Person) -> None:
    """The empty list teaches, and shows every starter of the reader's language in a frame that can do nothing."""
    text = admin.get("/messages").text
    assert "No messages yet" in text
    wanted = [f"/messages/starters/en/{one.slug}" for one in STARTERS if one.language == "en"]
    assert wanted == re.findall(r'<iframe src="([^"]*)" sandbox ', text)
    for address in wanted:
        answer = admin.get(address)
        assert HEADERS == {name: answer.headers[name] for name in HEADERS}
    assert "data:image/svg+xml" in admin.get(wanted[0]).text
    assert 404 == admin.get("/messages/starters/en/none").status_code


@pytest.mark.parametrize("language", ["en", "it"])
def test_each_starter_can_be_kept_as_it_is(admin: Person, language: str) -> None:
    """From the form that it opens, field by field."""
    admin.language = language
    for starter in (one for one in STARTERS if one.language == language):
        text = admin.get(f"/messages/new?start={starter.slug}").text
        fields = fields_of(text)
        assert starter.name == fields["name"]
        assert 303 == admin.send("/messages", {**fields, "name": starter.slug}).status_code


def fields_of(text: str) -> dict[str, str]:
    """What a browser would send of the form."""
    areas = re.findall(r'<textarea name="(\w+)"[^>]*>\n(.*?)</textarea>', text, re.DOTALL)
    inputs = re.findall(r'<input name="(\w+)" id="[^"]*" value="([^"]*)"', text)
    chosen = [(name, re.search(r'value="([^"]*)" selected', inner))
              for name, inner in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', text, re.DOTALL)]  # fmt: skip
    radios = re.findall(r'<input type="radio" name="(\w+)" value="(\w+)"[^>]* checked\s*>', text)
    hidden = re.findall(r'<input type="hidden" name="(channel)" value="(\w+)">', text)
    told = [*areas, *inputs, *radios, *hidden, *((name, found[1] if found else "") for name, found in chosen)]
    return {name: unescape(value) for name, value in told}


def test_a_message_is_kept_and_listed(admin: Person) -> None:
    """With its channel, purpose and event, and a twin for programs; its page is what the API keeps."""
    address = kept(admin)
    text = admin.get("/messages").text
    assert [True] * 3 == [part in text for part in (">Thanks</a>", "E-mail · Transactional", "Order completed")]
    found = admin.get(f"{address}.json").json()
    assert ("Hi {{ contact.FIRSTNAME }}", "<p>Hi</p>", "", False, True) == tuple(
        found[name] for name in ("subject", "html", "mjml", "track_opens", "track_clicks")
    )
    assert 200 == admin.get("/messages.json?starters=all&after=0").status_code


def test_what_is_written_comes_back_to_the_letter(admin: Person) -> None:
    """Also a first line that is empty, and signs of HTML."""
    address = kept(admin, body="\n\n<p>&amp; \"'</p>\n", text="\nplain")
    fields = fields_of(admin.get(address).text)
    assert ("\n\n<p>&amp; \"'</p>\n", "\nplain") == (fields["body"], fields["text"])


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "Write a subject and a text"),
        ("?event=ecommerce/order_completed", "Write a subject and a text"),
        ("?channel=sms", "Write a text: "),
    ],
)
def test_a_new_message_invites_before_it_judges(admin: Person, query: str, says: str) -> None:
    """Its page, what its script asks for, and the frame without a script."""
    page = admin.get(f"/messages/new{query}").text
    fields = {**fields_of(page), "fresh": "yes"}
    assert '<input type="hidden" name="fresh" value="yes">' in page
    for text in page, admin.send("/messages/preview", fields).text, admin.send("/messages/frame", fields).text:
        assert says in text
        assert "It cannot be sent like this" not in text
    assert 'id="bad-name"' not in page


def test_a_new_message_is_judged_when_something_was_asked_of_it(admin: Person) -> None:
    """Something is written in it, or it was to be kept or checked: from then on also for its script."""
    fields = {**fields_of(admin.get("/messages/new").text), "fresh": "yes", "name": "Empty"}
    assert "There is no subject" in admin.send("/messages/preview", {**fields, "body": "<mjml></mjml>"}).text
    for do in "save", "try":
        text = admin.send("/messages", {**fields, "do": do}).text
        assert "There is no subject" in text
        assert 'name="fresh"' not in text
    assert "There is no subject" in admin.send("/messages/preview", {**fields, "fresh": ""}).text


def test_a_message_that_is_begun_is_shown_at_once(admin: Person) -> None:
    """By a starter, or by another message."""
    for query in "start=order", f"copy={kept(admin).rpartition('/')[2]}":
        assert "Write a subject and a text" not in admin.get(f"/messages/new?{query}").text


def test_a_fault_is_said_at_its_line(admin: Person) -> None:
    """In both languages, with a link to its line; nothing is kept."""
    for language, says in ("en", "There is no filter `nope`"), ("it", "Il filtro `nope` non esiste"):
        admin.language = language
        answer = admin.send("/messages", form(body="<p>\n{{ contact.CITY|nope }}</p>"))
        assert 400 == answer.status_code
        assert 'data-jump="body" data-line="2"' in answer.text
        assert says in unescape(re.sub("</?code>", "`", answer.text))
    assert "No messages yet" in Person(admin.deployment).log_in().get("/messages").text


def test_a_field_that_is_wrong_says_so(admin: Person) -> None:
    """Its name, and a name that another message has."""
    kept(admin)
    answers = [admin.send("/messages", form(name=name)) for name in (" ", "x" * 101, "Thanks")]
    assert [400, 400, 409] == [answer.status_code for answer in answers]
    assert [True] * 3 == ['id="bad-name"' in answer.text for answer in answers]


def test_a_variable_that_is_not_there_is_taken_over_with_a_click(admin: Person) -> None:
    """The page offers the one that was probably meant; nothing is kept by it."""
    text = admin.send("/messages", form(do="try", subject="Hi {{ contact.FIRSTNAM }}")).text
    offered = re.search(r'name="replace" value="([^"]*)"', text)
    assert offered
    assert "subject|contact.FIRSTNAM|contact.FIRSTNAME" == offered[1]
    again = admin.send("/messages", form(subject="Hi {{ contact.FIRSTNAM }}", replace=offered[1]))
    assert (200, "Hi {{ contact.FIRSTNAME }}") == (again.status_code, fields_of(again.text)["subject"])


@pytest.mark.parametrize(
    ("text", "name", "near", "wanted"),
    [
        (
            "{{ contact.FIRSTNAM }} FIRSTNAM",
            "contact.FIRSTNAM",
            "contact.FIRSTNAME",
            "{{ contact.FIRSTNAME }} FIRSTNAM",
        ),
        ("{{ params.totl }}", "event.totl", "event.total", "{{ params.total }}"),
        ("{{ item.nam }}", "event.items[].nam", "event.items[].name", "{{ item.name }}"),
        ("{{ contct.EMAIL }}", "contct.EMAIL", "contact", "{{ contact.EMAIL }}"),
    ],
)
def test_only_the_step_that_is_wrong_is_replaced(text: str, name: str, near: str, wanted: str) -> None:
    """Whatever stands before it."""
    assert wanted == replaced(text, name, near)


@pytest.mark.parametrize("text", ["{{" * 32_000, "{%" * 32_000])
def test_what_is_never_closed_is_looked_through_once(text: str) -> None:
    """However often it begins: everybody waits meanwhile."""
    assert text == replaced(text, "contact.A", "contact.B")


def test_the_preview_is_for_a_real_person_and_event(admin: Person) -> None:
    """The latest with such an event at first; whoever is searched for otherwise; else the catalogue's example."""
    fields = form(body="{% for item in event.items %}<p>{{ item.name }}</p>{% endfor %}")
    text = admin.send("/messages/preview", fields).text
    assert "Hi Ada" in text
    assert '<option value="ada-1" selected>' in text
    message = admin.send("/messages/frame", fields).text
    assert "<p>Cengia boots</p>" in message
    kims = admin.send("/messages/preview", {**fields, "who": "kim@"}).text
    assert '<option value="example" selected>' in kims
    assert "No contact matches nobody@." in admin.send("/messages/preview", {**fields, "who": "nobody@"}).text


def test_nothing_of_a_message_acts_on_the_console(admin: Person) -> None:
    """Its own page, whose policy puts it into a sandbox; what strangers wrote is text in it, and links lead nowhere."""
    body = '<script>alert(1)</script><a href="{{ event.url }}">x</a>{% for i in event.items %}{{ i.name }}{% endfor %}'
    answer = admin.send("/messages/frame", form(body=f"<html><head></head><body>{body}</body></html>"))
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'; ")
    assert "script" not in policy
    assert "allow" not in policy
    assert '<head><base target="_blank">' in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text
    assert 'href="javascript:' not in answer.text


def test_a_doctype_stays_before_everything() -> None:
    """Or browsers would lay the message out as in 1999."""
    assert framed("<!doctype html><p>x").body.startswith(b"<!doctype html><base ")


def test_only_pages_that_show_messages_may_hold_frames(admin: Person) -> None:
    """And of this server alone."""
    address = kept(admin)
    for path, frames in ("/messages", True), (address, True), ("/messages/blocks", False), ("/contacts", False):
        policy = admin.get(path).headers["content-security-policy"]
        assert frames == ("frame-src 'self'; " in policy), path
        assert PAGE_HEADERS["Content-Security-Policy"] == policy.replace("frame-src 'self'; ", "")


def test_what_strangers_wrote_is_text_beside_the_form(admin: Person) -> None:
    """In the palette, in the choice of people, in subject and preheader."""
    text = admin.send("/messages/preview", form(subject="{{ contact.CITY }}", preheader="{{ contact.CITY }}")).text
    assert "&lt;script&gt;" in text
    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_pieces_are_those_of_the_event() -> None:
    """Lists as loops, the names with blanks in brackets, blocks; of an SMS without HTML."""
    properties = [
        {"path": "items[].name", "samples": ["boots"]},
        {"path": "items[].colour", "samples": ["red"]},
        {"path": "tags[]", "samples": ["a"]},
        {"path": "my total", "samples": ["1", "2", "3"]},
    ]
    groups = palette_of(("custom", "x"), properties=properties, attributes=[], blocks=["foot"], is_html=True)
    pieces = {group.title: [(one.text, one.sample) for one in group.snippets] for group in groups}
    assert [
        ("{% for item in event.items %}\n  <p>{{ item.name }}</p>\n{% endfor %}", ""),
        ("{% for item in event.tags %}\n  <p>{{ item }}</p>\n{% endfor %}", ""),
        ('{{ event["my total"] }}', "1, 2"),
    ] == pieces["messages_palette_event"][:3]
    assert [("{% include 'foot' %}", "")] == pieces["messages_palette_blocks"]
    short = palette_of(None, properties=[], attributes=[], blocks=["foot"], is_html=False)
    assert not any("<" in one.text for group in short for one in group.snippets)


def test_an_sms_is_counted(admin: Person) -> None:
    """Its segments, and what makes it dear."""
    text = admin.send("/messages/preview", form(channel="sms", text="Ciao ç " + "x" * 80)).text
    assert "2 SMS" in text
    assert "<code>ç</code>" in text
    assert 'class="bubble"' in admin.send("/messages/frame", form(channel="sms", text="Ciao")).text


def test_a_template_of_whatsapp_is_written_and_kept(admin: Person) -> None:
    """With what goes into its places; other channels have no such fields."""
    fields = form(channel="whatsapp", template="order_thanks", template_language="it", body="")
    fields = {**fields, "text": "{{ contact.FIRSTNAME }}\n\n {{ event.total }} EUR"}
    text = admin.send("/messages/preview", fields).text
    assert ["Ada", "191 EUR"] == re.findall(r"<dd>(.*?)</dd>", text)
    address = kept(admin, **fields)
    found = admin.get(f"{address}.json").json()
    assert ("order_thanks", "it") == (found["template"], found["template_language"])
    written = fields_of(admin.get(address).text)
    assert ("order_thanks", "it") == (written["template"], written["template_language"])
    assert 303 == admin.send(address, {**written, "purpose": "transactional", "name": "Again"}).status_code
    assert "order_thanks" == admin.get(f"{address}.json").json()["template"]
    assert 'name="template"' not in admin.get("/messages/new?channel=sms").text


@pytest.mark.parametrize(
    ("field", "value", "is_good"),
    [
        ("template", "order_thanks_2", True),
        ("template", "HX" + "0aF1" * 8, True),
        ("template", "Order thanks", False),
        ("template", "order-thanks", False),
        ("template", "x" * 513, False),
        ("template_language", "en_US", True),
        ("template_language", "fil", True),
        ("template_language", "es_419", True),
        ("template_language", "en-US", False),
        ("template_language", "Italian", False),
    ],
)
def test_a_template_is_called_as_meta_allows_it(admin: Person, field: str, value: str, is_good: bool) -> None:
    """Or by Twilio's SID; else the field says what it may be, and nothing is kept."""
    answer = admin.send("/messages", form(channel="whatsapp", text="Hi", body="", **{field: value}))
    assert (303 if is_good else 400, not is_good) == (answer.status_code, f'id="bad-{field}"' in answer.text)


def test_versions_are_kept_and_taken_back(admin: Person) -> None:
    """The newest first, each with what changed; an old one becomes the newest."""
    address = kept(admin)
    assert 303 == admin.send(address, form(subject="Two")).status_code
    text = admin.get(address).text
    assert ["2", "1"] == re.findall(r"<strong>Version (\d+)</strong>", text)
    assert '<span data-sign="+">+ Two</span>' in text
    assert f"{address}?done=back" == admin.send(f"{address}/back", {"version": "1"}).headers["location"]
    assert "Hi {{ contact.FIRSTNAME }}" == fields_of(admin.get(address).text)["subject"]
    assert 404 == admin.send(f"{address}/back", {"version": "9"}).status_code


def test_a_diff_says_lines() -> None:
    """Those that came and those that went."""
    assert [Line("-", "b"), Line("+", "c")] == list(lines_of("a\nb", "a\nc"))
    assert [] == list(lines_of("a", "a"))


def test_a_message_is_put_away_and_taken_back(admin: Person) -> None:
    """What is put away stands behind a filter."""
    address = kept(admin)
    admin.send(f"{address}/archive", {"archived": "true"})
    assert ">Thanks</a>" not in admin.get("/messages").text
    assert ">Thanks</a>" in admin.get("/messages?archived=true").text
    admin.send(f"{address}/archive", {"archived": "false"})
    assert ">Thanks</a>" in admin.get("/messages").text


def test_a_copy_has_all_but_the_name(admin: Person) -> None:
    """So that it can be kept beside the first."""
    address = kept(admin)
    fields = fields_of(admin.get(f"/messages/new?copy={address.rpartition('/')[2]}").text)
    assert ("", "<p>Hi</p>", BOUGHT) == (fields["name"], fields["body"], fields["event"])


def test_a_message_is_begun_for_an_event(admin: Person) -> None:
    """From its page in the catalogue, which names those that are there."""
    link = "/messages/new?event=ecommerce/order_completed"
    assert link in admin.get(f"/catalogue/{BOUGHT}").text
    text = admin.get(link).text
    assert BOUGHT == fields_of(text)["event"]
    assert '<option value="ada-1" selected>' in text, "shown for whom it happened to, though it has no name yet"
    address = kept(admin)
    assert f'<a href="{address}">Thanks</a>' in admin.get(f"/catalogue/{BOUGHT}").text


def test_custom_events_may_be_chosen(admin: Person) -> None:
    """Those that came; and one that never came is marked."""
    text = admin.get("/messages/new").text
    assert 'value="custom/brochure_asked"' in text
    assert "never seen yet" in text


def test_a_test_goes_into_the_outbox(admin: Person) -> None:
    """With the event that was shown, untracked; the page says what came of it, and remembers the address."""
    address = kept(admin)
    answer = admin.send(f"{address}/test", {"to": "me@team.example", "contact": "1", "about": "ada-1"})
    page = answer.headers["location"].partition("#")[0]
    assert "To me@team.example:" in admin.get(page).text
    (delivery,) = admin.get("/messages/outbox.json").json()["deliveries"]
    found = admin.deployment.built.services.deliveries.one(delivery["id"])
    assert found
    assert ("test", "ada-1", False) == (found.order.origin, found.order.event, found.order.track_clicks)
    assert 'name="to" value="me@team.example"' in admin.get(address).text
    assert 0 == results_of_today(admin, address), "a test is no result"
    bad = admin.send(f"{address}/test", {"to": "nobody"}).headers["location"].partition("#")[0]
    assert "That is no address" in admin.get(bad).text


@pytest.mark.parametrize(
    ("chosen", "sample", "event"),
    [
        ({}, "ada@mail.example", "ada-1"),
        ({"contact": "1", "about": "ada-1"}, "ada@mail.example", "ada-1"),
        ({"contact": "1", "about": "ada-1", "who": "kim@mail.example"}, "kim@mail.example", ""),
        ({"who": "ada@"}, "ada@mail.example", "ada-1"),
    ],
)
def test_a_test_shows_who_was_chosen_or_typed(admin: Person, chosen: dict[str, str], sample: str, event: str) -> None:
    """Whoever was typed counts, also when the page still shows another one; the page goes on with them."""
    answer = admin.send(f"{kept(admin)}/test", {"to": "me@team.example", **chosen})
    (delivery,) = admin.get("/messages/outbox.json").json()["deliveries"]
    found = admin.deployment.built.services.deliveries.one(delivery["id"])
    assert found
    assert ("me@team.example", 0) == (found.recipient, found.contact)
    assert {"email_id": [sample]} == admin.get(f"/contacts/{found.order.sample}.json").json()["identifiers"]
    assert event == found.order.event
    page = admin.get(answer.headers["location"].partition("#")[0]).text
    assert f'name="contact" value="{found.order.sample}"' in page


def test_nobody_is_shown_in_the_place_of_who_was_meant(admin: Person) -> None:
    """Where nobody is known by what was typed nothing goes out."""
    answer = admin.send(f"{kept(admin)}/test", {"to": "me@team.example", "contact": "1", "who": "nobody@"})
    assert "No contact is known by that." in admin.get(answer.headers["location"].partition("#")[0]).text
    assert [] == admin.get("/messages/outbox.json").json()["deliveries"]


def results_of_today(admin: Person, address: str) -> int:
    """How many rows the results have."""
    return len(admin.deployment.run(admin.deployment.request(
        "GET", f"/api{address}/results", api_key=admin.deployment.settings.api_key)).json()["days"])  # fmt: skip


def test_a_message_goes_to_one_contact(admin: Person) -> None:
    """With their latest event; whoever is not known, or cannot be reached, is said."""
    address = kept(admin)
    answer = admin.send(f"{address}/send", {"whom": "ada@mail.example"})
    assert "problem" not in answer.headers["location"]
    (delivery,) = admin.get("/messages/outbox.json").json()["deliveries"]
    assert (1, "ada@mail.example") == (delivery["contact"], delivery["recipient"])
    assert 1 == results_of_today(admin, address)
    for whom, says in ("nobody@", "No contact is known"), ("mail.example", "No contact is known"):
        page = admin.send(f"{address}/send", {"whom": whom}).headers["location"].partition("#")[0]
        assert says in admin.get(page).text
    sms = kept(admin, name="Short", channel="sms", text="Hi", body="")
    page = admin.send(f"{sms}/send", {"whom": "ada@mail.example"}).headers["location"].partition("#")[0]
    assert "has no address for this channel" in admin.get(page).text


def test_results_say_what_became_of_it(admin: Person) -> None:
    """Empty at first, with where to go on; then numbers, a chart and the latest."""
    address = kept(admin)
    assert "It was not sent yet" in admin.get(f"{address}/results").text
    admin.send(f"{address}/send", {"whom": "ada@mail.example"})
    for span in ("", *results.SPANS, "nonsense"):
        text = admin.get(f"{address}/results?days={span}").text
        assert "data-chart-numbers" in text
        assert "ada@mail.example" in text


def test_viewers_look_and_editors_write(shop: Shop, admin: Person) -> None:
    """A viewer has no button that changes anything, and no address that does."""
    address = kept(admin)
    viewer = Person(shop.deployment).log_in("viewer")
    for path in "/messages", address, f"{address}/results", f"{address}/frame", "/messages/blocks", "/messages/outbox":
        answer = viewer.get(path)
        assert 200 == answer.status_code
        assert not re.search(r'<form[^>]*action="/messages/[^"]*/(test|send|archive|back)"', answer.text)
    assert [403] * 2 == [viewer.get(path).status_code for path in ("/messages/new", "/messages/new-block")]
    assert 200 == viewer.send("/messages/preview", form()).status_code
    for path in "/messages", address, f"{address}/test", f"{address}/send", f"{address}/back", "/messages/blocks":
        assert 403 == viewer.send(path, form()).status_code
    editor_ = Person(shop.deployment).log_in("editor")
    assert 303 == editor_.send(address, form(subject="Two")).status_code


def test_strangers_are_asked_to_log_in(shop: Shop) -> None:
    """Also for what stands in frames."""
    stranger = Person(shop.deployment)
    for path in "/messages", "/messages/1", "/messages/1/frame", "/messages/starters/en/order", "/messages/outbox":
        assert 303 == stranger.get(path).status_code
    assert 303 == stranger.post("/messages/frame", form()).status_code


def test_what_is_not_there_is_not_found(admin: Person) -> None:
    """However it is asked for."""
    for path in "/messages/9", "/messages/9/results", "/messages/9/frame", "/messages/x", "/messages/" + "9" * 30:
        assert 404 == admin.get(path).status_code
    for path in "/messages/9", "/messages/9/test", "/messages/9/send", "/messages/9/back", "/messages/9/archive":
        assert 404 == admin.send(path, form()).status_code


def test_blocks_are_written_used_and_spared(admin: Person) -> None:
    """One that a message has is neither broken nor dropped; whoever has it is said."""
    assert 303 == admin.send("/messages/blocks", {"name": "foot", "body": "<p>Bye</p>"}).status_code
    address = kept(admin, body="<p>Hi</p>{% include 'foot' %}")
    assert "<p>Bye</p>" in admin.get(f"{address}/frame").text
    assert f'<a href="{address}">Thanks</a>' in admin.get("/messages/blocks").text
    broken = admin.send("/messages/blocks", {"name": "foot", "body": "{{ x"})
    assert (400, True) == (broken.status_code, 'data-line="1"' in broken.text)
    assert 409 == admin.send("/messages/blocks/foot/delete").status_code
    assert 400 == admin.send("/messages/blocks", {"name": "No Name", "body": ""}).status_code
    admin.send("/messages/blocks", {"name": "new", "body": "x"})
    assert 200 == admin.get("/messages/blocks/new").status_code
    assert 303 == admin.send("/messages/blocks/new/delete").status_code
    assert [404] * 2 == [admin.get("/messages/blocks/new").status_code,
                         admin.send("/messages/blocks/new/delete").status_code]  # fmt: skip


def test_every_notice_has_its_words() -> None:
    """Keys of what is done, and of what went wrong."""
    assert all(key.startswith("messages_") for key in (*editor.DONE.values(), *sending.PROBLEMS.values()))
