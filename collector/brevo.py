"""How does /v3 refuse, and what does every answer of it say? Brevo's codes and headers, in one place for both halves.

Events come in by `collector/ingest/doors/brevo_rest.py`, everything else of /v3 is `collector/api/brevo/`. Clients know
these codes and no others. There is no limit of rate under an API key: the headers say so, always.
"""

import enum

import msgspec

from collector.errors import Code

NO_LIMIT = b"36000"
RATE_HEADERS = (
    (b"x-sib-ratelimit-limit", NO_LIMIT),
    (b"x-sib-ratelimit-remaining", NO_LIMIT),
    (b"x-sib-ratelimit-reset", b"1"),
)
"""Programs that wait when little remains never wait here. reset: seconds."""

MISSING = "it is missing"
"""What is said of a field that must be there: the one refusal that Brevo has a code of its own for."""


class Fault(enum.StrEnum):
    """Brevo's codes, those that occur here, and two that it has no word for."""

    INVALID = "invalid_parameter"
    MISSING = "missing_parameter"
    OUT_OF_RANGE = "out_of_range"
    DUPLICATE = "duplicate_parameter"
    NOT_FOUND = "document_not_found"
    FORBIDDEN = "permission_denied"
    UNAUTHORIZED = "unauthorized"
    METHOD = "method_not_allowed"
    NOT_ACCEPTABLE = "not_acceptable"
    BAD_REQUEST = "bad_request"
    NOT_IMPLEMENTED = "not_implemented"
    UNAVAILABLE = "service_unavailable"


class FaultBody(msgspec.Struct, frozen=True):
    """The body of every refusal."""

    code: Fault
    message: str


_OF_STATUS = {
    401: Fault.UNAUTHORIZED,
    403: Fault.FORBIDDEN,
    404: Fault.NOT_FOUND,
    405: Fault.METHOD,
    408: Fault.UNAVAILABLE,
    413: Fault.OUT_OF_RANGE,
    415: Fault.NOT_ACCEPTABLE,
    503: Fault.UNAVAILABLE,
}

_OF_CODE = {
    Code.TOO_OLD: Fault.OUT_OF_RANGE,
    Code.TOO_LARGE: Fault.OUT_OF_RANGE,
    Code.TOO_MANY: Fault.OUT_OF_RANGE,
    Code.TOO_DEEP: Fault.OUT_OF_RANGE,
}


def of_status(status: int) -> Fault:
    """Brevo's code for a whole request that is refused with this HTTP status."""
    return _OF_STATUS.get(status, Fault.BAD_REQUEST)


def of_code(code: Code, message: str) -> Fault:
    """Brevo's code for our own refusal of a field or an event, with what was said of it."""
    return Fault.MISSING if message == MISSING else _OF_CODE.get(code, Fault.INVALID)


def sentence(path: str, message: str) -> str:
    """`identifiers: it is missing`; the message alone when it is about the whole."""
    return f"{path}: {message}" if path else message
