"""E-mail by SMTP, against a real server: what each of its answers means, and which connection takes the mail."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvloop

from collector.delivery.account_url import AccountUrl
from collector.delivery.mail.account import smtp_account
from collector.delivery.port import Accepted, Attachment, Broken, Deferred, Outcome, Refused, Uncertain
from collector.delivery.smtp import Smtp
from tests.collector.delivery.parcels import AT, ID, Began, account, parcel, sent, through
from tests.fixtures.mail_server import MailServer, certificate
from tests.killed.wait import until


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A server that takes everything until the test says otherwise."""
    with MailServer() as running:
        yield running


def one(server: MailServer, more: str = "starttls=off", begun: Began | None = None) -> Outcome:
    """The outcome of one ordinary mail."""
    return sent(account(server.port, more), parcel(), begun=begun)[0]


def test_a_mail_arrives(server: MailServer) -> None:
    """With envelope and content; its begin is told once, and the queue's id comes back."""
    begun = Began()
    assert Accepted("250 2.0.0 OK queued as Q1", "Q1") == one(server, begun=begun)
    (mail,) = server.received
    assert ("negozio@shop.example", ("anna@posta.example",)) == (mail.sender, mail.recipients)
    assert "La tua città" == mail.message["Subject"]
    assert 1 == begun.times


def test_a_server_that_delivers_itself_says_delivered(server: MailServer) -> None:
    """final=1: no receipt will follow, so none is asked for."""
    assert Accepted("250 2.0.0 OK queued as Q1", "Q1", delivered=True) == one(server, "starttls=off&final=1")
    assert not any("NOTIFY" in option or "ENVID" in option for option in server.received[0].options)


def test_receipts_are_asked_for_by_the_delivery_s_id(server: MailServer) -> None:
    """Where the server offers DSN: ENVID is the delivery, ORCPT whom it was for."""
    one(server)
    mail, rcpt = server.received[0].options
    assert f"RET=HDRS ENVID={ID}" in mail
    assert "TO:<anna@posta.example> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;anna@posta.example" == rcpt


@pytest.mark.parametrize(
    ("stage", "answer", "expected"),
    [
        ("RCPT", "550 5.1.1 no such user", Refused("5.1.1", "550 5.1.1 no such user", True)),
        ("RCPT", "550 unknown mailbox", Refused("550", "550 unknown mailbox", True)),
        ("RCPT", "552 5.2.2 mailbox full", Refused("5.2.2", "552 5.2.2 mailbox full", False)),
        ("RCPT", "550 5.7.1 not from you", Refused("5.7.1", "550 5.7.1 not from you", False)),
        ("RCPT", "550 blocked by policy", Refused("550", "550 blocked by policy", False)),
        ("RCPT", "451 4.7.1 greylisted", Deferred("4.7.1", "451 4.7.1 greylisted")),
        ("MAIL", "451 4.3.0 later", Deferred("4.3.0", "451 4.3.0 later")),
        ("MAIL", "550 5.7.1 no", Broken("the server does not take our sender: 550 5.7.1 no")),
        ("DATA", "451 4.3.0 later", Deferred("4.3.0", "451 4.3.0 later")),
        ("CONTENT", "554 5.7.1 spam", Refused("5.7.1", "554 5.7.1 spam", False)),
        ("CONTENT", "452 4.3.1 disk full", Deferred("4.3.1", "452 4.3.1 disk full")),
    ],
)
def test_an_answer_means(server: MailServer, stage: str, answer: str, expected: Outcome) -> None:
    """Its enhanced code says more than its code; who is refused before the content was never in flight."""
    server.answers[stage] = answer
    begun = Began()
    assert expected == one(server, begun=begun)
    assert (1 if stage in ("DATA", "CONTENT") else 0) == begun.times
    assert [] == server.received


@pytest.mark.parametrize("stage", ["greeting", "MAIL", "RCPT", "DATA"])
def test_a_connection_lost_before_the_content_is_tried_again(server: MailServer, stage: str) -> None:
    """Nothing was given away."""
    server.drops = stage
    assert isinstance(one(server), Deferred)


def test_a_connection_lost_inside_the_content_is_tried_again(server: MailServer) -> None:
    """The final dot never left: the content is larger than what the system holds for us."""
    server.drops = "inside"
    large = parcel(attachments=(Attachment("grande.bin", "application/octet-stream", b"x" * 12_000_000),))
    assert [Deferred] == [type(each) for each in sent(account(server.port), large)]


def test_a_connection_lost_after_the_content_is_uncertain(server: MailServer) -> None:
    """The server has it, and said nothing."""
    server.drops = "CONTENT"
    begun = Began()
    assert isinstance(one(server, begun=begun), Uncertain)
    assert (1, 1) == (len(server.received), begun.times)


def test_nobody_listens(server: MailServer) -> None:
    """Down, it is tried again; up again, it arrives."""
    server.down()
    found = one(server)
    assert isinstance(found, Deferred)
    assert "connect" == found.code
    server.up()
    assert isinstance(one(server), Accepted)


def test_connections_are_used_again(server: MailServer) -> None:
    """Three mails, one connection; at the end it says goodbye."""
    assert [Accepted] * 3 == [type(each) for each in sent(account(server.port), parcel(), parcel(), parcel())]
    assert [1, 1, 1] == [mail.connection for mail in server.received]
    assert ["DATA", "DATA", "DATA"] == server.commands[:3]


def test_a_connection_carries_so_many(server: MailServer) -> None:
    """mails=2: the third has a new one."""
    sent(account(server.port, "starttls=off&mails=2"), parcel(), parcel(), parcel())
    assert [1, 1, 2] == [mail.connection for mail in server.received]


def test_a_refused_mail_leaves_no_trace_in_the_next(server: MailServer) -> None:
    """RSET stands between them, on the same connection."""
    server.answers["chi@posta.example"] = "550 5.1.1 who"
    found = sent(account(server.port), parcel(recipient="chi@posta.example"), parcel())
    assert [Refused, Accepted] == [type(each) for each in found]
    assert ("anna@posta.example",) == server.received[0].recipients
    assert (1, ["RSET", "DATA"]) == (server.connections, server.commands[:2])


def test_a_connection_that_died_unseen_is_replaced(server: MailServer) -> None:
    """The server has closed an idle connection: nobody notices."""

    async def work(channel: Smtp) -> list[Outcome]:
        first = await channel.send(parcel(), Began())
        await asyncio.to_thread(server.hang_up)
        return [first, await channel.send(parcel(), Began())]

    found = through([account(server.port)], work)
    assert [Accepted, Accepted] == [type(each) for each in found]
    assert [1, 2] == [mail.connection for mail in server.received]


def test_at_most_so_many_connections(server: MailServer) -> None:
    """connections=3: of ten mails at once, seven wait."""

    async def work(channel: Smtp) -> list[Outcome]:
        return list(await asyncio.gather(*(channel.send(parcel(), Began()) for _ in range(10))))

    found = through([account(server.port, "starttls=off&connections=3")], work)
    assert [Accepted] * 10 == [type(each) for each in found]
    assert server.connections <= 3


def test_a_server_without_extensions() -> None:
    """Neither PIPELINING nor DSN nor SMTPUTF8: one command after the other, no receipts."""
    with MailServer(extensions=(), utf8=False) as plain:
        assert isinstance(one(plain), Accepted)
        assert not any("ENVID" in option for option in plain.received[0].options)
        letters = sent(account(plain.port), parcel(recipient="città@posta.example"))[0]
        assert isinstance(letters, Refused)
        assert "5.6.7" == letters.code


def test_letters_beyond_ascii_in_an_address(server: MailServer) -> None:
    """The domain becomes Punycode; the local part needs SMTPUTF8, which is used only then."""
    sent(account(server.port), parcel(recipient="città@città.example"), parcel(recipient="anna@città.example"))
    assert [("città@xn--citt-3na.example",), ("anna@xn--citt-3na.example",)] == [m.recipients for m in server.received]
    assert [True, False] == ["SMTPUTF8" in mail.options[0] for mail in server.received]


def test_copies_are_in_the_envelope_and_only_open_ones_in_the_mail(server: MailServer) -> None:
    """Bcc stands nowhere in what anybody reads; a copy that is refused stops nothing."""
    server.answers["via@posta.example"] = "550 5.1.1 gone"
    copied = parcel(cc=(("bea@posta.example", "Bea"), ("via@posta.example", "")), bcc=(("capo@shop.example", ""),))
    assert isinstance(sent(account(server.port), copied)[0], Accepted)
    (mail,) = server.received
    assert ("anna@posta.example", "bea@posta.example", "capo@shop.example") == mail.recipients
    assert "Bea <bea@posta.example>, via@posta.example" == mail.message["Cc"]
    assert b"capo@" not in mail.content


def test_bounces_come_back_to_the_return_path(server: MailServer) -> None:
    """The envelope's sender is not the one that is shown."""
    sent(account(server.port), parcel(return_path=f"bounce+{ID}@mail.shop.example"))
    assert f"bounce+{ID}@mail.shop.example" == server.received[0].sender
    assert "negozio@shop.example" == server.received[0].message["From"]


def test_an_account_is_named(server: MailServer) -> None:
    """Each parcel says which; an unknown one is our fault."""

    async def work(channel: Smtp) -> list[Outcome]:
        return [await channel.send(parcel(account=name), Began()) for name in ("due", "", "tre")]

    both = [
        account(server.port, "starttls=off&name=uno"),
        account(server.port, "starttls=off&name=due&sender_name=Due"),
    ]
    found = through(both, work)
    assert [Accepted, Accepted, Broken] == [type(each) for each in found]
    assert ["Due <negozio@shop.example>", "negozio@shop.example"] == [mail.message["From"] for mail in server.received]


def test_a_begin_that_fails_sends_nothing(server: MailServer) -> None:
    """What cannot be marked as in flight stays where it is."""

    def fail() -> None:
        raise RuntimeError("the store is away")

    assert Deferred("failure", "RuntimeError: the store is away") == one(server, begun=Began(fail))
    assert [] == server.received


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_tls_and_login(tmp_path: Path, tls: str) -> None:
    """By STARTTLS and from the first byte, with a certificate that the account trusts."""
    if (made := certificate(tmp_path)) is None:
        pytest.skip("openssl is not there")
    context, trusted = made
    scheme = "smtps" if tls == "implicit" else "smtp"
    with MailServer(context=context, tls=tls, login=("anna", "p@ss/word")) as server:
        good = account(server.port, f"ca={trusted}", user="anna:p%40ss%2Fword@", scheme=scheme)
        assert [Accepted, Accepted] == [type(each) for each in sent(good, parcel(), parcel())]
        wrong = sent(account(server.port, f"ca={trusted}", user="anna:no@", scheme=scheme), parcel())[0]
        assert isinstance(wrong, Broken)
        assert "user and password" in wrong.reason
        stranger = sent(account(server.port, "name=x", user="anna:no@", scheme=scheme), parcel())[0]
        assert isinstance(stranger, Broken)
        assert "certificate" in stranger.reason


def test_no_tls_no_mail(server: MailServer) -> None:
    """TLS is required unless the account says otherwise: who strips STARTTLS on the way gets nothing."""
    assert isinstance(one(server, "name=x"), Broken)
    assert isinstance(one(server, "starttls=try"), Accepted)


def test_a_network_that_is_not_public_is_opted_into(server: MailServer) -> None:
    """The refusal says which setting would allow it."""
    closed = smtp_account(AccountUrl(f"smtp://127.0.0.1:{server.port}?from=a@shop.example&starttls=off"), ())
    found = sent(closed, parcel())[0]
    assert isinstance(found, Broken)
    assert "delivery_networks" in found.reason
    assert 0 == server.connections


def test_a_server_that_is_slow_to_answer_is_waited_for(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The content's answer may take as long as the whole mail; then nobody knows."""
    monkeypatch.setattr("collector.delivery.smtp.WHOLE_S", 0.3)
    server.may_answer.clear()
    begun = Began()
    assert Uncertain("not through within 0.3 s, after all was sent") == one(server, begun=begun)
    assert 1 == begun.times


def test_a_server_that_does_not_greet_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """It listens and says nothing: tried again later."""
    monkeypatch.setattr("collector.delivery.smtp.WHOLE_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        found = sent(account(silent.getsockname()[1]), parcel())[0]
    assert Deferred("timeout", "not through within 0.3 s") == found


@pytest.mark.parametrize(
    "greeting", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\xff\xfe\x00\r\n", b"220-" + b"x" * 70_000, b"220"]
)
def test_a_server_that_speaks_something_else(greeting: bytes) -> None:
    """Tried again later, without a failure of ours."""

    def serve(listening: socket.socket) -> None:
        met, _ = listening.accept()
        with met:
            met.sendall(greeting)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,))
        thread.start()
        found = sent(account(listening.getsockname()[1]), parcel())[0]
        thread.join()
    assert isinstance(found, Deferred)


def test_a_mail_that_is_cancelled_takes_its_connection_along(server: MailServer) -> None:
    """The next mail has a new one, and the slot is free."""

    async def work(channel: Smtp) -> Outcome:
        server.may_answer.clear()
        began = asyncio.Event()
        first = asyncio.ensure_future(channel.send(parcel(), Began(began.set)))
        await began.wait()
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        assert first.cancelled()
        server.may_answer.set()
        return await channel.send(parcel(), Began())

    assert isinstance(through([account(server.port, "starttls=off&connections=1")], work), Accepted)
    assert 2 == server.connections


def test_an_idle_connection_says_goodbye(server: MailServer) -> None:
    """After idle_s; nothing is sent for it."""

    async def work(channel: Smtp) -> None:
        await channel.send(parcel(), Began())
        await asyncio.to_thread(until, lambda: "QUIT" in server.commands, 20)

    through([account(server.port, "starttls=off&idle_s=1")], work)
    assert ["DATA", "QUIT"] == server.commands


def test_it_runs_on_uvloop(server: MailServer) -> None:
    """The loop that a server process has."""

    async def run() -> Outcome:
        channel = Smtp([account(server.port)], lambda: AT)
        found = await channel.send(parcel(), Began())
        await channel.close()
        return found

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert isinstance(runner.run(run()), Accepted)


def test_lines_of_dots_arrive(server: MailServer) -> None:
    """A dot alone on a line would end the mail."""
    text = ".\n..\n.a\nb.\n\n.\n"
    sent(account(server.port), parcel(text=text, html=""), parcel())
    assert text == server.received[0].message.get_content().replace("\r\n", "\n")
    assert 2 == len(server.received)
