// What is around every page? Header, footer and a line for short news.
//
// They are built once, so that nothing that is being typed gets lost; what changes in them is set by `drawFrame`.

import { size } from "./cart.js";
import { customer } from "./customer.js";
import { drawDemoClock } from "./demo-clock.js";
import { find, h } from "./dom.js";
import { footer } from "./footer.js";
import { header } from "./header.js";
import { language, said, t } from "./language.js";
import { news } from "./news.js";
import { category } from "./products.js";
import { wished } from "./wishlist.js";

/** Put them around `main`. section: the one that the page belongs to, if any. */
export const buildFrame = (section) => {
  const main = find("main");
  main.id = "main";
  main.tabIndex = -1;
  document.body.prepend(h("a", { class: "skip", href: "#main", "data-text": "skip" }), header(section));
  document.body.append(footer(), news());
};

/** Set what depends on cart, wishlist, customer and language. */
export const drawFrame = () => {
  for (const link of document.querySelectorAll(".sections [data-category]"))
    link.textContent = said(category(link.dataset.category).name);
  find("#cart-count").textContent = size() || "";
  find("#wishlist-count").textContent = wished().length || "";
  find("#customer").textContent = customer()?.firstName || t("login");
  drawDemoClock();
  for (const button of document.querySelectorAll("[data-language]"))
    button.setAttribute("aria-pressed", String(button.dataset.language === language()));
};
