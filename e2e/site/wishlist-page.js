// What does somebody wish for? The products, each with its heart to take it off again, and the way into the cart.

import { to } from "./address.js";
import { grid } from "./card.js";
import { h, show } from "./dom.js";
import { t } from "./language.js";
import { open } from "./shop.js";
import { wished } from "./wishlist.js";

const empty = () =>
  h(
    "div",
    { class: "empty" },
    h("p", {}, t("wishlist_empty")),
    h("a", { class: "button", href: to("") }, t("back_to_shelf")),
  );

open({ draw: () => show("#wished", wished().length ? grid(wished()) : empty()) });
