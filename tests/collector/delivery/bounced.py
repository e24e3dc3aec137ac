"""Mails that come to a bounce address, as servers write them, a name each."""

from tests.collector.delivery.parcels import ID

VERP = f"bounce+{ID}@mail.shop.example"


def dsn(action: str, status: str, diagnosis: str, *, to: str = VERP, original: str = "", envelope: str = "") -> bytes:
    """A delivery status notification as Postfix writes it."""
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.posta.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

This is a MIME-encapsulated message.

--B
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.posta.example.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.posta.example
{f"Original-Envelope-Id: {envelope}" if envelope else "X-Postfix-Queue-ID: 4F1D2"}
Arrival-Date: Thu, 26 Nov 2026 07:00:00 +0100 (CET)

Final-Recipient: rfc822; anna@posta.example
Original-Recipient: rfc822;anna@posta.example
Action: {action}
Status: {status}
Remote-MTA: dns; mx.posta.example
Diagnostic-Code: smtp; {diagnosis}

--B
Content-Type: message/rfc822

Return-Path: <x@shop.example>
Message-ID: {original or "<other@shop.example>"}
From: Il Negozio <negozio@shop.example>
To: anna@posta.example
Subject: La tua citta

Ciao
--B--
""".encode()


COMPLAINT = f"""From: <staff@hotmail.example>
To: <{VERP}>
Subject: complaint about message from 192.0.2.1
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="B"

--B
Content-Type: text/plain

This is an email abuse report for an email message from 192.0.2.1.

--B
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <{VERP}>
Original-Rcpt-To: <anna@posta.example>

--B
Content-Type: message/rfc822

Message-ID: <{ID}@shop.example>
From: negozio@shop.example
To: anna@posta.example
Subject: Sconti

Ciao
--B--
""".encode()

EXIM = f"""Return-path: <>
From: Mail Delivery System <Mailer-Daemon@mx.posta.example>
To: {VERP}
Auto-Submitted: auto-replied
X-Failed-Recipients: anna@posta.example
Subject: Mail delivery failed: returning message to sender

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  anna@posta.example
    SMTP error from remote mail server after RCPT TO:<anna@posta.example>:
    host mx.posta.example [192.0.2.7]: 550 5.1.1 <anna@posta.example>: Recipient address rejected: User unknown

------ This is a copy of the message, including all the headers. ------

Return-path: <negozio@shop.example>
To: anna@posta.example
""".encode()

QMAIL = f"""Return-Path: <>
From: MAILER-DAEMON@posta.example
To: bounce@mail.shop.example
Subject: failure notice

Hi. This is the qmail-send program at posta.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<anna@posta.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <negozio@shop.example>
Message-ID: <{ID}@shop.example>
To: anna@posta.example
""".encode()

EXCHANGE = f"""From: Microsoft Outlook <postmaster@azienda.example>
To: {VERP}
Subject: Undeliverable: La tua citta
Content-Type: text/plain

Delivery has failed to these recipients or groups:

anna@posta.example
The recipient's mailbox is full and can't accept messages now. Please try resending later.

Diagnostic information for administrators:
#554 5.2.2 mailbox full ##
""".encode()

DELAY = f"""From: Mail Delivery System <MAILER-DAEMON@mx.posta.example>
To: {VERP}
Subject: Warning: message 1abcd delayed 24 hours

A message that you sent has not yet been delivered to one or more of its recipients.
No action is required on your part.

  anna@posta.example
    451 4.7.1 greylisted
""".encode()

HOLIDAY = f"""From: Anna <anna@posta.example>
To: {VERP}
Subject: Fuori ufficio: La tua citta
Auto-Submitted: auto-replied

Sono in ferie, la casella non esiste. 550 5.1.1 <anna@posta.example>
""".encode()

PERSON = f"""From: Anna <anna@posta.example>
To: {VERP}
Subject: Re: delivery failed

Non ho ricevuto il pacco, che cosa devo fare?
""".encode()
