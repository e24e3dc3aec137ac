// How does a cart become an order? Address, payment, confirmation: three steps on one page, and thanks.
//
// What is typed here stays here: the tracker is told who it is and how they pay, never where they live.

import { to } from "./address.js";
import { bill, things } from "./bill.js";
import * as cart from "./cart.js";
import { customer } from "./customer.js";
import { find, h, show } from "./dom.js";
import { identified, paymentInfoAdded } from "./events.js";
import { country, t } from "./language.js";
import { open } from "./shop.js";

const STEPS = ["address", "payment", "confirm"];
const COUNTRIES = ["IT", "AT", "CH", "DE", "FR", "SI"];
const address = document.forms.address;
const payment = document.forms.payment;
let step = "address";
let ordered = null;

const typed = (name) => address.elements[name].value.trim();

const chosen = () => payment.elements.payment_method.value;

const draw = () => {
  const isEmpty = !ordered && !cart.cart().lines.length;
  const shown = ordered ? "done" : isEmpty ? "empty" : step;
  for (const section of document.querySelectorAll("[data-step]")) section.hidden = section.dataset.step !== shown;
  find("#bill").hidden = find("#steps").hidden = !STEPS.includes(shown);
  for (const item of document.querySelectorAll("#steps li")) mark(item, STEPS.indexOf(shown));
  const { value } = address.elements.country;
  show(
    "#country",
    COUNTRIES.map((code) => h("option", { value: code, selected: code === (value || COUNTRIES[0]) }, country(code))),
  );
  show("#bill-rows", things(cart.cart().lines), bill(cart.priced()));
  find("#ships-to").textContent = addressee();
  find("#paid-by").textContent = t(chosen());
  if (ordered) drawThanks();
};

const addressee = () =>
  [["first_name", "last_name"], ["street"], ["postcode", "city"]].map((names) => names.map(typed).join(" ")).join(", ");

const mark = (item, current) => {
  const at = STEPS.indexOf(item.dataset.name);
  item.classList.toggle("is-done", at < current);
  if (at === current) item.setAttribute("aria-current", "step");
  else item.removeAttribute("aria-current");
};

const drawThanks = () => {
  find("#done-text").textContent = t("done_text", { id: ordered.id });
  find("#done-text").dataset.order = ordered.id;
  show("#done-bill", things(ordered.lines), bill(ordered));
};

/** Show another step, and let who does not see it begin at its title. */
const go = (next) => {
  step = next;
  draw();
  const title = find(`[data-step="${ordered ? "done" : step}"] h2`);
  title.tabIndex = -1;
  title.focus();
};

const on = (form, run) =>
  form.addEventListener("submit", (submitted) => {
    submitted.preventDefault();
    run();
  });

on(address, () => {
  identified({ email: typed("email"), firstName: typed("first_name"), lastName: typed("last_name") });
  go("payment");
});

on(payment, () => {
  paymentInfoAdded(cart.priced(), chosen());
  go("confirm");
});

find("#place-order").addEventListener("click", () => {
  ordered = cart.order(chosen());
  go("done");
});

for (const button of document.querySelectorAll("[data-go]"))
  button.addEventListener("click", () => go(button.dataset.go));

find("#go-on").href = find("#to-shelf").href = to("");
if (customer()) {
  address.elements.email.value = customer().email;
  address.elements.first_name.value = customer().firstName;
}
open({ draw });
