// What is told on the way up? Four chapters, each with a height, a picture and a thing from the shop.

export const chapters = [
  {
    id: "valley",
    height: 640,
    product: "cengia-boots",
    name: { it: "La valle", en: "The valley" },
    text: {
      it: [
        "Si parte presto, quando il panettiere tira su la saracinesca e il campanile non ha ancora deciso che ora è. Il primo segno bianco e rosso è sul muro della latteria: l’hanno ridipinto a maggio, con un po’ troppa vernice.",
        "Da qui il sentiero finge di essere una strada. Non fidarti, e stringi i lacci.",
      ],
      en: [
        "You leave early, when the baker rolls up the shutter and the bell tower has not made up its mind about the hour. The first white and red mark is on the dairy’s wall: repainted in May, with a little too much paint.",
        "From here the trail pretends to be a road. Do not believe it, and tie your laces.",
      ],
    },
  },
  {
    id: "forest",
    height: 1180,
    product: "larice-pack",
    name: { it: "Il bosco", en: "The forest" },
    text: {
      it: [
        "Nel bosco il tempo si conta in segni: uno ogni cinquanta passi, su un larice, su un sasso, su un cartello che un cervo usa per grattarsi. Se non ne vedi più, torna all’ultimo.",
        "A metà c’è una fonte. L’acqua è così fredda che la borraccia sospira.",
      ],
      en: [
        "In the forest time is counted in marks: one every fifty steps, on a larch, on a stone, on a sign that a deer uses for scratching. If you see no more of them, go back to the last one.",
        "Halfway there is a spring. The water is so cold that the bottle sighs.",
      ],
    },
  },
  {
    id: "pass",
    height: 2210,
    product: "nebbia-shell",
    name: { it: "La forcella", en: "The pass" },
    text: {
      it: [
        "Ultimi tornanti, ghiaia, vento. Poi all’improvviso l’altra valle, tutta insieme, come quando qualcuno apre le persiane. Il cartello dice quaranta minuti al rifugio: i cartelli sono ottimisti.",
        "Metti il guscio, bevi, guarda. Non c’è nient’altro da fare quassù, ed è parecchio.",
      ],
      en: [
        "Last bends, scree, wind. Then suddenly the other valley, all at once, as when somebody opens the shutters. The sign says forty minutes to the hut: signs are optimists.",
        "Put on your shell, drink, look. There is nothing else to do up here, and that is a lot.",
      ],
    },
  },
  {
    id: "hut",
    height: 2050,
    product: "lucciola-lantern",
    name: { it: "Il rifugio", en: "The hut" },
    text: {
      it: [
        "La luce si vede molto prima di arrivare. Dentro ci sono la stufa, una zuppa che non ha ricetta e un registro in cui scrivere da dove vieni e dove vai.",
        "Fuori, le stelle non hanno segni né numeri. Per quelle, sei da solo.",
      ],
      en: [
        "You see the light long before you arrive. Inside there are the stove, a soup that has no recipe, and a register in which to write where you come from and where you go.",
        "Outside, the stars have neither marks nor numbers. For those, you are on your own.",
      ],
    },
  },
];
