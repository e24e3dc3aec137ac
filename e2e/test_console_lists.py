"""Lists in a browser: made, filled by a file of good and bad lines, taken out; by mouse, keyboard, without scripts."""

import csv
import io
import json
from pathlib import Path

from playwright.sync_api import Browser, Page

from e2e.console import Console, address, log_in, open_screen, profile, settled
from e2e.test_console_probes import PROBES
from e2e.world import World
from tests.killed.wait import until

LINES = ("email_id,FIRSTNAME,CITY", "anna@shop.example,Anna,Belluno", "nobody,Nobody,", "luca@shop.example,Luca,Feltre")
MANY_TABS = 60


def written(folder: Path, *lines: str) -> Path:
    """A file of these lines."""
    path = folder / "people.csv"
    path.write_text("\r\n".join(lines), encoding="utf-8")
    return path


def made(page: Page, world: World, name: str = "Newsletter") -> None:
    """A list, by the form of the console; its page is shown."""
    open_screen(page, world, "/lists")
    page.get_by_label("Name of the new list").fill(name)
    page.get_by_role("button", name="Make the list").click()
    page.wait_for_url("**/lists/*?done=made")


def people(page: Page) -> list[str]:
    """Who is on the list that is shown."""
    return page.locator("#members [data-row]").all_inner_texts()


def refused(page: Page) -> list[str]:
    """The lines that the result names: number and column."""
    rows = page.locator("main tbody tr").all()
    return [" ".join(row.locator("td").all_inner_texts()[:2]) for row in rows]


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has that name has the focus."""
    told = "(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()"
    for _ in range(MANY_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(told).startswith(name):
            return
    raise AssertionError(f"no {name!r} within {MANY_TABS} steps")


def test_a_list_is_filled_by_mouse(console: Console, world: World, tmp_path: Path) -> None:
    """Made, imported, looked at, one added, one taken off; what goes out has the file's people again."""
    page = console()
    made(page, world)
    page.get_by_role("link", name="Import CSV").first.click()
    page.get_by_label("CSV file").set_input_files(written(tmp_path, *LINES))
    page.get_by_role("button", name="Import").click()
    page.get_by_text("Lines read: 3. Refused: 1.").wait_for()
    assert ["3 email_id"] == refused(page)
    page.get_by_role("link", name="See the list").click()
    page.wait_for_url("**/lists/1")
    assert ["Luca", "Anna"] == people(settled(page))
    page.get_by_label("E-mail, contact's number or another id").fill("sofia@shop.example")
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_url("**/lists/1?done=added")
    assert ["sofia@shop.example", "Luca", "Anna"] == people(page)
    page.get_by_role("button", name="Take off Luca").click()
    page.wait_for_url("**/lists/1?done=removed")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Export CSV").click()
    content = Path(downloading.value.path()).read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    found = {row["email_id"]: json.loads(row["attributes"] or "{}") for row in rows}
    assert {"anna@shop.example": {"FIRSTNAME": "Anna", "CITY": "Belluno"}, "sofia@shop.example": {}} == found


def test_what_went_out_comes_in_again(console: Console, world: World, tmp_path: Path) -> None:
    """The file of an export is one for an import: everybody is known, and on the list already."""
    page = console()
    made(page, world)
    page.get_by_role("link", name="Import CSV").first.click()
    page.get_by_label("Or paste the lines").fill("\n".join(LINES))
    page.get_by_role("button", name="Import").click()
    page.get_by_role("link", name="See the list").click()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Export CSV").click()
    out = tmp_path / "out.csv"
    downloading.value.save_as(out)
    page.get_by_role("link", name="Import CSV").first.click()
    page.get_by_label("CSV file").set_input_files(out)
    page.get_by_role("button", name="Import").click()
    page.get_by_text("Lines read: 2. All is well.").wait_for()
    assert "2 were on it already" in " ".join(page.locator(".tiles").inner_text().split())


def test_a_list_is_filled_by_keyboard(console: Console, world: World, tmp_path: Path) -> None:
    """From the name of the list to the reason of a line, without a mouse; the result has the focus when it comes."""
    page = console()
    page.on("filechooser", lambda chooser: None)  # from the beginning: a key may be faster than what waits for it
    open_screen(page, world, "/lists")
    tab_to(page, "Name of the new list")
    page.keyboard.type("Fiera")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lists/1?done=made")
    tab_to(page, "Import CSV")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lists/1/import")
    page.locator("[data-chosen]").wait_for()
    tab_to(page, "CSV file")
    with page.expect_file_chooser() as choosing:
        page.keyboard.press("Enter")
    choosing.value.set_files(written(tmp_path, *LINES))
    tab_to(page, "Import")
    page.keyboard.press("Enter")
    page.get_by_text("Lines read: 3. Refused: 1.").wait_for()
    assert "content" == page.evaluate("document.activeElement.id")
    tab_to(page, "See the list")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lists/1")
    assert ["Luca", "Anna"] == people(settled(page))


def test_a_file_that_cannot_be_read_leaves_the_form(browser: Browser, world: World, tmp_path: Path) -> None:
    """With why; the next file is taken in the same place."""
    with browser.new_context(**profile()) as context:  # without a witness: a refusal is what is wanted
        page = log_in(context.new_page(), world)
        made(page, world)
        page.get_by_role("link", name="Import CSV").first.click()
        page.get_by_label("CSV file").set_input_files(written(tmp_path, "CITY", "Belluno"))
        page.get_by_role("button", name="Import").click()
        page.get_by_text("This file cannot be read").wait_for()
        page.get_by_label("CSV file").set_input_files(written(tmp_path, *LINES))
        page.get_by_role("button", name="Import").click()
        page.get_by_text("Lines read: 3. Refused: 1.").wait_for()


def test_probes_in_a_file_are_only_read(console: Console, world: World, tmp_path: Path) -> None:
    """In the list's name, in cells that are taken and in cells that are not: the witness would see one that runs."""
    page = console()
    made(page, world, PROBES["image"])
    text = io.StringIO()
    cells = [[probe, "", probe] for probe in PROBES.values()] + [["", probe, probe] for probe in PROBES.values()]
    csv.writer(text).writerows([["email_id", "ext_id", "FIRSTNAME"], *cells])
    page.get_by_role("link", name="Import CSV").first.click()
    page.get_by_label("CSV file").set_input_files(written(tmp_path, text.getvalue()))
    page.get_by_role("button", name="Import").click()
    page.locator("main tbody tr").first.wait_for()
    assert len(PROBES) <= len(refused(page))
    for path in "/lists", "/lists/1", "/lists/1/import":
        open_screen(page, world, path)
        assert PROBES["image"] in settled(page).inner_text("main")


def test_a_server_that_is_away_is_told_of(console: Console, world: World) -> None:
    """The form stays, with what was written."""
    page = console()
    made(page, world)
    page.get_by_role("link", name="Import CSV").first.click()
    page.route("**/lists/1/import", lambda route: route.abort())
    page.get_by_label("Or paste the lines").fill("email_id\nanna@shop.example")
    page.get_by_role("button", name="Import").click()
    until(lambda: "did not answer" in page.locator("[data-state]").inner_text(), 15)
    assert page.get_by_role("button", name="Import").is_enabled()


def test_without_scripts_lines_are_pasted(browser: Browser, world: World) -> None:
    """No file can be chosen, which is not offered; the same is said of each line, and lists are deleted as well."""
    with browser.new_context(**profile(), java_script_enabled=False) as context:
        page = log_in(context.new_page(), world)
        page.goto(address(world, "/lists"))
        page.fill("input[name=name]", "Fiera")
        page.click("form[action='/lists'] button")
        page.goto(address(world, "/lists/1/import"))
        assert not page.locator("input[type=file]").is_visible()
        page.fill("textarea", "\n".join(LINES))
        page.click("form[data-file] button")
        page.get_by_text("Lines read: 3. Refused: 1.").wait_for()
        assert ["3 email_id"] == refused(page)
        page.goto(address(world, "/lists/1"))
        assert ["Luca", "Anna"] == people(page)
        page.get_by_text("Delete the list").click()
        page.get_by_role("button", name="Delete", exact=True).click()
        page.get_by_text("The list was deleted.").wait_for()
