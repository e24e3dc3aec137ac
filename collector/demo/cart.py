"""What is in a visitor's cart, and what does it cost? In the words of the shop's own `cart.js` and `events.js`.

Reads nothing, writes nothing.
"""

import random
from typing import Any

from collector.demo.goods import CURRENCY, Product
from sessionizer.event import ObjectRef

FREE_SHIPPING_FROM, SHIPPING, VAT_PERCENT = 10_000, 690, 22
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class Cart:
    """Lines of products and quantities. Its id lasts from its first product until it is emptied or ordered."""

    def __init__(self, address: str) -> None:
        """address: of the cart's page."""
        self._address, self._id = address, ""
        self._lines: dict[str, tuple[Product, int]] = {}

    def __bool__(self) -> bool:
        """Whether anything is in it."""
        return bool(self._lines)

    def put(self, product: Product, chance: random.Random) -> None:
        """One more of it."""
        if not self._lines:
            letters = "".join(chance.choices(LETTERS, k=8))
            self._id = f"{letters[:4]}-{letters[4:]}"
        _, quantity = self._lines.get(product.id, (product, 0))
        self._lines[product.id] = (product, quantity + 1)

    def clear(self) -> None:
        """It is ordered, or given up."""
        self._lines.clear()

    @property
    def ref(self) -> ObjectRef:
        """What its events are about."""
        return ObjectRef("cart", f"cart-{self._id}")

    @property
    def order_ref(self) -> ObjectRef:
        """The order that is made of it."""
        return ObjectRef("order", f"BS-{self._id}")

    def worth(self) -> dict[str, Any]:
        """The properties of `cart_updated`."""
        items = [{**product.item, "quantity": quantity} for product, quantity in self._lines.values()]
        return {"total": self._total() / 100, "currency": CURRENCY, "items": items, "url": self._address}

    def priced(self) -> dict[str, Any]:
        """The same with what is to be paid; the tax is a part of the total."""
        subtotal = self._total()
        shipping = 0 if subtotal >= FREE_SHIPPING_FROM else SHIPPING
        total = subtotal + shipping
        tax = round(total * VAT_PERCENT / (100 + VAT_PERCENT))
        amounts = {"subtotal": subtotal / 100, "shipping": shipping / 100, "tax": tax / 100, "total": total / 100}
        return {**self.worth(), **amounts}

    def _total(self) -> int:
        return sum(product.price * quantity for product, quantity in self._lines.values())
