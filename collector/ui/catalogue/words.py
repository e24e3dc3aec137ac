"""What do the pages of the catalogue say? Key → (Italian, English): see ui/words.py."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "catalogue_hint": ("nome, chiave, che cosa significa", "name, key, what it means"),
    "catalogue_seen": ("Solo quelli già arrivati", "Only those that came"),
    "catalogue_all": ("Tutte", "All"),
    "catalogue_families": ("Famiglie", "Families"),
    "catalogue_family": ("Famiglia", "Family"),
    "catalogue_arises": ("Come nasce", "How it arises"),
    "catalogue_uses": ("Si usa in", "Used in"),
    "catalogue_count": ("Arrivati", "Came"),
    "catalogue_first": ("Il primo", "The first"),
    "catalogue_last": ("L'ultimo", "The last"),
    "catalogue_month": ("Ultimi 30 giorni", "Last 30 days"),
    "catalogue_spark": ("{n} negli ultimi 30 giorni", "{n} in the last 30 days"),
    "catalogue_never": ("mai", "never"),
    "catalogue_yours": ("vostro", "yours"),
    "catalogue_activity": ("attività", "activity"),
    "catalogue_activity_title": ("Attività", "Activity"),
    "catalogue_active": ("Sì: tiene aperta la sessione", "Yes: keeps the session open"),
    "catalogue_inactive": ("No: non tocca la sessione", "No: leaves the session alone"),
    "catalogue_latest": ("Gli ultimi", "The latest"),
    "catalogue_see_all": ("Vedi tutti", "See all"),
    "catalogue_none_came": ("Non ne è ancora arrivato nessuno.", "None has come yet."),
    "catalogue_send": ("Come si invia", "How to send it"),
    "catalogue_send_browser": ("Da una pagina", "From a page"),
    "catalogue_send_server": ("Da un server", "From a server"),
    "catalogue_send_nobody": (
        "Non si invia: lo ricava Sentiero dagli altri eventi.",
        "Nobody sends it: Sentiero derives it from other events.",
    ),
    "catalogue_name": ("Nome", "Name"),
    "catalogue_type": ("Tipo", "Type"),
    "catalogue_says": ("Che cos'è", "What it is"),
    "catalogue_example": ("Esempio", "Example"),
    "catalogue_required": ("necessaria", "required"),
    "catalogue_only_active": ("Solo attività", "Only activity"),
    "catalogue_derives": ("Come si ricava", "How it is derived"),
    "catalogue_derives_from": ("Dagli eventi", "From the events"),
    "catalogue_derives_any": ("Ogni evento che è un'attività", "Any event that is activity"),
    "catalogue_rule": ("La regola", "The rule"),
    "catalogue_rule_name": ("Nome", "Name"),
    "catalogue_rule_gap": ("Quiete", "Quiet"),
    "catalogue_rule_short": ("Quiete breve", "Short quiet"),
    "catalogue_rule_long": ("Quiete lunga", "Long quiet"),
    "catalogue_payload": ("Che cosa porta, per esempio", "What it carries, for example"),
    "catalogue_follows": ("Che cosa ne può seguire", "What may follow from it"),
    "derives_session_started": (
        "Alla prima attività della persona, e alla prima dopo {gap} di quiete. Una pausa di {gap} esatti basta.",
        "At the person's first activity, and at the first after {gap} of quiet. A pause of exactly {gap} is enough.",
    ),
    "derives_session_ended": (
        "Quando sono passati {gap} dall'ultima attività. Il suo istante è l'ultima attività più {gap}.",
        "When {gap} have passed since the last activity. Its instant is the last activity plus {gap}.",
    ),
    "derives_conversation_ended": (
        "Per e-mail {short} dopo l'ultimo messaggio. In chat e sui social {short} dopo, finché nessun operatore ha "
        "risposto, poi {long} dopo. Subito, quando tutti gli operatori l'hanno lasciata o qualcuno la chiude.",
        "By e-mail {short} after the last message. In chat and social {short} after it while no agent has replied, "
        "{long} once one has. At once when all agents have left or somebody closes it.",
    ),
    "derives_meeting_started": (
        "All'ora fissata. Un appuntamento spostato inizia alla nuova ora, uno annullato non inizia.",
        "At the hour that was arranged. A meeting that was moved starts at its new time, a canceled one never does.",
    ),
    "derives_voucher_expired": (
        "Quando arriva expires_at, se il buono non è stato usato o revocato. Una data senza ora vale fino a sera.",
        "When expires_at comes, unless the voucher was redeemed or revoked. A date without a time is good all day.",
    ),
    "derives_balance_value_expired": (
        "Ogni change positivo con expires_at è un lotto, speso a partire da quello che scade prima. Quando scade, "
        "ciò che ne resta è perso.",
        "Each positive change with expires_at is a lot; the first to expire is spent first. What is left of a lot "
        "when it expires is lost.",
    ),
    "derives_balance_minimum": (
        "Quando value arriva a minimum_value o sotto, e prima era sopra: una volta per ogni discesa.",
        "When value is at or below minimum_value, and was above it before: once a crossing.",
    ),
    "derives_balance_maximum": (
        "Quando value arriva a maximum_value o oltre, e prima era sotto: una volta per ogni salita.",
        "When value is at or above maximum_value, and was below it before: once a crossing.",
    ),
    "derives_counter_maximum": (
        "Quando value arriva a max_value o oltre, e prima era sotto: una volta per ogni salita.",
        "When value is at or above max_value, and was below it before: once a crossing.",
    ),
    "derives_month_anniversary": (
        "Ogni mese dall'iscrizione, alla stessa ora nel fuso di questa installazione, fino alla revoca. Chi si iscrive "
        "il 31 lo ha l'ultimo giorno dei mesi più corti.",
        "Every month since the subscription, at the same wall time in the deployment's zone, until it is revoked. One "
        "of the 31st has it on the last day of shorter months.",
    ),
    "derives_year_anniversary": (
        "Ogni dodici mesi dall'iscrizione, insieme alla ricorrenza del mese, fino alla revoca. Il 29 febbraio diventa "
        "il 28 negli anni non bisestili.",
        "Every twelve months since the subscription, together with that month's, until it is revoked. 29 February "
        "is the 28th in other years.",
    ),
    "arises_given": ("Inviato", "Sent"),
    "arises_derived": ("Derivato", "Derived"),
    "arises_receipt": ("Ricevuta", "Receipt"),
    "by_tracker": ("dal sito o per API", "by the site or the API"),
    "by_service_worker": ("dal service worker", "by the service worker"),
    "by_provider": ("per API o webhook", "by the API or a webhook"),
    "by_console": ("per API o dalla console", "by the API or the console"),
    "by_identity": ("quando si riconosce una persona", "when a person is recognised"),
    "by_privacy": ("da una richiesta di cancellazione", "by a request for erasure"),
    "by_email": ("dalla consegna delle email", "by the delivery of e-mail"),
    "by_sms": ("dalla consegna degli SMS", "by the delivery of SMS"),
    "by_whatsapp": ("dalla consegna su WhatsApp", "by the delivery on WhatsApp"),
    "by_web_push": ("dal browser o dalla consegna", "by the browser or the delivery"),
    "by_inactivity": ("da un tempo di quiete", "from a time of quiet"),
    "by_deadline": ("da una scadenza", "from a deadline"),
    "by_threshold": ("da una soglia", "from a threshold"),
    "by_recurrence": ("da una ricorrenza", "from a recurrence"),
    "by_segments": ("dai segmenti", "from segments"),
    "use_everywhere": ("ovunque", "everywhere"),
    "use_log": ("eventi", "events"),
    "use_contact": ("contatti", "contacts"),
    "use_segment": ("segmenti", "segments"),
    "use_trigger": ("automazioni", "automations"),
    "use_template": ("messaggi", "messages"),
}
