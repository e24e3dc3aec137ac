// What has this page told the tracker? A drawer that lists the shop's own calls, for who wants to see how it is done.
//
// It sees what goes through calls.js, and nothing of what the tracker notices by itself; it says so.

import { calls, onCall } from "./calls.js";
import { find, h, icon } from "./dom.js";
import { fill, t } from "./language.js";

/** Put the button and the closed drawer on the page. */
export const buildDrawer = () => {
  document.body.append(
    h(
      "button",
      {
        class: "events-open",
        type: "button",
        "aria-expanded": "false",
        "aria-controls": "events",
        "data-test": "events-open",
        onclick: toggle,
      },
      h("span", { "data-text": "events" }),
      h("span", { class: "events-open__count", "data-test": "events-count" }),
    ),
    h(
      "aside",
      {
        id: "events",
        class: "events",
        hidden: true,
        tabindex: -1,
        "data-label": "events_title",
        "data-test": "events",
        onkeydown: closeByKey,
      },
      h(
        "button",
        { class: "events__close", type: "button", "data-label": "close", "data-test": "events-close", onclick: toggle },
        icon("close"),
      ),
      h("h2", { "data-text": "events_title" }),
      h("p", { "data-text": "events_note" }),
      h("ol", { class: "events__list", reversed: true }),
    ),
  );
  drawDrawer();
  onCall(drawDrawer);
};

/** Set the list, the newest first. */
export const drawDrawer = () => {
  const all = calls();
  find(".events-open__count").textContent = all.length;
  find(".events__list").replaceChildren(...(all.length ? all.map(row).reverse() : [nothing()]));
  fill(find("#events"));
};

const nothing = () => h("li", { class: "events__none" }, t("events_none"));

/** A `track` is named by its event, another call by itself. */
const row = ({ at, words: [name, ...given] }) => {
  const [title, payload] = name === "track" ? [given[0], given.slice(1)] : [name, given];
  return h(
    "li",
    { "data-test": "events-row", "data-event": title },
    h("strong", {}, title),
    h("time", { datetime: at.toISOString() }, at.toLocaleTimeString()),
    h("pre", { tabindex: 0 }, payload.map((part) => JSON.stringify(part, null, 2)).join("\n")),
  );
};

const toggle = () => {
  const drawer = find("#events");
  const button = find(".events-open");
  drawer.hidden = !drawer.hidden;
  button.setAttribute("aria-expanded", String(!drawer.hidden));
  (drawer.hidden ? button : drawer).focus();
};

const closeByKey = ({ key }) => key === "Escape" && toggle();
