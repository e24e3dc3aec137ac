// What does the shop sell? Nine things in four categories; prices in cents of a euro, weights in grams.

import { to } from "./address.js";
import { said } from "./language.js";

export const CURRENCY = "EUR";

export const categories = [
  {
    id: "footwear",
    name: { it: "Ai piedi", en: "On your feet" },
    text: { it: "Si comincia da qui, un passo alla volta.", en: "It starts here, one step at a time." },
  },
  {
    id: "clothing",
    name: { it: "Addosso", en: "To wear" },
    text: { it: "Contro il vento, la neve e le zie preoccupate.", en: "Against wind, snow and worried aunts." },
  },
  {
    id: "carry",
    name: { it: "In cammino", en: "On the way" },
    text: { it: "Quello che porti, e quello che porta te.", en: "What you carry, and what carries you." },
  },
  {
    id: "camp",
    name: { it: "Al bivacco", en: "At camp" },
    text: { it: "Per quando il sole va giù e il tè va su.", en: "For when the sun goes down and the tea goes on." },
  },
];

export const products = [
  {
    id: "cengia-boots",
    number: 401,
    category: "footwear",
    price: 18900,
    weight: 1180,
    name: { it: "Scarponi Cengia", en: "Cengia boots" },
    colour: { it: "Ruggine", en: "Rust" },
    material: { it: "Cuoio ingrassato, suola in gomma", en: "Greased leather, rubber sole" },
    text: {
      it: "Si risuolano, si ingrassano, si tramandano. Tengono il ghiaione come una mano tiene la ringhiera.",
      en: "Resole them, grease them, hand them down. They hold on scree like a hand on a rail.",
    },
  },
  {
    id: "bosco-socks",
    number: 402,
    category: "footwear",
    price: 1850,
    weight: 96,
    name: { it: "Calze Bosco", en: "Bosco socks" },
    colour: { it: "Muschio e ocra", en: "Moss and ochre" },
    material: { it: "Lana merino, un filo di nylon", en: "Merino wool, a thread of nylon" },
    text: {
      it: "Lana che non punge e asciuga la notte sul filo. La sinistra e la destra non litigano mai.",
      en: "Wool that does not itch and dries overnight on the line. Left and right never quarrel.",
    },
  },
  {
    id: "nebbia-shell",
    number: 411,
    category: "clothing",
    price: 21900,
    weight: 410,
    name: { it: "Guscio Nebbia", en: "Nebbia shell" },
    colour: { it: "Lago e larice", en: "Lake and larch" },
    material: { it: "Tre strati riciclati, 20.000 mm", en: "Three recycled layers, 20,000 mm" },
    text: {
      it: "Fuori piove, dentro no. Cappuccio che segue la testa e tasche che si trovano anche con i guanti.",
      en: "It rains outside, not inside. A hood that follows your head, pockets you find with gloves on.",
    },
  },
  {
    id: "cima-beanie",
    number: 412,
    category: "clothing",
    price: 2900,
    weight: 88,
    name: { it: "Berretto Cima", en: "Cima beanie" },
    colour: { it: "Mirtillo rosso", en: "Lingonberry" },
    material: { it: "Lana rigenerata, pompon di recupero", en: "Regenerated wool, rescued pompom" },
    text: {
      it: "Fatto ai ferri in paese, una punta per ogni cima che si vede dalla piazza. Le abbiamo contate.",
      en: "Knitted in the village, one zigzag for every summit you see from the square. We counted.",
    },
  },
  {
    id: "larice-pack",
    number: 421,
    category: "carry",
    price: 12400,
    weight: 1250,
    name: { it: "Zaino Larice 28", en: "Larice 28 backpack" },
    colour: { it: "Verde larice", en: "Larch green" },
    material: { it: "Tela cerata, cinghie di cuoio", en: "Waxed canvas, leather straps" },
    text: {
      it: "Ventotto litri: un giorno lungo o due corti. Si apre davanti, così il panino non sta mai in fondo.",
      en: "Twenty-eight litres: one long day or two short ones. Opens in front, so lunch is never at the bottom.",
    },
  },
  {
    id: "rupe-poles",
    number: 422,
    category: "carry",
    price: 7900,
    weight: 460,
    name: { it: "Bastoncini Rupe", en: "Rupe poles" },
    colour: { it: "Bianco e rosso", en: "White and red" },
    material: { it: "Alluminio, manopole di sughero", en: "Aluminium, cork grips" },
    text: {
      it: "Dipinti come i segnavia: chi ti segue non si perde. In discesa le ginocchia ringraziano.",
      en: "Painted like trail marks: whoever follows you won't get lost. Your knees say thanks on the way down.",
    },
  },
  {
    id: "sorgente-flask",
    number: 431,
    category: "camp",
    price: 3490,
    weight: 390,
    name: { it: "Thermos Sorgente", en: "Sorgente flask" },
    colour: { it: "Blu torrente", en: "Stream blue" },
    material: { it: "Acciaio a doppia parete, 0,75 l", en: "Double-walled steel, 0.75 l" },
    text: {
      it: "Dodici ore calda, ventiquattro fredda. La tazza è compresa, i biscotti no.",
      en: "Twelve hours hot, twenty-four cold. The cup is included, the biscuits are not.",
    },
  },
  {
    id: "lucciola-lantern",
    number: 432,
    category: "camp",
    price: 4200,
    weight: 540,
    name: { it: "Lanterna Lucciola", en: "Lucciola lantern" },
    colour: { it: "Rosso segnavia", en: "Trail-mark red" },
    material: { it: "Acciaio smaltato, vetro soffiato", en: "Enamelled steel, blown glass" },
    text: {
      it: "Luce calda da leggere in tenda, quaranta ore con una carica. Le falene la trovano irresistibile.",
      en: "A warm light to read by, forty hours on one charge. Moths find it irresistible.",
    },
  },
  {
    id: "ghiro-bag",
    number: 433,
    category: "camp",
    price: 15900,
    weight: 1020,
    name: { it: "Sacco a pelo Ghiro", en: "Ghiro sleeping bag" },
    colour: { it: "Resina", en: "Resin" },
    material: { it: "Piuma riciclata, comfort −2 °C", en: "Recycled down, comfort −2 °C" },
    text: {
      it: "Collaudato da chi dorme di mestiere. Sotto zero si chiude fino al naso, e buonanotte.",
      en: "Tested by a professional sleeper. Below zero it closes up to the nose, and good night.",
    },
  },
];

/** The product with that id, undefined when there is none. */
export const product = (id) => products.find((one) => one.id === id);

/** The category with that id, undefined when there is none. */
export const category = (id) => categories.find((one) => one.id === id);

/** All products of a category. */
export const of = (id) => products.filter((one) => one.category === id);

/** Products in whose texts, of either language, every word of the query begins a word. */
export const matching = (query) => {
  const words = folded(query).split(/\s+/).filter(Boolean);
  return words.length ? products.filter((one) => words.every((word) => ` ${described(one)}`.includes(` ${word}`))) : [];
};

/** Where a product's page and picture are. */
export const pageOf = ({ id }) => to("product", { id });
export const pictureOf = ({ id }) => to(`${id}.svg`);

/** What the picture shows, for who does not see it. */
export const pictured = ({ name, colour }) => `${said(name)}, ${said(colour).toLowerCase()}`;

const described = ({ name, text, colour, material, category: id }) =>
  [name, text, colour, material, category(id).name]
    .flatMap((both) => folded(`${both.it} ${both.en}`).split(/[^\p{L}\p{N}]+/u))
    .join(" ");

const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
