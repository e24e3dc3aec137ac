"""What do the pages of lists say? Key → (Italian, English): see ui/words.py."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "lists_say": (
        "Una lista è un elenco di contatti: ci sta chi ce lo mette qualcuno, un programma o un file.",
        "A list holds contacts: somebody, a program or a file puts them on it.",
    ),
    "lists_new_name": ("Nome della nuova lista", "Name of the new list"),
    "lists_make": ("Crea la lista", "Make the list"),
    "lists_name": ("Nome", "Name"),
    "lists_made": ("Creata", "Made"),
    "lists_taken": ("C'è già una lista con questo nome.", "There is a list of this name already."),
    "lists_none": ("Ancora nessuna lista", "No lists yet"),
    "lists_none_says": (
        "Dai un nome alla prima, per esempio «Newsletter»: poi ci importi un CSV, o aggiungi i contatti uno a uno. Per "
        "i gruppi che cambiano da soli ci sono i segmenti.",
        "Give the first one a name, such as “Newsletter”: then import a CSV into it, or add contacts one by one. For "
        "groups that change by themselves there are segments.",
    ),
    "lists_none_viewer": ("Chi ha il ruolo di editor può crearne una.", "Whoever is an editor can make one."),
    "lists_about": ("Questa lista", "This list"),
    "lists_used_by": ("Usata da", "Used by"),
    "lists_used_by_none": ("nessun segmento", "no segment"),
    "lists_add": ("Aggiungi un contatto", "Add a contact"),
    "lists_who": ("E-mail, numero del contatto o altro identificativo", "E-mail, contact's number or another id"),
    "lists_who_none": (
        "Nessun contatto è conosciuto come «{who}». Con un indirizzo e-mail verrebbe creato.",
        "No contact is known as “{who}”. With an e-mail address one would be made.",
    ),
    "lists_add_one": ("Aggiungi", "Add"),
    "lists_rename": ("Cambia nome", "Rename"),
    "lists_rename_says": (
        "I segmenti chiedono della lista per nome: con un nome nuovo vanno cambiati anche quelli.",
        "Segments ask for the list by its name: with a new one they have to be changed as well.",
    ),
    "lists_delete": ("Elimina la lista", "Delete the list"),
    "lists_delete_says": (
        "La lista sparisce per sempre; i suoi contatti restano.",
        "The list is gone for good; its contacts stay.",
    ),
    "lists_delete_used": (
        "I segmenti che la usano non vi troveranno più nessuno.",
        "The segments that use it will find nobody on it.",
    ),
    "lists_delete_now": ("Elimina", "Delete"),
    "lists_remove": ("Togli", "Take off"),
    "lists_empty": ("Qui non c'è ancora nessuno", "Nobody is here yet"),
    "lists_empty_says": (
        "Importa un CSV, oppure aggiungi un contatto con la sua e-mail.",
        "Import a CSV, or add a contact by e-mail.",
    ),
    "lists_empty_viewer": (
        "Chi ha il ruolo di editor può importare un CSV o aggiungere contatti.",
        "Whoever is an editor can import a CSV or add contacts.",
    ),
    "lists_end": ("Nessun altro", "Nobody else"),
    "lists_end_says": ("La lista finisce qui.", "The list ends here."),
    "lists_export": ("Esporta CSV", "Export CSV"),
    "lists_import": ("Importa CSV", "Import CSV"),
    "lists_import_into": ("Importa in «{name}»", "Import into “{name}”"),
    "lists_import_say": (
        "La prima riga dice che cosa c'è in ogni colonna; ogni riga dopo è una persona.",
        "The first line says what each column holds; every line after it is a person.",
    ),
    "lists_import_hint": (
        "Una colonna deve identificare la persona: email_id, ext_id, phone_id o contact_id. Le altre diventano "
        "attributi. Chi non è conosciuto viene creato, e una riga sbagliata non ferma le altre.",
        "One column must identify the person: email_id, ext_id, phone_id or contact_id. The others become attributes. "
        "Who is not known is created, and a bad line does not stop the others.",
    ),
    "lists_file": ("File CSV, al massimo {n} MB", "CSV file, at most {n} MB"),
    "lists_paste": ("Oppure incolla le righe", "Or paste the lines"),
    "lists_import_now": ("Importa", "Import"),
    "lists_running": (
        "Importazione in corso: con molte righe può durare un minuto o due.",
        "Importing: with many lines this may take a minute or two.",
    ),
    "lists_failed": (
        "Il server non ha risposto. Riprova: chi è già nella lista non viene aggiunto due volte.",
        "The server did not answer. Try again: nobody is put on the list twice.",
    ),
    "lists_not_yet": (
        "L'importazione si è fermata a metà. Ripeti con lo stesso file: riprende da dove era.",
        "The import stopped halfway. Repeat it with the same file: it goes on from where it was.",
    ),
    "lists_file_large": (
        "Il file è troppo grande. Dividilo, oppure usa «sentiero import contacts --list».",
        "The file is too large. Split it, or use “sentiero import contacts --list”.",
    ),
    "lists_file_slow": ("Il file non è arrivato in tempo. Riprova.", "The file did not come in time. Try again."),
    "lists_file_bad": (
        "Questo file non si può leggere: non è stato importato niente.",
        "This file cannot be read: nothing was imported.",
    ),
    "lists_imported": ("Importato in «{name}»", "Imported into “{name}”"),
    "lists_all": ("Righe lette: {rows}. Tutto a posto.", "Lines read: {rows}. All is well."),
    "lists_some": ("Righe lette: {rows}, di cui rifiutate: {rejected}.", "Lines read: {rows}. Refused: {rejected}."),
    "lists_added": ("aggiunti", "added"),
    "lists_created": ("di cui prima sconosciuti", "of these not known before"),
    "lists_already": ("c'erano già", "were on it already"),
    "lists_rejected": ("righe rifiutate", "lines refused"),
    "lists_refused": ("Righe rifiutate", "Refused lines"),
    "lists_refused_first": ("le prime {n}", "the first {n}"),
    "lists_line": ("Riga", "Line"),
    "lists_column": ("Colonna", "Column"),
    "lists_why": ("Perché", "Why"),
    "lists_why_nobody": (
        "Non identifica nessuno: manca un identificativo valido, o il contatto non esiste.",
        "It identifies nobody: a valid identifier is missing, or there is no such contact.",
    ),
    "lists_why_value": ("Un valore non è del tipo previsto.", "A value is not of the type that was defined."),
    "lists_why_line": ("La riga non si può leggere.", "The line cannot be read."),
    "lists_why_other": ("Non è stata accettata.", "It was not taken."),
    "lists_again_say": (
        "Correggi queste righe e importa di nuovo lo stesso file: chi c'è già non viene aggiunto due volte.",
        "Mend these lines and import the same file again: nobody is put on the list twice.",
    ),
    "lists_see": ("Vedi la lista", "See the list"),
    "lists_again": ("Importa un altro file", "Import another file"),
    "lists_done_made": (
        "Lista creata. Adesso mettici qualcuno.",
        "The list is made. Now put somebody on it.",
    ),
    "lists_done_saved": ("Nome cambiato.", "Renamed."),
    "lists_done_added": ("Aggiunto.", "Added."),
    "lists_done_already": ("C'era già.", "Was on it already."),
    "lists_done_removed": ("Tolto dalla lista.", "Taken off the list."),
    "lists_done_deleted": ("Lista eliminata.", "The list was deleted."),
}
