"""Which automations does a shop begin with? Carts, orders, wishlists, what was looked at. Reads nothing.

mails: ids of the messages that were made for it, in the order of the table.
"""

from collections.abc import Sequence

from sessionizer.automations.definition import Definition, Entry, OnEvent, Same, Send, Wait
from sessionizer.segments.window import Span

SHOP = "ecommerce"
BOUGHT = OnEvent(category=SHOP, key="order_completed")


def abandoned_cart(mails: Sequence[int], groups: Sequence[int], lists: Sequence[str]) -> Definition:
    """Two hours after the last change of a cart that was neither bought nor emptied."""
    return Definition(
        triggers=(OnEvent(category=SHOP, key="cart_updated"),),
        entry=Entry(again="after_exit", inside="restart"),
        exits=(BOUGHT, OnEvent(category=SHOP, key="cart_deleted")),
        steps=(Wait(id="wait", span=Span(2, "hours")), Send(id="mail", message=mails[0])),
    )


def order_confirmation(mails: Sequence[int], groups: Sequence[int], lists: Sequence[str]) -> Definition:
    """At once, once for each order, in quiet hours too."""
    return Definition(
        triggers=(BOUGHT,),
        entry=Entry(per="object.id"),
        steps=(Send(id="mail", message=mails[0], quiet=False),),
    )


def wishlist_reminder(mails: Sequence[int], groups: Sequence[int], lists: Sequence[str]) -> Definition:
    """Three days later, an article at a time, unless that very article was bought."""
    return Definition(
        triggers=(OnEvent(category=SHOP, key="wishlist_product_added"),),
        entry=Entry(again="after_exit", per="product_id"),
        exits=(OnEvent(category=SHOP, key="order_completed", same=(Same("items[].id", as_="product_id"),)),),
        steps=(Wait(id="wait", span=Span(3, "days")), Send(id="mail", message=mails[0])),
    )


def browse_abandonment(mails: Sequence[int], groups: Sequence[int], lists: Sequence[str]) -> Definition:
    """Four hours after the last article that was looked at, when nothing was put into the cart; once a week at most."""
    return Definition(
        triggers=(OnEvent(category=SHOP, key="product_viewed"),),
        entry=Entry(again="after_exit", inside="restart", pause=Span(1, "weeks")),
        exits=(OnEvent(category=SHOP, key="cart_updated"), BOUGHT),
        steps=(Wait(id="wait", span=Span(4, "hours")), Send(id="mail", message=mails[0])),
    )
