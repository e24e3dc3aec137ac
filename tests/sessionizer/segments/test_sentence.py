"""How does a question read? Exact sentences in both languages, and that none hides what it is made of."""

import re
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from sessionizer.segments.check import faults
from sessionizer.segments.condition import AllOf, Definition, NotSo, parse, plain
from sessionizer.segments.wording.deeds import DEEDS
from sessionizer.segments.wording.sentence import Language, Line, Names, lines, sentence
from tests.conftest import NIGHTLY
from tests.sessionizer.segments.asking import SOMEBODY, event, last, wanted
from tests.sessionizer.segments.test_seed import NOT_OPENED, WISHED_OPENED_BOUGHT
from tests.sessionizer.segments.trees import definitions

NAMES = Names(segments={7: "VIP"}, sites={1: "Shop"}, zone=ZoneInfo("Europe/Rome"))
LANGUAGES: tuple[Language, ...] = ("it", "en")
VISIT, CART, BUY = "website/page_visited", "ecommerce/cart_updated", "ecommerce/order_completed"
Case = tuple[Any, str, str]
"""A question, and what its sentence says behind *Ogni contatto* and *Everyone*."""


def attribute(name: str, op: str, **more: Any) -> dict[str, Any]:
    """A test of an attribute, in JSON."""
    return {"type": "attribute", "name": name, "test": {"op": op, **more}}


def isnt(of: Any) -> dict[str, Any]:
    """The opposite, in JSON."""
    return {"type": "not", "of": of}


def every(*of: Any) -> dict[str, Any]:
    """All of them, in JSON."""
    return {"type": "all", "of": list(of)}


def some(*of: Any) -> dict[str, Any]:
    """One of them at least, in JSON."""
    return {"type": "any", "of": list(of)}


COUNTS: list[Case] = [
    (
        event(VISIT),
        "che ha visitato una pagina",
        "who visited a page",
    ),
    (
        isnt(event(VISIT)),
        "che non ha mai visitato una pagina",
        "who never visited a page",
    ),
    (
        event(VISIT, count={"op": "exactly", "value": 0}, window=last(1, "months")),
        "che non ha mai visitato una pagina nell'ultimo mese",
        "who has not visited a page in the last month",
    ),
    (
        event(VISIT, count={"op": "at_most", "value": 0}),
        "che non ha mai visitato una pagina",
        "who never visited a page",
    ),
    (
        event(VISIT, count={"op": "at_least", "value": 0}),
        "che ha visitato una pagina un numero qualsiasi di volte (o mai)",
        "who visited a page any number of times (or never)",
    ),
    (
        isnt(event(VISIT, count={"op": "at_least", "value": 0})),
        "che ha visitato una pagina meno di 0 volte",
        "who visited a page fewer than 0 times",
    ),
    (
        event(VISIT, count={"op": "at_least", "value": 3}, window=last(30, "days")),
        "che ha visitato una pagina almeno 3 volte negli ultimi 30 giorni",
        "who visited a page at least 3 times in the last 30 days",
    ),
    (
        isnt(event(VISIT, count={"op": "at_least", "value": 3})),
        "che ha visitato una pagina meno di 3 volte (o mai)",
        "who visited a page fewer than 3 times (or never)",
    ),
    (
        event(VISIT, count={"op": "at_most", "value": 2}, window=last(1, "hours")),
        "che ha visitato una pagina al massimo 2 volte (o mai) nell'ultima ora",
        "who visited a page at most twice (or never) in the last hour",
    ),
    (
        isnt(event(VISIT, count={"op": "at_most", "value": 1})),
        "che ha visitato una pagina più di una volta",
        "who visited a page more than once",
    ),
    (
        event(VISIT, count={"op": "exactly", "value": 12345}, window=last(2, "weeks")),
        "che ha visitato una pagina esattamente 12.345 volte nelle ultime 2 settimane",
        "who visited a page exactly 12,345 times in the last 2 weeks",
    ),
    (
        isnt(event(VISIT, count={"op": "exactly", "value": 2})),
        "che ha visitato una pagina un numero di volte diverso da 2 (o mai)",
        "who visited a page a number of times other than 2 (or never)",
    ),
]

WINDOWS: list[Case] = [
    (
        event(VISIT, window={"after": "2026-11-08T00:00:00+01:00"}),
        "che ha visitato una pagina dall'8 novembre 2026",
        "who visited a page since 8 November 2026",
    ),
    (
        isnt(event(VISIT, window={"last": {"n": 2, "unit": "years"}, "before": "2026-11-24T00:00:00+01:00"})),
        "che non ha mai visitato una pagina negli ultimi 2 anni e prima del 24 novembre 2026",
        "who never visited a page in the last 2 years and before 24 November 2026",
    ),
    (
        event("custom/quote_asked", window=last(1, "days")),
        "che ha fatto «quote_asked» nell'ultimo giorno",
        "who did “quote_asked” in the last day",
    ),
    (
        isnt(event("custom/quote_asked", window=last(3, "hours"))),
        "che non ha mai fatto «quote_asked» nelle ultime 3 ore",
        "who has not done “quote_asked” in the last 3 hours",
    ),
    (
        event(VISIT, window={"ago": {"n": 30, "unit": "days"}}),
        "che ha visitato una pagina più di 30 giorni fa",
        "who visited a page more than 30 days ago",
    ),
    (
        isnt(event(VISIT, window={"ago": {"n": 1, "unit": "years"}})),
        "che non ha mai visitato una pagina più di 1 anno fa",
        "who never visited a page more than 1 year ago",
    ),
    (
        event(VISIT, window={"last": {"n": 3, "unit": "months"}, "ago": {"n": 1, "unit": "weeks"}}),
        "che ha visitato una pagina negli ultimi 3 mesi ma più di 1 settimana fa",
        "who visited a page in the last 3 months but more than 1 week ago",
    ),
    (
        event(VISIT, window={"after": "2026-10-31T23:00:00Z", "before": "2026-11-11T09:30:00Z"}),
        "che ha visitato una pagina dal 1° novembre 2026 e prima dell'11 novembre 2026 alle 10:30",
        "who visited a page since 1 November 2026 and before 11 November 2026 at 10:30",
    ),
    (
        event(VISIT, window={"after": "2026-11-23T23:00:05.250Z"}),
        "che ha visitato una pagina dal 24 novembre 2026 alle 00:00:05.250",
        "who visited a page since 24 November 2026 at 00:00:05.250",
    ),
]

EVENTS: list[Case] = [
    (
        event(
            VISIT,
            devices=["desktop", "tablet", "tv"],
            where=[{"path": "paid", "test": {"op": "equals", "value": False}}],
        ),
        "che ha visitato una pagina (paid uguale a falso; da computer, tablet o «tv»)",
        "who visited a page (paid is false; on a computer, a tablet or “tv”)",
    ),
    (
        event(BUY, where=[{"path": "tags", "of": "all", "test": {"op": "differs", "value": "gift"}}]),
        "che ha completato un ordine (ogni tags non uguale a «gift»)",
        "who completed an order (every tags is not “gift”)",
    ),
    (
        event(
            VISIT,
            page={"op": "starts", "value": "https://shop.example/"},
            utm={"source": {"op": "equals", "value": "news"}},
            sites=[1, 2],
            devices=["mobile", "unknown"],
        ),
        "che ha visitato una pagina (indirizzo che inizia con «https://shop.example/»; UTM source uguale a «news»; "
        "sul sito «Shop» o n. 2; da telefono o un dispositivo sconosciuto)",
        "who visited a page (address begins with “https://shop.example/”; UTM source is “news”; on the site “Shop” or"
        " no. 2; on a phone or an unknown device)",
    ),
    (
        event(
            BUY,
            where=[
                {"path": "total", "test": {"op": "more", "value": 49.5}},
                {"path": "items[].sku", "test": {"op": "in", "value": ["A", "B", "C"]}},
            ],
        ),
        "che ha completato un ordine (total maggiore di 49,5; almeno un items › sku uguale a «A», «B» o «C»)",
        "who completed an order (total is more than 49.5; at least one items › sku is “A”, “B” or “C”)",
    ),
    (
        event(
            BUY,
            where=[
                {"path": "items[].sku", "test": {"op": "differs", "value": "A"}},
                {"path": "items[].sku", "of": "all", "test": {"op": "starts", "value": "A"}},
            ],
        ),
        "che ha completato un ordine (nessun items › sku uguale a «A»; ogni items › sku che inizia con «A»)",
        "who completed an order (no items › sku is “A”; every items › sku begins with “A”)",
    ),
    (
        event(
            BUY,
            where=[
                {"path": "coupon", "test": {"op": "missing"}},
                {"path": "paid", "test": {"op": "equals", "value": True}},
            ],
        ),
        "che ha completato un ordine (coupon non compilato; paid uguale a vero)",
        "who completed an order (coupon is empty; paid is true)",
    ),
]

ATTRIBUTES: list[Case] = [
    (
        isnt(attribute("city", "in", value=["Roma"])),
        "che non ha city uguale a «Roma»",
        "whose city is not “Roma”",
    ),
    (
        attribute("born", "on", value="2026-08-11"),
        "che ha born l'11 agosto 2026",
        "whose born is on 11 August 2026",
    ),
    (
        isnt(attribute("born", "after", value="2026-08-08")),
        "che non ha born dopo l'8 agosto 2026",
        "whose born is not after 8 August 2026",
    ),
    (
        attribute("born", "in_next", within={"n": 2, "unit": "weeks"}),
        "che ha born nelle prossime 2 settimane",
        "whose born is in the next 2 weeks",
    ),
    (
        attribute("city", "equals", value="Roma"),
        "che ha city uguale a «Roma»",
        "whose city is “Roma”",
    ),
    (
        attribute("city", "differs", value="Roma"),
        "che non ha city uguale a «Roma»",
        "whose city is not “Roma”",
    ),
    (
        attribute("city", "in", value=["Roma", "Milano"]),
        "che ha city uguale a «Roma» o «Milano»",
        "whose city is “Roma” or “Milano”",
    ),
    (
        isnt(attribute("city", "in", value=["Roma", "Milano", "Bari"])),
        "che non ha city uguale a «Roma», «Milano» o «Bari»",
        "whose city is neither “Roma” nor “Milano” nor “Bari”",
    ),
    (
        attribute("city", "contains", value="o"),
        "che ha city che contiene «o»",
        "whose city contains “o”",
    ),
    (
        isnt(attribute("city", "ends", value="o")),
        "che non ha city che finisce con «o»",
        "whose city does not end with “o”",
    ),
    (
        attribute("city", "exists"),
        "che ha city compilato",
        "whose city is filled in",
    ),
    (
        attribute("city", "missing"),
        "che non ha city compilato",
        "whose city is empty",
    ),
    (
        attribute("age", "at_least", value=18),
        "che ha age di almeno 18",
        "whose age is at least 18",
    ),
    (
        attribute("age", "at_most", value=17.5),
        "che ha age di al massimo 17,5",
        "whose age is at most 17.5",
    ),
    (
        attribute("age", "less", value=18),
        "che ha age minore di 18",
        "whose age is less than 18",
    ),
    (
        attribute("points", "between", value=[1000, 20000]),
        "che ha points fra 1000 e 20.000",
        "whose points is between 1000 and 20,000",
    ),
    (
        attribute("born", "on", value="2026-11-24"),
        "che ha born il 24 novembre 2026",
        "whose born is on 24 November 2026",
    ),
    (
        attribute("born", "before", value="2026-11-08"),
        "che ha born prima dell'8 novembre 2026",
        "whose born is before 8 November 2026",
    ),
    (
        attribute("born", "after", value="2026-11-01"),
        "che ha born dopo il 1° novembre 2026",
        "whose born is after 1 November 2026",
    ),
    (
        attribute("born", "in_last", within={"n": 2, "unit": "weeks"}),
        "che ha born nelle ultime 2 settimane",
        "whose born is in the last 2 weeks",
    ),
    (
        attribute("born", "in_next", within={"n": 1, "unit": "months"}),
        "che ha born nel prossimo mese",
        "whose born is in the next month",
    ),
    (
        attribute("born", "anniversary"),
        "che ha born con l'anniversario oggi",
        "whose born has its anniversary today",
    ),
    (
        isnt(attribute("born", "anniversary", within={"n": 7})),
        "che non ha born con l'anniversario oggi o nei prossimi 7 giorni",
        "whose born does not have its anniversary today or in the next 7 days",
    ),
]

NUMBERS: list[Case] = [
    (
        {
            "type": "aggregate",
            **wanted(BUY),
            "function": "sum",
            "property": "total",
            "currency": "EUR",
            "test": {"op": "at_least", "value": 100},
            "window": last(1, "years"),
        },
        "che ha una somma di total in EUR di almeno 100 (contando ogni volta che ha completato un ordine nell'ultimo "
        "anno)",
        "whose sum of total in EUR is at least 100 (counting each time they completed an order in the last year)",
    ),
    (
        isnt(
            {
                "type": "aggregate",
                **wanted("custom/sold"),
                "function": "distinct",
                "property": "items[].sku",
                "test": {"op": "more", "value": 2},
            }
        ),
        "che non ha un numero di items › sku diversi maggiore di 2 (contando ogni volta che ha fatto «sold»)",
        "whose number of different items › sku is not more than 2 (counting each time they did “sold”)",
    ),
    (
        {
            "type": "aggregate",
            **wanted(BUY),
            "function": "average",
            "property": "total",
            "test": {"op": "between", "value": [10, 20]},
        },
        "che ha una media di total fra 10 e 20 (contando ogni volta che ha completato un ordine)",
        "whose average of total is between 10 and 20 (counting each time they completed an order)",
    ),
]

ORDER: list[Case] = [
    (
        {
            "type": "sequence",
            "steps": [
                wanted(VISIT),
                wanted(CART),
                wanted(
                    BUY,
                    within={"n": 1, "unit": "days"},
                    without=[wanted("ecommerce/cart_deleted"), wanted("custom/left")],
                    same=[{"property": "cart_id", "step": 1, "as": "cart_id"}],
                ),
            ],
            "window": last(30, "days"),
        },
        "che ha visitato una pagina, poi ha aggiornato il carrello, poi, entro 1 giorno, ha completato un ordine "
        "(cart_id uguale a cart_id del passo 2) senza aver svuotato il carrello o fatto «left» nel frattempo, "
        "l'ultimo passo negli ultimi 30 giorni",
        "who visited a page, then updated the cart, then, within 1 day, completed an order (cart_id the same as "
        "cart_id of step 2) without having emptied the cart or done “left” in between, the last step in the last 30 "
        "days",
    ),
    (
        isnt({"type": "sequence", "steps": [wanted(VISIT), wanted(BUY)]}),
        "che non è qualcuno (che ha visitato una pagina, poi ha completato un ordine)",
        "who is not someone (who visited a page, then completed an order)",
    ),
    (
        {
            "type": "inactivity",
            "after": wanted(CART),
            "without": wanted(BUY),
            "within": {"n": 2, "unit": "hours"},
            "window": last(7, "days"),
        },
        "che ha aggiornato il carrello negli ultimi 7 giorni, poi, dopo l'ultima volta, non ha completato un ordine "
        "entro 2 ore",
        "who updated the cart in the last 7 days, then, after the last time, has not completed an order within 2 hours",
    ),
    (
        {"type": "time", **wanted(BUY), "which": "first", "window": last(30, "days")},
        "che ha completato un ordine per la prima volta negli ultimi 30 giorni",
        "who completed an order for the first time in the last 30 days",
    ),
    (
        isnt({"type": "time", **wanted(BUY), "which": "last", "window": {"ago": {"n": 6, "unit": "months"}}}),
        "che non è qualcuno (che ha completato un ordine per l'ultima volta più di 6 mesi fa)",
        "who is not someone (who completed an order for the last time more than 6 months ago)",
    ),
]

PEOPLE: list[Case] = [
    (
        {"type": "session", "now": True},
        "che è sul sito in questo momento",
        "who is on the site now",
    ),
    (
        isnt({"type": "session", "now": True}),
        "che non è sul sito in questo momento",
        "who is not on the site now",
    ),
    (
        {"type": "session", "count": {"op": "at_least", "value": 2}, "window": last(1, "weeks")},
        "che ha avuto una sessione almeno 2 volte nell'ultima settimana",
        "who had a session at least twice in the last week",
    ),
    (
        isnt({"type": "session", "pages": {"op": "at_least", "value": 3}, "seconds": {"op": "more", "value": 60}}),
        "che non ha mai concluso una sessione (numero di pagine di almeno 3; durata in secondi maggiore di 60)",
        "who never ended a session (number of pages is at least 3; length in seconds is more than 60)",
    ),
    (
        {"type": "identity", "is": "anonymous"},
        "che è anonimo",
        "who is anonymous",
    ),
    (
        isnt({"type": "identity", "is": "identified"}),
        "che non è identificato",
        "who is not identified",
    ),
    (
        {"type": "identity", "is": "has", "kind": "email_id"},
        "che ha un indirizzo email",
        "who has an e-mail address",
    ),
    (
        isnt({"type": "identity", "is": "has", "kind": "whatsapp_id"}),
        "che non ha un numero WhatsApp",
        "who does not have a WhatsApp number",
    ),
    (
        {"type": "consent", "is": "granted"},
        "che ha dato il consenso",
        "who has given consent",
    ),
    (
        {"type": "consent", "is": "denied"},
        "che ha negato il consenso",
        "who has refused consent",
    ),
    (
        {"type": "consent", "is": "unknown"},
        "che non ha né dato né negato il consenso",
        "who has neither given nor refused consent",
    ),
    (
        isnt({"type": "consent", "is": "unknown"}),
        "che ha dato o negato il consenso",
        "who has given or refused consent",
    ),
    (
        {"type": "list", "name": "Novità"},
        "che è nella lista «Novità»",
        "who is on the list “Novità”",
    ),
    (
        isnt({"type": "list", "name": "Novità"}),
        "che non è nella lista «Novità»",
        "who is not on the list “Novità”",
    ),
    (
        {"type": "segment", "id": 7},
        "che è nel segmento «VIP»",
        "who is in the segment “VIP”",
    ),
    (
        isnt({"type": "segment", "id": 8}),
        "che non è nel segmento n. 8",
        "who is not in the segment no. 8",
    ),
    (
        {"type": "bucket", "from": 0, "to": 10},
        "che è in un 10% stabile di tutti i contatti (da 0 a 10)",
        "who is in a stable 10% of all contacts (0 to 10)",
    ),
    (
        isnt({"type": "bucket", "from": 0.1, "to": 0.3, "salt": "a"}),
        "che non è in un 0,2% stabile di tutti i contatti (da 0,1 a 0,3, suddivisione «a»)",
        "who is not in a stable 0.2% of all contacts (0.1 to 0.3, division “a”)",
    ),
]

GROUPS: list[Case] = [
    (
        every(event(VISIT), event(CART), isnt(event(BUY))),
        "che ha visitato una pagina, e che ha aggiornato il carrello, e che non ha mai completato un ordine",
        "who visited a page, and who updated the cart, and who never completed an order",
    ),
    (
        some(event(VISIT), attribute("city", "equals", value="Roma")),
        "che ha visitato una pagina, o che ha city uguale a «Roma»",
        "who visited a page, or whose city is “Roma”",
    ),
    (
        every(event(VISIT), some(event(CART), event(BUY))),
        "che ha visitato una pagina, e (o che ha aggiornato il carrello, o che ha completato un ordine)",
        "who visited a page, and (either who updated the cart, or who completed an order)",
    ),
    (
        some(every(event(VISIT), event(CART)), event(BUY)),
        "(che ha visitato una pagina, e che ha aggiornato il carrello), o che ha completato un ordine",
        "(who visited a page, and who updated the cart), or who completed an order",
    ),
    (
        isnt(every(event(VISIT), event(CART))),
        "che non ha mai visitato una pagina, o che non ha mai aggiornato il carrello",
        "who never visited a page, or who never updated the cart",
    ),
    (
        every(event(VISIT), isnt(some(event(CART), event(BUY)))),
        "che ha visitato una pagina, e che non ha mai aggiornato il carrello, e che non ha mai completato un ordine",
        "who visited a page, and who never updated the cart, and who never completed an order",
    ),
    (
        some(event(VISIT), every(event(CART), isnt(every(event(BUY), event("custom/left"))))),
        "che ha visitato una pagina, o (che ha aggiornato il carrello, e (o che non ha mai completato un ordine, o "
        "che non ha mai fatto «left»))",
        "who visited a page, or (who updated the cart, and (either who never completed an order, or who never did "
        "“left”))",
    ),
    (
        every(every(event(VISIT)), isnt(isnt(event(CART)))),
        "che ha visitato una pagina, e che ha aggiornato il carrello",
        "who visited a page, and who updated the cart",
    ),
    (
        every(),
        "che esiste",
        "who exists",
    ),
    (
        some(),
        "che non esiste",
        "who does not exist",
    ),
    (
        isnt(every()),
        "che non esiste",
        "who does not exist",
    ),
]

EXAMPLES: list[Case] = [
    (
        NOT_OPENED,
        "che ha avuto l'invio di un'email di marketing negli ultimi 3 mesi, e che non ha mai aperto un'email di "
        "marketing negli ultimi 3 mesi",
        "who had a marketing e-mail sent to them in the last 3 months, and who has not opened a marketing e-mail in "
        "the last 3 months",
    ),
    (
        WISHED_OPENED_BOUGHT,
        "che ha aggiunto un prodotto alla wishlist, poi, entro 7 giorni, ha aperto un'email di marketing, poi, entro "
        "7 giorni, ha completato un ordine (items › product_id uguale a product_id del passo 1)",
        "who added a product to the wishlist, then, within 7 days, opened a marketing e-mail, then, within 7 days, "
        "completed an order (items › product_id the same as product_id of step 1)",
    ),
    (
        event("website/page_visited", page={"op": "contains", "value": "/products/blue-shoes"}),
        "che ha visitato una pagina (indirizzo che contiene «/products/blue-shoes»)",
        "who visited a page (address contains “/products/blue-shoes”)",
    ),
    (
        event("website/file_downloaded", where=[{"path": "url", "test": {"op": "ends", "value": "/guide.pdf"}}]),
        "che ha scaricato un file (url che finisce con «/guide.pdf»)",
        "who downloaded a file (url ends with “/guide.pdf”)",
    ),
    (
        event("deals/deal_stage_updated", where=[{"path": "stage", "test": {"op": "equals", "value": "Qualified"}}]),
        "che ha avuto una trattativa che ha cambiato fase (stage uguale a «Qualified»)",
        "who had a deal change its stage (stage is “Qualified”)",
    ),
]

CASES = [*COUNTS, *WINDOWS, *EVENTS, *ATTRIBUTES, *NUMBERS, *ORDER, *PEOPLE, *GROUPS, *EXAMPLES]


@pytest.mark.parametrize(("where", "it", "en"), CASES)
def test_a_question_reads_as_somebody_would_say_it(where: Any, it: str, en: str) -> None:
    """Every kind of condition, its opposite, and groups of them."""
    asked = parse({"where": where})
    assert f"Ogni contatto {it}." == sentence(asked, "it", NAMES)
    assert f"Everyone {en}." == sentence(asked, "en", NAMES)


def test_a_condition_alone_reads_as_a_question_does() -> None:
    """For a builder that shows one while it is made."""
    asked = parse({"where": event(VISIT)})
    assert sentence(asked, "en") == sentence(asked.where, "en")


def test_a_list_has_the_clauses_of_the_sentence() -> None:
    """Groups have headings, and their conditions stand below."""
    asked = parse({"where": every(event(VISIT), some(isnt(event(BUY)), attribute("city", "equals", value="Roma")))})
    cart = (Line("non ha mai completato un ordine"), Line("ha city uguale a «Roma»"))
    expected = Line(
        "Tutte queste condizioni",
        (Line("ha visitato una pagina"), Line("Almeno una di queste condizioni", cart)),
    )
    assert expected == lines(asked, "it")
    assert Line("visited a page") == lines(parse({"where": event(VISIT)}), "en")


def test_labels_may_be_given() -> None:
    """Somebody's own words for an event come before ours."""
    names = Names(events={("custom", "quote_asked"): "Quote asked"})
    asked = parse({"where": event("custom/quote_asked", window=last(7, "days"))})
    assert "Everyone who did “Quote asked” in the last 7 days." == sentence(asked, "en", names)


def test_a_name_of_several_words_stands_in_quotes() -> None:
    """Where it ends can be seen."""
    asked = parse({"where": attribute("city or town", "exists")})
    assert "Everyone whose “city or town” is filled in." == sentence(asked, "en")


def test_the_ends_of_the_calendar_can_be_said() -> None:
    """Also in a zone in which that instant lies beyond them."""
    asked = parse({"where": event(VISIT, window={"after": "0001-01-01T00:00:00Z"})})
    expected = "Everyone who visited a page since 1 January 1."
    assert expected == sentence(asked, "en", Names(zone=ZoneInfo("America/New_York")))


@pytest.mark.parametrize("language", [0, 1])
def test_no_two_events_share_their_words(language: int) -> None:
    """An e-mail of marketing is another than one about an order, though their labels are the same."""
    said = [words[language] for words in DEEDS.values()]
    assert sorted(set(said)) == sorted(said)


# Laws -----------------------------------------------------------------------------------------------------------------

EXAMPLES_TRIED = 2_000 if NIGHTLY else 150
many = settings(max_examples=EXAMPLES_TRIED, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MACHINE = re.compile(r"[{}_]|  |\bNone\b|\( | \)|^$")
"""What only a machine says; no value in `trees.py` holds any of it."""
OTHERS = {**SOMEBODY, 8: SOMEBODY[7]}
UNITS = ["hours", "days", "weeks", "months"]
CHOICES = [
    UNITS,
    ["first", "last"],
    ["sum", "average", "minimum", "maximum", "distinct"],
    ["more", "at_least", "less", "at_most"],
    ["contains", "starts", "ends"],
    ["equals", "differs"],
    ["exists", "missing"],
    ["on", "before", "after"],
    ["in_last", "in_next"],
    ["granted", "denied", "unknown"],
]
CLOSED = {"type", "op", "category", "is", "kind"}


def both(definition: Definition) -> list[str]:
    """The sentence in both languages."""
    return [sentence(definition, language, NAMES) for language in LANGUAGES]


def changed(value: Any, name: str = "") -> Iterator[Any]:
    """The same JSON with one number, text or choice changed, in all ways. name: of the field."""
    if isinstance(value, dict):
        for key, old in value.items():
            yield from ({**value, key: new} for new in changed(old, key))
        if value.get("type") in ("all", "any") and len(value["of"]) > 1:
            yield {**value, "type": "any" if value["type"] == "all" else "all"}
    elif isinstance(value, list | tuple):
        for place, old in enumerate(value):
            yield from ([*value[:place], new, *value[place + 1 :]] for new in changed(old, name))
    elif isinstance(value, str):
        yield from changed_text(value, name)
    elif not isinstance(value, bool):
        yield value + 1


def changed_text(value: str, name: str) -> Iterator[str]:
    """Another choice, another year, or a longer text."""
    choices = next((choices for choices in CHOICES if value in choices), None)
    if choices:
        yield choices[choices.index(value) - 1]
    elif name == "of":
        yield "all" if value == "any" else "any"
    elif re.match(r"\d{4}-", value):
        yield f"2031{value[4:]}"
    elif name not in CLOSED:
        yield f"{value}x"


def neighbours(definition: Definition) -> Iterator[Definition]:
    """The questions that differ in one thing and could be saved as well."""
    for other in changed(plain(definition)):
        try:
            found = parse(other)
        except msgspec.ValidationError:
            continue
        if not faults(found, others=OTHERS):
            yield found


@many
@given(definitions())
def test_a_sentence_is_for_people(definition: Definition) -> None:
    """It says something in each language, in no words of a machine, and each bracket that opens is closed."""
    it, en = both(definition)
    assert it != en
    for said in (it, en):
        assert not MACHINE.search(said), said
        assert said.count("(") == said.count(")")


@many
@given(definitions())
def test_a_sentence_hides_nothing(definition: Definition) -> None:
    """Whatever number, name or choice is changed, it reads differently."""
    assert [] == hidden(definition)


@pytest.mark.parametrize("where", [where for where, _, _ in CASES])
def test_none_of_the_examples_hides_anything(where: Any) -> None:
    """They hold every field that there is, which random questions do seldom."""
    assert [] == hidden(parse({"where": where}))


def hidden(definition: Definition) -> list[Any]:
    """The neighbours of a question that read as it does."""
    said = both(definition)
    return [
        plain(other)
        for other in neighbours(definition)
        if any(old == new for old, new in zip(said, both(other), strict=True))
    ]


@many
@given(definitions())
def test_the_opposite_reads_differently(definition: Definition) -> None:
    """And its opposite as the question itself; a group of one as what is in it."""
    where = definition.where
    for language, said in zip(LANGUAGES, both(definition), strict=True):
        assert said != sentence(NotSo(where), language, NAMES)
        assert said == sentence(NotSo(NotSo(where)), language, NAMES)
        assert said == sentence(AllOf((where,)), language, NAMES)


def leaves_of(line: Line) -> Iterator[str]:
    """The lines without children, from top to bottom."""
    if not line.children:
        yield line.text
    for child in line.children:
        yield from leaves_of(child)


@many
@given(definitions())
def test_a_list_says_what_the_sentence_says(definition: Definition) -> None:
    """Each of its lines is a clause of the sentence, in order."""
    for language, said in zip(LANGUAGES, both(definition), strict=True):
        place = 0
        for text in leaves_of(lines(definition, language, NAMES)):
            assert text in said[place:]
            place = said.index(text, place) + len(text)
