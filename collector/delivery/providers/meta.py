"""Meta's WhatsApp Cloud API. Account: `meta://PHONE_NUMBER_ID:TOKEN@?secret=APP_SECRET&verify=WORD`.

A text reaches who has written within 24 hours; everybody else a template that Meta has approved.
Source: https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages, …/support/error-codes, …/webhooks.
"""

from collector.delivery.providers.provider import Answer, Codes, Notices, Provider, Replies

_VALUES = "entry.*.changes.*.value"
_TO = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": "{digits}"}
_NOT_THERE = frozenset("131026 131021".split())

WHATSAPP = Provider(
    name="meta",
    url="https://graph.facebook.com/v21.0/{user}/messages",
    auth="bearer",
    encoding="json",
    body=_TO | {"type": "text", "text": {"body": "{text}"}, "biz_opaque_callback_data": "{id}"},
    template=_TO
    | {
        "type": "template",
        "template": {
            "name": "{template}",
            "language": {"code": "{language}"},
            "components": [{"type": "body", "parameters": "{parameters}"}],
        },
        "biz_opaque_callback_data": "{id}",
    },
    parameter={"type": "text", "text": "{text}"},
    answer=Answer(reference="messages.0.id", code="error.code", reason="error.message"),
    codes=Codes(
        hard=_NOT_THERE,
        later=frozenset("1 2 4 80007 130429 131000 131016 131048 131056 131057 133004 133016".split()),
        ours=frozenset(
            "0 3 10 33 100 190 200 368 131005 131008 131009 131030 131031 131042 131045 132000 132001".split()
        )
        | frozenset("132005 132007 132012 132015 132016 133006 133010".split()),
    ),
    signature="meta",
    notices=Notices(
        each=f"{_VALUES}.statuses.*",
        reference="id",
        recipient="recipient_id",
        status="status",
        code="errors.0.code",
        reason="errors.0.title",
        at="timestamp",
        statuses={"sent": "sent", "delivered": "delivered", "read": "read", "failed": "soft"},
        hard=_NOT_THERE,
    ),
    replies=Replies(
        each=f"{_VALUES}.messages.*", sender="from", reference="id", text=("text.body", "button.text", "button.payload")
    ),
)
