// What does the shop tell the tracker? One function an event; nobody else knows how events are built.
//
// Amounts are in cents in the shop and in euros here. An order or a cart is the event's object, so that all that is
// said of it can be found together. Pages, forms, downloads and links that leave are seen by the tracker itself.

import { to } from "./address.js";
import { call } from "./calls.js";
import { said } from "./language.js";
import { CURRENCY, pageOf, pictureOf } from "./products.js";
import { read } from "./storage.js";

const euros = (cents) => cents / 100;

const described = (product) => ({
  name: said(product.name),
  category: product.category,
  price: euros(product.price),
  currency: CURRENCY,
  url: pageOf(product),
  image: pictureOf(product),
});

const items = (lines) => lines.map(({ product, quantity }) => ({ id: product.id, ...described(product), quantity }));

/** What a cart is worth. amounts: `{subtotal, shipping, tax, total}`, in cents. */
const worth = (lines, amounts) => ({
  ...Object.fromEntries(Object.entries(amounts).map(([name, cents]) => [name, euros(cents)])),
  currency: CURRENCY,
  items: items(lines),
});

const ofCart = (key, { id, lines, total, ...amounts }, more = {}) =>
  call(
    "track",
    key,
    { ...worth(lines, { total, ...amounts }), url: to("cart"), ...more },
    { object: { type: "cart", id } },
  );

const ofOrder = (key, status, { id, lines, payment, ...amounts }) =>
  call(
    "track",
    key,
    { id, ...worth(lines, amounts), status, payment_method: payment },
    { object: { type: "order", id } },
  );

const ofProduct = (key, product) =>
  call(
    "track",
    key,
    { product_id: product.id, ...described(product) },
    { object: { type: "product", id: product.id } },
  );

// What somebody looked at.
export const productViewed = (product) => ofProduct("product_viewed", product);
export const wishlistProductAdded = (product) => ofProduct("wishlist_product_added", product);
export const productSearched = (query, results) => call("track", "product_searched", { query, results });
export const categoryViewed = ({ id, name }) =>
  call("track", "category_viewed", { category_id: id, name: said(name), url: to("", { category: id }) });

// What somebody buys. cart: `{id, lines, total}`, at the checkout with all amounts; order: that and `payment`.
export const cartUpdated = (cart) => ofCart("cart_updated", cart);
export const cartDeleted = (cart) => ofCart("cart_deleted", cart);
export const checkoutStarted = (cart) => ofCart("checkout_started", cart);
export const paymentInfoAdded = (cart, payment) => ofCart("payment_info_added", cart, { payment_method: payment });
export const orderCreated = (order) => ofOrder("order_created", "created", order);
export const orderCompleted = (order) => ofOrder("order_completed", "completed", order);

/** Who it is, by their own word; nothing of it is told once they refused. */
export const identified = ({ email, firstName, lastName }) => {
  if (read("consent") === "denied") return;
  const attributes = { ...(firstName && { FIRSTNAME: firstName }), ...(lastName && { LASTNAME: lastName }) };
  call("identify", { identifiers: { email_id: email }, attributes });
};

/** They left: what comes next is somebody else's. */
export const left = () => call("reset");

/** What they said to being observed: "granted" or "denied". */
export const consented = (word) => call("consent", word);
