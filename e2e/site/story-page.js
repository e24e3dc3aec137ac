// How does one climb to the hut? Four chapters on one page; each has an address, made by `history.pushState`.
//
// The page's own address is `story/<chapter>`: the files it names in its markup are one folder up.

import { to } from "./address.js";
import { grid } from "./card.js";
import { chapters } from "./chapters.js";
import { find, h, show } from "./dom.js";
import { said, t } from "./language.js";
import { product } from "./products.js";
import { open } from "./shop.js";

const addressOf = ({ id }) => to(`story/${id}`);

/** The chapter whose address this is; another address is the beginning. */
const current = () =>
  chapters.find((chapter) => addressOf(chapter) === location.origin + location.pathname) ?? chapters[0];

const title = () => `${said(current().name)} · ${t("story_title")}`;

const link = (chapter, attributes, ...children) =>
  h("a", { href: addressOf(chapter), "data-chapter": chapter.id, "data-test": "chapter", ...attributes }, children);

const stop = (chapter) =>
  h(
    "li",
    { class: `stop stop--${chapter.id}` },
    link(
      chapter,
      { id: `stop-${chapter.id}`, "aria-current": chapter === current() && "page" },
      h("span", {}, said(chapter.name)),
      h("small", {}, t("metres", { n: chapter.height })),
    ),
  );

const onward = (chapter, name, style) =>
  chapter && link(chapter, { class: style, "data-test": name }, `${t(name)}: ${said(chapter.name)}`);

const draw = () => {
  const chapter = current();
  const at = chapters.indexOf(chapter);
  show("#stops", chapters.map(stop));
  show(
    "#chapter",
    h("img", { class: "chapter__picture", src: to(`${chapter.id}.svg`), alt: "", width: 960, height: 540 }),
    h(
      "div",
      { class: "chapter__text" },
      h("h2", { tabindex: -1, "data-test": "chapter-title" }, said(chapter.name)),
      said(chapter.text).map((text) => h("p", {}, text)),
      steps(at),
    ),
    h(
      "div",
      { class: "chapter__product" },
      h("h3", {}, t("packed")),
      grid([product(chapter.product)], { heading: "h4", isShort: true }),
    ),
  );
};

const steps = (at) =>
  h(
    "p",
    { class: "chapter__steps" },
    onward(chapters[at - 1], "previous", "button button--quiet"),
    onward(chapters[at + 1], "next", "button"),
  );

/** A plain click stays on this page; with a key or another button it is the browser's. */
const follow = (click) => {
  const chosen = click.target.closest("[data-chapter]");
  if (!chosen || click.button || click.ctrlKey || click.metaKey || click.shiftKey || click.altKey) return;
  click.preventDefault();
  if (chosen.href !== location.href) history.pushState(null, "", chosen.href);
  turn();
};

const redraw = open({ draw, title, section: "story" });

const turn = () => {
  redraw();
  find("#chapter h2").focus();
};

find("main").addEventListener("click", follow);
window.addEventListener("popstate", turn);
