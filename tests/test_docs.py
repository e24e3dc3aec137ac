"""Is everything documented that a person can set, call, send or read? And is docs/reference.md as old as the code?"""

import json
import re
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from collector.config import SETTINGS
from collector.errors import REFUSALS, Code
from docs import events, generate, pictures
from sessionizer.automations.check import Known, faults
from sessionizer.automations.definition import HouseRules, OnEvent, Step, Trigger, parse
from sessionizer.catalogue import CATALOGUE, CATEGORIES, SYSTEM

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("d*/*.md")]
REFERENCE = ROOT.joinpath("docs/reference.md").read_text(encoding="utf-8")


def test_reference_is_as_old_as_the_code() -> None:
    """docs/reference.md is what the generator would write now; `make docs` writes it."""
    assert generate.reference() == REFERENCE, "docs/reference.md is stale: run `make docs`"


def test_the_page_of_events_is_as_old_as_the_catalogue() -> None:
    """docs/events.md is what the generator would write now; `make docs` writes it."""
    assert events.page() == events.PAGE.read_text(encoding="utf-8"), "docs/events.md is stale: run `make docs`"


def test_every_system_event_says_how_it_arises_and_what_it_carries() -> None:
    """One row each in the table of the 90, in the catalogue's order, with all its properties."""
    section = events.page().split("## The 90 system events")[1].split("\n## ")[0]
    lines = [line.split(" | ") for line in section.splitlines() if line.startswith("| ")][2:]
    assert 90 == len(lines)
    for row, (_, key, arises, _, carried) in zip(SYSTEM, lines, strict=True):
        assert (f"`{row.key}`", row.arises) == (key, arises)
        assert [*row.properties] == re.findall(r"(?:^|, )\**(\w+)\** [*(\[]", carried)


def test_pictures_are_as_old_as_the_engine() -> None:
    """What docs/pictures shows is what the engine says now of the same histories; `make docs` draws them."""
    kept = {path.name: path.read_text(encoding="utf-8") for path in pictures.PICTURES.iterdir()}
    assert pictures.drawn() == kept, "docs/pictures is stale: run `make docs`"


def test_labels_of_a_picture_do_not_meet() -> None:
    """Those that would stand on each other stand in rows; none leaves the picture."""
    labels = [pictures.Label(x, "10:00 /boots") for x in (0, 110, 120, 300, 310, 320, 770)]
    rows: dict[int, list[tuple[float, float]]] = {}
    for label, middle, row in pictures.rows_of(labels):
        rows.setdefault(row, []).append((middle - label.width / 2, middle + label.width / 2))
    assert 3 == len(rows)
    for spans in rows.values():
        assert all(left[1] < right[0] for left, right in pairwise(spans))
        assert spans[0][0] >= 0
        assert spans[-1][1] <= pictures.WIDTH


@pytest.mark.parametrize("row", SETTINGS, ids=lambda row: row.name)
def test_setting_is_documented(row: Any) -> None:
    """Every setting has a sentence, and its name and environment variable are in the reference."""
    assert row.help
    assert f"| `{row.name}` | `SENTIERO_{row.name.upper()}` |" in REFERENCE


@pytest.mark.parametrize(("path", "command"), [pytest.param(*found, id=found[0]) for found in generate.command_tree()])
def test_command_is_documented(path: str, command: Any) -> None:
    """Every command has a sentence, and so has each of its arguments and options."""
    assert command.help, f"{path} lacks a docstring"
    assert f"### `{path}`" in REFERENCE
    silent = [p.name for p in generate.parameters(command) if not getattr(p, "help", None)]
    assert [] == silent, f"{path}: no help for {silent}"


@pytest.mark.parametrize("route", generate.route_table(), ids=lambda route: f"{' '.join(route.methods)} {route.path}")
def test_route_is_documented(route: generate.Documented) -> None:
    """Every route's handler opens with a sentence that says what it is for."""
    assert route.says, f"the handler of {route.path} lacks a docstring"
    assert f"| {' '.join(route.methods)} | `{route.path}` |" in REFERENCE


def test_every_part_of_the_collector_has_its_routes_in_the_reference() -> None:
    """The doors, the API, the console, what watches over it."""
    paths = {route.path for route in generate.route_table()}
    assert {"/e", "/api/events", "/api/events/{id}", "/events", "/catalogue", "/readyz"} <= paths


@pytest.mark.parametrize("code", Code)
def test_refusal_is_documented(code: Code) -> None:
    """Every code of the closed enum has a status and a sentence."""
    assert REFUSALS[code].says
    assert f"| `{code.value}` | {REFUSALS[code].status} |" in REFERENCE


@pytest.mark.parametrize("row", CATALOGUE.values(), ids=lambda row: f"{row.category}/{row.key}")
def test_event_is_documented(row: Any) -> None:
    """Every event has a label and a sentence in both languages, and stands in its category's table."""
    assert all((row.label_it, row.label_en, row.description_it, row.description_en))
    section = REFERENCE.split(f"### `{row.category}`", 1)[1].split("\n### ", 1)[0]
    assert f"| `{row.key}` |" in section


def test_category_is_documented() -> None:
    """Every category of the catalogue has its heading."""
    assert [] == [slug for slug in CATEGORIES if f"### `{slug}`" not in REFERENCE]


def test_each_dependency_says_why() -> None:
    """A package that is installed has its sentence in the README."""
    project = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = sum(project["optional-dependencies"].values(), project["dependencies"])
    names = [re.split(r"[^a-z0-9-]", line)[0] for line in wanted]
    chapter = ROOT.joinpath("README.md").read_text(encoding="utf-8").split("## Dependencies")[1].split("\n## ")[0]
    assert [] == [name for name in names if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", chapter)]


AUTOMATIONS = ROOT.joinpath("docs/automations.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("chapter", "every"), [("Triggers", Trigger), ("Steps", Step)])
def test_each_trigger_and_step_has_an_example(chapter: str, every: Any) -> None:
    """One a row, in the order of the language; nothing is wrong but that no such segment or message is there."""
    section = AUTOMATIONS.split(f"### {chapter}")[1].split("\n### ")[0]
    examples = [json.loads(text) for text in re.findall(r"\| `({.*})` \|$", section, re.MULTILINE)]
    assert [kind.__struct_config__.tag for kind in get_args(every)] == [one["type"] for one in examples]
    for one in examples:
        wait = {"type": "wait", "id": "a", "span": {"n": 1, "unit": "days"}}
        steps = [one] if one.get("id") == "a" else [wait, *([one] if chapter == "Steps" else [])]
        found = faults(parse({"triggers": [one] if chapter == "Triggers" else [], "steps": steps}), Known())
        assert {fault.code for fault in found} <= {"no_trigger", "no_segment", "no_message"}, found


def test_the_automation_of_the_page_is_one() -> None:
    """Each larger example is read as what it is, and the whole one has no fault but the message that is not there."""
    whole, left, rules = re.findall(r"```json\n(.*?)```", AUTOMATIONS, re.DOTALL)
    found = faults(parse(json.loads(whole)), Known())
    assert [("steps[1].message", "no_message")] == [(one.path, one.code) for one in found]
    assert "cart_id" == msgspec.json.decode(left, type=OnEvent).same[0].property
    assert "22:00" == msgspec.json.decode(rules, type=HouseRules).quiet_from


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    """A link to a file of this repository names one that is there."""
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text(encoding="utf-8"))
    assert [] == [target for target in targets if not (document.parent / target).exists()]
