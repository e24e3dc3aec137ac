// What is to be paid, and for what? The amounts of a cart or of an order, as rows.

import { h } from "./dom.js";
import { money, said, t } from "./language.js";
import { pictureOf } from "./products.js";

/** of: `{subtotal, shipping, tax, total}`, in cents. */
export const bill = (of) =>
  h(
    "dl",
    { class: "bill" },
    row("subtotal", money(of.subtotal)),
    row("shipping", of.shipping ? money(of.shipping) : t("free")),
    row("total", money(of.total), "bill__total"),
    row("tax", money(of.tax), "bill__tax"),
  );

/** The things themselves, small. lines: `[{product, quantity}]`. */
export const things = (lines) =>
  h(
    "ul",
    { class: "things" },
    lines.map(({ product, quantity }) =>
      h(
        "li",
        {},
        h("img", { src: pictureOf(product), alt: "", width: 480, height: 480 }),
        h("span", {}, `${quantity} × ${said(product.name)}`),
        h("span", {}, money(product.price * quantity)),
      ),
    ),
  );

const row = (name, amount, style) =>
  h("div", { class: style }, h("dt", {}, t(name)), h("dd", { "data-test": `bill-${name}` }, amount));
