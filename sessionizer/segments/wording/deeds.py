"""What did somebody do, in words? Each event of the catalogue as what follows *has* in Italian and in English.

    Italian    ha / non ha mai / senza aver …             so each verb goes with *avere*
    English    has not / never / without having …, or     so each verb is the same in *she did* and in *she has done*
               with nothing before it

Two events never share their words. Reads nothing, writes nothing.
"""

from collections.abc import Iterator, Mapping

from sessionizer.catalogue import CATALOGUE
from sessionizer.event import Kind
from sessionizer.segments.wording.words import Words


def _messages(category: str, words: Words) -> Iterator[tuple[Kind, Words]]:
    """What may become of a message. words: what it is, with its article."""
    it, en = words
    for key, (said_it, said_en) in _FATES.items():
        yield (category, key), (said_it.format(it), said_en.format(en))


_FATES: Mapping[str, Words] = {
    "Sent": ("avuto l'invio di {}", "had {} sent to them"),
    "Delivered": ("ricevuto {}", "received {}"),
    "Opened": ("aperto {}", "opened {}"),
    "Clicked": ("cliccato un link di {}", "clicked a link of {}"),
    "Soft Bounce": ("avuto un soft bounce di {}", "had a soft bounce of {}"),
    "Hard Bounce": ("avuto un hard bounce di {}", "had a hard bounce of {}"),
}

# fmt: off
_OTHERS: Mapping[str, Mapping[str, Words]] = {
    "marketing_email": {
        "Unsubscribed": ("annullato l'iscrizione alle email di marketing", "unsubscribed from marketing e-mails"),
        "proxy_open": ("avuto un'email di marketing aperta da Apple MPP", "had a marketing e-mail opened by Apple MPP"),
    },
    "transactional_email": {
        "Unsubscribed": ("annullato l'iscrizione alle email transazionali", "unsubscribed from transactional e-mails"),
    },
    "marketing_sms": {
        "Unsubscribed": ("annullato l'iscrizione agli SMS di marketing", "unsubscribed from marketing SMS"),
    },
    "transactional_sms": {
        "Unsubscribed": ("annullato l'iscrizione agli SMS transazionali", "unsubscribed from transactional SMS"),
    },
    "whatsapp": {
        "Read": ("letto un messaggio WhatsApp", "read a WhatsApp message"),
        "Soft-Bounce": ("avuto un soft bounce di un messaggio WhatsApp", "had a soft bounce of a WhatsApp message"),
    },
    "push": {
        "push_notification_clicked": ("cliccato una notifica push", "clicked a push notification"),
        "push_session_started": ("iniziato una sessione", "started a session"),
        "push_subscribed": ("attivato le notifiche push", "subscribed to push notifications"),
        "push_unsubscribed": ("disattivato le notifiche push", "unsubscribed from push notifications"),
    },
    "web_push": {
        "subscriber_added": ("aggiunto un browser alle push web", "added a browser to web push"),
        "subscriber_deactivated": ("perso un browser dalle push web", "lost a browser from web push"),
        "subscriber_refreshed": ("rinnovato un browser nelle push web", "renewed a browser in web push"),
        "webpush_delivered": ("ricevuto una push web", "received a web push"),
        "webpush_clicked": ("cliccato una push web", "clicked a web push"),
        "webpush_closed": ("chiuso una push web", "closed a web push"),
    },
    "wallet": {
        "pass_installed": ("installato un pass", "installed a pass"),
        "pass_downloaded": ("scaricato un pass", "downloaded a pass"),
        "optin-updated": ("cambiato l'opt-in di un pass", "changed the opt-in of a pass"),
        "status_changed": ("cambiato stato nel wallet", "changed status in the wallet"),
        "enrolled": ("avuto il primo pass nel wallet", "had a first pass in the wallet"),
        "pass_status_changed": ("avuto un pass che ha cambiato stato", "had a pass change its status"),
        "anonymized": ("avuto i propri dati del wallet anonimizzati", "had their wallet data anonymized"),
        "redeem_failed": ("fallito un riscatto", "failed to redeem"),
        "redeem_succeed": ("concluso un riscatto", "redeemed"),
        "counter_value_changed": ("avuto un contatore che ha cambiato valore", "had a counter change its value"),
        "loyalty_status_changed": ("cambiato stato di fedeltà", "changed loyalty status"),
        "notification_sent": ("avuto l'invio di una notifica del wallet", "had a wallet notification sent to them"),
        "pass_moved": ("avuto un pass spostato in un'altra campagna", "had a pass moved to another campaign"),
        "pass_uninstalled": ("disinstallato un pass", "uninstalled a pass"),
        "retargeted": ("avuto l'offerta di un'altra campagna", "had another campaign offered to them"),
        "anonymization_required": ("chiesto l'anonimizzazione dei propri dati", "asked to be anonymized"),
        "counter_max_value_reached": ("portato un contatore al massimo", "brought a counter to its maximum"),
        "offer_attributed": ("ottenuto un'offerta", "received an offer"),
        "activated_from_share": ("attivato un pass condiviso", "activated a shared pass"),
        "pass_shared": ("condiviso un pass", "shared a pass"),
    },
    "forms": {
        "form_submitted": ("inviato un modulo", "submitted a form"),
    },
    "deals": {
        "deal_created": ("avuto una nuova trattativa", "had a deal created"),
        "deal_stage_updated": ("avuto una trattativa che ha cambiato fase", "had a deal change its stage"),
        "task_completed": ("avuto un'attività completata", "had a task completed"),
        "task_created": ("avuto una nuova attività", "had a task created"),
    },
    "website": {
        "page_visited": ("visitato una pagina", "visited a page"),
        "session_ended": ("concluso una sessione", "ended a session"),
        "link_clicked": ("cliccato un link del sito", "clicked a link of the site"),
        "file_downloaded": ("scaricato un file", "downloaded a file"),
    },
    "conversations": {
        "conversation_ended": ("avuto una conversazione terminata", "had a conversation that ended"),
        "conversation_started": ("iniziato una conversazione", "started a conversation"),
        "message_received": ("avuto un messaggio in una conversazione", "had a message in a conversation"),
        "sales_email_clicked": ("cliccato un link di un'email di vendita", "clicked a link of a sales e-mail"),
        "sales_email_opened": ("aperto un'email di vendita", "opened a sales e-mail"),
        "agent_assigned": ("avuto un operatore assegnato", "had an agent assigned"),
        "agent_joined": ("avuto un operatore entrato in conversazione", "had an agent join a conversation"),
        "agent_replied": ("avuto la risposta di un operatore", "had a reply from an agent"),
        "agent_left": ("avuto un operatore uscito dalla conversazione", "had an agent leave a conversation"),
        "conversation_closed": ("avuto una conversazione chiusa da un operatore", "had an agent close a conversation"),
    },
    "meetings": {
        "meeting_booked": ("prenotato un appuntamento", "booked a meeting"),
        "meeting_canceled": ("avuto un appuntamento annullato", "had a meeting canceled"),
        "meeting_started": ("iniziato un appuntamento", "started a meeting"),
    },
    "phone": {
        "call_finished": ("terminato una chiamata", "finished a call"),
    },
    "payments": {
        "payment_done": ("effettuato un pagamento", "made a payment"),
        "payment_request_created": ("ricevuto una richiesta di pagamento", "received a payment request"),
        "payment_request_reminder_sent": ("ricevuto un promemoria di pagamento", "received a payment reminder"),
    },
    "loyalty": {
        "balance_minimum_value_reached": ("raggiunto il saldo minimo di punti", "reached the minimum of points"),
        "balance_maximum_value_reached": ("raggiunto il saldo massimo di punti", "reached the maximum of points"),
        "balance_value_updated": ("guadagnato o speso punti", "earned or spent points"),
        "balance_value_expired": ("perso punti scaduti", "lost points that expired"),
        "balance_transaction_unauthorized": ("avuto un movimento di punti rifiutato", "had a change of points refused"),
        "voucher_created": ("ricevuto un voucher", "received a voucher"),
        "voucher_updated": ("avuto un voucher aggiornato", "had a voucher updated"),
        "voucher_redeemed": ("riscattato un voucher", "redeemed a voucher"),
        "voucher_expired": ("lasciato scadere un voucher", "had a voucher expire"),
        "voucher_revoked": ("avuto un voucher revocato", "had a voucher revoked"),
        "subscription_created": ("iniziato un programma fedeltà", "joined a loyalty programme"),
        "subscription_year_anniversary": ("compiuto un altro anno nel programma fedeltà",
                                          "completed another year in the loyalty programme"),
        "subscription_month_anniversary": ("compiuto un altro mese nel programma fedeltà",
                                           "completed another month in the loyalty programme"),
        "subscription_revoked": ("lasciato un programma fedeltà", "left a loyalty programme"),
        "tier_association_updated": ("cambiato livello nel programma fedeltà", "changed tier in the loyalty programme"),
    },
    "ecommerce": {
        "cart_updated": ("aggiornato il carrello", "updated the cart"),
        "cart_deleted": ("svuotato il carrello", "emptied the cart"),
        "order_created": ("creato un ordine", "placed an order"),
        "order_completed": ("completato un ordine", "completed an order"),
        "order_updated": ("avuto un ordine aggiornato", "had an order updated"),
        "order_cancelled": ("annullato un ordine", "cancelled an order"),
        "order_refunded": ("ottenuto il rimborso di un ordine", "had an order refunded"),
        "product_viewed": ("visto un prodotto", "viewed a product"),
        "category_viewed": ("visto una categoria", "viewed a category"),
        "product_searched": ("cercato un prodotto", "searched for a product"),
        "checkout_started": ("avviato un acquisto", "started a checkout"),
        "payment_info_added": ("inserito i dati di pagamento", "added payment details"),
        "wishlist_product_added": ("aggiunto un prodotto alla wishlist", "added a product to the wishlist"),
    },
    "contact": {
        "identified": ("detto chi è", "said who they are"),
        "merged": ("avuto un'unione con un altro contatto", "had another contact merged into them"),
        "list_added": ("avuto un ingresso in una lista", "joined a list"),
        "list_removed": ("lasciato una lista", "left a list"),
        "attributes_updated": ("avuto attributi aggiornati", "had attributes updated"),
        "consent_changed": ("cambiato il consenso", "changed their consent"),
        "erased": ("avuto i propri dati cancellati", "had their data erased"),
    },
    "segment": {
        "segment_entered": ("avuto un ingresso in un segmento", "entered a segment"),
        "segment_left": ("lasciato un segmento", "left a segment"),
    },
}
# fmt: on

_ALL: Mapping[Kind, Words] = {
    **dict(_messages("marketing_email", ("un'email di marketing", "a marketing e-mail"))),
    **dict(_messages("transactional_email", ("un'email transazionale", "a transactional e-mail"))),
    **dict(_messages("marketing_sms", ("un SMS di marketing", "a marketing SMS"))),
    **dict(_messages("transactional_sms", ("un SMS transazionale", "a transactional SMS"))),
    **dict(_messages("whatsapp", ("un messaggio WhatsApp", "a WhatsApp message"))),
    **{(category, key): words for category, keys in _OTHERS.items() for key, words in keys.items()},
}

DEEDS: Mapping[Kind, Words] = {kind: _ALL[kind] for kind in CATALOGUE}
"""By kind, in the order of the catalogue."""
