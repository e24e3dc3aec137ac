"""How does a page come to be? A template, the reader's language, and headers under which no stranger's text can act.

Templates escape everything; scripts are our own files; a page asks nobody else for anything.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from collector import __version__
from collector.ui.times import ago, clock, day, lasts, number
from collector.ui.words import WORDS
from sessionizer.catalogue import family_of

Language = Literal["it", "en"]

LANGUAGE_COOKIE = "sentiero_language"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
        "trusted-types sentiero"  # the one policy of static/frame.js: for pages of this server, escaped by it
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def language_of(request: Request) -> Language:
    """The one that was chosen, else the first of the browser's that we speak, else English."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    for word in (chosen, *request.headers.get("accept-language", "").lower().split(",")):
        if word.strip().startswith("it"):
            return "it"
        if word.strip().startswith("en"):
            return "en"
    return "en"


def translator(language: Language) -> Callable[..., str]:
    """`t("key", name=…)` → the text in that language."""
    place = 0 if language == "it" else 1

    def t(key: str, **given: Any) -> str:
        text = WORDS[key][place]
        return text.format(**given) if given else text

    return t


def headers_of(*, frames: bool) -> Mapping[str, str]:
    """Of a page. frames: whether pages of this server may stand inside of it, as a message does in its preview."""
    if not frames:
        return HEADERS
    policy = HEADERS["Content-Security-Policy"]
    return {**HEADERS, "Content-Security-Policy": policy.replace("form-action", "frame-src 'self'; form-action")}


def render(
    request: Request,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
    now: int = 0,
    frames: bool = False,
) -> Response:
    """The page. template: its path below `ui/`. now: ms UTC, for what was a while ago. frames: see `headers_of`."""
    language = language_of(request)
    html = _templates.get_template(template).render(
        {
            "t": translator(language),
            "language": language,
            "path": request.url.path,
            "back": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
            "version": __version__,
            "ago": lambda at: ago(at, now, language),
            "clock": clock,
            "day": lambda at: day(at, language),
            "lasts": lasts,
            "number": lambda value: number(value, language),
            "family": family_of,
            "visitor": None,
            "csrf": "",
            **context,
        }
    )
    return HTMLResponse(html, status, headers_of(frames=frames))
