"""Which events are there? All that are not a team's own, one row each, and what is decided by looking at the row.

The table first, the questions at its end. Questions are look-ups in tables made once: they are asked for every event.
Keys are verbatim (`Soft Bounce`, WhatsApp's `Soft-Bounce`, `optin-updated`); a key alone names nothing, (category, key)
does. Reads nothing, writes nothing. Source: DESIGN 5, INTERFACES 2, 4, 5, 7.
"""

import re
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Literal, NamedTuple

from sessionizer.event import Kind
from sessionizer.properties import payloads
from sessionizer.properties.payloads import Properties

Arises = Literal["given", "derived", "receipt"]
"""given: somebody sends it. derived: it follows from others. receipt: our own delivery reports it, or a provider's."""

# Where a person may use an event: in the log, on the contact's timeline, as a segment's condition, to start an
# automation, in the text of a message.
EVERYWHERE = ("log", "contact", "segment", "trigger", "template")
COUNTED = ("log", "contact", "segment", "trigger")  # a message would have nothing to say about it
REACTED = ("log", "contact", "trigger")  # a segment has a condition of its own for it, or would count machinery
SHOWN = ("log", "contact")
LOGGED = ("log",)  # nobody did it, or there is nobody left whose it was

# Who tells it.
TRACKER = "tracker or api"
SERVICE_WORKER = "service worker"
PROVIDER = "api or webhook"
CONSOLE = "api or console"
IDENTITY = "identity"
PRIVACY = "privacy"
EMAIL = "delivery: email"
SMS = "delivery: sms"
WHATSAPP = "delivery: whatsapp"
WEB_PUSH = "service worker or delivery"
INACTIVITY = "sessionizer: inactivity"
DEADLINE = "sessionizer: deadline"
THRESHOLD = "sessionizer: threshold"
RECURRENCE = "sessionizer: recurrence"
SEGMENTS = "sessionizer: segments"


class Row(NamedTuple):
    """One event.

    by: who tells it, or which shape of rule derives it. activity: whether it keeps a session open when a visitor does
    it in a browser or app. usable_in: some of EVERYWHERE. properties: name → its JSON schema, with examples;
    `required` marks what a rule cannot do without. Others may come as well; {} says that it carries none.
    """

    category: str
    key: str
    label_it: str
    label_en: str
    description_it: str
    description_en: str
    arises: Arises = "given"
    by: str = PROVIDER
    activity: bool = False
    usable_in: tuple[str, ...] = EVERYWHERE
    properties: Properties = payloads.NONE


class Category(NamedTuple):
    """A family of events."""

    slug: str
    label_it: str
    label_en: str


CUSTOM = "custom"
ECOMMERCE = "ecommerce"

CATEGORIES: Mapping[str, Category] = {
    category.slug: category
    for category in (
        Category("marketing_email", "Email di marketing", "Marketing e-mail"),
        Category("transactional_email", "Email transazionali", "Transactional e-mail"),
        Category("marketing_sms", "SMS di marketing", "Marketing SMS"),
        Category("transactional_sms", "SMS transazionali", "Transactional SMS"),
        Category("whatsapp", "WhatsApp", "WhatsApp"),
        Category("push", "Push", "Push"),
        Category("web_push", "Push web", "Web push"),
        Category("wallet", "Wallet", "Wallet"),
        Category("forms", "Moduli", "Forms"),
        Category("deals", "Trattative", "Deals"),
        Category("website", "Sito web", "Website"),
        Category("conversations", "Conversazioni", "Conversations"),
        Category("meetings", "Appuntamenti", "Meetings"),
        Category("phone", "Telefono", "Phone"),
        Category("payments", "Pagamenti", "Payments"),
        Category("loyalty", "Fedeltà", "Loyalty"),
        Category(ECOMMERCE, "E-commerce", "E-commerce"),
        Category("contact", "Contatto", "Contact"),
        Category("segment", "Segmenti", "Segments"),
        Category(CUSTOM, "Eventi personalizzati", "Custom events"),
    )
}
"""By slug, in the order in which people see them."""


class Family(NamedTuple):
    """Categories that people look at together."""

    slug: str
    label_it: str
    label_en: str
    categories: tuple[str, ...]


FAMILIES: Mapping[str, Family] = {
    family.slug: family
    for family in (
        Family("website", "Sito e app", "Site and app", ("website", "forms", "push", "web_push")),
        Family("commerce", "Commercio", "Commerce", (ECOMMERCE, "payments", "loyalty", "wallet")),
        Family(
            "messages",
            "Messaggi",
            "Messages",
            ("marketing_email", "transactional_email", "marketing_sms", "transactional_sms", "whatsapp"),
        ),
        Family("sales", "Vendite e assistenza", "Sales and service", ("conversations", "meetings", "deals", "phone")),
        Family("people", "Persone", "People", ("contact", "segment")),
        Family("custom", "Personalizzati", "Custom", (CUSTOM,)),
    )
}
"""By slug, in the order in which people see them; each category is in one."""

_FAMILY_OF = {category: family.slug for family in FAMILIES.values() for category in family.categories}


def family_of(category: str) -> str:
    """The slug of the family to which a category belongs."""
    return _FAMILY_OF[category]


# fmt: off
_ROWS: tuple[Row, ...] = (
    # marketing_email
    Row("marketing_email", "Sent", "Email inviata", "E-mail sent",
        "Un'email promozionale è partita verso la casella della persona.",
        "A promotional e-mail left for the person's mailbox.",
        "receipt", EMAIL, usable_in=COUNTED, properties=payloads.MAIL),
    Row("marketing_email", "Delivered", "Email ricevuta", "E-mail delivered",
        "Il server di posta della persona ha accettato un'email promozionale.",
        "The person's mail server accepted a promotional e-mail.",
        "receipt", EMAIL, usable_in=COUNTED, properties=payloads.MAIL),
    Row("marketing_email", "Opened", "Email aperta", "E-mail opened",
        "Le immagini di un'email promozionale sono state caricate mentre la persona la guardava.",
        "The images of a promotional e-mail were loaded while the person looked at it.",
        "receipt", EMAIL, usable_in=COUNTED, properties=payloads.MAIL),
    Row("marketing_email", "Clicked", "Link cliccato in un'email", "E-mail link clicked",
        "La persona ha seguito un collegamento contenuto in un'email promozionale.",
        "The person followed a link inside a promotional e-mail.",
        "receipt", EMAIL, properties=payloads.MAIL_CLICK),
    Row("marketing_email", "Unsubscribed", "Disiscrizione dalle email", "Unsubscribed from e-mails",
        "La persona ha chiesto di non avere più posta promozionale.",
        "The person asked for no more promotional mail.",
        "receipt", EMAIL, usable_in=COUNTED, properties=payloads.MAIL),
    Row("marketing_email", "Soft Bounce", 'Email classificata come "soft bounce"', "E-mail soft bounce",
        "Un'email promozionale è tornata indietro per un ostacolo passeggero, come una casella piena.",
        "A promotional e-mail came back because of a passing obstacle, such as a full mailbox.",
        "receipt", EMAIL, usable_in=COUNTED, properties=payloads.MAIL_BOUNCE),
    Row("marketing_email", "Hard Bounce", 'Email classificata come "hard bounce"', "E-mail hard bounce",
        "Un'email promozionale non arriverà mai, per esempio perché l'indirizzo non esiste.",
        "A promotional e-mail will never arrive, for instance because the address does not exist.",
        "receipt", EMAIL, usable_in=COUNTED, properties=payloads.MAIL_BOUNCE),
    Row("marketing_email", "proxy_open", "Aperture Apple MPP", "Apple MPP opens",
        "Un servizio di Apple ha caricato da sé le immagini dell'email, il che non prova che qualcuno l'abbia letta.",
        "A service of Apple's loaded the e-mail's images by itself, which does not prove that anybody read it.",
        "receipt", EMAIL, usable_in=SHOWN, properties=payloads.MAIL),

    # transactional_email
    Row("transactional_email", "Sent", "Email inviata", "E-mail sent",
        "Un'email di servizio, come la conferma di un ordine, è partita verso la persona.",
        "A service e-mail, such as an order confirmation, left for the person.",
        "receipt", EMAIL, usable_in=COUNTED, properties=payloads.MAIL),
    Row("transactional_email", "Delivered", "Email ricevuta", "E-mail delivered",
        "Il server di posta della persona ha accettato un'email di servizio.",
        "The person's mail server accepted a service e-mail.",
        "receipt", EMAIL, usable_in=COUNTED, properties=payloads.MAIL),
    Row("transactional_email", "Opened", "Email aperta", "E-mail opened",
        "Le immagini di un'email di servizio sono state caricate mentre la persona la guardava.",
        "The images of a service e-mail were loaded while the person looked at it.",
        "receipt", EMAIL, usable_in=COUNTED, properties=payloads.MAIL),
    Row("transactional_email", "Clicked", "Link cliccato in un'email", "E-mail link clicked",
        "La persona ha seguito un collegamento contenuto in un'email di servizio.",
        "The person followed a link inside a service e-mail.",
        "receipt", EMAIL, properties=payloads.MAIL_CLICK),
    Row("transactional_email", "Unsubscribed", "Disiscrizione dalle email", "Unsubscribed from e-mails",
        "La persona ha chiesto di non avere più posta di servizio.",
        "The person asked for no more service mail.",
        "receipt", EMAIL, usable_in=COUNTED, properties=payloads.MAIL),
    Row("transactional_email", "Soft Bounce", 'Email classificata come "soft bounce"', "E-mail soft bounce",
        "Un'email di servizio è tornata indietro per un ostacolo passeggero: si può riprovare.",
        "A service e-mail came back because of a passing obstacle: it may be tried again.",
        "receipt", EMAIL, usable_in=COUNTED, properties=payloads.MAIL_BOUNCE),
    Row("transactional_email", "Hard Bounce", 'Email classificata come "hard bounce"', "E-mail hard bounce",
        "Un'email di servizio è stata rifiutata per sempre: a quell'indirizzo è inutile riprovare.",
        "A service e-mail was refused for good: there is no point in trying that address again.",
        "receipt", EMAIL, usable_in=COUNTED, properties=payloads.MAIL_BOUNCE),

    # marketing_sms
    Row("marketing_sms", "Sent", "SMS inviato", "SMS sent",
        "Un SMS promozionale è stato affidato all'operatore per questa persona.",
        "A promotional text message for this person was handed to the carrier.",
        "receipt", SMS, usable_in=COUNTED, properties=payloads.MESSAGE),
    Row("marketing_sms", "Delivered", "SMS ricevuto", "SMS delivered",
        "Un SMS promozionale è arrivato sul telefono della persona.",
        "A promotional text message reached the person's phone.",
        "receipt", SMS, usable_in=COUNTED, properties=payloads.MESSAGE),
    Row("marketing_sms", "Clicked", "Link cliccato in un SMS", "SMS link clicked",
        "La persona ha seguito il collegamento contenuto in un SMS promozionale.",
        "The person followed the link inside a promotional text message.",
        "receipt", SMS, properties=payloads.MESSAGE_CLICK),
    Row("marketing_sms", "Soft Bounce", 'SMS classificato come "soft bounce"', "SMS soft bounce",
        "Un SMS promozionale non è passato per un ostacolo momentaneo, come un telefono spento.",
        "A promotional text message did not get through for now, as when the phone is switched off.",
        "receipt", SMS, usable_in=COUNTED, properties=payloads.SMS_BOUNCE),
    Row("marketing_sms", "Hard Bounce", 'SMS classificato come "hard bounce"', "SMS hard bounce",
        "Un SMS promozionale non potrà arrivare, per esempio perché il numero non è attivo.",
        "A promotional text message cannot arrive, for instance because the number is not in service.",
        "receipt", SMS, usable_in=COUNTED, properties=payloads.SMS_BOUNCE),
    Row("marketing_sms", "Unsubscribed", "Disiscrizione dagli SMS", "Unsubscribed from SMS",
        "La persona ha chiesto di non avere più SMS promozionali, di solito rispondendo STOP.",
        "The person asked for no more promotional text messages, usually by answering STOP.",
        "receipt", SMS, usable_in=COUNTED, properties=payloads.MESSAGE),

    # transactional_sms
    Row("transactional_sms", "Sent", "SMS inviato", "SMS sent",
        "Un SMS di servizio, come l'avviso di una consegna, è stato affidato all'operatore.",
        "A service text message, such as a parcel notice, was handed to the carrier.",
        "receipt", SMS, usable_in=COUNTED, properties=payloads.MESSAGE),
    Row("transactional_sms", "Delivered", "SMS ricevuto", "SMS delivered",
        "Un SMS di servizio è arrivato sul telefono della persona.",
        "A service text message reached the person's phone.",
        "receipt", SMS, usable_in=COUNTED, properties=payloads.MESSAGE),
    Row("transactional_sms", "Soft Bounce", 'SMS classificato come "soft bounce"', "SMS soft bounce",
        "Un SMS di servizio non è passato per un ostacolo momentaneo: si può riprovare.",
        "A service text message did not get through for now: it may be tried again.",
        "receipt", SMS, usable_in=COUNTED, properties=payloads.SMS_BOUNCE),
    Row("transactional_sms", "Hard Bounce", 'SMS classificato come "hard bounce"', "SMS hard bounce",
        "Un SMS di servizio è stato rifiutato per sempre: a quel numero è inutile riprovare.",
        "A service text message was refused for good: there is no point in trying that number again.",
        "receipt", SMS, usable_in=COUNTED, properties=payloads.SMS_BOUNCE),
    Row("transactional_sms", "Unsubscribed", "Disiscrizione dagli SMS", "Unsubscribed from SMS",
        "La persona ha chiesto di non avere più SMS di servizio, di solito rispondendo STOP.",
        "The person asked for no more service text messages, usually by answering STOP.",
        "receipt", SMS, usable_in=COUNTED, properties=payloads.MESSAGE),

    # whatsapp
    Row("whatsapp", "Sent", "Campagna WhatsApp inviata", "WhatsApp campaign sent",
        "Un messaggio WhatsApp è stato affidato a Meta per questa persona.",
        "A WhatsApp message for this person was handed to Meta.",
        "receipt", WHATSAPP, usable_in=COUNTED, properties=payloads.MESSAGE),
    Row("whatsapp", "Delivered", "Campagna WhatsApp ricevuta", "WhatsApp campaign delivered",
        "Un messaggio WhatsApp è arrivato sul telefono della persona.",
        "A WhatsApp message reached the person's phone.",
        "receipt", WHATSAPP, usable_in=COUNTED, properties=payloads.MESSAGE),
    Row("whatsapp", "Read", "Campagna WhatsApp aperta", "WhatsApp campaign read",
        "La persona ha letto un messaggio WhatsApp: le spunte sono blu.",
        "The person read a WhatsApp message: its ticks are blue.",
        "receipt", WHATSAPP, usable_in=COUNTED, properties=payloads.MESSAGE),
    Row("whatsapp", "Soft-Bounce", 'Campagna WhatsApp classificata come "soft bounce"', "WhatsApp campaign soft bounce",
        "Meta non ha recapitato un messaggio WhatsApp già partito, e dice perché.",
        "Meta did not deliver a WhatsApp message that had left, and says why.",
        "receipt", WHATSAPP, usable_in=COUNTED, properties=payloads.WHATSAPP_BOUNCE),

    # push
    Row("push", "push_notification_clicked", "Notifica push cliccata", "Push notification clicked",
        "La persona ha aperto il sito o l'app toccando una notifica.",
        "The person opened the site or app by tapping a notification.",
        by=TRACKER, activity=True, properties=payloads.NOTIFICATION_CLICK),
    Row("push", "push_session_started", "Sessione avviata", "Session started",
        "La persona è arrivata sul sito o nell'app: è la prima volta, o la prima dopo mezz'ora di quiete.",
        "The person came to the site or app: for the first time ever, or the first after half an hour of quiet.",
        "derived", INACTIVITY, properties=payloads.VISIT),
    Row("push", "push_subscribed", "Iscrizione alle notifiche push", "Subscribed to push notifications",
        "La persona ha accettato di essere avvisata con notifiche.",
        "The person agreed to be told things by notification.",
        by=TRACKER, activity=True, properties=payloads.PUSH_SUBTYPE),
    Row("push", "push_unsubscribed", "Disiscrizione dalle notifiche push", "Unsubscribed from push notifications",
        "La persona non vuole più essere avvisata con notifiche.",
        "The person no longer wants to be told things by notification.",
        by=TRACKER, activity=True, usable_in=COUNTED, properties=payloads.PUSH_SUBTYPE),

    # web_push
    Row("web_push", "subscriber_added", "Iscritto aggiunto", "Subscriber added",
        "Abbiamo conservato l'iscrizione di un browser, al quale ora possiamo mandare notifiche.",
        "A browser's subscription was stored, so that it can be sent notifications from now on.",
        by=TRACKER, usable_in=COUNTED, properties=payloads.SUBSCRIBER),
    Row("web_push", "subscriber_deactivated", "Iscritto disattivato", "Subscriber deactivated",
        "L'iscrizione di un browser non vale più: è scaduta, è stata revocata o il dispositivo è stato azzerato.",
        "A browser's subscription no longer works: it expired, was withdrawn, or the device was wiped.",
        by=WEB_PUSH, usable_in=COUNTED, properties=payloads.SUBSCRIBER_GONE),
    Row("web_push", "subscriber_refreshed", "Iscritto aggiornato", "Subscriber refreshed",
        "Un browser ha sostituito la propria iscrizione con una nuova, senza che la persona facesse nulla.",
        "A browser replaced its subscription by a new one, without the person doing anything.",
        by=SERVICE_WORKER, usable_in=LOGGED, properties=payloads.SUBSCRIBER),
    Row("web_push", "webpush_delivered", "Push web consegnata", "Web push delivered",
        "Un browser ha ricevuto e mostrato una notifica.",
        "A browser received a notification and showed it.",
        by=SERVICE_WORKER, usable_in=COUNTED, properties=payloads.NOTIFICATION),
    Row("web_push", "webpush_clicked", "Push web cliccata", "Web push clicked",
        "La persona ha toccato una notifica del browser.",
        "The person tapped a notification of the browser.",
        by=SERVICE_WORKER, activity=True, properties=payloads.WEB_PUSH_CLICK),
    Row("web_push", "webpush_closed", "Push web chiusa", "Web push closed",
        "La persona ha scartato una notifica del browser senza aprirla.",
        "The person dismissed a notification of the browser without opening it.",
        by=SERVICE_WORKER, usable_in=COUNTED, properties=payloads.NOTIFICATION),

    # wallet
    Row("wallet", "pass_installed", "Pass installato", "Pass installed",
        "La persona ha messo un pass nel portafoglio del telefono.",
        "The person put a pass into the phone's wallet.",
        activity=True, properties=payloads.PASS),
    Row("wallet", "pass_downloaded", "Pass scaricato", "Pass downloaded",
        "La persona ha aperto il collegamento e ha ricevuto il file del pass.",
        "The person opened the link and received the pass as a file.",
        activity=True, properties=payloads.PASS_DOWNLOAD),
    Row("wallet", "optin-updated", "Opt-in aggiornato", "Opt-in updated",
        "Il consenso legato a un pass è cambiato perché il pass è entrato nel portafoglio o ne è uscito.",
        "The consent tied to a pass changed because the pass came into the wallet or left it.",
        usable_in=COUNTED, properties=payloads.PASS_CONSENT),
    Row("wallet", "status_changed", "Stato modificato", "Status changed",
        "La persona è diventata titolare di un pass, o ha smesso di esserlo.",
        "The person became the holder of a pass, or ceased to be one.",
        properties=payloads.PASS_HOLDER),
    Row("wallet", "enrolled", "Iscritto", "Enrolled",
        "La persona ha ora un pass nel portafoglio, e prima non ne aveva mai avuti.",
        "The person now has a pass in the wallet and never had one before.",
        activity=True, properties=payloads.PASS),
    Row("wallet", "pass_status_changed", "Stato del pass modificato", "Pass status changed",
        "Un pass è ora usato, scaduto o annullato.",
        "A pass is now used, expired or void.",
        properties=payloads.PASS_STATUS),
    Row("wallet", "anonymized", "Anonimo", "Anonymized",
        "I dati di una persona sono stati cancellati e nulla qui porta più a lei.",
        "Somebody's data was wiped, and nothing here leads back to them.",
        by=PRIVACY, usable_in=LOGGED, properties=payloads.NONE),
    Row("wallet", "redeem_failed", "Riscatto non riuscito", "Redemption failed",
        "La persona ha provato a usare un collegamento di riscatto scaduto o sbagliato.",
        "The person tried to use a redemption link that was wrong or out of date.",
        activity=True, properties=payloads.REDEMPTION_FAILED),
    Row("wallet", "redeem_succeed", "Riscatto riuscito", "Redemption succeeded",
        "La persona ha usato un collegamento di riscatto, che ha funzionato.",
        "The person used a redemption link, and it worked.",
        activity=True, properties=payloads.REDEMPTION),
    Row("wallet", "counter_value_changed", "Valore del contatore modificato", "Counter value changed",
        "Un contatore della persona, come i timbri di una tessera, segna un numero diverso.",
        "One of the person's counters, such as the stamps on a card, shows another number.",
        properties=payloads.COUNTER),
    Row("wallet", "loyalty_status_changed", "Stato di fedeltà modificato", "Loyalty status changed",
        "Chi possiede il pass ha un altro stato nel programma fedeltà.",
        "The holder of the pass has another status in the loyalty programme.",
        properties=payloads.PASS_LOYALTY),
    Row("wallet", "notification_sent", "Notifica inviata", "Notification sent",
        "Il portafoglio della persona ha avuto un avviso dal suo pass.",
        "The person's wallet was sent a notice by its pass.",
        usable_in=COUNTED, properties=payloads.PASS_NOTICE),
    Row("wallet", "pass_moved", "Pass spostato", "Pass moved",
        "Un pass appartiene ora a una campagna diversa.",
        "A pass now belongs to a different campaign.",
        usable_in=COUNTED, properties=payloads.PASS_MOVE),
    Row("wallet", "pass_uninstalled", "Pass disinstallato", "Pass uninstalled",
        "La persona ha tolto un pass dal portafoglio del telefono.",
        "The person took a pass out of the phone's wallet.",
        activity=True, properties=payloads.PASS),
    Row("wallet", "retargeted", "Retargeting", "Retargeted",
        "A chi ha già un pass è stata proposta un'altra campagna.",
        "Somebody who already holds a pass was offered another campaign.",
        usable_in=COUNTED, properties=payloads.PASS_TARGET),
    Row("wallet", "anonymization_required", "Anonimizzazione richiesta", "Anonymization required",
        "Qualcuno chiede di cancellare i dati di questa persona, e si attende l'approvazione.",
        "Somebody asks that this person's data be wiped, which awaits approval.",
        usable_in=SHOWN, properties=payloads.PASS),
    Row("wallet", "counter_max_value_reached", "Valore massimo del contatore raggiunto", "Counter maximum reached",
        "Un contatore della persona è arrivato al massimo, come una tessera con tutti i timbri.",
        "One of the person's counters arrived at its maximum, like a card with all of its stamps.",
        "derived", THRESHOLD, properties=payloads.COUNTER_LIMIT),
    Row("wallet", "offer_attributed", "Offerta attribuita", "Offer attributed",
        "Chi possiede il pass ha ottenuto un'offerta.",
        "The holder of the pass was granted an offer.",
        properties=payloads.PASS_OFFER),
    Row("wallet", "activated_from_share", "Attivato da condivisione", "Activated from a share",
        "Un pass passato da un'altra persona è ora attivo.",
        "A pass that somebody else passed on is now active.",
        activity=True, properties=payloads.PASS),
    Row("wallet", "pass_shared", "Pass condiviso", "Pass shared",
        "La persona ha passato un pass a qualcun altro.",
        "The person passed a pass on to somebody else.",
        activity=True, properties=payloads.PASS),

    # forms
    Row("forms", "form_submitted", "Modulo inviato", "Form submitted",
        "La persona ha compilato e spedito un modulo; quel che vi ha scritto resta fuori, salvo scelta contraria.",
        "The person filled in a form and sent it off; what they wrote stays out unless chosen otherwise.",
        by=TRACKER, activity=True, properties=payloads.FORM),

    # deals
    Row("deals", "deal_created", "Trattativa creata", "Deal created",
        "Con questa persona si è aperta una trattativa.",
        "A deal was opened with this person.",
        properties=payloads.DEAL),
    Row("deals", "deal_stage_updated", "Fase della trattativa aggiornata", "Deal stage updated",
        "Una trattativa con questa persona è avanzata o è tornata indietro.",
        "A deal with this person moved on, or back.",
        properties=payloads.DEAL_STAGE),
    Row("deals", "task_completed", "Attività completata", "Task completed",
        "Qualcuno del gruppo ha finito un compito che riguarda questa persona.",
        "Somebody of the team finished a task that concerns this person.",
        properties=payloads.TASK),
    Row("deals", "task_created", "Attività creata", "Task created",
        "Qualcuno del gruppo si è dato un compito che riguarda questa persona.",
        "Somebody of the team set themselves a task that concerns this person.",
        properties=payloads.TASK),

    # website
    Row("website", "page_visited", "Pagina web visitata", "Page visited",
        "La persona ha aperto una pagina di un sito che ha il nostro script.",
        "The person opened a page of a site that carries our script.",
        by=TRACKER, activity=True, properties=payloads.VIRTUAL_PAGE),
    Row("website", "session_ended", "Sessione terminata", "Session ended",
        "Da mezz'ora la persona non fa più nulla: la visita si chiude, con la sua durata e le sue pagine.",
        "The person has done nothing for half an hour: the visit closes, with its length and its pages.",
        "derived", INACTIVITY, properties=payloads.SESSION),
    Row("website", "link_clicked", "Link cliccato", "Link clicked",
        "La persona ha seguito un collegamento che porta fuori dal sito.",
        "The person followed a link that leads away from the site.",
        by=TRACKER, activity=True, properties=payloads.LINK),
    Row("website", "file_downloaded", "File scaricato", "File downloaded",
        "La persona ha scaricato un file dal sito, come un opuscolo.",
        "The person downloaded a file from the site, such as a brochure.",
        by=TRACKER, activity=True, properties=payloads.FILE),

    # conversations
    Row("conversations", "conversation_ended", "Conversazione terminata", "Conversation ended",
        "Una conversazione è finita: tutti gli operatori l'hanno lasciata, oppure nessuno scrive più da un po'.",
        "A conversation is over: all agents left it, or nobody has written for a while.",
        "derived", INACTIVITY, properties=payloads.CONVERSATION_ENDED),
    Row("conversations", "conversation_started", "Conversazione iniziata", "Conversation started",
        "Con questa persona è cominciato uno scambio per email, in chat o sui social.",
        "An exchange with this person began, by e-mail, chat or social media.",
        activity=True, properties=payloads.CONVERSATION),
    Row("conversations", "message_received", "Messaggio ricevuto", "Message received",
        "In una conversazione è comparso un messaggio nuovo.",
        "A new message appeared in a conversation.",
        activity=True, properties=payloads.CONVERSATION),
    Row("conversations", "sales_email_clicked", "Email di vendita cliccata", "Sales e-mail clicked",
        "La persona ha seguito un collegamento di un'email scritta per lei sola.",
        "The person followed a link in an e-mail that was written to them alone.",
        "receipt", EMAIL, properties=payloads.MAIL_CLICK),
    Row("conversations", "sales_email_opened", "Email di vendita aperta", "Sales e-mail opened",
        "La persona ha guardato un'email scritta per lei sola.",
        "The person looked at an e-mail that was written to them alone.",
        "receipt", EMAIL, usable_in=COUNTED, properties=payloads.MAIL),
    Row("conversations", "agent_assigned", "Operatore assegnato", "Agent assigned",
        "La conversazione ha un operatore che ne risponde.",
        "The conversation has an agent who is responsible for it.",
        usable_in=REACTED, properties=payloads.AGENT),
    Row("conversations", "agent_joined", "Operatore entrato", "Agent joined",
        "Un operatore è entrato nella conversazione.",
        "An agent came into the conversation.",
        usable_in=REACTED, properties=payloads.AGENT),
    Row("conversations", "agent_replied", "Operatore ha risposto", "Agent replied",
        "Un operatore ha scritto nella conversazione.",
        "An agent wrote in the conversation.",
        usable_in=REACTED, properties=payloads.AGENT),
    Row("conversations", "agent_left", "Operatore uscito", "Agent left",
        "Un operatore ha lasciato la conversazione.",
        "An agent went out of the conversation.",
        usable_in=REACTED, properties=payloads.AGENT),
    Row("conversations", "conversation_closed", "Conversazione chiusa", "Conversation closed",
        "Un operatore ha dichiarato finita la conversazione.",
        "An agent declared the conversation finished.",
        usable_in=REACTED, properties=payloads.AGENT),

    # meetings
    Row("meetings", "meeting_booked", "Appuntamento prenotato", "Meeting booked",
        "È stato fissato un appuntamento con la persona, o spostato se era già fissato.",
        "A meeting with the person was arranged, or moved if it had been arranged before.",
        activity=True, properties=payloads.MEETING),
    Row("meetings", "meeting_canceled", "Appuntamento annullato", "Meeting canceled",
        "Un appuntamento fissato non si terrà più.",
        "A meeting that had been arranged will not take place.",
        activity=True, properties=payloads.MEETING_CANCELED),
    Row("meetings", "meeting_started", "Appuntamento iniziato", "Meeting started",
        "È venuta l'ora di un appuntamento fissato e non annullato.",
        "The hour has come of a meeting that was arranged and not canceled.",
        "derived", DEADLINE, properties=payloads.MEETING_STARTED),

    # phone
    Row("phone", "call_finished", "Chiamata terminata", "Call finished",
        "Una telefonata con la persona si è conclusa.",
        "A telephone call with the person came to its end.",
        properties=payloads.CALL),

    # payments
    Row("payments", "payment_done", "Pagamento effettuato", "Payment done",
        "La persona ha pagato quel che le era stato chiesto, o tramite un collegamento di pagamento.",
        "The person paid what they had been asked for, or through a payment link.",
        activity=True, properties=payloads.PAYMENT),
    Row("payments", "payment_request_created", "Richiesta di pagamento creata", "Payment request created",
        "Alla persona è stato chiesto un pagamento.",
        "The person was asked for a payment.",
        properties=payloads.REQUEST),
    Row("payments", "payment_request_reminder_sent", "Promemoria di pagamento inviato", "Payment reminder sent",
        "Alla persona è stato ricordato un pagamento che manca ancora.",
        "The person was reminded of a payment that is still outstanding.",
        properties=payloads.REQUEST),

    # loyalty
    Row("loyalty", "balance_minimum_value_reached", "Valore minimo del saldo raggiunto", "Balance minimum reached",
        "I punti della persona sono scesi fino alla soglia più bassa prevista.",
        "The person's points went down to the lowest mark that is provided for.",
        "derived", THRESHOLD, properties=payloads.BALANCE_MINIMUM),
    Row("loyalty", "balance_maximum_value_reached", "Valore massimo del saldo raggiunto", "Balance maximum reached",
        "I punti della persona sono saliti fino alla soglia più alta prevista.",
        "The person's points went up to the highest mark that is provided for.",
        "derived", THRESHOLD, properties=payloads.BALANCE_MAXIMUM),
    Row("loyalty", "balance_value_updated", "Valore del saldo aggiornato", "Balance value updated",
        "La persona ha guadagnato o speso punti: il totale è cambiato.",
        "The person earned points or spent some: the total changed.",
        properties=payloads.BALANCE),
    Row("loyalty", "balance_value_expired", "Valore del saldo scaduto", "Balance value expired",
        "Punti che la persona non ha speso in tempo sono andati persi.",
        "Points that the person did not spend in time are lost.",
        "derived", DEADLINE, properties=payloads.BALANCE_EXPIRED),
    Row("loyalty", "balance_transaction_unauthorized", "Transazione del saldo non autorizzata",
        "Balance transaction refused",
        "Non è stato permesso di aggiungere o togliere punti alla persona.",
        "Adding points to the person, or taking some, was not permitted.",
        usable_in=COUNTED, properties=payloads.BALANCE_REFUSED),
    Row("loyalty", "voucher_created", "Voucher creato", "Voucher created",
        "La persona ha avuto un buono.",
        "The person was given a voucher.",
        properties=payloads.VOUCHER),
    Row("loyalty", "voucher_updated", "Voucher aggiornato", "Voucher updated",
        "Le condizioni di un buono della persona sono cambiate, per esempio la scadenza.",
        "The terms of one of the person's vouchers changed, for instance its last day.",
        usable_in=COUNTED, properties=payloads.VOUCHER),
    Row("loyalty", "voucher_redeemed", "Voucher riscattato", "Voucher redeemed",
        "La persona ha speso un buono.",
        "The person spent a voucher.",
        activity=True, properties=payloads.VOUCHER),
    Row("loyalty", "voucher_expired", "Voucher scaduto", "Voucher expired",
        "È passato l'ultimo momento in cui la persona poteva spendere un buono.",
        "The last moment at which the person could spend a voucher has passed.",
        "derived", DEADLINE, properties=payloads.VOUCHER_EXPIRED),
    Row("loyalty", "voucher_revoked", "Voucher revocato", "Voucher revoked",
        "Un buono è stato tolto alla persona prima che lo spendesse.",
        "A voucher was taken back from the person before they spent it.",
        properties=payloads.VOUCHER),
    Row("loyalty", "subscription_created", "Iscrizione creata", "Subscription created",
        "La persona è entrata in un programma fedeltà.",
        "The person joined a loyalty programme.",
        activity=True, properties=payloads.SUBSCRIPTION),
    Row("loyalty", "subscription_year_anniversary", "Anniversario dell'iscrizione", "Subscription anniversary",
        "È passato un altro anno da quando la persona è nel programma fedeltà.",
        "Another year has gone by since the person joined the loyalty programme.",
        "derived", RECURRENCE, properties=payloads.SUBSCRIPTION_YEARS),
    Row("loyalty", "subscription_month_anniversary", "Ricorrenza mensile dell'iscrizione",
        "Monthly subscription anniversary",
        "È passato un altro mese da quando la persona è nel programma fedeltà.",
        "Another month has gone by since the person joined the loyalty programme.",
        "derived", RECURRENCE, properties=payloads.SUBSCRIPTION_MONTHS),
    Row("loyalty", "subscription_revoked", "Iscrizione revocata", "Subscription revoked",
        "La persona non è più nel programma fedeltà, per sua scelta o per scelta altrui.",
        "The person is no longer in the loyalty programme, by their own choice or somebody else's.",
        properties=payloads.SUBSCRIPTION),
    Row("loyalty", "tier_association_updated", "Associazione di livello aggiornata", "Tier updated",
        "La persona è salita o scesa di livello nel programma fedeltà.",
        "The person went up or down a tier in the loyalty programme.",
        properties=payloads.TIER),

    # ecommerce
    Row(ECOMMERCE, "cart_updated", "Carrello aggiornato", "Cart updated",
        "La persona ha messo qualcosa nel carrello, o ne ha cambiato il contenuto.",
        "The person put something into the cart, or changed what is in it.",
        by=TRACKER, activity=True, properties=payloads.CART),
    Row(ECOMMERCE, "cart_deleted", "Carrello svuotato", "Cart deleted",
        "Il carrello della persona non c'è più: l'ha svuotato o abbandonato del tutto.",
        "The person's cart is gone: emptied, or given up for good.",
        by=TRACKER, activity=True, properties=payloads.CART),
    Row(ECOMMERCE, "order_created", "Ordine creato", "Order created",
        "La persona ha fatto un ordine, che potrebbe essere ancora da pagare.",
        "The person placed an order, which may still have to be paid.",
        by=TRACKER, activity=True, properties=payloads.ORDER),
    Row(ECOMMERCE, "order_completed", "Ordine completato", "Order completed",
        "L'acquisto della persona è concluso.",
        "The person's purchase is complete.",
        by=TRACKER, activity=True, properties=payloads.ORDER),
    Row(ECOMMERCE, "order_updated", "Ordine aggiornato", "Order updated",
        "Qualcosa in un ordine è cambiato, come il suo stato o i suoi articoli.",
        "Something about an order changed, such as its status or its items.",
        by=TRACKER, activity=True, properties=payloads.ORDER),
    Row(ECOMMERCE, "order_cancelled", "Ordine annullato", "Order cancelled",
        "Un ordine è stato disdetto prima di concludersi.",
        "An order was called off before it was complete.",
        by=TRACKER, activity=True, properties=payloads.ORDER_CANCELLED),
    Row(ECOMMERCE, "order_refunded", "Ordine rimborsato", "Order refunded",
        "La persona ha riavuto il denaro di un ordine, tutto o in parte.",
        "The person got the money for an order back, all or some of it.",
        by=TRACKER, activity=True, properties=payloads.ORDER_REFUNDED),
    Row(ECOMMERCE, "product_viewed", "Prodotto visto", "Product viewed",
        "La persona ha guardato la scheda di un prodotto.",
        "The person looked at a product's page.",
        by=TRACKER, activity=True, properties=payloads.PRODUCT),
    Row(ECOMMERCE, "category_viewed", "Categoria vista", "Category viewed",
        "La persona ha guardato i prodotti di una categoria.",
        "The person looked at the products of a category.",
        by=TRACKER, activity=True, properties=payloads.PRODUCT_CATEGORY),
    Row(ECOMMERCE, "product_searched", "Prodotto cercato", "Product searched",
        "La persona ha cercato qualcosa nel negozio.",
        "The person searched the shop for something.",
        by=TRACKER, activity=True, properties=payloads.SEARCH),
    Row(ECOMMERCE, "checkout_started", "Acquisto avviato", "Checkout started",
        "La persona è passata dal carrello alla cassa.",
        "The person went from the cart to the checkout.",
        by=TRACKER, activity=True, properties=payloads.CART),
    Row(ECOMMERCE, "payment_info_added", "Dati di pagamento inseriti", "Payment info added",
        "La persona ha scelto alla cassa come pagare.",
        "The person chose at the checkout how to pay.",
        by=TRACKER, activity=True, properties=payloads.CHECKOUT_PAYMENT),
    Row(ECOMMERCE, "wishlist_product_added", "Aggiunto alla wishlist", "Added to wishlist",
        "La persona ha messo un prodotto fra i suoi desideri.",
        "The person put a product among those they wish for.",
        by=TRACKER, activity=True, properties=payloads.PRODUCT),

    # contact
    Row("contact", "identified", "Contatto identificato", "Contact identified",
        "La persona ha detto chi è, per esempio entrando con la propria email.",
        "The person said who they are, for instance by logging in with their e-mail address.",
        by=TRACKER, activity=True, usable_in=COUNTED, properties=payloads.NONE),
    Row("contact", "merged", "Contatti uniti", "Contacts merged",
        "Due contatti si sono rivelati la stessa persona e ora hanno una sola storia.",
        "Two contacts turned out to be one person and now share one history.",
        by=IDENTITY, usable_in=SHOWN, properties=payloads.MERGE),
    Row("contact", "list_added", "Aggiunto a una lista", "Added to a list",
        "La persona è entrata in una lista.",
        "The person was put on a list.",
        by=CONSOLE, properties=payloads.LIST),
    Row("contact", "list_removed", "Rimosso da una lista", "Removed from a list",
        "La persona è uscita da una lista.",
        "The person was taken off a list.",
        by=CONSOLE, usable_in=COUNTED, properties=payloads.LIST),
    Row("contact", "attributes_updated", "Attributi aggiornati", "Attributes updated",
        "Quel che sappiamo della persona è cambiato, come il nome o la città.",
        "What is known of the person changed, such as their name or town.",
        by=CONSOLE, properties=payloads.ATTRIBUTES),
    Row("contact", "consent_changed", "Consenso modificato", "Consent changed",
        "La persona ha dato o ritirato il consenso.",
        "The person gave their consent, or withdrew it.",
        by=TRACKER, usable_in=COUNTED, properties=payloads.CONSENT),
    Row("contact", "erased", "Contatto cancellato", "Contact erased",
        "Tutto ciò che riguardava una persona è stato eliminato su richiesta.",
        "Everything about a person was removed on request.",
        by=PRIVACY, usable_in=LOGGED, properties=payloads.NONE),

    # segment
    Row("segment", "segment_entered", "Entrato in un segmento", "Segment entered",
        "Da questo istante la persona soddisfa le condizioni di un segmento.",
        "From this instant on the person meets the conditions of a segment.",
        "derived", SEGMENTS, usable_in=REACTED, properties=payloads.SEGMENT),
    Row("segment", "segment_left", "Uscito da un segmento", "Segment left",
        "Da questo istante la persona non soddisfa più le condizioni di un segmento.",
        "From this instant on the person no longer meets the conditions of a segment.",
        "derived", SEGMENTS, usable_in=REACTED, properties=payloads.SEGMENT),
)
# fmt: on

CATALOGUE: Mapping[Kind, Row] = {(row.category, row.key): row for row in _ROWS}
"""By kind, in the order of CATEGORIES. A team's own events (category `custom`) are in no table."""

_OURS = {
    "marketing_sms": {"Unsubscribed"},
    "transactional_sms": {"Unsubscribed"},
    "website": {"session_ended", "link_clicked", "file_downloaded"},
    "conversations": {"agent_assigned", "agent_joined", "agent_replied", "agent_left", "conversation_closed"},
    "loyalty": {"voucher_updated"},
}
"""What we add to the system's categories (INTERFACES 4)."""

SYSTEM: tuple[Row, ...] = tuple(
    row
    for row in _ROWS
    if row.category not in {ECOMMERCE, "contact", "segment"} and row.key not in _OURS.get(row.category, ())
)
"""The 90 system events: those of the platform that Sentiero replaces, in the order of the table."""

PUBLIC_CATEGORIES = frozenset({"website", "forms", "push", "web_push", ECOMMERCE, CUSTOM})
"""What a write key may send, beside contact/identified: anybody can read that key in a page's source."""

_IDENTIFIED: Kind = ("contact", "identified")
_ACTIVITY = frozenset(kind for kind, row in CATALOGUE.items() if row.activity)
_SAID_BY_US = frozenset(kind for kind, row in CATALOGUE.items() if row.arises != "given")
_PUBLIC = frozenset(
    kind for kind in CATALOGUE if kind == _IDENTIFIED or (kind[0] in PUBLIC_CATEGORIES and kind not in _SAID_BY_US)
)
_CATEGORY_OF = {
    "page_visited": "website",
    "form_submitted": "forms",
    **{row.key: ECOMMERCE for row in _ROWS if row.category == ECOMMERCE},
}
_CUSTOM_KEY = re.compile(r"[A-Za-z0-9_-]{1,255}")
_NO_KEY = re.compile(r"[^A-Za-z0-9_-]+")
_SEPARATORS = re.compile(r"[\s_-]+")
_LONGEST_SLIP = 64  # characters: the longest key has 32; comparing takes time that grows with the length


def _folded(key: str) -> str:
    """People mistake case and what stands between words more often than letters: `soft_bounce` is `Soft Bounce`."""
    return _SEPARATORS.sub(" ", key).casefold()


_BY_FOLDED = {slug: {_folded(row.key): row.key for row in _ROWS if row.category == slug} for slug in CATEGORIES}


def category_of(key: str) -> str:
    """The category of an event that came without one; never a system category that the sender did not name."""
    return _CATEGORY_OF.get(key, CUSTOM)


def known(category: str, key: str) -> bool:
    """Whether there is such an event: a row of the table, or a custom key of 1 to 255 letters, digits, - and _."""
    if category == CUSTOM:
        return _CUSTOM_KEY.fullmatch(key) is not None
    return (category, key) in CATALOGUE


@lru_cache(maxsize=4_096)
def key_of(name: str) -> str:
    """The key of a custom event that another product calls so: a name that can be one stays as it is, `Signed Up` is
    `signed_up`.

    "" when nothing is left of it.
    """
    if known(CUSTOM, name):
        return name
    plain = unicodedata.normalize("NFKD", name[:1_000]).encode("ascii", "ignore").decode()
    return _NO_KEY.sub("_", plain).strip("_-").lower()[:255]


def lookup(category: str, key: str) -> Row | None:
    """Its row, that of a custom event made up from its key; None when there is no such event."""
    if category != CUSTOM:
        return CATALOGUE.get((category, key))
    return _custom_row(key) if known(category, key) else None


def accepts_public(category: str, key: str) -> bool:
    """Whether a write key may send it: false is `reserved_key`. Whether there is such an event, `known` says.

    What the sessionizer or our delivery says is never taken from the public, also in an open category.
    """
    kind = (category, key)
    return kind == _IDENTIFIED or (category in PUBLIC_CATEGORIES and kind not in _SAID_BY_US)


def takes(category: str, key: str, *, is_public: bool) -> bool:
    """Whether there is such an event, and a door may bring it. is_public: under a write key."""
    if category == CUSTOM:
        return _CUSTOM_KEY.fullmatch(key) is not None
    return (category, key) in (_PUBLIC if is_public else CATALOGUE)


def is_activity(category: str, key: str, *, door_is_browser: bool, has_visitor: bool, said: bool | None) -> bool:
    """Whether a person did it in a browser or app, so that it opens a session or keeps one open (DESIGN 5).

    door_is_browser: it came by a door that browsers use. said: the sender's `activity`, None when absent; a browser's
    door does not listen to it. The table has the last word: what is no activity there never is.
    """
    if category != CUSTOM and (category, key) not in _ACTIVITY:
        return False
    if door_is_browser:
        return True
    return has_visitor if said is None else said


def nearest_key(category: str, key: str) -> str | None:
    """The key of this category that was probably meant, for *did you mean*; None when nothing is near.

    Up to 0.5 ms, a thousand look-ups: ask it for the few refusals that somebody will read, not for each.
    """
    keys = _BY_FOLDED.get(category, {})
    folded = _folded(key[: _LONGEST_SLIP + 1])
    if folded in keys:
        return keys[folded]
    near = get_close_matches(folded, keys, n=1) if len(folded) <= _LONGEST_SLIP else []
    return keys[near[0]] if near else None


def _custom_row(key: str) -> Row:
    return Row(
        category=CUSTOM,
        key=key,
        label_it=key,
        label_en=key,
        description_it="Un evento definito da voi.",
        description_en="An event of your own.",
        by=TRACKER,
        activity=True,
    )
