// How is something said in the language of the page? Texts, names of products, prices, countries.

import { read, write } from "./storage.js";
import { texts } from "./texts.js";

const LOCALES = { it: "it-IT", en: "en-IE" };

/** "it" or "en". lang.js has decided it when the page began; the visitor may have chosen since. */
export const language = () => (read("language") in LOCALES ? read("language") : document.documentElement.lang);

/** Speak that language from now on. */
export const choose = (chosen) => write("language", chosen);

/** The one of `{it, en}` that is to be read. */
export const said = (both) => both[language()];

/** The text of that name; `{n}` in it stands for `values.n`. */
export const t = (name, values = {}) =>
  said(texts[name]).replace(/\{(\w+)\}/g, (place, key) => (key in values ? values[key] : place));

/** The text of that name for so many: it has `{n}`, and a form of its own for one, named `…_one`. */
export const count = (name, n, values = {}) => t(n === 1 ? `${name}_one` : name, { ...values, n });

/** An amount in cents of a euro, as a price. */
export const money = (cents) =>
  new Intl.NumberFormat(LOCALES[language()], { style: "currency", currency: "EUR" }).format(cents / 100);

/** The country's name. code: ISO 3166, such as IT. */
export const country = (code) => new Intl.DisplayNames([LOCALES[language()]], { type: "region" }).of(code);

/** A number with its unit, such as 1.25 kilogram. */
export const measure = (value, unit) =>
  new Intl.NumberFormat(LOCALES[language()], { style: "unit", unit, maximumFractionDigits: 2 }).format(value);

/** How long it is, in days, hours and minutes. */
export const span = (ms) => {
  const minutes = Math.floor(ms / 60_000);
  const parts = { day: Math.floor(minutes / 1440), hour: Math.floor(minutes / 60) % 24, minute: minutes % 60 };
  const said = Object.entries(parts).filter(([, value]) => value);
  return said.map(([unit, value]) => measure(value, unit)).join(" ");
};

/** Say everything that the markup names: `data-text` is the content, `data-label` the label for who does not see,
 * `data-hint` what an empty field says. */
export const fill = (root) => {
  for (const element of root.querySelectorAll("[data-text]")) element.textContent = t(element.dataset.text);
  for (const element of root.querySelectorAll("[data-label]"))
    element.setAttribute("aria-label", t(element.dataset.label));
  for (const element of root.querySelectorAll("[data-hint]")) element.placeholder = t(element.dataset.hint);
};
