"""What is in which column of a table of contacts? By its name, in any case; Brevo's own export among them.

    EMAIL, EXT_ID, SMS, WHATSAPP, LANDLINE_NUMBER       identifiers
    LISTS, LIST_IDS                                     lists, by name or number
    EMAIL_BLACKLISTED, SMS_BLACKLISTED, …, UNSUBSCRIBED the consent that was withdrawn, and a flag of its own
    ADDED_TIME, MODIFIED_TIME                           first and last seen
    everything else                                     attributes

Source: the facts about Brevo (section 4.5), and its *export contacts*.
"""

import re
from collections.abc import Iterable, Mapping

ATTRIBUTE, FLAG, NOTHING, NUMBER_ELSEWHERE = "attribute", "flag", "nothing", "number_elsewhere"
"""NOTHING: what an export of ours has beside. NUMBER_ELSEWHERE: of the contact where it comes from; it is kept."""

_IDENTIFIERS: Mapping[str, str] = {
    "EMAIL": "email_id", "EMAIL_ID": "email_id", "E_MAIL": "email_id", "EMAIL_ADDRESS": "email_id",
    "PHONE": "phone_id", "PHONE_ID": "phone_id", "SMS": "phone_id",
    "EXT_ID": "ext_id", "EXTERNAL_ID": "ext_id",
    "WHATSAPP": "whatsapp_id", "WHATSAPP_ID": "whatsapp_id",
    "LANDLINE_NUMBER": "landline_number_id", "LANDLINE_NUMBER_ID": "landline_number_id",
}  # fmt: skip
_OTHERS: Mapping[str, str] = {
    "ID": NOTHING, "CONTACT_ID": NUMBER_ELSEWHERE, "ATTRIBUTES": "attributes", "CONSENT": "consent",
    "VISITORS": "visitors", "IDENTIFIERS": "identifiers",
    "ANONYMOUS": NOTHING,
    "LISTS": "lists", "LIST": "lists", "LIST_IDS": "lists", "LIST_NAMES": "lists", "LISTIDS": "lists",
    "FIRST_SEEN_AT": "first_seen_at", "ADDED_TIME": "first_seen_at", "ADDED_AT": "first_seen_at",
    "CREATED_AT": "first_seen_at", "CREATEDAT": "first_seen_at", "CREATION_DATE": "first_seen_at",
    "LAST_SEEN_AT": "last_seen_at", "MODIFIED_TIME": "last_seen_at", "MODIFIED_AT": "last_seen_at",
    "MODIFIEDAT": "last_seen_at", "LAST_CHANGED": "last_seen_at",
}  # fmt: skip
_BLACKLISTED = re.compile(r"(?:(EMAIL|SMS|WHATSAPP)_?)?(?:BLACK|BLOCK)LISTED|(?:(EMAIL|SMS|WHATSAPP)_?)?UNSUBSCRIBED")


def meaning_of(column: str) -> str:
    """An identifier's kind, another field of ours, FLAG, NOTHING, NUMBER_ELSEWHERE, or ATTRIBUTE."""
    name = plain(column)
    if _BLACKLISTED.fullmatch(name):
        return FLAG
    return _IDENTIFIERS.get(name) or _OTHERS.get(name, ATTRIBUTE)


def flag_of(column: str) -> str:
    """`Email blacklisted` → `EMAIL_UNSUBSCRIBED`: the attribute that says so."""
    found = _BLACKLISTED.fullmatch(plain(column))
    channel = (found[1] or found[2] or "EMAIL") if found else "EMAIL"
    return f"{channel}_UNSUBSCRIBED"


def plain(column: str) -> str:
    """`Ext-ID ` → `EXT_ID`."""
    return re.sub(r"\W+", "_", column.strip().upper()).strip("_")


def is_brevo(columns: Iterable[str]) -> bool:
    """Whether a header is that of Brevo's export: its names are in capitals, EMAIL among them."""
    names = set(columns)
    return "EMAIL" in names and bool(
        names & {"EXT_ID", "SMS", "WHATSAPP", "CONTACT ID", "CONTACT_ID", "LANDLINE_NUMBER"}
    )
