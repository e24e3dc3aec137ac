"""What the made-up shop sells is what the demo shop sells."""

import re

from collector.demo.goods import CATEGORIES, CHAPTERS, PLAIN, PRODUCTS
from collector.demo.shop import SITE

PRODUCT = re.compile(
    r'id: "([\w-]+)",\s+number: \d+,\s+category: "(\w+)",\s+price: (\d+),.*?name: \{ it: "(.*?)", en: "(.*?)" \}',
    re.DOTALL,
)
NAMED = re.compile(r'id: "(\w+)",.*?name: \{ it: "(.*?)", en: "(.*?)" \}', re.DOTALL)
TITLE = re.compile(r'<title data-it="(.*?)" data-en="(.*?)">')


def text(name: str) -> str:
    """A file of the shop."""
    return (SITE / name).read_text("utf-8")


def test_products_are_the_shops() -> None:
    """Ids, categories, prices, names."""
    found = [(id, category, int(price), *names) for id, category, price, *names in PRODUCT.findall(text("products.js"))]
    assert list(PRODUCTS) == found


def test_categories_and_chapters_are_the_shops() -> None:
    """With their names in both languages."""
    categories = text("products.js").partition("export const products")[0]
    assert CATEGORIES == {id: (it, en) for id, it, en in NAMED.findall(categories)}
    assert CHAPTERS == {id: (it, en) for id, it, en in NAMED.findall(text("chapters.js"))}


def test_titles_are_the_pages() -> None:
    """Of the pages that are always called the same."""
    for name, titles in PLAIN.items():
        assert titles == TITLE.findall(text(f"{name or 'index'}.html"))[0]
