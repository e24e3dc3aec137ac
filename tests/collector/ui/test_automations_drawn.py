"""The drawing of an automation: nothing lies on anything else, and every line ends where it should."""

from collections.abc import Iterator
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as some

from collector.ui.automations.layout import HEIGHT, WIDTH, Box, Drawing, Way, draw


def box(id: str, *ways: Way, goes_to: str = "", ends: bool = False) -> Box:
    """A step."""
    return Box(id, id.title(), ways, goes_to, ends)


def place(drawing: Drawing, id: str) -> tuple[int, int]:
    """Where it is."""
    return next((node.x, node.y) for node in drawing.nodes if node.box.id == id)


def test_steps_stand_one_below_the_other() -> None:
    """With a line between, and one to the end."""
    drawing = draw([box("wait"), box("mail")])
    (x, first), (same, second) = place(drawing, "wait"), place(drawing, "mail")
    assert x == same
    assert first + HEIGHT < second
    assert 2 == len(drawing.paths)
    assert drawing.end == (x + WIDTH // 2, drawing.height - 24)


def test_ways_stand_side_by_side_and_come_together() -> None:
    """The first straight below; what comes after stands below the longest."""
    ways = Way("Yes", (box("a"), box("b"))), Way("No", (box("c"),))
    drawing = draw([box("split", *ways), box("after")])
    (x, _), (a, top), (c, beside), (after, low) = (place(drawing, id) for id in ("split", "a", "c", "after"))
    assert (x, x, top) == (a, after, beside)
    assert c >= a + WIDTH
    assert low > place(drawing, "b")[1] + HEIGHT
    assert ["Yes", "No"] == [label.text for label in drawing.labels]


def test_a_way_without_steps_is_a_line() -> None:
    """From the branch to what comes after."""
    drawing = draw([box("split", Way("Yes", ()), Way("No", ())), box("after")])
    assert 2 == len(drawing.nodes)
    assert 5 == len(drawing.paths)


def test_nothing_comes_after_what_ends() -> None:
    """No line leads on, and there is no last point."""
    drawing = draw([box("out", ends=True)])
    assert ([], None) == (list(drawing.paths), drawing.end)


def test_a_jump_leads_to_its_step() -> None:
    """From side to side; to none that is not there."""
    drawing = draw([box("wait"), box("back", goes_to="wait")])
    assert 1 == len(drawing.jumps)
    assert [] == draw([box("back", goes_to="nowhere")]).jumps


def test_triggers_stand_above_the_first_step() -> None:
    """Close together; one line leads from them to it."""
    drawing = draw([box("wait")], triggers=[box("bought"), box("asked")])
    (_, first), (_, second), (x, step) = (place(drawing, id) for id in ("bought", "asked", "wait"))
    assert second - first - HEIGHT < step - second - HEIGHT
    assert f"M{x + WIDTH // 2} {second + HEIGHT}V{step}" == drawing.paths[0]
    assert 2 == len(drawing.paths)


def test_exits_stand_below_everything_under_their_name() -> None:
    """No line leads to them; without any there is no name."""
    drawing = draw([box("wait")], exits=Way("Leaves", (box("bought"), box("left"))))
    (label,) = drawing.labels
    (_, first), (_, second), end = place(drawing, "bought"), place(drawing, "left"), drawing.end
    assert end
    assert end[1] < label.y < first < second
    assert len(draw([box("wait")]).paths) == len(drawing.paths)
    assert [] == draw([box("wait")], exits=Way("Leaves", ())).labels


def test_nothing_is_drawn_of_nothing() -> None:
    """An empty drawing has no boxes."""
    assert [] == draw([]).nodes


NAMES = some.text("abc", min_size=1, max_size=3)


def stepped(ways: some.SearchStrategy[tuple[Way, ...]]) -> some.SearchStrategy[tuple[Box, ...]]:
    """Some steps with such ways."""
    return some.lists(some.tuples(NAMES, ways).map(lambda made: box(made[0], *made[1])), max_size=3).map(tuple)


def parted(steps: some.SearchStrategy[tuple[Box, ...]]) -> some.SearchStrategy[tuple[Box, ...]]:
    """Steps with ways on which such steps stand."""
    return stepped(some.lists(some.tuples(NAMES, steps).map(lambda made: Way(*made)), max_size=3).map(tuple))


BOXES = some.recursive(stepped(some.just(())), parted, max_leaves=8)


def rectangles(drawing: Drawing) -> Iterator[tuple[int, int, int, int]]:
    """What boxes cover."""
    for node in drawing.nodes:
        yield node.x, node.y, node.x + WIDTH, node.y + HEIGHT


@given(BOXES, some.lists(NAMES.map(box), max_size=3), some.lists(NAMES.map(box), max_size=3))
def test_no_box_lies_on_another(steps: tuple[Box, ...], triggers: list[Box], exits: list[Box]) -> None:
    """And all of them lie within the drawing, however ways stand in ways."""
    drawing = draw(steps, triggers=triggers, exits=Way("Leaves", tuple(exits)))
    found = list(rectangles(drawing))
    assert not [
        (one, other)
        for one, other in combinations(found, 2)
        if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    ]
    assert all(
        0 <= left and right <= drawing.width and 0 <= top and low <= drawing.height for left, top, right, low in found
    )
