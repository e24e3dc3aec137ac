"""Which automations are ready? One row each: what it is called, what it is for, what it needs, how it is made.

Reads nothing, writes nothing.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sessionizer.automations.definition import Definition
from sessionizer.automations.ready import people, shop
from sessionizer.segments.condition import Condition

Texts = tuple[str, str]
"""(Italian, English)."""
Make = Callable[[Sequence[int], Sequence[int], Sequence[str]], Definition]
"""(ids of messages, ids of segments, names of lists) → the automation."""


class ReadySegment(NamedTuple):
    """A segment that is made along."""

    name: Texts
    where: Condition


class Ready(NamedTuple):
    """mails: slugs of starters, which become messages. lists: names, made where there is none."""

    slug: str
    name: Texts
    says: Texts
    make: Make
    mails: tuple[str, ...]
    segments: tuple[ReadySegment, ...] = ()
    lists: tuple[Texts, ...] = ()


READY: tuple[Ready, ...] = (
    Ready(
        "cart",
        ("Carrello abbandonato", "Abandoned cart"),
        (
            "Due ore dopo l'ultima modifica del carrello, un'email con i prodotti rimasti. Chi compra o svuota il "
            "carrello non riceve niente.",
            "Two hours after the cart was last changed, an e-mail with the products in it. Whoever buys or empties the "
            "cart gets nothing.",
        ),
        shop.abandoned_cart,
        ("cart",),
    ),
    Ready(
        "order",
        ("Conferma dell'acquisto", "Order confirmation"),
        (
            "Subito dopo l'ordine, un'email con quello che è stato comprato. Una per ordine.",
            "Right after an order, an e-mail with what was bought. One for each order.",
        ),
        shop.order_confirmation,
        ("order",),
    ),
    Ready(
        "again",
        ("Ricoinvolgimento", "Re-engagement"),
        (
            "Un'email a chi non apre le nostre da tre mesi. Il segmento viene creato insieme.",
            "An e-mail to those who have opened none of ours for three months. The segment is made along.",
        ),
        people.re_engagement,
        ("again",),
        (ReadySegment(("Non aprono da tre mesi", "Opened nothing for three months"), people.gone_quiet()),),
    ),
    Ready(
        "sales",
        ("Follow-up delle vendite", "Sales follow-up"),
        (
            "Quando una trattativa passa alla fase «Qualified», una lettera di chi vende. Una per trattativa.",
            "When a deal moves to the stage “Qualified”, a letter from the salesperson. One for each deal.",
        ),
        people.sales_by_event,
        ("lead",),
    ),
    Ready(
        "sales-segment",
        ("Follow-up delle vendite, da segmento", "Sales follow-up, by segment"),
        (
            "Lo stesso, per chi entra nel segmento dei contatti qualificati. Il segmento viene creato insieme.",
            "The same, for whoever comes into the segment of qualified contacts. The segment is made along.",
        ),
        people.sales_by_segment,
        ("lead",),
        (ReadySegment(("Contatti qualificati", "Qualified contacts"), people.qualified()),),
    ),
    Ready(
        "wishlist",
        ("Promemoria della wishlist", "Wishlist reminder"),
        (
            "Tre giorni dopo, un'email con l'articolo desiderato. Chi compra proprio quello non la riceve.",
            "Three days later, an e-mail with the article. Whoever buys that very one meanwhile does not get it.",
        ),
        shop.wishlist_reminder,
        ("wished",),
    ),
    Ready(
        "browse",
        ("Visto e non comprato", "Browse abandonment"),
        (
            "Quattro ore dopo aver guardato un prodotto senza metterlo nel carrello. Al massimo una volta a settimana.",
            "Four hours after a product was looked at and not put into the cart. Once a week at most.",
        ),
        shop.browse_abandonment,
        ("viewed",),
    ),
    Ready(
        "welcome",
        ("Benvenuto", "Welcome"),
        (
            "Dieci minuti dopo l'arrivo nella lista Newsletter, un primo saluto. Una volta sola.",
            "Ten minutes after somebody joins the list Newsletter, a first hello. Once only.",
        ),
        people.welcome,
        ("hello",),
        lists=(("Newsletter", "Newsletter"),),
    ),
    Ready(
        "meeting",
        ("Promemoria dell'appuntamento", "Meeting reminder"),
        (
            "Un giorno prima dell'appuntamento. Chi lo annulla non riceve niente.",
            "A day before a meeting. Whoever cancels it gets nothing.",
        ),
        people.meeting_reminder,
        ("meeting",),
    ),
)
