"""What comes to the bounce address: whose bounce it is, of which kind, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.delivery.bounces import Report, reports, way_back
from tests.collector.delivery.bounced import COMPLAINT, DELAY, EXCHANGE, EXIM, HOLIDAY, PERSON, QMAIL, VERP, dsn
from tests.collector.delivery.parcels import ID

ANNA = "anna@posta.example"


@pytest.mark.parametrize(
    ("action", "status", "diagnosis", "expected"),
    [
        ("failed", "5.1.1", "550 5.1.1 User unknown", "hard"),
        ("failed", "5.0.0", "550 User unknown", "hard"),
        ("failed", "5.2.2", "552 5.2.2 Over quota", "soft"),
        ("failed", "5.7.1", "550 5.7.1 Spam", "soft"),
        ("failed", "5.0.0", "554 blocked by our policy", "soft"),
        ("failed", "4.4.1", "connect to mx: Connection timed out", "soft"),
        ("delayed", "4.2.0", "451 greylisted", "delayed"),
        ("delivered", "2.0.0", "250 ok", "delivered"),
        ("relayed", "2.1.5", "250 ok", "relayed"),
    ],
)
def test_a_notification(action: str, status: str, diagnosis: str, expected: str) -> None:
    """The action says whether, the codes say of which kind."""
    expected_report = Report(ID, expected, ANNA, status, diagnosis)  # type: ignore[arg-type]  # a literal
    assert [expected_report] == reports(dsn(action, status, diagnosis))


def test_an_action_that_tells_nothing() -> None:
    """A list that was expanded, or a word that nobody knows."""
    assert [] == reports(dsn("expanded", "2.0.0", "250 ok"))


def test_the_delivery_is_found() -> None:
    """By the address it came to, by that of the envelope, by ENVID, by our Message-ID; else it is not known."""
    plain = "bounce@mail.shop.example"
    failed = ("failed", "5.1.1", "550 User unknown")
    found = [
        reports(dsn(*failed)),
        reports(dsn(*failed, to=plain), [VERP]),
        reports(dsn(*failed, to=plain, envelope=ID)),
        reports(dsn(*failed, to=plain, original=f"<{ID}@shop.example>")),
        reports(dsn(*failed, to=plain)),
    ]
    assert [ID, ID, ID, ID, ""] == [report.delivery for (report,) in found]


def test_the_way_back_is_found_again() -> None:
    """What a mail leaves with is what its bounce comes to."""
    assert VERP == way_back("bounce@mail.shop.example", ID)


def test_a_complaint() -> None:
    """Somebody has called it spam."""
    assert [Report(ID, "complaint", ANNA, "", "abuse")] == reports(COMPLAINT)
    assert [] == reports(COMPLAINT.replace(b"Feedback-Type: abuse", b"Feedback-Type: not-spam"))


@pytest.mark.parametrize(
    ("mail", "expected"),
    [
        (EXIM, ("hard", "5.1.1")),
        (QMAIL, ("hard", "5.1.1")),
        (EXCHANGE, ("soft", "5.2.2")),
        (DELAY, ("delayed", "4.7.1")),
    ],
    ids="exim qmail exchange delay".split(),
)
def test_a_letter(mail: bytes, expected: tuple[str, str]) -> None:
    """Servers that write for people are understood too."""
    assert [(ID, ANNA, *expected)] == [
        (found.delivery, found.recipient, found.what, found.code) for found in reports(mail)
    ]


@pytest.mark.parametrize("mail", [HOLIDAY, PERSON, b"", b"\n\n", b"Subject: x\n\nciao"], ids=repr)
def test_what_is_no_bounce(mail: bytes) -> None:
    """Somebody on holiday, somebody who asks: nobody's address is broken by that."""
    assert [] == reports(mail)


@given(st.binary(max_size=2_000))
def test_garbage_never_raises(mail: bytes) -> None:
    """Whatever it is, there is an answer."""
    assert [] == [report for report in reports(mail) if not isinstance(report, Report)]


@given(st.sampled_from([dsn("failed", "5.1.1", "550 no"), COMPLAINT, EXIM, QMAIL]), st.data())
def test_damaged_mails_never_raise(mail: bytes, data: st.DataObject) -> None:
    """A piece cut out, another put in; it stays a list, and says no delivery that was not in it."""
    start = data.draw(st.integers(0, len(mail)))
    end = data.draw(st.integers(start, len(mail)))
    damaged = mail[:start] + data.draw(st.binary(max_size=40)) + mail[end:]
    assert all(report.delivery in ("", ID) or report.delivery.encode() in damaged for report in reports(damaged))


def test_a_mail_in_a_mail_in_a_mail() -> None:
    """A thousand levels deep, and an answer."""
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (at, at) for at in range(1_000))
    assert [] == reports(nested)
