"""How is a refusal put right? For each code of `collector/errors.py` what it means and what to do, to a web developer.

A table, one row a code; no row may lack (`tests/collector/ui/test_events.py`).
"""

from collections.abc import Mapping
from typing import NamedTuple

from collector.errors import Code


class Remedy(NamedTuple):
    """why: what is wrong, one sentence. fix: what to do, in the order in which it is worth trying."""

    why_it: str
    fix_it: str
    why_en: str
    fix_en: str


REMEDIES: Mapping[Code, Remedy] = {
    Code.MALFORMED: Remedy(
        "Non è ben formato, o manca un campo necessario.",
        "Guarda il campo indicato nell'esempio: un evento ha sempre id, key e occurred_at. Prova il corpo "
        "della richiesta con un validatore JSON.",
        "It is not well-formed, or lacks a field that must be there.",
        "Look at the field that the sample names: an event always has id, key and occurred_at. Run the body "
        "through a JSON validator.",
    ),
    Code.KEY_UNKNOWN: Remedy(
        "La chiave non esiste.",
        "Copia di nuovo la chiave dalle impostazioni. Il tag nelle pagine vuole la chiave di scrittura, i "
        "server nell'intestazione api-key quella segreta.",
        "There is no such key.",
        "Copy the key again from the settings. The tag in pages takes the write key, servers send the secret "
        "one in the header api-key.",
    ),
    Code.KEY_REVOKED: Remedy(
        "La chiave è stata revocata.",
        "Crea una chiave nuova nelle impostazioni e mettila al posto della vecchia. Se nessuno dovrebbe più "
        "usarla, guarda l'origine: qualcuno lo fa ancora.",
        "The key was revoked.",
        "Make a new key in the settings and put it in place of the old one. If nobody should use it any more,"
        " look at the origin: somebody still does.",
    ),
    Code.ORIGIN_REFUSED: Remedy(
        "Il sito non accetta eventi da questa origine.",
        "Se la pagina è tua, aggiungi l'origine al sito nelle impostazioni, con lo schema e senza percorso: "
        "https://shop.example. Se non lo è, qualcuno ha copiato il tuo tag e non serve fare nulla.",
        "The site does not accept events from this origin.",
        "If the page is yours, add its origin to the site in the settings, with the scheme and without a "
        "path: https://shop.example. If it is not, somebody copied your tag and there is nothing to do.",
    ),
    Code.TOO_LARGE: Remedy(
        "È troppo grande.",
        "Una richiesta ha al massimo 512 KiB, le proprietà di un evento 50 KB, un testo 8 KiB. Manda meno "
        "eventi per volta, e un riferimento al posto di un contenuto lungo.",
        "It is too large.",
        "A request has at most 512 KiB, an event's properties 50 KB, a text 8 KiB. Send fewer events at a "
        "time, and a reference in place of long content.",
    ),
    Code.TOO_MANY: Remedy(
        "Sono troppi in una volta.",
        "Dividi il gruppo: dalle pagine al massimo 100 eventi per richiesta, dai server 500.",
        "There are too many at once.",
        "Split the batch: at most 100 events a request from pages, 500 from servers.",
    ),
    Code.TOO_DEEP: Remedy(
        "Le proprietà sono annidate troppo in profondità.",
        "Al massimo 10 livelli: appiattisci l'oggetto, per esempio shipping_city al posto di "
        "order.shipping.address.city.",
        "The properties are nested too deeply.",
        "At most 10 levels: flatten the object, for example shipping_city in place of order.shipping.address.city.",
    ),
    Code.BAD_KEY: Remedy(
        "La chiave dell'evento non è valida.",
        "Usa da 1 a 255 lettere, cifre, trattini e trattini bassi: cart_updated, non «cart updated».",
        "The event's key is not valid.",
        "Use 1 to 255 letters, digits, hyphens and underscores: cart_updated, not “cart updated”.",
    ),
    Code.UNKNOWN_KEY: Remedy(
        "In questa categoria non c'è un evento con questo nome.",
        "Cercalo nel catalogo: maiuscole e spazi contano. Se è un evento tuo, togli la categoria e diventa un"
        " evento personalizzato.",
        "This category has no event of that name.",
        "Look it up in the catalogue: capitals and spaces count. If it is an event of your own, leave the "
        "category out and it becomes a custom one.",
    ),
    Code.RESERVED_KEY: Remedy(
        "Eventi di questo tipo non si accettano con una chiave di scrittura pubblica.",
        "Mandalo dal tuo server a POST /api/events con una chiave segreta. Dalle pagine usa un evento "
        "personalizzato con un altro nome.",
        "Events of this kind are not accepted under a public write key.",
        "Send it from your server to POST /api/events with a secret key. From pages use a custom event of "
        "another name.",
    ),
    Code.BAD_TIME: Remedy(
        "L'ora non si capisce.",
        "Scrivila come RFC 3339 con il fuso: 2026-11-24T10:00:00.000Z. In JavaScript è new Date().toISOString().",
        "The time cannot be read.",
        "Write it as RFC 3339 with a zone: 2026-11-24T10:00:00.000Z. In JavaScript that is new Date().toISOString().",
    ),
    Code.TOO_OLD: Remedy(
        "È successo troppo tempo fa per questa via.",
        "Dalle pagine si accettano 7 giorni. La storia più vecchia mandala dal server a POST /api/events con "
        "una chiave segreta; se l'ora sembra sbagliata, guarda l'orologio di chi invia.",
        "It happened too long ago for this door.",
        "Pages may send 7 days back. Send older history from a server to POST /api/events with a secret key; "
        "if the time looks wrong, check the sender's clock.",
    ),
    Code.BAD_ID: Remedy(
        "L'id non è valido.",
        "Un id è un testo da 1 a 128 byte, diverso per ogni evento: per esempio crypto.randomUUID().",
        "The id is not valid.",
        "An id is a text of 1 to 128 bytes, another for each event: crypto.randomUUID(), for example.",
    ),
    Code.BAD_IDENTIFIER: Remedy(
        "Non può identificare una persona. L'evento è stato tenuto, senza di esso.",
        "Spesso è una variabile vuota: undefined, null, 0. Chiama identify solo quando la persona è entrata, "
        "con il suo indirizzo o il suo id.",
        "It cannot identify a person. The event was kept, without it.",
        "It is often an empty variable: undefined, null, 0. Call identify only when the person has logged in,"
        " with their address or id.",
    ),
    Code.BAD_PROPERTY: Remedy(
        "Una proprietà è fuori dai limiti.",
        "Guarda il campo indicato: nomi fino a 128 byte, testi fino a 8 KiB, al massimo 255 chiavi per "
        "oggetto, numeri interi a 64 bit.",
        "A property is out of bounds.",
        "Look at the field that is named: names up to 128 bytes, texts up to 8 KiB, at most 255 keys an "
        "object, whole numbers of 64 bits.",
    ),
    Code.SCHEMA_MISFIT: Remedy(
        "Non corrisponde allo schema fissato per questo evento.",
        "Correggi la proprietà indicata in chi invia, oppure cambia lo schema dell'evento nel catalogo.",
        "It does not fit the schema that was pinned to this event.",
        "Correct the property where it is sent, or change the event's schema in the catalogue.",
    ),
    Code.VISITOR_INVALID: Remedy(
        "Il contrassegno del visitatore non è nostro. L'evento è stato tenuto, con un visitatore nuovo.",
        "Succede una volta dopo un cambio di segreto o di sito. Se continua, una pagina manda un valore suo "
        "in visitor: lascialo al tracker.",
        "The visitor token is not ours. The event was kept, with a new visitor.",
        "It happens once after the secret or the site has changed. If it goes on, a page sends a value of its"
        " own as visitor: leave it to the tracker.",
    ),
    Code.CONSENT_DENIED: Remedy(
        "Il visitatore non ha dato il consenso.",
        'È quello che deve succedere. Se il consenso c\'era, di\' sentiero.push(["consent", "granted"]) '
        "prima di inviare.",
        "The visitor has not agreed to this.",
        'That is as it should be. If there was consent, say sentiero.push(["consent", "granted"]) before you send.',
    ),
    Code.ERASED: Remedy(
        "Questa persona è stata cancellata.",
        "Togli la persona anche da chi invia: i suoi eventi restano fuori.",
        "This person was erased.",
        "Remove the person where it is sent as well: their events stay out.",
    ),
    Code.RATE_LIMITED: Remedy(
        "Arrivano troppo in fretta.",
        "Raggruppa gli eventi e rispetta Retry-After: niente va perso, si può rimandare con gli stessi id. "
        "Dai server usa una chiave segreta, che non ha questo limite.",
        "They come too fast.",
        "Batch events and honour Retry-After: nothing is lost, the same ids may be sent again. From servers "
        "use a secret key, which has no such limit.",
    ),
    Code.OVERLOADED: Remedy(
        "Il server era occupato.",
        "Chi invia riprova da solo con gli stessi id. Se dura, guarda lo stato del disco e del processo che lavora.",
        "The server was busy.",
        "Senders try again by themselves with the same ids. If it lasts, look at the disk and at the worker.",
    ),
    Code.SIGNATURE_INVALID: Remedy(
        "La firma non è giusta.",
        "Copia di nuovo il segreto del webhook da chi lo manda, e controlla che nessun proxy cambi il corpo "
        "della richiesta e che l'orologio sia giusto.",
        "The signature is not right.",
        "Copy the webhook's secret again from its sender, and check that no proxy changes the body and that "
        "the clock is right.",
    ),
    Code.LOOP_DEPTH: Remedy(
        "L'evento è nato attraverso più di altri 8: è un giro senza fine.",
        "Cerca la regola o l'automazione che reagisce a un evento che lei stessa provoca, e interrompi il giro.",
        "The event was derived through more than 8 others: a loop.",
        "Find the rule or automation that reacts to an event that it causes itself, and break the circle.",
    ),
}
