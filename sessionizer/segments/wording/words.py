"""Which words does a sentence about people take? Each by its key in Italian and in English; {} are filled in.

Reads nothing, writes nothing. What somebody does is in `deeds.py`.
"""

from collections.abc import Iterator, Mapping

Words = tuple[str, str]
"""(Italian, English)."""

_UNITS = {
    "minutes": ("minuto", "minuti", "minute"),
    "hours": ("ora", "ore", "hour"),
    "days": ("giorno", "giorni", "day"),
    "weeks": ("settimana", "settimane", "week"),
    "months": ("mese", "mesi", "month"),
    "years": ("anno", "anni", "year"),
}
_FEMININE = {"hours", "weeks"}


def _of_time() -> Iterator[tuple[str, Words]]:
    """Lengths of time: 3 days, in the last 3 days, in the next 3 days; of one, and of several."""
    for unit, (one, several, en) in _UNITS.items():
        o, last, coming = ("a", "nelle ultime", "nelle") if unit in _FEMININE else ("o", "negli ultimi", "nei")
        i = "e" if unit in _FEMININE else "i"
        yield f"one_{unit}", (f"1 {one}", f"1 {en}")
        yield f"several_{unit}", (f"{{n}} {several}", f"{{n}} {en}s")
        yield f"last_one_{unit}", (f"nell'ultim{o} {one}", f"in the last {en}")
        yield f"last_several_{unit}", (f"{last} {{n}} {several}", f"in the last {{n}} {en}s")
        yield f"next_one_{unit}", (f"nel{'la' if o == 'a' else ''} prossim{o} {one}", f"in the next {en}")
        yield f"next_several_{unit}", (f"{coming} prossim{i} {{n}} {several}", f"in the next {{n}} {en}s")


# fmt: off
WORDS: Mapping[str, Words] = {
    # groups
    "everyone": ("Ogni contatto {}.", "Everyone {}."),
    "who": ("che {}", "who {}"),
    "whose": ("che {}", "whose {}"),
    "all": (", e ", ", and "),
    "any": (", o ", ", or "),
    "in_all": ("({})", "({})"),
    "in_any": ("(o {})", "(either {})"),
    "all_of": ("Tutte queste condizioni", "All of these"),
    "any_of": ("Almeno una di queste condizioni", "At least one of these"),
    "is_there": ("esiste", "exists"),
    "not_there": ("non esiste", "does not exist"),
    "is_not_one": ("non è qualcuno (che {})", "is not someone (who {})"),

    # values
    "quoted": ("«{}»", "“{}”"),
    "true": ("vero", "true"),
    "false": ("falso", "false"),
    "or": (" o ", " or "),
    "nor": (" né ", " nor "),
    "on_day": ("il {}", "on {}"),
    "on_day_elided": ("l'{}", "on {}"),
    "since": ("dal {}", "since {}"),
    "since_elided": ("dall'{}", "since {}"),
    "before": ("prima del {}", "before {}"),
    "before_elided": ("prima dell'{}", "before {}"),
    "after": ("dopo il {}", "after {}"),
    "after_elided": ("dopo l'{}", "after {}"),
    "at_time": ("{} alle {}", "{} at {}"),
    "ago": ("più di {} fa", "more than {} ago"),
    "but": (" ma ", " but "),
    "and": (" e ", " and "),

    # tests: see also TESTS
    "today": ("oggi", "today"),
    "today_or": ("oggi o {}", "today or {}"),
    "has": ("ha {} {}", "{} {}"),
    "has_not": ("non ha {} {}", "{} {}"),

    # which events
    "that": ("{} {}", "{} {}"),
    "that_not": ("{} non {}", "{} {}"),
    "each": ("ogni {}", "every {}"),
    "some": ("almeno un {}", "at least one {}"),
    "none": ("nessun {}", "no {}"),
    "address": ("indirizzo", "address"),
    "site": ("sul sito {}", "on the site {}"),
    "numbered": ("n. {}", "no. {}"),
    "device": ("da {}", "on {}"),
    "device_mobile": ("telefono", "a phone"),
    "device_desktop": ("computer", "a computer"),
    "device_tablet": ("tablet", "a tablet"),
    "device_unknown": ("un dispositivo sconosciuto", "an unknown device"),
    "same": ("{} uguale a {} del passo {}", "{} the same as {} of step {}"),
    "pages": ("numero di pagine", "number of pages"),
    "seconds": ("durata in secondi", "length in seconds"),

    # what somebody did: {did}, and {done} after a form of *have*
    "named": ("fatto {}", "did {}"),
    "named_done": ("fatto {}", "done {}"),
    "did": ("ha {done}", "{did}"),
    "never": ("non ha mai {done}", "never {did}"),
    "has_not_done": ("non ha mai {done}", "has not {done}"),
    "session": ("avuto una sessione", "had a session"),
    "whole_session": ("concluso una sessione", "ended a session"),
    "first": ("ha {done} per la prima volta", "{did} for the first time"),
    "last": ("ha {done} per l'ultima volta", "{did} for the last time"),
    "once": ("una volta", "once"),
    "twice": ("2 volte", "twice"),
    "times": ("{n} volte", "{n} times"),
    "is_at_least_times": ("almeno {}", "at least {}"),
    "not_at_least_times": ("meno di {n} volte (o mai)", "fewer than {n} times (or never)"),
    "is_at_most_times": ("al massimo {} (o mai)", "at most {} (or never)"),
    "not_at_most_times": ("più di {}", "more than {}"),
    "is_exactly_times": ("esattamente {}", "exactly {}"),
    "not_exactly_times": ("un numero di volte diverso da {n} (o mai)", "a number of times other than {n} (or never)"),
    "any_number_of_times": ("un numero qualsiasi di volte (o mai)", "any number of times (or never)"),
    "fewer_than_no_times": ("meno di 0 volte", "fewer than 0 times"),

    # one thing after another
    "then": ("poi ha {done}", "then {did}"),
    "then_within": ("poi, entro {span}, ha {done}", "then, within {span}, {did}"),
    "without": ("senza aver {} nel frattempo", "without having {} in between"),
    "last_step": ("l'ultimo passo {}", "the last step {}"),
    "then_not": ("poi, dopo l'ultima volta, non ha {done} entro {span}",
                 "then, after the last time, has not {done} within {span}"),

    # numbers out of many events
    "counting": ("(contando ogni volta che ha {})", "(counting each time they {})"),
    "sum": ("una somma di {}", "sum of {}"),
    "average": ("una media di {}", "average of {}"),
    "minimum": ("un minimo di {}", "lowest {}"),
    "maximum": ("un massimo di {}", "highest {}"),
    "distinct": ("un numero di {} diversi", "number of different {}"),
    "currency": ("{} in {}", "{} in {}"),

    # who it is
    "on_site": ("è sul sito in questo momento", "is on the site now"),
    "not_on_site": ("non è sul sito in questo momento", "is not on the site now"),
    "is_anonymous": ("è anonimo", "is anonymous"),
    "not_anonymous": ("non è anonimo", "is not anonymous"),
    "is_identified": ("è identificato", "is identified"),
    "not_identified": ("non è identificato", "is not identified"),
    "is_has": ("ha {}", "has {}"),
    "not_has": ("non ha {}", "does not have {}"),
    "ext_id": ("un identificativo esterno", "an external id"),
    "email_id": ("un indirizzo email", "an e-mail address"),
    "phone_id": ("un numero di telefono", "a phone number"),
    "whatsapp_id": ("un numero WhatsApp", "a WhatsApp number"),
    "landline_number_id": ("un numero fisso", "a landline number"),
    "is_granted": ("ha dato il consenso", "has given consent"),
    "not_granted": ("non ha dato il consenso", "has not given consent"),
    "is_denied": ("ha negato il consenso", "has refused consent"),
    "not_denied": ("non ha negato il consenso", "has not refused consent"),
    "is_unknown": ("non ha né dato né negato il consenso", "has neither given nor refused consent"),
    "not_unknown": ("ha dato o negato il consenso", "has given or refused consent"),
    "is_on_list": ("è nella lista {}", "is on the list {}"),
    "not_on_list": ("non è nella lista {}", "is not on the list {}"),
    "is_in_segment": ("è nel segmento {}", "is in the segment {}"),
    "not_in_segment": ("non è nel segmento {}", "is not in the segment {}"),
    "is_in_bucket": ("è in un {}% stabile di tutti i contatti ({})", "is in a stable {}% of all contacts ({})"),
    "not_in_bucket": ("non è in un {}% stabile di tutti i contatti ({})",
                      "is not in a stable {}% of all contacts ({})"),
    "from_to": ("da {} a {}", "{} to {}"),
    "salted": ("{}, suddivisione {}", "{}, division {}"),

    **dict(_of_time()),
}
# fmt: on

# fmt: off
TESTS: Mapping[str, tuple[str, str, str]] = {
    "equals": ("uguale a {}", "is {}", "is not {}"),
    "in": ("uguale a {}", "is {}", "is neither {}"),
    "contains": ("che contiene {}", "contains {}", "does not contain {}"),
    "starts": ("che inizia con {}", "begins with {}", "does not begin with {}"),
    "ends": ("che finisce con {}", "ends with {}", "does not end with {}"),
    "more": ("maggiore di {}", "is more than {}", "is not more than {}"),
    "at_least": ("di almeno {}", "is at least {}", "is not at least {}"),
    "less": ("minore di {}", "is less than {}", "is not less than {}"),
    "at_most": ("di al massimo {}", "is at most {}", "is not at most {}"),
    "between": ("fra {} e {}", "is between {} and {}", "is not between {} and {}"),
    "exists": ("compilato", "is filled in", "is empty"),
    "on": ("{}", "is {}", "is not {}"),
    "before": ("{}", "is {}", "is not {}"),
    "after": ("{}", "is {}", "is not {}"),
    "in_last": ("{}", "is {}", "is not {}"),
    "in_next": ("{}", "is {}", "is not {}"),
    "anniversary": ("con l'anniversario {}", "has its anniversary {}", "does not have its anniversary {}"),
}
# fmt: on
"""By op, what stands behind the name of a thing: Italian, English, English *not so*. Italian has *non* before all."""

MONTHS: tuple[Words, ...] = (
    ("gennaio", "January"), ("febbraio", "February"), ("marzo", "March"), ("aprile", "April"), ("maggio", "May"),
    ("giugno", "June"), ("luglio", "July"), ("agosto", "August"), ("settembre", "September"),
    ("ottobre", "October"), ("novembre", "November"), ("dicembre", "December"),
)  # fmt: skip
