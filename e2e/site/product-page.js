// What is this product like? Picture, story, facts, and the way into the cart; the tracker is told that it was seen.

import { asked, to } from "./address.js";
import { addToCart, blaze, grid, heart } from "./card.js";
import { find, h, show } from "./dom.js";
import { productViewed } from "./events.js";
import { measure, money, said, t } from "./language.js";
import { category, pictured, pictureOf, product, products } from "./products.js";
import { open } from "./shop.js";

const RELATED = 3;
const AT_ONCE = 6;
const seen = product(asked("id"));
let quantity = 1;

const fact = (name, text) => h("div", {}, h("dt", {}, t(name)), h("dd", {}, text));

const weight = (grams) => (grams < 1000 ? measure(grams, "gram") : measure(grams / 1000, "kilogram"));

const amounts = () =>
  Array.from({ length: AT_ONCE }, (_, before) => before + 1).map((n) =>
    h("option", { value: n, selected: n === quantity }, n),
  );

const buying = () =>
  h(
    "form",
    { class: "buy", "data-sentiero": "off", onsubmit: buy },
    h("label", { for: "quantity" }, t("quantity")),
    h(
      "select",
      { id: "quantity", "data-test": "quantity", onchange: ({ target }) => (quantity = Number(target.value)) },
      amounts(),
    ),
    h("button", { id: "add", class: "button", "data-test": "add-to-cart", "data-product": seen.id }, t("add")),
    heart(seen, { hasText: true }),
  );

const buy = (submitted) => {
  submitted.preventDefault();
  addToCart(seen, quantity);
};

const details = () =>
  h(
    "div",
    { class: "product__details" },
    h(
      "a",
      { class: "product__category", href: to("", { category: seen.category }) },
      said(category(seen.category).name),
    ),
    h("h1", { "data-test": "product-name" }, said(seen.name)),
    h("p", { class: "product__text" }, said(seen.text)),
    h("p", { class: "product__price" }, h("strong", {}, money(seen.price)), " ", h("small", {}, t("vat"))),
    buying(),
    h(
      "dl",
      { class: "facts" },
      fact("colour", said(seen.colour)),
      fact("material", said(seen.material)),
      fact("weight", weight(seen.weight)),
    ),
  );

const picture = () =>
  h(
    "div",
    { class: "product__picture" },
    h("img", { src: pictureOf(seen), alt: pictured(seen), width: 480, height: 480 }),
    blaze(seen.number),
  );

/** Of the same category first. */
const related = () =>
  products
    .filter(({ id }) => id !== seen.id)
    .sort((a, b) => (b.category === seen.category) - (a.category === seen.category))
    .slice(0, RELATED);

const missing = () =>
  h(
    "div",
    { class: "empty" },
    h("h1", {}, t("product_missing")),
    h("p", {}, t("product_missing_text")),
    h("a", { class: "button", href: to("") }, t("back_to_shelf")),
  );

const draw = () => {
  find("#related").hidden = !seen;
  if (!seen) return show("#product", missing());
  show("#product", picture(), details());
  show("#related-products", grid(related(), { heading: "h3", isShort: true }));
};

open({ draw, section: seen?.category, title: () => (seen ? said(seen.name) : t("product_missing")) });
if (seen) productViewed(seen);
