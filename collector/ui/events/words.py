"""What do the pages of events say? Key → (Italian, English): see ui/words.py."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "new_one": ("1 nuovo: mostra", "1 new: show"),
    "new_many": ("{n} nuovi: mostra", "{n} new: show"),
    "no_events": ("Ancora nessun evento", "No events yet"),
    "no_events_says": (
        "Quando il tuo sito comincerà a inviare, li vedrai qui. Il tag da incollare è nell'installazione.",
        "As soon as your website sends, they appear here. The tag to paste is in the setup.",
    ),
}
