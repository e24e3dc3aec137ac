"""What has a channel? Its parts, and what becomes of them before they are sent.

Another channel is another module beside this one and a row in `table.py`. Reads nothing, writes nothing.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from sessionizer.messages.fault import Fault
from sessionizer.messages.language.run import Mode
from sessionizer.messages.message import Content

Blocks = Mapping[str, str]


class Part(NamedTuple):
    """name: the field of `Rendered`. mode: what values in it are escaped for.

    is_line: without line breaks, for it goes into a header. is_tidy: blank lines that loops leave are taken away.
    """

    name: str
    mode: Mode
    is_line: bool = False
    is_tidy: bool = False


class Source(NamedTuple):
    """part: how it is rendered. text: the template. written: the field of `Content` that somebody wrote; what was made
    from another has "", and its faults are told of that other.
    """

    part: Part
    text: str
    written: str = ""


class Channel(NamedTuple):
    """written: the sources as they are. checks: what is wrong beside the language.

    made: all that is rendered, asked only when nothing is wrong; may raise Faults.
    """

    written: Callable[[Content], list[Source]]
    checks: Callable[[Content, Blocks], list[Fault]]
    made: Callable[[Content, Blocks], list[Source]]
