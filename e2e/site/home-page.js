// What is on the shelf? All products, or with `?category=` those of one category, which the tracker is told.

import { asked, to } from "./address.js";
import { grid } from "./card.js";
import { find, h, show } from "./dom.js";
import { categoryViewed } from "./events.js";
import { said, t } from "./language.js";
import { categories, category, of, products } from "./products.js";
import { open } from "./shop.js";

const chosen = category(asked("category"));

const sign = (id, name) =>
  h(
    "a",
    {
      class: "sign",
      href: id ? to("", { category: id }) : to(""),
      "aria-current": id === chosen?.id && "true",
      "data-test": "category",
    },
    name,
  );

const head = () =>
  chosen
    ? [h("h1", { id: "shelf-title" }, said(chosen.name)), h("p", {}, said(chosen.text))]
    : [h("h2", { id: "shelf-title" }, t("shelf")), h("p", {}, t("shelf_text"))];

const draw = () => {
  find("#welcome").hidden = find("#teaser").hidden = Boolean(chosen);
  show("#shelf-head", head());
  show(
    "#signs",
    sign(undefined, t("all")),
    categories.map(({ id, name }) => sign(id, said(name))),
  );
  show("#shelf", chosen ? grid(of(chosen.id)) : grid(products, { heading: "h3" }));
};

open({ draw, section: chosen?.id, ...(chosen && { title: () => said(chosen.name) }) });
if (chosen) categoryViewed(chosen);
