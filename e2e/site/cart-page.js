// What is in the cart? Its lines, each to be changed or taken out, what they cost, and the way to the checkout.

import { to } from "./address.js";
import { bill } from "./bill.js";
import * as cart from "./cart.js";
import { h, icon, show } from "./dom.js";
import { checkoutStarted } from "./events.js";
import { money, said, t } from "./language.js";
import { pageOf, pictured, pictureOf } from "./products.js";
import { open } from "./shop.js";

const line = ({ product, quantity }) =>
  h(
    "li",
    { class: "line", "data-test": "cart-line", "data-product": product.id },
    h(
      "a",
      { href: pageOf(product) },
      h("img", { src: pictureOf(product), alt: pictured(product), width: 480, height: 480 }),
    ),
    h(
      "div",
      { class: "line__what" },
      h("h2", {}, h("a", { href: pageOf(product) }, said(product.name))),
      h("p", {}, `${said(product.colour)} · ${money(product.price)}`),
    ),
    stepper(product, quantity),
    h("strong", { class: "line__total" }, money(product.price * quantity)),
    remove(product),
  );

const stepper = (product, quantity) => {
  const name = said(product.name);
  const change = ({ target }) => cart.set(product.id, Math.trunc(Number(target.value)) || 0);
  const step = (id, by, label, isOff) =>
    h(
      "button",
      {
        id: `${id}-${product.id}`,
        type: "button",
        "aria-label": t(label, { name }),
        disabled: isOff,
        "data-test": `quantity-${id}`,
        onclick: () => cart.set(product.id, quantity + by),
      },
      icon(id === "more" ? "plus" : "minus"),
    );
  return h(
    "div",
    { class: "stepper" },
    step("less", -1, "less_of", false),
    h("input", {
      id: `quantity-${product.id}`,
      type: "number",
      min: 0,
      max: cart.MOST,
      value: quantity,
      "aria-label": t("quantity_of", { name }),
      "data-test": "quantity",
      onchange: change,
    }),
    step("more", 1, "more_of", quantity >= cart.MOST),
  );
};

const remove = (product) =>
  h(
    "button",
    {
      type: "button",
      class: "line__remove",
      "aria-label": t("remove_this", { name: said(product.name) }),
      "data-test": "cart-remove",
      onclick: () => cart.set(product.id, 0),
    },
    t("remove"),
  );

const summary = () =>
  h(
    "aside",
    { class: "panel summary", "aria-labelledby": "summary" },
    h("h2", { id: "summary" }, t("summary")),
    bill(cart.priced()),
    cart.untilFree() > 0 && h("p", { class: "summary__note" }, t("until_free", { amount: money(cart.untilFree()) })),
    h(
      "a",
      {
        id: "checkout-start",
        class: "button button--wide",
        href: to("checkout"),
        "data-test": "checkout-start",
        onclick: () => checkoutStarted(cart.priced()),
      },
      t("checkout_start"),
    ),
    h(
      "button",
      {
        id: "cart-clear",
        type: "button",
        class: "button button--bare",
        "data-test": "cart-clear",
        onclick: cart.empty,
      },
      t("cart_clear"),
    ),
  );

const empty = () =>
  h(
    "div",
    { class: "empty" },
    h("p", { "data-test": "cart-empty" }, t("cart_empty")),
    h("a", { class: "button", href: to("") }, t("back_to_shelf")),
  );

const draw = () => {
  const { lines } = cart.cart();
  show("#cart", lines.length ? [h("ul", { class: "lines" }, lines.map(line)), summary()] : empty());
};

open({ draw });
