"""What do the pages of segments say? Key → (Italian, English): see ui/words.py. Of the fields: `words_of_fields.py`."""

from collections.abc import Mapping

from collector.ui.segments.words_of_fields import FAULTS, FIELDS

_PAGES: Mapping[str, tuple[str, str]] = {
    "segments_say": (
        "Un segmento è una domanda: ne fa parte chi risponde di sì in questo momento.",
        "A segment is a question: whoever answers yes at this moment is in it.",
    ),
    "segments_new": ("Nuovo segmento", "New segment"),
    "segments_used": ("In uso", "In use"),
    "segments_archived": ("Archiviati", "Archived"),
    "segments_name": ("Nome", "Name"),
    "segments_sentence": ("Chi ne fa parte", "Who is in it"),
    "segments_now": ("Adesso", "Now"),
    "segments_count": ("conta", "count"),
    "segments_slow": ("troppi da contare", "too many to count"),
    "segments_slow_says": (
        "Contare ha richiesto troppo tempo, ed è stato fermato. Una finestra di tempo più stretta aiuta.",
        "Counting took too long and was stopped. A narrower window of time helps.",
    ),
    "segments_none": ("Ancora nessun segmento", "No segments yet"),
    "segments_none_says": (
        "Comincia da un esempio: potrai cambiarlo come vuoi prima di salvarlo.",
        "Begin with an example: you can change it as you like before you save it.",
    ),
    "segments_none_viewer": (
        "Chi ha il ruolo di editor può crearne uno.",
        "Whoever is an editor can make one.",
    ),
    "segments_none_archived": ("Niente in archivio", "Nothing is archived"),
    "segments_none_archived_says": (
        "Qui finiscono i segmenti che non servono più: si possono riprendere quando si vuole.",
        "Segments that are no longer needed end up here: they can be taken back at any time.",
    ),
    "segments_begin": ("Comincia da qui", "Begin here"),
    "segments_start_quiet": ("Non apre da tre mesi", "Did not open in three months"),
    "segments_start_quiet_says": (
        "Ha ricevuto e-mail negli ultimi tre mesi, e non ne ha aperta nessuna.",
        "Got e-mails in the last three months, and opened none of them.",
    ),
    "segments_start_cart": ("Carrello abbandonato", "Abandoned cart"),
    "segments_start_cart_says": (
        "Ha messo qualcosa nel carrello e per un'ora non ha ordinato.",
        "Put something into the cart, and placed no order for an hour.",
    ),
    "segments_start_twice": ("Due acquisti in 90 giorni", "Bought twice in 90 days"),
    "segments_start_twice_says": (
        "Ha completato almeno due ordini negli ultimi 90 giorni.",
        "Completed at least two orders in the last 90 days.",
    ),
    "segments_edit": ("Modifica", "Edit"),
    "segments_edit_title": ("Modifica {name}", "Edit {name}"),
    "segments_archive": ("Archivia", "Archive"),
    "segments_take_back": ("Riprendi", "Take back"),
    "segments_is_archived": ("archiviato", "archived"),
    "segments_done_saved": ("Salvato.", "Saved."),
    "segments_done_archived": (
        "Archiviato: non compare più tra quelli in uso, e si può riprendere.",
        "Archived: it is no longer among those in use, and can be taken back.",
    ),
    "segments_done_taken": ("Di nuovo in uso.", "In use again."),
    "segments_json": ("La domanda, in JSON", "The question, in JSON"),
    "segments_json_says": (
        "È la stessa cosa dei campi qui sopra: cambiando l'una cambiano gli altri.",
        "This is the same as the fields above: change the one and the others change.",
    ),
    "segments_conditions": ("Condizioni", "Conditions"),
    "segments_try": ("Prova", "Try"),
    "segments_save": ("Salva", "Save"),
    "segments_cancel": ("Annulla", "Cancel"),
    "segments_unfinished": ("C'è ancora qualcosa da sistemare", "Something is still to be put right"),
    "segments_reads": ("Si legge così", "How it reads"),
    "segments_reads_not": (
        "Completa le condizioni: qui leggerai che cosa chiedono, e vedrai chi risponde.",
        "Complete the conditions: here you will read what they ask, and see who answers.",
    ),
    "segments_in_it_one": ("1 contatto adesso", "1 contact now"),
    "segments_in_it": ("{n} contatti adesso", "{n} contacts now"),
    "segments_took": ("contati in {n} ms", "counted in {n} ms"),
    "segments_sample": ("Per esempio", "For example"),
    "segments_unseen": (
        "Mai arrivato finora: {events}. Va bene lo stesso, se sta per arrivare.",
        "Never came so far: {events}. That is fine if it is about to come.",
    ),
    "segments_members": ("Contatti", "Contacts"),
    "segments_no_members": ("Adesso nessuno.", "Nobody at the moment."),
    "segments_further": ("Altri", "More"),
    "segments_as_list": ("Come elenco", "As a list"),
    "segments_made": ("Creato", "Made"),
    "segments_changed": ("Modificato", "Changed"),
    "segments_used_by": ("Usato da", "Used by"),
    "segments_used_by_none": ("niente", "nothing"),
    "segments_test_one": ("Prova con un contatto", "Test with one contact"),
    "segments_who": (
        "Numero, e-mail, altro identificativo o visitatore",
        "Number, e-mail, another id or visitor",
    ),
    "segments_who_none": (
        "Nessun contatto è conosciuto come «{who}».",
        "No contact is known as “{who}”.",
    ),
    "segments_who_several": ("Quale di questi?", "Which of these?"),
    "segments_is_in": ("{name} ne fa parte.", "{name} is in it."),
    "segments_is_out": ("{name} non ne fa parte.", "{name} is not in it."),
    "segments_yes": ("sì", "yes"),
    "segments_no": ("no", "no"),
    "segments_because": ("Conta:", "What counts:"),
    "segments_changes": (
        "Se non succede altro, cambia il {day} alle {clock} UTC",
        "If nothing else happens, it changes on {day} at {clock} UTC",
    ),
    "segments_of_contact": ("Segmenti", "Segments"),
    "segments_of_contact_none": ("Adesso nessuno.", "None at the moment."),
    "segments_of_contact_ask": ("Mostra i segmenti", "Show the segments"),
    "segments_why": ("perché?", "why?"),
}

_LIFE: Mapping[str, tuple[str, str]] = {
    "segments_pause": ("Metti in pausa", "Pause"),
    "segments_resume": ("Riprendi a seguire", "Resume"),
    "segments_is_paused": ("in pausa", "paused"),
    "segments_then": ("Com'era", "As it was"),
    "segments_paused_says": (
        "In pausa dal {day} alle {clock} UTC: chi ne fa parte resta com'era.",
        "Paused on {day} at {clock} UTC: who is in it stays as it was.",
    ),
    "segments_done_paused": (
        "In pausa: da adesso nessuno entra e nessuno esce.",
        "Paused: from now on nobody enters and nobody leaves.",
    ),
    "segments_done_resumed": (
        "Di nuovo seguito: si chiede a tutti chi ne fa parte adesso.",
        "Followed again: everybody is being asked who is in it now.",
    ),
    "segments_asked": ("{asked} di {of} contatti", "{asked} of {of} contacts"),
    "segments_asked_soon": ("Sta per cominciare", "About to begin"),
    "segments_followed": ("Seguito da", "Followed since"),
    "segments_since": ("Ne fa parte da", "In it since"),
    "segments_since_day": ("dal {when}", "since {when}"),
    "segments_over_time": ("Quanti, nel tempo", "How many, over time"),
    "segments_size": ("Contatti", "Contacts"),
    "segments_day": ("A fine giornata", "At the end of the day"),
    "segments_numbers": ("I numeri", "The numbers"),
    "segments_history": ("Chi è entrato e chi è uscito", "Who came and went"),
    "segments_no_history": ("Ancora nessuno.", "Nobody yet."),
    "segments_entered": ("entra", "enters"),
    "segments_left": ("esce", "leaves"),
    "segments_by": ("Perché", "Why"),
    "segments_by_event": ("Per un evento", "By an event"),
    "segments_by_time": ("Col passare del tempo", "By the passing of time"),
    "segments_by_known": ("Per quello che si sa del contatto", "By what is known of the contact"),
    "segments_by_created": ("Segmento creato", "Segment made"),
    "segments_by_edited": ("Domanda cambiata", "Question changed"),
    "segments_by_resumed": ("Segmento ripreso", "Segment resumed"),
    "segments_see_event": ("vedi l'evento", "see the event"),
    "segments_difference": (
        "Salvando entrano {enter}, escono {leave}.",
        "On saving, entering: {enter}, leaving: {leave}.",
    ),
    "segments_no_difference": (
        "Salvando, nessuno entra e nessuno esce.",
        "On saving, nobody enters and nobody leaves.",
    ),
}

WORDS: Mapping[str, tuple[str, str]] = {**_PAGES, **_LIFE, **FIELDS, **FAULTS}
