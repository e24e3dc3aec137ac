// What is at the end of every page? The newsletter, things to take along, the language, and what this shop is.

import { to } from "./address.js";
import { demoClock } from "./demo-clock.js";
import { h, icon } from "./dom.js";
import * as events from "./events.js";
import { choose, t } from "./language.js";

const MAP = "https://www.openstreetmap.org/#map=13/46.6160/12.3020";

export const footer = () =>
  h(
    "footer",
    { class: "footer" },
    h("div", { class: "footer__columns" }, newsletter(), takeAlong(), languages()),
    h("div", { class: "footer__demo" }, h("p", { "data-text": "demo" }), demoClock()),
  );

const newsletter = () =>
  h(
    "section",
    { class: "footer__letter" },
    h("h2", { "data-text": "newsletter" }),
    h("p", { "data-text": "newsletter_text" }),
    h(
      "form",
      { name: "newsletter", id: "newsletter", "data-test": "newsletter", onsubmit: subscribe },
      h("label", { for: "newsletter-email", "data-text": "email" }),
      h(
        "div",
        { class: "footer__field" },
        field("newsletter-email"),
        h("button", { class: "button", "data-text": "newsletter_go", "data-test": "newsletter-submit" }),
      ),
    ),
    h("p", { id: "newsletter-done", class: "footer__done", role: "status", "data-test": "newsletter-done" }),
  );

const field = (id) =>
  h("input", { id, name: "email", type: "email", autocomplete: "email", required: true, "data-test": id });

const subscribe = (submitted) => {
  submitted.preventDefault();
  const form = submitted.target;
  events.identified({ email: form.elements.email.value.trim() });
  form.reset();
  const done = form.nextElementSibling;
  done.dataset.text = "newsletter_done";
  done.textContent = t("newsletter_done");
};

const takeAlong = () =>
  h(
    "section",
    {},
    h("h2", { "data-text": "take_along" }),
    h(
      "ul",
      { class: "footer__links" },
      h("li", {}, leaving("file", { href: to("brochure.pdf"), download: true, "data-test": "brochure" })),
      h("li", {}, leaving("out", { href: MAP, target: "_blank", rel: "noopener", "data-test": "outbound" })),
      h("li", {}, h("a", { href: to("mailbox"), "data-text": "mailbox", "data-test": "mailbox" })),
      h("li", {}, h("a", { href: to("privacy"), "data-text": "privacy", "data-test": "privacy" })),
    ),
  );

const leaving = (picture, attributes) =>
  h("a", attributes, icon(picture), h("span", { "data-text": attributes["data-test"] }));

const languages = () =>
  h(
    "section",
    {},
    h("h2", { "data-text": "language" }),
    h(
      "div",
      { class: "languages", role: "group", "data-label": "language" },
      Object.entries({ it: "Italiano", en: "English" }).map(([code, name]) =>
        h(
          "button",
          {
            type: "button",
            lang: code,
            "data-language": code,
            "data-test": `language-${code}`,
            onclick: () => choose(code),
          },
          name,
        ),
      ),
    ),
  );
