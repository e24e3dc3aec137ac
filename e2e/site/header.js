// What is at the top of every page? The shop's name, the search, the visitor's things, the sections.

import { to } from "./address.js";
import { h, icon } from "./dom.js";
import { categories } from "./products.js";

/** section: the category that is shown, or "story". */
export const header = (section) =>
  h(
    "header",
    { class: "header" },
    h("div", { class: "header__bar" }, brand(), search(), yours()),
    h(
      "nav",
      { class: "sections", "data-label": "sections" },
      categories.map(({ id }) =>
        h("a", { href: to("", { category: id }), "data-category": id, "aria-current": section === id && "page" }),
      ),
      h("a", { href: to("story/valley"), "data-text": "story", "aria-current": section === "story" && "page" }),
    ),
  );

const brand = () =>
  h(
    "a",
    { class: "brand", href: to(""), "data-test": "home" },
    h("img", { src: to("blaze.svg"), alt: "", width: 48, height: 48 }),
    h("span", {}, "Bottega del ", h("strong", {}, "Sentiero")),
  );

/** The tracker is told of the search itself (search-page.js), so it need not count the form as well. */
const search = () =>
  h(
    "form",
    { class: "search", role: "search", name: "search", action: to("search"), "data-sentiero": "off" },
    h("label", { class: "unseen", for: "query", "data-text": "search" }),
    h("input", {
      id: "query",
      name: "q",
      type: "search",
      autocomplete: "off",
      "data-hint": "search",
      maxlength: 80,
      "data-test": "search",
    }),
    h("button", { class: "search__go", "data-label": "search_go", "data-test": "search-submit" }, icon("search")),
  );

const yours = () =>
  h(
    "nav",
    { class: "yours", "data-label": "yours" },
    h(
      "a",
      { href: to("login"), "data-test": "login" },
      icon("person"),
      h("span", { id: "customer", class: "yours__name" }),
    ),
    thing("wishlist", "heart"),
    thing("cart", "cart"),
  );

const thing = (name, picture) =>
  h(
    "a",
    { href: to(name), "data-test": name },
    icon(picture),
    h("span", { class: "yours__name", "data-text": name }),
    h("span", { id: `${name}-count`, class: "yours__count", "data-test": `${name}-count` }),
  );
