"""Products by the native API are those of Brevo's, in our names: told one by one or together, changed, kept."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.shop import Shop, opened

BLUE = {"id": "mug/blue", "name": "Blue mug", "price": 12.5, "categories": ["mugs"], "meta": {"colour": "blue"}}
NOTHING_SAID = {
    **dict.fromkeys("url image_url sku price alternative_price parent_id brand description stock".split()),
    "categories": [],
    "meta": {},
    "deleted": False,
}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A deployment on an empty folder."""
    with opened(tmp_path) as ready:
        yield ready


def told(shop: Shop, *ids: str, **facts: Any) -> None:
    """Products of those ids, in that order."""
    for id in ids:
        assert 201 == shop.change("POST", "/api/products", {"id": id, "name": id.title(), **facts}).status_code


def listed(shop: Shop, query: str = "") -> list[str]:
    """Ids, in order."""
    return [product["id"] for product in shop.get(f"/api/products{query}").json()["products"]]


def test_a_product_is_told_and_read(shop: Shop) -> None:
    """Every field is there; one of an id with a slash as well."""
    made = shop.change("POST", "/api/products", BLUE)
    assert 201 == made.status_code
    assert {**NOTHING_SAID, **BLUE}.items() <= made.json().items()
    assert made.json() == shop.get("/api/products/mug/blue").json()
    assert 404 == shop.get("/api/products/mug").status_code


def test_a_change_leaves_what_it_does_not_name(shop: Shop) -> None:
    """null takes away; an unknown field is refused by name."""
    shop.change("POST", "/api/products", BLUE)
    changed = shop.change("PATCH", "/api/products/mug/blue", {"price": None, "stock": 3})
    assert {**NOTHING_SAID, **BLUE, "price": None, "stock": 3}.items() <= changed.json().items()
    refused = shop.change("PATCH", "/api/products/mug/blue", {"colour": "blue"})
    assert (400, True) == (refused.status_code, "colour" in refused.json()["detail"])


def test_a_product_that_is_there_is_not_overwritten(shop: Shop) -> None:
    """409, and nothing has changed; a batch may say that it means it."""
    shop.change("POST", "/api/products", BLUE)
    assert 409 == shop.change("POST", "/api/products", {"id": "mug/blue", "name": "Other"}).status_code
    both = {"products": [{"id": "mug/blue", "name": "Other"}, {"id": "cup", "name": "Cup"}]}
    assert 409 == shop.change("POST", "/api/products/batch", both).status_code
    assert ["mug/blue"] == listed(shop)
    answer = shop.change("POST", "/api/products/batch", {**both, "update": True})
    assert (200, {"created": 1, "updated": 1}) == (answer.status_code, answer.json())
    assert ("Other", 12.5) == tuple(shop.get("/api/products/mug/blue").json()[name] for name in ("name", "price"))


def test_products_are_listed_newest_first(shop: Shop) -> None:
    """Page by page, by id, category and a part of the name or id, sold or not."""
    told(shop, "cup", "mug", categories=["kitchen"])
    told(shop, "book")
    everything = listed(shop)
    assert {"cup", "mug", "book"} == set(everything)
    first = shop.get("/api/products?limit=2").json()
    assert everything[2:] == listed(shop, f"?limit=2&cursor={first['next']}")
    assert {"cup", "mug"} == set(listed(shop, "?category=kitchen"))
    assert {"cup", "book"} == set(listed(shop, "?id=cup&id=book"))
    assert ["book"] == listed(shop, "?q=BOO")
    assert 204 == shop.change("DELETE", "/api/products/mug").status_code
    assert ["mug"] == listed(shop, "?deleted=true")
    assert {"cup", "book"} == set(listed(shop, "?deleted=false"))


def test_brevos_interface_tells_of_the_same_products(shop: Shop) -> None:
    """What one door hears, the other says."""
    shop.change("POST", "/api/products", BLUE)
    assert ({"colour": "blue"}, 12.5) == tuple(
        shop.get("/v3/products/mug/blue").json()[name] for name in ("metaInfo", "price")
    )
    shop.change("POST", "/v3/products", {"id": "cup", "name": "Cup", "imageUrl": "https://shop.example/cup.png"})
    assert "https://shop.example/cup.png" == shop.get("/api/products/cup").json()["image_url"]


@pytest.mark.parametrize(
    ("meta", "path"),
    [({"a": 2**63}, "meta.a"), ({"a": "x\0y"}, "meta.a"), ({"a": [[[[[[[[[[1]]]]]]]]]]}, "meta.a.0.0.0.0.0.0.0.0")],
)
def test_what_cannot_be_stored_is_refused_by_its_place(shop: Shop, meta: Any, path: str) -> None:
    """Too great, NUL, too deep: 400 with the path, nothing kept."""
    refused = shop.change("POST", "/api/products", {**BLUE, "meta": meta})
    assert (400, path) == (refused.status_code, refused.json()["errors"][0]["path"])
    assert [] == listed(shop)
