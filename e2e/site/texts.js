// What does the shop say? Every text in Italian and English, in order of where it is read.

export const texts = {
  // Header and footer.
  skip: { it: "Vai al contenuto", en: "Skip to content" },
  sections: { it: "Sezioni del negozio", en: "Sections of the shop" },
  all: { it: "Tutto", en: "Everything" },
  story: { it: "La salita", en: "The climb" },
  search: { it: "Cerca nel negozio", en: "Search the shop" },
  search_go: { it: "Cerca", en: "Search" },
  yours: { it: "Le tue cose", en: "Your things" },
  login: { it: "Entra", en: "Log in" },
  wishlist: { it: "Desideri", en: "Wishlist" },
  cart: { it: "Carrello", en: "Cart" },
  newsletter: { it: "Una lettera al mese", en: "One letter a month" },
  newsletter_text: {
    it: "Un sentiero, una ricetta da rifugio, niente svendite urlate.",
    en: "One trail, one recipe from a hut, no shouting about sales.",
  },
  newsletter_go: { it: "Iscrivimi", en: "Sign me up" },
  newsletter_done: {
    it: "Grazie! La prima lettera parte con la luna nuova.",
    en: "Thank you! The first letter leaves with the new moon.",
  },
  email: { it: "Email", en: "E-mail" },
  take_along: { it: "Da portare via", en: "To take along" },
  brochure: { it: "Il quaderno d’autunno (PDF)", en: "The autumn notebook (PDF)" },
  outbound: { it: "La mappa dei sentieri", en: "The map of trails" },
  mailbox: { it: "La posta della demo", en: "The demo’s mailbox" },
  privacy: { it: "Privacy e consenso", en: "Privacy and consent" },
  language: { it: "Lingua", en: "Language" },
  demo: {
    it: "Negozio dimostrativo di Sentiero: qui non si compra e non si spedisce niente.",
    en: "Demo shop of Sentiero: nothing is sold or shipped here.",
  },
  clock_right: { it: "L’orologio della demo è giusto.", en: "The demo’s clock is right." },
  clock_ahead: { it: "L’orologio della demo è avanti di {span}.", en: "The demo’s clock is {span} ahead." },
  clock_failed: { it: "L’orologio non si è mosso: riprova.", en: "The clock has not moved: try again." },
  later_2h: { it: "2 ore dopo", en: "2 hours later" },
  later_1d: { it: "1 giorno dopo", en: "1 day later" },

  // Home.
  home_title: { it: "Cose buone per andare piano", en: "Good things for going slowly" },
  home_text: {
    it: "Attrezzatura da montagna fatta per durare più di una stagione, e per stare in uno zaino solo.",
    en: "Mountain gear made to last longer than a season, and to fit in one backpack.",
  },
  banner: { it: "Sali con noi al rifugio", en: "Climb to the hut with us" },
  shelf: { it: "Sullo scaffale", en: "On the shelf" },
  shelf_text: {
    it: "Nove cose. Se ne servivano dieci, le avremmo fatte.",
    en: "Nine things. Had ten been needed, we would have made ten.",
  },
  filter: { it: "Categorie", en: "Categories" },
  teaser_title: { it: "Dal fondovalle al rifugio, in quattro passi", en: "From the valley to the hut, in four steps" },
  teaser_text: {
    it: "Millequattrocento metri di salita raccontati con calma: la valle, il bosco, la forcella, il rifugio.",
    en: "Fourteen hundred metres uphill, told without hurry: the valley, the forest, the pass, the hut.",
  },
  teaser_go: { it: "Comincia la salita", en: "Start the climb" },

  // Products.
  add: { it: "Nel carrello", en: "Add to cart" },
  add_this: { it: "Nel carrello: {name}", en: "Add to cart: {name}" },
  added: { it: "{name}: nel carrello.", en: "{name}: in your cart." },
  wish: { it: "Fra i desideri", en: "Wishlist" },
  wish_this: { it: "Fra i desideri: {name}", en: "Wishlist: {name}" },
  wish_added: { it: "{name}: fra i tuoi desideri.", en: "{name}: on your wishlist." },
  wish_removed: { it: "{name}: non più fra i desideri.", en: "{name}: off your wishlist." },
  colour: { it: "Colore", en: "Colour" },
  material: { it: "Materiale", en: "Material" },
  weight: { it: "Peso", en: "Weight" },
  vat: { it: "IVA inclusa", en: "VAT included" },
  quantity: { it: "Quantità", en: "Quantity" },
  related: { it: "Sullo stesso sentiero", en: "On the same trail" },
  product_missing: { it: "Questo sentiero non porta a niente", en: "This trail leads nowhere" },
  product_missing_text: {
    it: "Non abbiamo il prodotto che cerchi. Forse l’hanno mangiato le marmotte.",
    en: "We do not have that product. Perhaps the marmots ate it.",
  },
  back_to_shelf: { it: "Torna allo scaffale", en: "Back to the shelf" },

  // Search.
  search_title: { it: "Che cosa cerchi?", en: "What are you looking for?" },
  search_found: { it: "{n} cose per «{query}»", en: "{n} things for “{query}”" },
  search_found_one: { it: "Una cosa per «{query}»", en: "One thing for “{query}”" },
  search_none: {
    it: "Niente per «{query}». Prova con lana, luce o zaino.",
    en: "Nothing for “{query}”. Try wool, light or backpack.",
  },
  search_empty: {
    it: "Scrivi una parola nel campo qui sopra: lana, luce, zaino…",
    en: "Type a word into the field above: wool, light, backpack…",
  },

  // Wishlist and cart.
  wishlist_title: { it: "I tuoi desideri", en: "Your wishlist" },
  wishlist_empty: {
    it: "Ancora nessun desiderio. Il cuore sulle schede serve a questo.",
    en: "No wishes yet. That is what the hearts are for.",
  },
  cart_title: { it: "Il carrello", en: "Your cart" },
  cart_empty: {
    it: "Il carrello è vuoto e leggero: ottimo per la salita.",
    en: "Your cart is empty and light: just right for the climb.",
  },
  less_of: { it: "Uno in meno: {name}", en: "One less: {name}" },
  more_of: { it: "Uno in più: {name}", en: "One more: {name}" },
  quantity_of: { it: "Quantità: {name}", en: "Quantity: {name}" },
  remove: { it: "Togli", en: "Remove" },
  remove_this: { it: "Togli: {name}", en: "Remove: {name}" },
  cart_clear: { it: "Svuota il carrello", en: "Empty the cart" },
  summary: { it: "Il conto", en: "Summary" },
  subtotal: { it: "Prodotti", en: "Products" },
  shipping: { it: "Spedizione", en: "Shipping" },
  free: { it: "gratis", en: "free" },
  total: { it: "Totale", en: "Total" },
  tax: { it: "di cui IVA", en: "of which VAT" },
  until_free: { it: "Ancora {amount} e la spedizione è gratis.", en: "{amount} more and shipping is free." },
  checkout_start: { it: "Vai alla cassa", en: "Go to checkout" },

  // Checkout.
  checkout_title: { it: "Cassa", en: "Checkout" },
  steps: { it: "Passi", en: "Steps" },
  step_address: { it: "Indirizzo", en: "Address" },
  step_payment: { it: "Pagamento", en: "Payment" },
  step_confirm: { it: "Conferma", en: "Confirm" },
  address_title: { it: "Dove spediamo?", en: "Where do we ship?" },
  address_note: { it: "È una dimostrazione: puoi inventare tutto.", en: "This is a demo: make it all up." },
  first_name: { it: "Nome", en: "First name" },
  last_name: { it: "Cognome", en: "Last name" },
  street: { it: "Via e numero", en: "Street and number" },
  postcode: { it: "CAP", en: "Postcode" },
  city: { it: "Località", en: "Town" },
  country: { it: "Paese", en: "Country" },
  to_payment: { it: "Continua: pagamento", en: "Continue: payment" },
  payment_title: { it: "Come paghi?", en: "How do you pay?" },
  payment_note: {
    it: "Nessun numero di carta, nessun addebito: si sceglie e basta.",
    en: "No card number, no charge: you only choose.",
  },
  card: { it: "Carta", en: "Card" },
  bank_transfer: { it: "Bonifico", en: "Bank transfer" },
  cash_on_delivery: { it: "Alla consegna", en: "Cash on delivery" },
  to_confirm: { it: "Continua: conferma", en: "Continue: confirm" },
  confirm_title: { it: "Tutto giusto?", en: "All correct?" },
  ships_to: { it: "Spediamo a", en: "Ships to" },
  paid_by: { it: "Paghi con", en: "You pay by" },
  change: { it: "Cambia", en: "Change" },
  place_order: { it: "Ordina", en: "Place the order" },
  done_title: { it: "Ordine fatto, grazie!", en: "Order placed, thank you!" },
  done_text: {
    it: "Il numero è {id}. Il mulo parte domattina, se ne ha voglia.",
    en: "Its number is {id}. The mule leaves tomorrow morning, if it feels like it.",
  },
  go_on: { it: "Torna al negozio", en: "Back to the shop" },

  // Login.
  login_title: { it: "Bentornato sul sentiero", en: "Welcome back on the trail" },
  login_text: {
    it: "Niente password: dicci solo chi sei, così il negozio ti riconosce.",
    en: "No password: just tell us who you are, and the shop will know you.",
  },
  hello: { it: "Ciao, {name}", en: "Hello, {name}" },
  hello_text: { it: "Sei entrato come {email}.", en: "You are logged in as {email}." },
  logout: { it: "Esci", en: "Log out" },
  logout_text: {
    it: "Uscendo, carrello e desideri di questo browser si svuotano: chi arriva dopo è un’altra persona.",
    en: "Logging out empties the cart and wishlist of this browser: whoever comes next is somebody else.",
  },

  // Story.
  story_title: { it: "La salita", en: "The climb" },
  chapters: { it: "Capitoli", en: "Chapters" },
  metres: { it: "{n} m", en: "{n} m" },
  previous: { it: "Indietro", en: "Back" },
  next: { it: "Avanti", en: "Onward" },
  packed: { it: "Nello zaino", en: "In the backpack" },

  // Privacy.
  privacy_title: { it: "Che cosa vediamo, e che cosa no", en: "What we see, and what we don’t" },
  privacy_text: {
    it: "Questo negozio usa Sentiero per capire come viene usato: quali pagine si guardano, che cosa si cerca, che cosa finisce nel carrello. I dati restano sul server di chi gestisce il negozio.",
    en: "This shop uses Sentiero to understand how it is used: which pages are looked at, what is searched, what ends up in carts. The data stay on the server of whoever runs the shop.",
  },
  privacy_forms: {
    it: "Di un modulo si registrano il nome e i campi che ha, mai quello che scrivi. La tua email viene detta solo quando entri, ti iscrivi alla lettera o ordini.",
    en: "Of a form we record its name and which fields it has, never what you type. Your e-mail is told only when you log in, sign up for the letter or order.",
  },
  privacy_granted: {
    it: "Se accetti, il browser ricorda un identificativo e le tue visite formano una storia sola.",
    en: "If you accept, your browser remembers an identifier and your visits become one story.",
  },
  privacy_denied: {
    it: "Se rifiuti, non si conserva niente nel browser tranne il tuo no, e quello che fai non è di nessuno.",
    en: "If you refuse, nothing is kept in your browser but your no, and what you do is nobody’s.",
  },
  consent_title: { it: "La tua scelta", en: "Your choice" },
  consent_none: { it: "Non hai ancora scelto.", en: "You have not chosen yet." },
  consent_granted: { it: "Hai accettato di essere osservato.", en: "You have agreed to be observed." },
  consent_denied: { it: "Hai rifiutato di essere osservato.", en: "You have refused to be observed." },
  consent_grant: { it: "Accetto", en: "I accept" },
  consent_deny: { it: "Rifiuto", en: "I refuse" },

  // The drawer of events.
  events: { it: "Eventi", en: "Events" },
  events_title: { it: "Che cosa ha detto questa pagina", en: "What this page has said" },
  events_note: {
    it: "Le chiamate che il negozio ha fatto al tracker in questa pagina. Quello che il tracker vede da solo (pagine, moduli, file, link in uscita, data-sentiero-event) qui non si vede: è nel registro degli eventi.",
    en: "The calls this page has made to the tracker. What the tracker sees by itself (pages, forms, files, outbound links, data-sentiero-event) does not show here: look into the event log.",
  },
  events_none: {
    it: "Ancora niente. Apri un prodotto, o metti qualcosa nel carrello.",
    en: "Nothing yet. Open a product, or put something in the cart.",
  },
  close: { it: "Chiudi", en: "Close" },
};
