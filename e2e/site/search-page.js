// What is found for `?q=`? The products, and the tracker is told what was looked for and how many there were.

import { asked } from "./address.js";
import { grid } from "./card.js";
import { find, h, show } from "./dom.js";
import { productSearched } from "./events.js";
import { count, t } from "./language.js";
import { matching } from "./products.js";
import { open } from "./shop.js";

const query = asked("q");
const found = matching(query);

const result = () => {
  if (!query) return t("search_empty");
  if (!found.length) return t("search_none", { query });
  return count("search_found", found.length, { query });
};

const draw = () => {
  find("#result").textContent = result();
  show("#found", grid(found));
};

open({ draw });
find("#query").value = query;
if (query) productSearched(query, found.length);
