// May the shop observe? What it does is explained in the markup; here is the answer, yes or no.

import { answer, consent } from "./customer.js";
import { find } from "./dom.js";
import { t } from "./language.js";
import { open } from "./shop.js";

const draw = () => {
  const word = consent();
  find("#consent").textContent = t(`consent_${word ?? "none"}`);
  for (const button of document.querySelectorAll("[data-word]"))
    button.setAttribute("aria-pressed", String(button.dataset.word === word));
};

for (const button of document.querySelectorAll("[data-word]"))
  button.addEventListener("click", () => answer(button.dataset.word));

open({ draw });
