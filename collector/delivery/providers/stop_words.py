"""Does a reply mean: no more? The words that people and operators use for it, in Italian and English.

Only a reply that is such a word: "non fermarti" and "stop by our shop" are none.
Source: CTIA Short Code Monitoring Handbook; AGCOM's practice for SMS in Italy.
"""

import re
import unicodedata
from typing import Final

STOP_WORDS: Final = frozenset(
    (
        "stop,stopall,stop all,unsubscribe,cancel,end,quit,optout,opt out,revoke,remove,remove me,"
        "annulla,cancella,cancellami,disiscrivi,disiscrivimi,disiscriviti,disdici,disdetta,basta,fine,"
        "rimuovi,rimuovimi,esci,no sms,stop sms,stop whatsapp,arret,baja,alto"
    ).split(",")
)

_BESIDE = re.compile(r"[^\w]+")


def is_stop(text: str) -> bool:
    """`" Stop! "` is; case, accents, width, blanks and punctuation do not matter."""
    if len(text) > 64:
        return False
    apart = unicodedata.normalize("NFKD", text)
    plain = "".join(character for character in apart if not unicodedata.combining(character))
    return _BESIDE.sub(" ", plain).strip().casefold() in STOP_WORDS
