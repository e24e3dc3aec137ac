// Who are you? Email and first name, which the tracker is told; and out again, after which it is somebody else.

import { customer, login, logout } from "./customer.js";
import { find } from "./dom.js";
import { t } from "./language.js";
import { open } from "./shop.js";

const form = document.forms.login;

const draw = () => {
  const who = customer();
  find("#stranger").hidden = Boolean(who);
  find("#known").hidden = !who;
  if (!who) return;
  find("#hello").textContent = t("hello", { name: who.firstName });
  find("#hello-text").textContent = t("hello_text", { email: who.email });
};

form.addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  login(form.elements.email.value.trim(), form.elements.first_name.value.trim());
  form.reset();
  find("#hello").focus();
});

find("#logout").addEventListener("click", () => {
  logout();
  form.elements.email.focus();
});

open({ draw });
