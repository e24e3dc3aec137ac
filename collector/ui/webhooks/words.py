"""What do the pages of webhooks say? Key → (Italian, English): see ui/words.py."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "webhooks": ("Webhook", "Webhooks"),
    "webhooks_in": ("In entrata", "Incoming"),
    "webhooks_in_say": (
        "Altri programmi chiamano questi indirizzi quando succede qualcosa: da ogni chiamata nascono eventi.",
        "Other programs call these addresses when something happens: each call becomes events.",
    ),
    "webhooks_new": ("Collega un fornitore", "Connect a provider"),
    "webhooks_source": ("Fonte", "Source"),
    "webhooks_address": ("Indirizzo", "Address"),
    "webhooks_last_call": ("Ultima chiamata", "Last call"),
    "webhooks_state": ("Stato", "State"),
    "webhooks_no_call": ("ancora nessuna", "none yet"),
    "webhooks_unreadable": ("la mappatura non si legge", "mapping cannot be read"),
    "webhooks_paused": ("in pausa", "paused"),
    "webhooks_secretless": ("aspetta il segreto", "waits for its secret"),
    "webhooks_silent": ("aspetta la prima chiamata", "waits for its first call"),
    "webhooks_works": ("funziona", "works"),
    "webhooks_none": (
        "Un pagamento, un appuntamento, un modulo: falli arrivare qui",
        "Bring payments, meetings, forms here",
    ),
    "webhooks_none_says": (
        "Quando succede qualcosa, molti servizi chiamano un indirizzo: questo è un webhook. Scegli il tuo, copia "
        "l'indirizzo là, e ogni chiamata diventa un evento del contatto giusto.",
        "When something happens, many services call an address: that is a webhook. Choose yours, copy the address "
        "there, and each call becomes an event of the right contact.",
    ),
    "webhooks_providers": ("Fornitori conosciuti", "Providers we know"),
    "webhooks_choose": ("Scegli chi ti chiama", "Choose who calls"),
    "webhooks_choose_says": (
        "Di questi conosciamo già i messaggi. Per tutti gli altri c'è il JSON generico: indichi tu i campi.",
        "We know what these send. For all others take the generic JSON: you point at the fields.",
    ),
    "webhooks_generic": ("Altro: qualsiasi JSON", "Anything else: any JSON"),
    "webhooks_any_event": ("l'evento lo dice la chiamata", "the call says which event"),
    "webhooks_more_events": ("e altri {n}", "and another {n}"),
    "webhooks_untried": ("non ancora provato dal vivo", "not yet tried live"),
    "webhooks_untried_says": ("Non ancora provato dal vivo.", "Not yet tried live."),
    "webhooks_connect": ("Collega", "Connect"),
    "webhooks_docs": ("Documentazione", "Documentation"),
    "webhooks_docs_of": ("La documentazione di {who}", "The documentation of {who}"),
    "webhooks_full": (
        "Ci sono già cento fonti: togline una prima.",
        "There are a hundred sources already: remove one first.",
    ),
    "webhooks_name": ("Nome nell'indirizzo", "Name in the address"),
    "webhooks_name_says": (
        "Lettere minuscole, cifre e trattini. L'indirizzo sarà:",
        "Lower case letters, digits and hyphens. The address will be:",
    ),
    "webhooks_bad_name": (
        "Da 1 a 63 lettere minuscole, cifre e trattini; il primo non è un trattino.",
        "1 to 63 lower case letters, digits and hyphens; the first is no hyphen.",
    ),
    "webhooks_name_taken": ("Questo nome è già in uso: scegline un altro.", "This name is taken: choose another."),
    "webhooks_secret": ("Segreto", "Secret"),
    "webhooks_secret_later": (
        "Lo mostra {who} dopo che hai inserito l'indirizzo: puoi aggiungerlo anche dopo.",
        "{who} shows it once you have entered the address: you can add it afterwards.",
    ),
    "webhooks_secret_ours": (
        "Lascialo vuoto: lo creiamo noi e lo vedrai una volta sola, nella prossima pagina. Oppure scegline uno tuo.",
        "Leave it empty: we make one, and you see it once, on the next page. Or choose one of your own.",
    ),
    "webhooks_bad_secret": (
        "Un segreto ha da 8 a 2000 caratteri. Copialo di nuovo, tutto.",
        "A secret has 8 to 2,000 characters. Copy it again, all of it.",
    ),
    "webhooks_make": ("Crea l'indirizzo", "Make the address"),
    "webhooks_done_made": (
        "L'indirizzo c'è. Segui i passi qui sotto.",
        "The address is there. Follow the steps below.",
    ),
    "webhooks_done_secret": ("Segreto aggiunto.", "Secret added."),
    "webhooks_done_older": ("Ora vale solo il segreto più recente.", "Only the newest secret is good now."),
    "webhooks_done_mapped": (
        "Mappatura salvata: vale dalla prossima chiamata.",
        "Mapping saved: it counts from the next call on.",
    ),
    "webhooks_removed": (
        "Fonte tolta. Gli eventi che ha portato restano.",
        "Source removed. The events that it brought stay.",
    ),
    "webhooks_edit_mapping": ("Modifica la mappatura", "Edit the mapping"),
    "webhooks_unreadable_says": (
        "La mappatura di questa fonte non si legge più: le chiamate ricevono 503 e verranno ripetute. Modificala, "
        "oppure torna a quella fornita.",
        "The mapping of this source can no longer be read: calls are answered 503 and come again. Edit it, or go back "
        "to the shipped one.",
    ),
    "webhooks_paused_says": (
        "In pausa: chi chiama riceve 503 e riproverà più tardi.",
        "Paused: whoever calls is answered 503 and will try again later.",
    ),
    "webhooks_step_address": ("Inserisci là questo indirizzo", "Enter this address there"),
    "webhooks_which": (
        "In {who} scegli gli eventi che ti servono; se non sai quali, tutti: gli altri vengono ignorati. Qui:",
        "In {who} choose the events that you need; if in doubt, all of them: others are ignored. Here they become:",
    ),
    "webhooks_which_named": (
        "La chiamata stessa dice l'evento, nel campo event o type; altrimenti cambia la mappatura.",
        "The call itself says which event it is, in the field event or type; else change the mapping.",
    ),
    "webhooks_asked_for": ("Come si chiamano in {who}", "How they are called in {who}"),
    "webhooks_step_secret": ("Il segreto con cui firma", "The secret that it signs with"),
    "webhooks_made_says": (
        "Copia il segreto adesso e dallo a chi chiama: non verrà mostrato mai più.",
        "Copy the secret now and give it to whoever calls: it is never shown again.",
    ),
    "webhooks_paste_secret": (
        "Incolla il segreto che {who} mostra accanto all'indirizzo. Finché manca, ogni chiamata viene rifiutata.",
        "Paste the secret that {who} shows beside the address. As long as there is none, each call is refused.",
    ),
    "webhooks_secret_says": (
        "Solo le chiamate firmate con questo segreto entrano.",
        "Only calls signed with it come in.",
    ),
    "webhooks_secrets_say": (
        "Valgono tutti, finché non togli i più vecchi: così le chiamate già in viaggio non si perdono.",
        "All are good until you remove the older ones, so that calls under way are not lost.",
    ),
    "webhooks_newest": ("il più recente", "newest"),
    "webhooks_remove_older": ("Togli i segreti più vecchi", "Remove the older secrets"),
    "webhooks_make_secret": ("Crea un segreto nuovo", "Make a new secret"),
    "webhooks_own_secret": ("Usane uno tuo", "Use one of your own"),
    "webhooks_newer_secret": ("Aggiungine uno più recente", "Add a newer one"),
    "webhooks_add_secret": ("Aggiungi il segreto", "Add the secret"),
    "webhooks_step_calls": ("Guarda che cosa arriva", "See what comes"),
    "webhooks_waiting": (
        "Aspettiamo la prima chiamata. Fai succedere qualcosa in {who}, o fagli inviare un evento di prova: appare qui "
        "da sola.",
        "Waiting for the first call. Make something happen in {who}, or let it send a test event: it shows up here by "
        "itself.",
    ),
    "webhooks_waiting_any": (
        "Aspettiamo la prima chiamata: appare qui da sola.",
        "Waiting for the first call: it shows up here by itself.",
    ),
    "webhooks_unsigned_yet": (
        "Qualcuno chiama già, ma finché qui manca il segreto ogni chiamata viene rifiutata: aggiungilo sopra.",
        "Somebody calls already, but each call is refused as long as there is no secret here: add it above.",
    ),
    "webhooks_unsigned_one": (
        "Una chiamata non era firmata con questo segreto,",
        "One call was not signed with this secret,",
    ),
    "webhooks_unsigned": (
        "{n} chiamate non erano firmate con questo segreto, l'ultima",
        "{n} calls were not signed with this secret, the last",
    ),
    "webhooks_unsigned_says": (
        "Copia di nuovo il segreto da {who}, tutto, e controlla che sia quello di questo indirizzo.",
        "Copy the secret from {who} again, all of it, and see that it is the one of this address.",
    ),
    "webhooks_unsigned_ours": (
        "Controlla che chi chiama usi tutto il segreto, oppure creane uno nuovo.",
        "See that whoever calls uses all of the secret, or make a new one.",
    ),
    "webhooks_refused_all": ("Che cosa è stato rifiutato", "What was refused"),
    "webhooks_became": ("Che cosa ne è stato", "What became of it"),
    "webhooks_call_refused": ("rifiutata", "refused"),
    "webhooks_accepted": ("accettati: {n}", "accepted: {n}"),
    "webhooks_duplicates": ("già visti: {n}", "seen before: {n}"),
    "webhooks_rejected": ("rifiutati: {n}", "refused: {n}"),
    "webhooks_ignored": ("ignorata: nessuna regola vale", "ignored: no rule holds"),
    "webhooks_ignored_parts": ("{n} parti ignorate", "{n} parts ignored"),
    "webhooks_in_mapping": ("nella mappatura", "in the mapping"),
    "webhooks_kept": (
        "Teniamo le ultime venti chiamate firmate, per provarci sopra la mappatura.",
        "The last twenty signed calls are kept, to try the mapping on them.",
    ),
    "webhooks_its_events": ("Tutti gli eventi di questa fonte", "All events of this source"),
    "webhooks_try_now": ("Prova subito dal terminale", "Try it now from a terminal"),
    "webhooks_your_secret": ("IL-TUO-SEGRETO", "YOUR-SECRET"),
    "webhooks_more": ("Pausa e rimozione", "Pause and removal"),
    "webhooks_pause_says": (
        "In pausa, chi chiama riceve 503: i fornitori riprovano per ore o giorni, niente va perso subito.",
        "While it is paused, callers are answered 503: providers try again for hours or days, nothing is lost at once.",
    ),
    "webhooks_open_says": ("Riapri: ciò che riprovano entrerà.", "Open it again: what they try again comes in."),
    "webhooks_pause": ("Metti in pausa", "Pause"),
    "webhooks_open": ("Riapri", "Open again"),
    "webhooks_remove": ("Togli questa fonte", "Remove this source"),
    "webhooks_remove_says": (
        "L'indirizzo risponderà 404; il segreto, la mappatura e le ultime chiamate vengono dimenticati. Gli eventi già "
        "arrivati restano.",
        "Its address will answer 404; its secret, its mapping and the last calls are forgotten. Events that have come "
        "stay.",
    ),
    "webhooks_remove_now": ("Sì, togli", "Yes, remove it"),
}
