// How does a product look among others? Its picture, name and price, a heart, and a button for the cart.

import { add } from "./cart.js";
import { h, icon } from "./dom.js";
import { money, said, t } from "./language.js";
import { tell } from "./news.js";
import { pageOf, pictured, pictureOf } from "./products.js";
import { isWished, toggle } from "./wishlist.js";

/** A list of cards. heading: of their names, one below the title they stand under. isShort: without buttons. */
export const grid = (products, { heading = "h2", isShort = false } = {}) => {
  const cards = products.map((product) => h("li", {}, card(product, heading, isShort)));
  return h("ul", { class: isShort ? "grid grid--short" : "grid" }, cards);
};

/** Put one into the cart, and say so. */
export const addToCart = (product, quantity = 1) => {
  add(product.id, quantity);
  tell(t("added", { name: said(product.name) }));
};

/** The button with the heart. hasText: it says what it does, not only shows it. */
export const heart = (product, { hasText = false } = {}) => {
  const name = said(product.name);
  const attributes = {
    id: `wish-${product.id}`,
    type: "button",
    class: hasText ? "button button--quiet heart" : "heart heart--round",
    "aria-pressed": String(isWished(product.id)),
    "aria-label": t("wish_this", { name }),
    "data-test": "wishlist-add",
    "data-product": product.id,
    onclick: () => tell(t(toggle(product.id) ? "wish_added" : "wish_removed", { name })),
  };
  return h("button", attributes, icon("heart"), hasText && h("span", {}, t("wish")));
};

/** The trail's number, painted as on a rock. */
export const blaze = (number) => h("span", { class: "blaze", "aria-hidden": "true" }, number);

const card = (product, heading, isShort) =>
  h(
    "article",
    { class: "card", "data-product": product.id },
    h(
      "a",
      { class: "card__link", href: pageOf(product), "data-test": "product", "data-product": product.id },
      h("img", { src: pictureOf(product), alt: pictured(product), width: 480, height: 480, loading: "lazy" }),
      blaze(product.number),
      h(heading, { class: "card__name" }, said(product.name)),
      h("span", { class: "card__price" }, money(product.price)),
    ),
    !isShort && heart(product),
    !isShort && adding(product),
  );

const adding = (product) =>
  h(
    "button",
    {
      id: `add-${product.id}`,
      type: "button",
      class: "button button--quiet card__add",
      "aria-label": t("add_this", { name: said(product.name) }),
      "data-test": "add-to-cart",
      "data-product": product.id,
      onclick: () => addToCart(product),
    },
    t("add"),
  );
