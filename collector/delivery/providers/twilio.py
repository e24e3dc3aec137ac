"""Twilio: SMS, and WhatsApp by the same door. Account: `twilio://SID:AUTH_TOKEN@?from=+39…`.

Source: https://www.twilio.com/docs/messaging/api/message-resource, https://www.twilio.com/docs/api/errors,
https://www.twilio.com/docs/usage/security#validating-requests.
"""

import msgspec

from collector.delivery.providers.provider import Answer, Codes, Notices, Provider, Replies

SMS = Provider(
    name="twilio",
    url="https://api.twilio.com/2010-04-01/Accounts/{user}/Messages.json",
    auth="basic",
    encoding="form",
    body={"To": "{recipient}", "From": "{sender}", "Body": "{text}", "StatusCallback": "{callback}"},
    answer=Answer(reference="sid", code="code", reason="message"),
    codes=Codes(
        hard=frozenset("21211 21214 21217 21614 21635".split()),
        later=frozenset("20429 20500 20503 30001 14107".split()),
        ours=frozenset("20003 20005 21212 21603 21606 21608 21611 21655 21656 21659 63007".split()),
    ),
    signature="twilio",
    notices=Notices(
        reference="MessageSid",
        recipient="To",
        status="MessageStatus",
        code="ErrorCode",
        reason="ErrorMessage",
        statuses={"sent": "sent", "delivered": "delivered", "read": "read", "undelivered": "soft", "failed": "soft"},
        hard=frozenset("21211 21614 30005 30006 63024 63003".split()),
    ),
    replies=Replies(sender="From", reference="MessageSid", text=("OptOutType", "Body")),
)

WHATSAPP = msgspec.structs.replace(
    SMS,
    body=SMS.body | {"To": "whatsapp:{recipient}", "From": "whatsapp:{sender}"},  # type: ignore[operator]  # a dict
    template={
        "To": "whatsapp:{recipient}",
        "From": "whatsapp:{sender}",
        "ContentSid": "{template}",
        "ContentVariables": "{numbered}",
        "StatusCallback": "{callback}",
    },
)
