// What do all pages do? Links and forms with `data-swap` change a part of the page and the address instead of loading
// another; buttons with `data-copy` copy; / searches, j and k walk through a list, Escape closes what is open.
//
// Without this file every link and form works all the same. After a swap `swapped` is dispatched on the document.

// Pages of this server, whose templates escape all text: the only HTML that is ever made from a string here.
const policy = window.trustedTypes?.createPolicy("sentiero", { createHTML: (text) => text }) ?? { createHTML: (text) => text };
const parse = (text) => new DOMParser().parseFromString(policy.createHTML(text), "text/html");

let asked = 0;

async function swap(address, target, { push = true } = {}) {
  const turn = ++asked;
  document.body.dataset.busy = "";
  try {
    const answer = await fetch(address, { headers: { accept: "text/html" } });
    const found = parse(await answer.text()).querySelector(target);
    if (turn !== asked) return;
    if (!found || answer.redirected) return location.assign(address);
    if (push) history.pushState(null, "", address);
    document.querySelector(target).replaceWith(document.adoptNode(found));
    document.dispatchEvent(new CustomEvent("swapped", { detail: found }));
    found.querySelector("[data-focus]")?.focus();
  } catch {
    location.assign(address);
  } finally {
    if (turn === asked) delete document.body.dataset.busy;
  }
}

const addressOf = (form) => {
  const given = [...new FormData(form)].filter(([, value]) => value);
  return `${form.action.split("?")[0]}?${new URLSearchParams(given)}`.replace(/\?$/, "");
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  swap(link.href, link.dataset.swap);
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-swap]");
  if (!form) return;
  event.preventDefault();
  swap(addressOf(form), form.dataset.swap);
});

document.addEventListener("change", ({ target }) => target.closest("[data-at-once]")?.form.requestSubmit());

addEventListener("popstate", () => swap(location.href, "#content", { push: false }));

// `renew`: a part of the page as it is now; then `renewed`. Where somebody is at work in it, or the server is away, it
// stays.
document.addEventListener("renew", async ({ detail: target }) => {
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    const found = answer.ok && !answer.redirected && parse(await answer.text()).querySelector(target);
    const there = document.querySelector(target);
    if (!found || !there || there.contains(document.activeElement)) return;
    there.replaceWith(document.adoptNode(found));
    document.dispatchEvent(new CustomEvent("renewed", { detail: found }));
  } catch {
    // the next time will do
  }
});

// `arrived`: a page that another script of ours has asked for; a part of it takes the place of the one that is there.
// quiet: whoever writes elsewhere stays there.
document.addEventListener("arrived", ({ detail: { text, target, quiet } }) => {
  const found = document.adoptNode(parse(text).querySelector(target));
  document.querySelector(target).replaceWith(found);
  document.dispatchEvent(new CustomEvent("swapped", { detail: found }));
  if (!quiet) found.focus();
});

// Copy buttons: data-copy is the id of what is copied, data-done what the button says for a moment.
document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
  const before = button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => (button.textContent = before), 2000);
});

// Keys: not while somebody writes.
const rows = () => [...document.querySelectorAll("[data-row]")];
const walk = (step) => {
  const all = rows();
  const here = all.indexOf(document.activeElement);
  all[Math.min(Math.max(here + step, 0), all.length - 1)]?.focus();
};
const keys = {
  "/": () => document.querySelector("[data-search]")?.focus(),
  j: () => walk(1),
  k: () => walk(-1),
  Escape: () => document.querySelector("[data-close]")?.click(),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const writes = event.target.closest("input, select, textarea, [contenteditable]");
  if (writes && event.key !== "Escape") return;
  if (!keys[event.key]) return;
  if (event.key !== "Escape") event.preventDefault();
  keys[event.key]();
});

// Where the sections do not all fit, the one that is shown is among those that are seen.
document.querySelector(".top nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
