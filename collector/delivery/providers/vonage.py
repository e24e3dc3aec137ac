"""Vonage: SMS. Account: `vonage://KEY:SECRET@?from=Shop&secret=SIGNATURE_SECRET`.

Source: https://developer.vonage.com/en/api/sms, https://developer.vonage.com/en/messaging/sms/guides/delivery-receipts,
https://developer.vonage.com/en/getting-started/concepts/signing-messages.
"""

from collector.delivery.providers.provider import Answer, Codes, Notices, Provider, Replies

SMS = Provider(
    name="vonage",
    url="https://rest.nexmo.com/sms/json",
    auth="none",  # key and secret stand in the body
    encoding="form",
    body={
        "api_key": "{user}",
        "api_secret": "{password}",
        "to": "{digits}",
        "from": "{sender_digits}",
        "text": "{text}",
        "type": "{alphabet}",
        "client-ref": "{id}",
        "callback": "{callback}",
    },
    answer=Answer("messages.0.message-id", "messages.0.status", "messages.0.error-text", frozenset({"0"})),
    codes=Codes(later=frozenset("1 5 9".split()), ours=frozenset("2 4 8 11 14 15 29 32".split())),
    signature="vonage",
    notices=Notices(
        reference="messageId",
        recipient="msisdn",
        status="status",
        code="err-code",
        statuses={
            "accepted": "sent",
            "delivered": "delivered",
            "expired": "soft",
            "failed": "soft",
            "rejected": "soft",
        },
        hard=frozenset("3 9".split()),  # absent for ever; no such number
    ),
    replies=Replies(sender="msisdn", reference="messageId", text=("text",)),
)
