"""What do visitors do? Made-up traffic of a shop, the same on every run: as requests of browsers, as rows of the log.

Two thousand browsers are at work at once; each event is one of theirs, and one event in five is the first of a new
browser that takes another's place: so a visitor does five things on average. Pages, titles, referrers and user agents
are as long as real ones.
"""

import random
import time
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec

from collector.access.tokens import visitor_id_of
from collector.log.entry import Entry
from sessionizer.event import Page

IdKind = Literal["uuidv7", "random"]

SITE_ORIGIN = "https://shop.example"
BROWSERS_AT_ONCE = 2_000
NEW_SHARE = 0.2
PAGES = 2_000
EVENTS_PER_SECOND = 150  # of event time
SEED = 20_261_124

AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1"
    " Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1"
    " Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile"
    " Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
)
_KINDS_OF_GOODS = "shoes boots sandals jackets trousers shirts socks hats gloves bags belts scarves".split()
_WORDS = "alpine trail summit ridge valley river forest stone cloud ember north light wool canvas amber slate".split()


def uuid7(at: int, chance: random.Random) -> str:
    """A UUIDv7 of that instant (ms UTC)."""
    digits = f"{at:012x}7{chance.getrandbits(12):03x}{0x8000 | chance.getrandbits(14):04x}{chance.getrandbits(48):012x}"
    return _dashed(digits)


def uuid4(chance: random.Random) -> str:
    """A random UUID."""
    return _dashed(
        f"{chance.getrandbits(48):012x}4{chance.getrandbits(12):03x}{0x8 << 60 | chance.getrandbits(62):016x}"
    )


def _dashed(digits: str) -> str:
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def pages(chance: random.Random) -> list[Page]:
    """The pages of the shop: an address of about 60 characters, a title of about 40."""
    found = []
    for number in range(PAGES):
        kind, one, two = chance.choice(_KINDS_OF_GOODS), chance.choice(_WORDS), chance.choice(_WORDS)
        url = f"{SITE_ORIGIN}/collections/{kind}/{one}-{two}-{number:04d}"
        found.append(Page(url, f"{one.title()} {two.title()} {number:04d} · {kind.title()} · The Shop"))
    return found


class _Browser(msgspec.Struct):
    visitor: str
    agent: str
    ip: str
    referrer: str
    seq: int = 0


def entries(count: int, *, ids: IdKind, ends_at: int | None = None) -> Iterator[Entry]:
    """Page views as `POST /e` writes them into the log, in order of time. ends_at: of the last, ms UTC; default now."""
    chance = random.Random(SEED)
    shop = pages(chance)
    last = ends_at if ends_at is not None else time.time_ns() // 1_000_000
    browsers = [_browser(chance) for _ in range(BROWSERS_AT_ONCE)]
    for number in range(count):
        at = last - (count - number) * 1000 // EVENTS_PER_SECOND
        place = chance.randrange(BROWSERS_AT_ONCE)
        if chance.random() < NEW_SHARE:
            browsers[place] = _browser(chance)
        id = uuid7(at, chance) if ids == "uuidv7" else uuid4(chance)
        yield _page_view(id, at, browsers[place], chance.choice(shop))


def _browser(chance: random.Random) -> _Browser:
    agent, referrer = chance.choice(AGENTS), chance.choice(("", "https://www.google.com/"))
    ip = f"93.{chance.randrange(256)}.{chance.randrange(256)}.0"
    return _Browser(visitor_id_of(chance.randbytes(32)), agent, ip, referrer)


def _page_view(id: str, at: int, browser: _Browser, page: Page) -> Entry:
    seen = Page(page.url, page.title, browser.referrer)
    browser.referrer, browser.seq = page.url, browser.seq + 1
    return Entry(
        door="site:1", source="tracker", site=1, id=id, category="website", key="page_visited", occurred_at=at,
        received_at=at + 80, visitor=browser.visitor, page=seen, user_agent=browser.agent, ip=browser.ip,
        seq=browser.seq, identify_mode="guarded",
    )  # fmt: skip


# Requests -------------------------------------------------------------------------------------------------------------

ID = "@" * 36
"""Stands in a template where the generator puts an id of its own, at each use another."""


def page_view(page: Page, *, id: str = ID, seq: int = 1) -> dict[str, Any]:
    """An event of `POST /e` that happens now."""
    seen = {"url": page.url, "title": page.title, "referrer": f"{SITE_ORIGIN}/"}
    return {"id": id, "key": "page_visited", "occurred_at": instant(), "page": seen, "seq": seq}


def instant() -> str:
    """Now, as a browser writes it."""
    seconds, ms = divmod(time.time_ns() // 1_000_000, 1000)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{ms:03d}Z"


def batch(write_key: str, events: Sequence[dict[str, Any]], *, token: str = "", nonce: str = "") -> bytes:
    """The body of `POST /e`: by a visitor who is known (token), or new (nonce)."""
    who = {"visitor": token} if token else {"nonce": nonce}
    return msgspec.json.encode(
        {"write_key": write_key, "sent_at": instant(), "tracker": "1.0.0", **who, "events": events}
    )


def request(body: bytes, *, agent: str, port: int) -> bytes:
    """The whole HTTP request, with the headers that a browser sends from another site's page."""
    head = (
        f"POST /e HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: {agent}\r\nAccept: */*\r\n"
        f"Accept-Language: it-IT,it;q=0.9,en;q=0.8\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"
        f"Origin: {SITE_ORIGIN}\r\nReferer: {SITE_ORIGIN}/\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: cors\r\n"
        f"Sec-Fetch-Dest: empty\r\nContent-Type: text/plain;charset=UTF-8\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
