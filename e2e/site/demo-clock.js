// What time is it in this demo? Its clock is moved on by buttons: what happens two hours later happens now.
//
// Only where the page says where the clock is: the collector serves it itself, as a demo.

import { find, h } from "./dom.js";
import { span, t } from "./language.js";

const HOME = find("meta[name=demo-clock]").content;
let said = () => "";

/** By how much it is ahead, and the buttons; nothing where it is not to be moved. */
export const demoClock = () => {
  if (!HOME) return null;
  ask();
  return h(
    "div",
    { class: "demo-clock" },
    h("span", { id: "clock-ahead", role: "status", "data-test": "clock-ahead" }),
    ["2h", "1d"].map((step) =>
      h("button", {
        type: "button",
        "data-text": `later_${step}`,
        "data-test": `later-${step}`,
        onclick: () => ask(`/${step}`, { method: "POST" }),
      }),
    ),
  );
};

/** Say it in the language of the page. */
export const drawDemoClock = () => {
  if (HOME) find("#clock-ahead").textContent = said();
};

const ask = async (step = "", options = {}) => {
  try {
    const answer = await fetch(HOME + step, options);
    if (!answer.ok) throw new Error(String(answer.status));
    const { ahead_ms: aheadMs } = await answer.json();
    said = () => (aheadMs ? t("clock_ahead", { span: span(aheadMs) }) : t("clock_right"));
  } catch {
    if (step) said = () => t("clock_failed");
  }
  drawDemoClock();
};
