"""Which links of a message lead where? Each is replaced by what `track` makes of it; the rest stays to the byte.

Of HTML: http(s) addresses in `href` of `<a>` and `<area>`; of text: addresses that stand free. What leads back to this
very deployment (unsubscribing, preferences) is left alone, and so is a link with the attribute `data-track="no"`.
Reads nothing, writes nothing.
"""

import re
from collections.abc import Callable
from html import escape, unescape

Track = Callable[[str], str]
"""An address → the one that stands in its place."""

_TAG = re.compile(r"""<(?:a|area)\b[^<>]*+>""", re.IGNORECASE)  # to the next `<`: the time grows with the length
_HREF = re.compile(r"""(\bhref\s*=\s*)(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_NO = re.compile(r"""\bdata-track\s*=\s*["']?no\b""", re.IGNORECASE)
_FREE = re.compile(r"""https?://[^\s<>"'()\[\]{}|\\^`]+""")
_END = ".,;:!?"
_BODY_END = re.compile(r"</body\s*>", re.IGNORECASE)


def track_html(html: str, track: Track, *, own: str | tuple[str, ...]) -> str:
    """own: how addresses begin that are left alone."""

    def in_tag(found: re.Match[str]) -> str:
        tag = found.group()
        return tag if _NO.search(tag) else _HREF.sub(in_href, tag, count=1)

    def in_href(found: re.Match[str]) -> str:
        address = unescape(found[2] if found[2] is not None else found[3]).strip()
        if not address.lower().startswith(("http://", "https://")) or address.startswith(own):
            return found.group()
        return f'{found[1]}"{escape(track(address))}"'

    return _TAG.sub(in_tag, html)


def track_text(text: str, track: Track, *, own: str | tuple[str, ...]) -> str:
    """As `track_html`, of plain text. A mark at the end of an address is the sentence's."""

    def in_text(found: re.Match[str]) -> str:
        address = found.group().rstrip(_END)
        rest = found.group()[len(address) :]
        return found.group() if address.startswith(own) else track(address) + rest

    return _FREE.sub(in_text, text)


def with_image(html: str, address: str) -> str:
    """An image that nobody sees, at the end of the body."""
    image = f'<img src="{escape(address)}" width="1" height="1" alt="" style="display:block;border:0">'
    places = list(_BODY_END.finditer(html))
    at = places[-1].start() if places else len(html)
    return html[:at] + image + html[at:]
