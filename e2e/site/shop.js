// What does every page do first? Frame, language and drawer; and draw again whenever something that is kept changes.

import { recall } from "./customer.js";
import { find } from "./dom.js";
import { buildDrawer, drawDrawer } from "./drawer.js";
import { buildFrame, drawFrame } from "./frame.js";
import { fill, language } from "./language.js";
import { onChange } from "./storage.js";

const BRAND = "Bottega del Sentiero";

/** Open the page. draw: fills `main`, again after every change. title: the page's own one, if the markup's will not do.
 * section: the one in the header that it belongs to. Returns what draws it again. */
export const open = ({ draw = () => {}, title = named, section } = {}) => {
  const drawAll = () => {
    const focused = document.activeElement?.id;
    document.documentElement.lang = language();
    document.title = `${title()} – ${BRAND}`;
    draw();
    drawFrame();
    fill(document);
    if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus();
  };
  recall();
  buildFrame(section);
  buildDrawer();
  drawAll();
  onChange(() => {
    drawAll();
    drawDrawer();
  });
  return drawAll;
};

const named = () => find("title").dataset[language()];
