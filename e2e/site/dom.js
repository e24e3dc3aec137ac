// How is a piece of page made? By building elements: what visitors typed is always text, never markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element. attributes: `onclick` and the like are listeners; true is an empty one, false, null: none. */
export const h = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
};

/** The first element that fits. */
export const find = (selector, root = document) => root.querySelector(selector);

/** Put the children into the element that fits, instead of what is there. */
export const show = (selector, ...children) => find(selector).replaceChildren(...children.flat().filter(Boolean));

// Drawn by lines in a square of 24.
const ICONS = {
  search: "M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13zM15.5 15.5L21 21",
  heart: "M12 20s-8-5-8-10.5A4.5 4.5 0 0 1 12 7a4.5 4.5 0 0 1 8 2.5C20 15 12 20 12 20z",
  cart: "M4 9h16l-1.5 10.5a1.5 1.5 0 0 1-1.5 1.5H7a1.5 1.5 0 0 1-1.5-1.5zM8.5 9V7a3.5 3.5 0 0 1 7 0v2",
  person: "M12 4a4 4 0 1 0 0 8a4 4 0 0 0 0-8zM4.5 21c0-4 3.5-6 7.5-6s7.5 2 7.5 6",
  minus: "M6 12h12",
  plus: "M6 12h12M12 6v12",
  close: "M6 6l12 12M18 6L6 18",
  file: "M12 4v11M7 10.5l5 5l5-5M5 20h14",
  out: "M8 5h11v11M19 5L6 18",
};

/** A small picture in the colour of the text around it; says nothing to who does not see it. */
export const icon = (name) => {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", "aria-hidden": "true", class: "icon" }))
    svg.setAttribute(key, value);
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
};
