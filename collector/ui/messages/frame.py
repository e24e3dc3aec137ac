"""How is a message shown inside of a page without being able to act there? As a page of its own that may do nothing.

Its policy puts it into a sandbox: no script, no form, an origin that is nobody's; only pages of ours may frame it.
"""

import re
from html import escape

from starlette.responses import HTMLResponse, Response

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "sandbox; default-src 'none'; img-src https: http: data:; style-src 'unsafe-inline'; font-src https: data:; "
        "frame-ancestors 'self'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}
_HEAD = re.compile(r"<head\b[^<>]*+>|<html\b[^<>]*+>|<!doctype[^<>]*+>", re.IGNORECASE)
_NOWHERE = '<base target="_blank">'
"""Links would open a window, which the sandbox forbids: whoever clicks in a preview stays there."""
_PLAIN = """<!doctype html><meta charset="utf-8"><base target="_blank"><style>
body {{ margin: 0; padding: 20px; font: 16px/1.5 system-ui, sans-serif; color: #1b1b1b; background: #fff; }}
pre {{ font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }}
.bubble {{ background: #e9e9eb; border-radius: 18px; padding: 10px 14px; max-width: 320px; }}</style>
<pre class="{kind}">{text}</pre>"""


def framed(html: str, *, status: int = 200) -> Response:
    """The HTML of a message."""
    heads = list(_HEAD.finditer(html[:20_000]))
    at = max((head.end() for head in heads), default=0)
    return HTMLResponse(f"{html[:at]}{_NOWHERE}{html[at:]}", status, HEADERS)


def framed_text(text: str, *, is_short: bool = False) -> Response:
    """A message that is text. is_short: an SMS, or what looks like one."""
    return HTMLResponse(_PLAIN.format(kind="bubble" if is_short else "", text=escape(text)), 200, HEADERS)
