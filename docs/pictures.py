"""How do sessions look when events come late, or two devices turn out to be one person? Pictures of real runs, as SVG.

Each picture is a `Story` (`timeline.py`) that the real engine folds, drawn before and after something becomes known.
Writes `docs/pictures/*.svg`; `tests/test_docs.py` fails when they are not what the engine says now. They follow the
reader's light or dark theme, and nothing in them is told by colour alone.

    |  label   o  o     o        events: a dot each, a square for a second device, a ring for one that came late
    |          [======]- - -|    a session: its activity, the quiet after it, and where its end is said
    |               x            superseded: what was said, and is no more
    +----|----|----|----|-----   time
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from docs.timeline import Bar, Gone, Happened, Snapshot, Story
from sessionizer.rules.inactivity import STARTED

PICTURES = Path(__file__).resolve().parent / "pictures"

WIDTH, LEFT, RIGHT = 780, 104, 34
LINE, LANE, BAR = 15, 30, 16
"""Heights: of a line of text, of a lane without its texts, of a session."""

CHARACTER = 6.1
"""Width of one, on average: a text is given a little more than it needs."""

STYLE = """
  svg { font: 11.5px system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; color-scheme: light dark;
    --paper: #ffffff; --edge: #dde2dd; --ink: #16211d; --soft: #56645e; --main: #1f5c4a; --wash: #e4f0eb;
    --dot: #1d5fa8; --late: #8a5a00; }
  @media (prefers-color-scheme: dark) { svg { --paper: #18201d; --edge: #2f3b36; --ink: #e8eeea; --soft: #a3b1aa;
    --main: #8fcfb9; --wash: #1f3a30; --dot: #8dbdf2; --late: #e6b455; } }
  .paper { fill: var(--paper); stroke: var(--edge); } .title { font-weight: 650; font-size: 13px; }
  text { fill: var(--ink); paint-order: stroke; stroke: var(--paper); stroke-width: 4px; }
  .letter, .gone { stroke: none; } .soft, .gone { fill: var(--soft); } .gone { text-decoration: line-through; }
  .grid, .lane { stroke: var(--edge); } .axis { stroke: var(--soft); } .lead { stroke: var(--soft); opacity: .6; }
  .event { fill: var(--dot); } .late { fill: none; stroke: var(--late); stroke-width: 1.5; }
  .session { fill: var(--wash); stroke: var(--main); } .letter { fill: var(--main); font-weight: 650; }
  .quiet { stroke: var(--main); stroke-dasharray: 2 3; } .end { stroke: var(--main); stroke-width: 1.5; }
  .once { fill: var(--paper); stroke: var(--soft); stroke-dasharray: 2 2; }
"""


class Panel(NamedTuple):
    """One moment of a picture."""

    title: str
    moment: Snapshot


class Picture(NamedTuple):
    """A file. says: for who cannot see it. begins, ends: hours of the day that it shows."""

    name: str
    says: str
    begins: float
    ends: float
    panels: Sequence[Panel]


# The stories ----------------------------------------------------------------------------------------------------------


def ordinary() -> Picture:
    """Nothing special."""
    story = Story()
    for at, text in ("10:00", "/"), ("10:12", "/boots"), ("10:41", "/cart"), ("11:11", "/"), ("11:20", "/huts"):
        story.arrives("Anna", at, text, now=at)
    story.clock("12:00")
    says = "Five pages, two sessions: a pause of 29 minutes goes on, one of exactly 30 begins a new session."
    return Picture("ordinary", says, 9.75, 12.25, [Panel("29 minutes go on, 30 begin anew", story.snapshot())])


def bridged() -> Picture:
    """A late event fills the gap between two sessions."""
    story = Story()
    for at, text in ("10:00", "/"), ("10:10", "/boots"), ("11:00", "/"), ("11:05", "/cart"):
        story.arrives("Anna", at, text, now=at)
    story.clock("11:50")
    before = Panel("At 11:50: two sessions", story.snapshot())
    story.arrives("Anna", "10:35", "/huts", now="11:51")
    after = Panel("At 11:51 a page of 10:35 arrives: it was one", story.snapshot())
    return Picture("bridged", "A late page between two sessions makes them one.", 9.75, 12, [before, after])


def earlier() -> Picture:
    """A late event opens the session earlier."""
    story = Story()
    for at, text in ("10:20", "/boots"), ("10:35", "/cart"):
        story.arrives("Anna", at, text, now=at)
    story.clock("11:30")
    before = Panel("At 11:30: one session, since 10:20", story.snapshot())
    story.arrives("Anna", "10:05", "/", now="11:31")
    after = Panel("At 11:31 a page of 10:05 arrives: it began earlier, under another id", story.snapshot())
    return Picture("earlier", "A late page opens the session earlier.", 9.75, 11.75, [before, after])


def joined() -> Picture:
    """Two devices turn out to be one person."""
    story = _two_devices()
    before = Panel("At 10:53: two browsers, two contacts", story.snapshot())
    story.join("phone", "laptop", now="10:54")
    story.clock("12:00")
    after = Panel("At 10:54 the laptop says the same e-mail: one person, one session", story.snapshot())
    return Picture("joined", "Two contacts with a session each become one with one session.", 9.75, 12, [before, after])


def parted() -> Picture:
    """The join is undone."""
    story = _two_devices()
    story.join("phone", "laptop", now="10:54")
    story.clock("12:00")
    before = Panel("At 12:00: one contact, joined by mistake", story.snapshot())
    story.part("phone", "laptop", by="laptop", now="12:01")
    after = Panel("At 12:01 the join is undone: both histories, each for itself", story.snapshot())
    return Picture(
        "parted", "The joint session falls apart into the two that it was made of.", 9.75, 12, [before, after]
    )


def _two_devices() -> Story:
    story = Story()
    seen = ("10:00", "phone"), ("10:18", "phone"), ("10:25", "laptop"), ("10:40", "phone"), ("10:52", "laptop")
    for at, device in seen:
        story.arrives(device, at, device, by=device, now=at)
    return story


STORIES: Sequence[Callable[[], Picture]] = (ordinary, bridged, earlier, joined, parted)


# Drawing --------------------------------------------------------------------------------------------------------------


class Label(NamedTuple):
    """A text at a place in time. x: of its middle. gone: struck; after: said behind it, unstruck."""

    x: float
    text: str
    gone: bool = False
    after: str = ""

    @property
    def width(self) -> float:
        """In pixels, about."""
        return (len(self.text) + len(self.after)) * CHARACTER


class Scale(NamedTuple):
    """Hours of a day → pixels from the left."""

    begins: float
    ends: float

    def x(self, minutes: float) -> float:
        """Of an instant in minutes of the day."""
        share = (minutes / 60 - self.begins) / (self.ends - self.begins)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def rows_of(labels: Iterable[Label]) -> list[tuple[Label, float, int]]:
    """Each label, the x of its middle, and the row in which it meets no other: the first that is free, in order."""
    ends: list[float] = []
    placed = []
    for label in sorted(labels, key=lambda label: label.x):
        left = min(max(label.x - label.width / 2, LEFT - 8), WIDTH - 12 - label.width)
        row = next((n for n, end in enumerate(ends) if end + 9 <= left), len(ends))
        ends[row : row + 1] = [left + label.width]
        placed.append((label, round(left + label.width / 2, 1), row))
    return placed


def svg(picture: Picture) -> str:
    """The file's text."""
    drawn, y = [], 12.0
    letters = letters_of(picture.panels)
    scale = Scale(picture.begins, picture.ends)
    for panel in picture.panels:
        parts, y = panel_of(panel, scale, letters, y)
        drawn += parts
    height = round(y)
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
            ' role="img" aria-labelledby="says">',
            f'<title id="says">{escape(picture.says)}</title>',
            f"<style>{STYLE}</style>",
            f'<rect class="paper" x=".5" y=".5" width="{WIDTH - 1}" height="{height - 1}" rx="10"/>',
            *drawn,
            "</svg>\n",
        )
    )


def letters_of(panels: Sequence[Panel]) -> dict[str, str]:
    """Ids of sessions → A, B, … in the order in which one sees them."""
    ids = [id for panel in panels for id in (*_ids(panel.moment.bars), *(gone.session for gone in panel.moment.gone))]
    return {id: chr(ord("A") + n) for n, id in enumerate(dict.fromkeys(ids))}


def _ids(bars: Iterable[Bar]) -> Iterator[str]:
    return (bar.id for bar in bars)


def panel_of(panel: Panel, scale: Scale, letters: dict[str, str], top: float) -> tuple[list[str], float]:
    """The drawing of a moment, and where it ends."""
    y = top + 20
    title = text(16, y, panel.title, "title")
    lanes: list[str] = []
    moment = panel.moment
    devices = list(dict.fromkeys(one.by for events in moment.happened.values() for one in events))
    for contact, events in sorted(moment.happened.items(), key=lambda item: item[1][0].at):
        parts, y = events_of(events, scale, devices, y + 8, name=contact if len(moment.happened) > 1 else "events")
        lanes += parts
        parts, y = bars_of([bar for bar in moment.bars if bar.contact == contact], scale, letters, y)
        lanes += parts
    if moment.gone:
        parts, y = gone_of(moment.gone, scale, letters, y)
        lanes += parts
    grid = list(axis_of(scale, top + 30, y + 6))
    return [title, *grid, *lanes], y + 36


def axis_of(scale: Scale, top: float, y: float) -> Iterator[str]:
    """Half hours as lines, and their names below."""
    for half in range(round(scale.begins * 2 + 0.49), round(scale.ends * 2 - 0.49) + 1):
        x = scale.x(half * 30)
        yield f'<path class="grid" d="M{x} {top}V{y}"/>'
        yield text(x, y + 16, f"{half // 2}:{half % 2 * 30:02}", "soft", anchor="middle")
    yield f'<path class="axis" d="M{LEFT - 8} {y}H{WIDTH - 14}"/>'


def events_of(
    events: Sequence[Happened], scale: Scale, devices: Sequence[str], y: float, *, name: str
) -> tuple[list[str], float]:
    """A lane of dots with their texts above."""
    labels = [Label(scale.x(one.at), f"{clock(one.at)} {one.text}{' (late)' if one.is_late else ''}") for one in events]
    placed = rows_of(labels)
    y += LINE * (max(row for _, _, row in placed) + 1) + 12
    parts = [text(16, y + 4, name, "soft"), f'<path class="lane" d="M{LEFT - 8} {y}H{WIDTH - 14}"/>']
    for label, _, row in placed:
        parts += lead(label.x, y - 7, y - 12 - LINE * row)
    parts += [text(x, y - 12 - LINE * row, label.text, anchor="middle") for label, x, row in placed]
    for one in events:
        parts += dot(scale.x(one.at), y, one, is_first=one.by == devices[0])
    return parts, y + 10


def dot(x: float, y: float, one: Happened, *, is_first: bool) -> Iterator[str]:
    """An event: round, square for a second device, in a ring when it came late."""
    if is_first:
        yield f'<circle class="event" cx="{x}" cy="{y}" r="4"/>'
    else:
        yield f'<rect class="event" x="{x - 3.8}" y="{y - 3.8}" width="7.6" height="7.6"/>'
    if one.is_late:
        yield f'<circle class="late" cx="{x}" cy="{y}" r="7.5"/>'


def bars_of(bars: Sequence[Bar], scale: Scale, letters: dict[str, str], y: float) -> tuple[list[str], float]:
    """A lane of sessions, with what the derived events say below."""
    y += 4
    parts, labels = [text(16, y + BAR - 4, "sessions", "soft")], []
    for bar in bars:
        left, right = scale.x(bar.begins), scale.x(bar.ends)
        parts.append(
            f'<rect class="session" x="{left}" y="{y}" width="{round(max(right - left, 5), 1)}" height="{BAR}" rx="4"/>'
        )
        parts.append(text(round((left + right) / 2, 1), y + BAR - 4, letters[bar.id], "letter", anchor="middle"))
        labels.append(Label(left, f"{letters[bar.id]} started {clock(bar.begins)}"))
        if bar.said_at is not None:
            end = scale.x(bar.said_at)
            parts.append(f'<path class="quiet" d="M{right} {y + BAR / 2}H{end}"/>')
            parts.append(f'<path class="end" d="M{end} {y + 2}v{BAR - 4}"/>')
            labels.append(Label(end, f"{letters[bar.id]} ended {clock(bar.said_at)}"))
    return below(labels, y + BAR, parts)


def gone_of(gone: Sequence[Gone], scale: Scale, letters: dict[str, str], y: float) -> tuple[list[str], float]:
    """A lane of what was said, and is no more."""
    y += 16
    parts, labels = [text(16, y + 4, "superseded", "soft")], []
    parts.append(f'<path class="lane" d="M{LEFT - 8} {y}H{WIDTH - 14}"/>')
    for one in gone:
        x, letter = scale.x(one.at), letters[one.session]
        parts.append(f'<circle class="once" cx="{x}" cy="{y}" r="4"/>')
        after = f"  {letter} is {letters[one.heir]} now" if one.heir else ""
        what = "started" if one.key == STARTED[1] else "ended"
        labels.append(Label(x, f"{letter} {what} {clock(one.at)}", gone=True, after=after))
    return below(labels, y + 4, parts)


def below(labels: Sequence[Label], y: float, parts: list[str]) -> tuple[list[str], float]:
    """Texts under a lane, each with a line to its place when it stands lower."""
    placed = rows_of(labels)
    for label, _, row in placed:
        parts += lead(label.x, y + 2, y + 4 + LINE * row)
    for label, x, row in placed:
        kind = "gone" if label.gone else ""
        parts.append(text(x, y + LINE * (row + 1), label.text, kind, anchor="middle", after=label.after))
    return parts, y + LINE * (max((row for _, _, row in placed), default=0) + 1) + 4


def lead(x: float, begins: float, ends: float) -> list[str]:
    """From a place to a text that stands away from it; none when it is near."""
    return [f'<path class="lead" d="M{x} {begins}V{ends}"/>'] if abs(ends - begins) > LINE / 2 else []


def text(x: float, y: float, words: str, kind: str = "", *, anchor: str = "", after: str = "") -> str:
    """A line. after: behind it, in the plain way."""
    given = f' class="{kind}"' if kind else ""
    stands = f'x="{x}" y="{y}"' + (f' text-anchor="{anchor}"' if anchor else "")
    if after:
        two = f'<tspan{given}>{escape(words)}</tspan><tspan class="soft">{escape(after)}</tspan>'
        return f"<text {stands}>{two}</text>"
    return f"<text {stands}{given}>{escape(words)}</text>"


def clock(minutes: float) -> str:
    """`10:05`."""
    return f"{int(minutes) // 60}:{int(minutes) % 60:02}"


def drawn() -> dict[str, str]:
    """Every picture: the name of its file → its text."""
    return {f"{picture.name}.svg": svg(picture) for picture in (story() for story in STORIES)}


def write() -> None:
    """Draw them all."""
    PICTURES.mkdir(exist_ok=True)
    for name, file in drawn().items():
        (PICTURES / name).write_text(file, encoding="utf-8")
