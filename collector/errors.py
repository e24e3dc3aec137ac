"""Why was it refused? The closed list of refusals: code, HTTP status of a whole request, retryable, a sentence.

One place maps them; every refusal is counted and, with a sample, readable at `GET /api/rejections`.
Source: INTERFACES 2, SECURITY 1.
"""

import enum
from typing import NamedTuple


class Refused(NamedTuple):
    """One row: `status` answers when the whole request is refused; an item in a batch never changes the 202."""

    status: int
    retryable: bool
    says: str


class Code(enum.StrEnum):
    """The closed set. Its names are public."""

    MALFORMED = "malformed"
    KEY_UNKNOWN = "key_unknown"
    KEY_REVOKED = "key_revoked"
    ORIGIN_REFUSED = "origin_refused"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    TOO_DEEP = "too_deep"
    BAD_KEY = "bad_key"
    UNKNOWN_KEY = "unknown_key"
    RESERVED_KEY = "reserved_key"
    BAD_TIME = "bad_time"
    TOO_OLD = "too_old"
    BAD_ID = "bad_id"
    BAD_IDENTIFIER = "bad_identifier"
    BAD_PROPERTY = "bad_property"
    SCHEMA_MISFIT = "schema_misfit"
    VISITOR_INVALID = "visitor_invalid"
    CONSENT_DENIED = "consent_denied"
    ERASED = "erased"
    RATE_LIMITED = "rate_limited"
    OVERLOADED = "overloaded"
    SIGNATURE_INVALID = "signature_invalid"
    LOOP_DEPTH = "loop_depth"


REFUSALS: dict[Code, Refused] = {
    Code.MALFORMED: Refused(400, False, "It is not well-formed, or lacks a field that must be there."),
    Code.KEY_UNKNOWN: Refused(401, False, "No such key. Copy it again from the site's settings."),
    Code.KEY_REVOKED: Refused(401, False, "This key was revoked. Make a new one."),
    Code.ORIGIN_REFUSED: Refused(
        403, False, "The site does not accept events from this origin. Add it to its origins."
    ),
    Code.TOO_LARGE: Refused(413, False, "Too large."),
    Code.TOO_MANY: Refused(413, False, "Too many at once. Split the batch."),
    Code.TOO_DEEP: Refused(400, False, "Nested too deeply: at most 10 levels."),
    Code.BAD_KEY: Refused(400, False, "An event's key is 1 to 255 letters, digits, - and _."),
    Code.UNKNOWN_KEY: Refused(400, False, "This category has no such event."),
    Code.RESERVED_KEY: Refused(400, False, "Events of this kind are not accepted under a public write key."),
    Code.BAD_TIME: Refused(400, False, "A time is RFC 3339 with a zone, such as 2026-11-24T10:00:00.000Z."),
    Code.TOO_OLD: Refused(400, False, "It happened too long ago for this door."),
    Code.BAD_ID: Refused(400, False, "An id is a text of 1 to 128 bytes."),
    Code.BAD_IDENTIFIER: Refused(400, False, "This cannot identify a person."),
    Code.BAD_PROPERTY: Refused(400, False, "A property is out of bounds."),
    Code.SCHEMA_MISFIT: Refused(400, False, "It does not fit the schema that was pinned to this event."),
    Code.VISITOR_INVALID: Refused(400, False, "The visitor token is not ours: a new visitor was made."),
    Code.CONSENT_DENIED: Refused(403, False, "The visitor has not agreed to this."),
    Code.ERASED: Refused(410, False, "This person was erased."),
    Code.RATE_LIMITED: Refused(429, True, "Too fast. Try again after the time in Retry-After."),
    Code.OVERLOADED: Refused(503, True, "Busy. Try again after the time in Retry-After."),
    Code.SIGNATURE_INVALID: Refused(401, False, "The signature is not right."),
    Code.LOOP_DEPTH: Refused(400, False, "The event was derived through more than 8 others: a loop."),
}
