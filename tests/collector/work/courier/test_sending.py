"""Does what is asked for come to the mailbox, once, whatever the server does?

A real SMTP server, a clock that is moved.
"""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.store.sqlite.messages.journal import SqliteJournal
from collector.work.courier.printing import Printed, Printer
from tests.fixtures.mail_server import MailServer
from tests.fixtures.mailing import Mailing, addresses, mailing
from tests.fixtures.shop import minute

HOUR = 60.0
DAY = 24 * HOUR


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Mailing]:
    """A deployment that can send."""
    with mailing(tmp_path) as ready:
        yield ready


def test_what_was_bought_comes_to_the_mailbox(post: Mailing) -> None:
    """An order confirmation carries the very items, escaped, and its sending and delivery are events of the person."""
    html = "{% for item in params.items %}<li>{{ item.name }}: {{ item.price|floatformat:2 }}</li>{% endfor %}"
    items = [{"name": "Boots <Cengia>", "price": 189}, {"name": "Socks", "price": 12.5}]
    id = post.ask(subject="Order {{ params.id }}", htmlContent=html, params={"id": "A-7", "items": items})
    (mail,) = post.deliver()
    assert "Order A-7" == mail.message["Subject"]
    assert f"<{id}@t.shop.example>" == mail.message["Message-ID"]
    body = mail.message.get_body(("html",))
    assert body is not None
    assert "<li>Boots &lt;Cengia&gt;: 189.00</li><li>Socks: 12.50</li>" in body.get_content()
    person = post.shop.get("/api/contacts?email_id=ada@mail.example").json()["contacts"][0]
    timeline = post.shop.get(f"/api/contacts/{person['id']}/timeline").json()["events"]
    assert ["Delivered", "Sent"] == [event["key"] for event in timeline]
    assert {"message_id": id, "subject": "Order A-7"} == timeline[0]["properties"]
    assert ("sent", 1, person["id"]) == (post.row(id).state, post.row(id).tries, post.row(id).contact)


def test_a_file_comes_as_it_was(post: Mailing) -> None:
    """To the byte, by the name that it had."""
    content = bytes(range(256))
    post.ask(attachment=[{"name": "ricevuta è.pdf", "content": b64encode(content).decode()}])
    (mail,) = post.deliver()
    (file,) = mail.message.iter_attachments()
    assert ("ricevuta è.pdf", "application/pdf") == (file.get_filename(), file.get_content_type())
    assert content == file.get_content()


def test_a_scheduled_message_is_not_sent_before(post: Mailing) -> None:
    """`scheduledAt` is kept to the millisecond."""
    post.ask(scheduledAt=minute(HOUR))
    assert [] == post.deliver(HOUR - 0.001)
    assert 1 == len(post.deliver(HOUR))


def test_a_server_that_is_down_for_an_hour_delays_and_loses_nothing(post: Mailing) -> None:
    """Tries grow apart; when the server is back the mail goes, once, with the Message-ID that it had."""
    id = post.ask()
    post.server.down()
    for at in range(0, 60, 4):
        assert [] == post.deliver(at)
    assert ("waiting", []) == (post.row(id).state, post.said())
    assert 3 < post.row(id).tries < 15
    post.server.up()
    tries = (post.deliver(at) for at in range(60, 25 * 60, 20))  # chance says when, within a day
    came = next(filter(None, tries), [])
    came += post.deliver(2 * DAY)
    assert [f"<{id}@t.shop.example>"] == [mail.message["Message-ID"] for mail in came]
    assert ["Sent", "Delivered"] == post.said()


def test_a_server_that_defers_for_days_is_given_up_loudly(post: Mailing) -> None:
    """After three days it has failed, with the server's last words, and is a soft bounce."""
    post.server.answers["RCPT"] = "451 4.7.1 try later"
    id = post.ask()
    for at in range(0, 100, 2):
        post.deliver(at * HOUR)
    assert "failed" == post.row(id).state
    assert post.row(id).reason.startswith("given up: 451")
    assert ["Soft Bounce"] == post.said()


def test_an_address_that_does_not_exist_is_not_written_to_again(post: Mailing) -> None:
    """A hard bounce; the next message there is skipped, and says why; another person's goes."""
    post.server.answers["gone@mail.example"] = "550 5.1.1 no such user"
    first = post.ask("gone@mail.example")
    post.deliver()
    assert ("failed", ["Hard Bounce"]) == (post.row(first).state, post.said())
    second, other = post.ask("gone@mail.example"), post.ask("ada@mail.example")
    assert 1 == len(post.deliver())
    assert ("skipped", "bounced: nothing is sent there") == (post.row(second).state, post.row(second).reason)
    assert "sent" == post.row(other).state
    (kept,) = post.shop.get("/api/messages/suppressions").json()["suppressions"]
    assert ("gone@mail.example", "all", "bounced") == (kept["address"], kept["scope"], kept["reason"])
    allowed = post.shop.change(
        "POST", "/api/messages/suppressions/allow", {name: kept[name] for name in ("id", "channel", "scope")}
    )
    assert {"allowed": True} == allowed.json()
    post.server.answers.clear()
    assert 200 == post.shop.change("POST", "/api/messages/outbox/again", {"ids": [second]}).status_code
    assert 1 == len(post.deliver())


def test_a_mail_that_was_cut_after_its_content_is_uncertain_and_held(post: Mailing) -> None:
    """Nobody knows whether it went: it is not sent again by itself; a person may, with the same Message-ID."""
    post.server.drops = "CONTENT"
    id = post.ask()
    post.deliver()
    assert ("uncertain", []) == (post.row(id).state, post.said())
    post.server.drops = ""
    assert [] == post.deliver(DAY)
    assert {"changed": 1} == post.shop.change("POST", "/api/messages/outbox/again", {"ids": [id]}).json()
    (mail,) = post.deliver()
    assert f"<{id}@t.shop.example>" == mail.message["Message-ID"]
    assert ("sent", ["Sent", "Delivered"]) == (post.row(id).state, post.said())


def test_a_deployment_may_send_again_what_is_uncertain(tmp_path: Path) -> None:
    """With `uncertain = resend`: at most once more for each cut, the same Message-ID, one `Sent`."""
    with mailing(tmp_path, uncertain="resend") as post:
        post.server.drops = "CONTENT"
        id = post.ask()
        post.deliver()
        post.server.drops = ""
        came = [mail for at in range(1, 10) for mail in post.deliver(at)]
        assert [f"<{id}@t.shop.example>"] == [mail.message["Message-ID"] for mail in came]
        assert ["Sent", "Delivered"] == post.said()


def test_what_was_under_way_when_the_process_died_is_uncertain(post: Mailing) -> None:
    """A row in the state `sending` at the start was being given away by a courier that is no more."""
    id = post.ask()
    journal = SqliteJournal(post.shop.deployment.settings.store_path)
    assert {id} == journal.settle([id], [], [])
    journal.close()
    assert [] == post.deliver()
    assert ("uncertain", "the process died while it was given away") == (post.row(id).state, post.row(id).reason)


def test_what_is_cancelled_is_not_sent(post: Mailing) -> None:
    """As long as it waits."""
    id = post.ask()
    assert {"changed": 1} == post.shop.change("POST", "/api/messages/outbox/cancel", {"ids": [id]}).json()
    assert ([], "cancelled") == (post.deliver(), post.row(id).state)


def test_what_cannot_be_made_fails_and_is_not_tried_for_ever(post: Mailing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever went wrong in it; a person may try again."""

    def broken(*_: object) -> Printed:
        raise RuntimeError("something odd")

    id = post.ask()
    with monkeypatch.context() as patched:
        patched.setattr(Printer, "print", broken)
        assert [] == post.deliver()
    assert ("failed", "something odd") == (post.row(id).state, post.row(id).reason)
    assert {"changed": 1} == post.shop.change("POST", "/api/messages/outbox/again", {"ids": [id]}).json()
    assert 1 == len(post.deliver())


def test_a_domain_that_defers_does_not_keep_the_others(post: Mailing) -> None:
    """Its mails rest, those to other domains go."""
    post.server.answers["slow@busy.example"] = "451 4.7.0 too many"
    slow = [post.ask("slow@busy.example") for _ in range(3)]
    post.ask("ada@mail.example")
    assert [("ada@mail.example",)] == [mail.recipients for mail in post.deliver()]
    assert ["waiting"] * 3 == [post.row(id).state for id in slow]


def test_without_a_way_to_send_it_fails_and_says_what_to_do(tmp_path: Path) -> None:
    """No account is set up."""
    with mailing(tmp_path, smtp="") as post:
        id = post.ask()
        post.deliver()
        assert "failed" == post.row(id).state
        assert "docs/delivery.md" in post.row(id).reason


def test_an_erased_person_is_not_written_to_and_leaves_nothing_in_the_outbox(post: Mailing) -> None:
    """What waits for them goes with them."""
    post.shop.serve(0, {"id": "1", "key": "page_visited", "identifiers": {"email_id": "ada@mail.example"}})
    sent = post.ask()
    post.deliver()
    waiting = post.ask()
    person = post.shop.get("/api/contacts?email_id=ada@mail.example").json()["contacts"][0]["id"]
    assert 202 == post.shop.change("DELETE", f"/api/contacts/{person}").status_code
    post.shop.work()
    assert [] == post.deliver(1)
    deliveries = post.shop.deployment.built.services.deliveries
    assert (None, None) == (deliveries.one(sent), deliveries.one(waiting))


def subjects_of_both(post: Mailing, subject: str) -> list[str]:
    """The subjects of two tests of a message: with the data of Ada, and with those of whoever gets it."""
    her = {"identifiers": {"email_id": "ada@mail.example"}, "contact_properties": {"FIRSTNAME": "Ada"}}
    post.shop.serve(0, {"id": "1", "category": "contact", "key": "identified", **her})
    assert 201 == post.shop.change("POST", "/api/messages", {"name": "m", "subject": subject, "html": "x"}).status_code
    for body in {"to": ["me@team.example"], "contact": 1}, {"to": ["me@team.example"]}:
        assert 202 == post.shop.change("POST", "/api/messages/1/test", body).status_code
    return sorted(mail.message["Subject"] for mail in post.deliver())


def test_a_test_shows_what_somebody_else_would_get(post: Mailing) -> None:
    """Also by which address they are reached."""
    assert ["To ada@mail.example", "To me@team.example"] == subjects_of_both(post, "To {{ contact.EMAIL }}")


def test_a_test_that_shows_somebody_is_erased_with_them(post: Mailing) -> None:
    """Though it went to another, and holds no address of theirs."""
    assert ["For Ada", "For nobody"] == subjects_of_both(post, "For {{ contact.FIRSTNAME|default:'nobody' }}")
    assert 202 == post.shop.change("DELETE", "/api/contacts/1").status_code
    post.shop.work()
    rows = post.shop.get("/api/messages/outbox").json()["deliveries"]
    assert ["For nobody"] == [row["subject"] for row in rows]


def test_a_link_that_is_followed_is_told_and_leads_on(post: Mailing) -> None:
    """By a person: Clicked, with the target. By HEAD: a machine's. A forged one leads nowhere."""
    id = post.ask(htmlContent='<a href="https://shop.example/boots?size=42&amp;c=1#top">Boots</a>')
    (mail,) = post.deliver()
    (link,) = addresses(mail, "/c/")
    (image,) = addresses(mail, "/o/")
    for method in ("GET", "HEAD"):
        post.shop.deployment.now += 1_000
        answer = post.shop.deployment.run(post.shop.deployment.request(method, link))
        assert (302, "https://shop.example/boots?size=42&c=1#top") == (answer.status_code, answer.headers["location"])
    post.shop.deployment.now += 1_000
    assert 200 == post.shop.get(image).status_code
    assert 404 == post.shop.get(link[:-2] + "xx").status_code
    post.shop.work()
    assert ["Sent", "Delivered", "Clicked", "Clicked", "Opened"] == post.said()
    clicks = post.shop.get("/api/events?key=Clicked").json()["events"]
    assert [("https://shop.example/boots?size=42&c=1#top", id)] == [
        (event["properties"]["url"], event["properties"]["message_id"]) for event in clicks
    ]
    row = post.row(id)
    assert (True, True) == (row.clicked_at is not None, row.opened_at is not None)


def test_a_click_identifies_the_browser(post: Mailing) -> None:
    """On a page of a site that names its origins: the tracker's word with the landing's token makes the visit hers."""
    site = post.shop.change("PATCH", "/api/sites/1", {"origins": ["https://shop.example"]})
    assert 200 == site.status_code
    post.shop.deployment.run(_refreshed(post))
    post.ask(htmlContent='<a href="https://shop.example/boots">Boots</a>')
    (mail,) = post.deliver()
    (link,) = addresses(mail, "/c/")
    target = post.shop.deployment.run(post.shop.deployment.request("GET", link)).headers["location"]
    token = target.removeprefix("https://shop.example/boots?_sl=")
    assert token != target
    nonce = "6f1c2b52-7f1d-4c55-9d0a-00000000abcd"
    page = {"url": "https://shop.example/boots", "title": "Boots"}
    answer = post.shop.browse(
        1, nonce,
        {"id": "v1", "key": "page_visited", "page": page},
        {"id": "v2", "key": "identified", "category": "contact", "identifiers": {"link": token}},
    )  # fmt: skip
    assert ([], []) == (answer.json()["rejected"], answer.json()["warnings"])
    person = post.shop.get("/api/contacts?email_id=ada@mail.example").json()["contacts"][0]
    assert 1 == len(person["visitors"])
    visits = post.shop.get(f"/api/events?contact={person['id']}&key=page_visited").json()["events"]
    assert ["https://shop.example/boots"] == [visit["page"]["url"] for visit in visits]


@pytest.mark.parametrize("claim", ["ada", "", 7, "WyJhIl0.abc.def"])
def test_a_token_that_is_not_ours_identifies_nobody(post: Mailing, claim: object) -> None:
    """It is left out with a warning; the visit is kept."""
    event = {"id": "v1", "key": "page_visited", "identifiers": {"link": claim}}
    answer = post.shop.browse(0, "6f1c2b52-7f1d-4c55-9d0a-00000000abcd", event).json()
    assert (1, ["events[0].identifiers.link"]) == (answer["accepted"], [one["path"] for one in answer["warnings"]])


def test_a_token_is_good_for_ten_minutes(post: Mailing) -> None:
    """A link that somebody passes on from the address bar tomorrow makes nobody somebody else."""
    links, now = post.shop.deployment.built.services.links, post.shop.deployment.now
    token = links.landing("a" * 26, now=now)
    assert "a" * 26 == links.landed(token, now=now + 600_000)
    assert None is links.landed(token, now=now + 601_000)


def test_who_unsubscribes_gets_no_marketing_and_still_their_orders(post: Mailing) -> None:
    """Marketing and transactional messages are kept apart."""
    marketing = {"name": "News", "purpose": "marketing", "subject": "News", "html": "<a href='{{ unsubscribe }}'>x</a>"}
    made = post.shop.change("POST", "/api/messages", marketing)
    assert 201 == made.status_code, made.text
    sent = {"to": "ada@mail.example"}
    (first,) = post.shop.change("POST", "/api/messages/1/send", sent).json()["deliveries"]
    (mail,) = post.deliver()
    assert "List-Unsubscribe=One-Click" == mail.message["List-Unsubscribe-Post"]
    left = {"id": "l1", "category": "marketing_email", "key": "Unsubscribed"}
    post.shop.serve(1, {**left, "identifiers": {"email_id": "ada@mail.example"}})
    (second,) = post.shop.change("POST", "/api/messages/1/send", sent).json()["deliveries"]
    order = post.ask()
    assert 1 == len(post.deliver())
    assert ("sent", "skipped", "sent") == (post.row(first).state, post.row(second).state, post.row(order).state)
    again = {"id": "c1", "category": "contact", "key": "consent_changed", "properties": {"consent": "granted"}}
    post.shop.serve(2, {**again, "identifiers": {"email_id": "ada@mail.example"}})
    post.shop.change("POST", "/api/messages/1/send", sent)
    assert 1 == len(post.deliver())


async def _refreshed(post: Mailing) -> None:
    post.shop.deployment.built.services.keys.refresh()


def test_who_left_is_left_alone_also_after_an_erasure(post: Mailing) -> None:
    """The address goes, its keyed hash stays: whoever writes there anew is told so."""
    post.server.answers["gone@mail.example"] = "550 5.1.1 no such user"
    post.ask("gone@mail.example")
    post.deliver()
    person = post.shop.get("/api/contacts?email_id=gone@mail.example").json()["contacts"][0]["id"]
    assert 202 == post.shop.change("DELETE", f"/api/contacts/{person}").status_code
    post.shop.work()
    (kept,) = post.shop.get("/api/messages/suppressions").json()["suppressions"]
    assert (None, "bounced") == (kept["address"], kept["reason"])
    id = post.ask("gone@mail.example")
    post.deliver(1)
    assert "skipped" == post.row(id).state


def test_a_way_that_is_shut_is_not_tried_for_each(post: Mailing) -> None:
    """When nobody answers, the first few find out; the others wait, and go when somebody does."""
    ids = [post.ask(f"reader{number}@mail{number}.example") for number in range(60)]
    post.server.down()
    post.deliver()
    tried = sum(post.row(id).tries for id in ids)
    assert 0 < tried <= 32
    post.server.up()
    came = [mail for minute in range(1, 20) for mail in post.deliver(minute)]
    assert 60 == len({mail.recipients for mail in came}) == len(came)


def test_a_wrong_password_keeps_the_mails_until_it_is_mended(tmp_path: Path) -> None:
    """It is nobody's bounce: they wait, say why, and go once the password is right."""
    with MailServer(login=("shop", "right")) as server:

        def account(password: str) -> str:
            return f"smtp://shop:{password}@127.0.0.1:{server.port}?from=shop@shop.example&final=1&starttls=off"

        with mailing(tmp_path, smtp=account("wrong")) as post:
            id = post.ask()
            post.deliver()
            assert ("waiting", []) == (post.row(id).state, post.said())
            assert "user and password" in post.row(id).reason
        with mailing(tmp_path, smtp=account("right")) as post:
            post.deliver(5)
            assert ("sent", ["Sent", "Delivered"]) == (post.row(id).state, post.said())
        assert 1 == len(server.received)


def test_who_left_gets_no_copy(post: Mailing) -> None:
    """Neither seen nor unseen; the others do."""
    post.server.answers["gone@mail.example"] = "550 5.1.1 no such user"
    post.ask("gone@mail.example")
    post.deliver()
    post.ask(cc=[{"email": "Gone@mail.example"}, {"email": "bea@mail.example"}], bcc=[{"email": "gone@mail.example"}])
    (mail,) = post.deliver()
    assert "bea@mail.example" == mail.message["Cc"]
    assert ("ada@mail.example", "bea@mail.example") == mail.recipients


def test_an_address_is_left_alone_however_its_domain_is_written(post: Mailing) -> None:
    """In Punycode it is the same mailbox."""
    post.server.answers["gone@xn--citt-3na.example"] = "550 5.1.1 no such user"
    first, second = post.ask("gone@città.example"), post.ask("gone@xn--citt-3na.example", scheduledAt=minute(HOUR))
    post.deliver()
    assert "failed" == post.row(first).state
    post.deliver(HOUR)
    assert "skipped" == post.row(second).state


def test_who_has_withdrawn_consent_gets_no_marketing_and_is_not_watched(post: Mailing) -> None:
    """Their orders reach them, with links that lead where they lead, and without an image."""
    denied = {"id": "c1", "category": "contact", "key": "consent_changed", "properties": {"consent": "denied"}}
    post.shop.serve(0, {**denied, "identifiers": {"email_id": "ada@mail.example"}})
    news = {"name": "News", "purpose": "marketing", "subject": "News", "html": "<a href='{{ unsubscribe }}'>x</a>"}
    assert 201 == post.shop.change("POST", "/api/messages", news).status_code
    (marketing,) = post.shop.change("POST", "/api/messages/1/send", {"to": "ada@mail.example"}).json()["deliveries"]
    post.ask(htmlContent='<a href="https://shop.example/order">Order</a>')
    (mail,) = post.deliver()
    assert ("skipped", "consent was withdrawn") == (post.row(marketing).state, post.row(marketing).reason[:21])
    assert ([], []) == (addresses(mail, "/c/"), addresses(mail, "/o/"))
    assert b"https://shop.example/order" in mail.content


def test_a_domain_is_not_sent_more_than_it_takes(tmp_path: Path) -> None:
    """Two a second to one domain, as set; others do not wait for it."""
    with mailing(tmp_path, domain_rates="slow.example=2") as post:
        for number in range(5):
            post.ask(f"r{number}@slow.example")
        post.ask("ada@mail.example")
        came = [mail.recipients[0].partition("@")[2] for mail in post.deliver()]
        assert ["mail.example", "slow.example", "slow.example"] == sorted(came)
        assert 2 == len(post.deliver(1 / 60))
        assert 1 == len(post.deliver(2 / 60))


def test_our_own_way_out_is_the_only_one(post: Mailing) -> None:
    """Whoever asks by a header of that name, in any letters, does not send people who leave elsewhere."""
    marketing = {"name": "News", "purpose": "marketing", "subject": "News", "html": "<p>x"}
    assert 201 == post.shop.change("POST", "/api/messages", marketing).status_code
    post.ask(templateId=1, headers={"list-unsubscribe": "<https://evil.example/>", "X-Shop": "1"})
    (mail,) = post.deliver()
    (leave,) = mail.message.get_all("List-Unsubscribe")
    assert leave.startswith("<https://t.shop.example/u/")
    assert "1" == mail.message["X-Shop"]
