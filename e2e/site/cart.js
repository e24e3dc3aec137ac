// What is in the cart, and what does it cost? Every change is kept, and told to the tracker.
//
// Kept as `{id, quantities: {<product id>: n}}`; its id lasts from its first product until it is emptied or ordered.

import * as events from "./events.js";
import { product } from "./products.js";
import { read, write } from "./storage.js";

const SHIPPING = 690;
const FREE_FROM = 10000;
const VAT_PERCENT = 22; // prices include it
export const MOST = 20;

/** `{id, lines: [{product, quantity}], total}`, total in cents; id null while it is empty. */
export const cart = () => {
  const { id = null, quantities = {} } = read("cart", {});
  const lines = Object.entries(quantities)
    .map(([name, quantity]) => ({ product: product(name), quantity }))
    .filter((line) => line.product && line.quantity > 0);
  return { id, lines, total: lines.reduce((sum, line) => sum + line.product.price * line.quantity, 0) };
};

/** How many things are in it. */
export const size = () => cart().lines.reduce((sum, { quantity }) => sum + quantity, 0);

/** The cart and what is to be paid: `{…, subtotal, shipping, tax, total}`, in cents; tax is a part of total. */
export const priced = () => {
  const { id, lines, total: subtotal } = cart();
  const shipping = subtotal >= FREE_FROM ? 0 : SHIPPING;
  const total = subtotal + shipping;
  return { id, lines, subtotal, shipping, tax: Math.round((total * VAT_PERCENT) / (100 + VAT_PERCENT)), total };
};

/** Cents that are missing until shipping is free. */
export const untilFree = () => Math.max(0, FREE_FROM - cart().total);

/** Put more of a product in. */
export const add = (id, quantity = 1) => set(id, quantityOf(id) + quantity);

/** Have so many of a product, 0 to 20; without the last one the cart is gone. */
export const set = (id, quantity) => {
  const before = cart();
  const quantities = new Map(before.lines.map((line) => [line.product.id, line.quantity]));
  const wanted = Math.min(MOST, Math.max(0, quantity));
  if (wanted === (quantities.get(id) ?? 0)) return;
  if (wanted) quantities.set(id, wanted);
  else quantities.delete(id);
  if (!quantities.size) return empty();
  write("cart", { id: before.id ?? newId("cart"), quantities: Object.fromEntries(quantities) });
  events.cartUpdated(cart());
};

/** Take everything out. */
export const empty = () => {
  const before = cart();
  forget();
  if (before.lines.length) events.cartDeleted(before);
};

/** Make an order of it: the cart is gone, and nobody gave it up. */
export const order = (payment) => {
  const made = { ...priced(), id: newId("BS"), payment };
  forget();
  events.orderCreated(made);
  events.orderCompleted(made); // nothing is really paid here
  return made;
};

const forget = () => write("cart", null);

const quantityOf = (id) => cart().lines.find(({ product }) => product.id === id)?.quantity ?? 0;

/** A name that nobody else has: 40 bits of chance, readable on the phone. */
const newId = (prefix) => {
  const letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
  const drawn = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => letters[byte % 32]).join("");
  return `${prefix}-${drawn.slice(0, 4)}-${drawn.slice(4)}`;
};
