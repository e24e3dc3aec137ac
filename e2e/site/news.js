// What has just happened? One line at the bottom, that goes away by itself; screen readers read it out.

import { find, h } from "./dom.js";

const SHOWN_MS = 3000;
let timer;

/** The line, empty. */
export const news = () => h("p", { class: "news", role: "status", "data-test": "news" });

/** Say it. */
export const tell = (text) => {
  const line = find(".news");
  line.textContent = text;
  line.classList.add("news--shown");
  clearTimeout(timer);
  timer = setTimeout(() => line.classList.remove("news--shown"), SHOWN_MS);
};
