// How is a mapping written? A click on a field of the call puts it in the box that was chosen last; what comes out is
// shown anew while somebody writes. And where calls are awaited, the page renews itself.
//
// Without this file all buttons of the form do the same, one page after the other.

const EVERY_MS = 4000;
const REST_MS = 500;
const form = document.querySelector("[data-mapping]");

// A page that answers a form has the form's address: what renews itself is asked for where it is.
const here = document.querySelector("[data-here]")?.dataset.here;
if (here && location.pathname !== here) history.replaceState(null, "", here);

setInterval(() => {
  const parts = document.querySelector("[data-live]")?.dataset.live ?? "";
  if (document.hidden) return;
  for (const part of parts.split(" ").filter(Boolean)) document.dispatchEvent(new CustomEvent("renew", { detail: part }));
}, EVERY_MS);

// Pointing: by mouse, or by Enter, which leads from a box to the fields, and from a field back. -------------------------
let chosen; // name of the box that was chosen last

const boxes = () => [...form.querySelectorAll("[data-takes]")];
const isSeen = (box) => box.offsetParent !== null;
const choose = (box) => {
  chosen = box.name;
  for (const other of boxes()) other.classList.toggle("chosen", other === box);
};
const boxFor = () => boxes().find((box) => box.name === chosen) ?? boxes().find((box) => isSeen(box) && box.name.endsWith(".path") && !box.value);

// A line without a name is called as the field is; an address or a number says who it is.
const WHO = { email_id: /mail/, phone_id: /phone|mobile|telef/ };
const call = (line, name) => {
  const [called, group] = [form.elements[`${line}.name`], form.elements[`${line}.group`]];
  if (called.value) return;
  const part = line.split(".")[0];
  const known = [...form.querySelectorAll(`[name^="${part}."][name$=".name"]`)].map((one) => one.value);
  const who = Object.keys(WHO).find((one) => WHO[one].test(name) && !known.includes(one));
  called.value = who ?? name;
  if (who) group.value = "identifiers";
  else if (group.value === "identifiers") group.value = "properties";
};

const point = ({ path, name }) => {
  const box = boxFor();
  if (!box) return;
  box.value = path;
  if (box.name.endsWith(".path")) call(box.name.replace(/\.path$/, ""), name);
  choose(box);
  box.focus();
  box.scrollIntoView({ block: "nearest" });
  soon();
};

// Trying ---------------------------------------------------------------------------------------------------------------
let turn = 0;
let waits;
const came = () => ["payload", "form", "headers", "each"].map((name) => new FormData(form).get(name)).join("\n");
let before = form && came();

const ask = async (button) => {
  const fields = new URLSearchParams([...new FormData(form)]);
  fields.set("do", button);
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body: fields, headers: { accept: "text/html" } });
  return answer.ok && !answer.redirected ? answer.text() : "";
};
const arrive = (text, target) => document.dispatchEvent(new CustomEvent("arrived", { detail: { text, target, quiet: true } }));

const look = async () => {
  const mine = ++turn;
  const now = came();
  try {
    const text = await ask("try");
    if (mine !== turn || !text) return;
    arrive(text, "#outcome");
    if (now !== before) arrive(text, "#fields");
    before = now;
    mark();
  } catch {
    // the next letter asks again
  }
};

// What holds, and what is wrong, beside the rules.
const mark = () => {
  const outcome = form.querySelector("#outcome");
  const holds = outcome.dataset.holds.split(" ").filter(Boolean);
  for (const badge of form.querySelectorAll("[id^=holds-r]")) {
    const isHolding = holds.includes(badge.id.slice(7));
    if (isHolding && badge.hidden) badge.closest("details").open = true;
    badge.hidden = !isHolding;
  }
  const wrong = new Set([...outcome.querySelectorAll("[data-fault]")].map((one) => one.dataset.fault));
  for (const box of form.querySelectorAll("[data-at]")) {
    if (wrong.has(box.dataset.at)) box.setAttribute("aria-invalid", "true");
    else if (box.dataset.at) box.removeAttribute("aria-invalid");
  }
};

// A rule is called as its event is.
const retitle = ({ name, value }) => {
  const label = [...document.querySelectorAll("#kinds option")].find((one) => one.value === value)?.textContent;
  const title = document.getElementById(name.split(".")[0])?.querySelector("summary .kind");
  if (title && value) title.textContent = label ?? value.replace(/^custom\//, "");
};

const soon = () => {
  clearTimeout(waits);
  waits = setTimeout(look, REST_MS);
};

// Another line, another rule: the whole form as the server has it, at the same place of the page.
const redo = async (button) => {
  const open = [...form.querySelectorAll("details.rule[open]")].map((one) => one.id);
  const text = await ask(button.value);
  if (!text) {
    isChanged = false;
    return form.submit();
  }
  isChanged = true;
  arrive(text, ".rules");
  arrive(text, "#outcome");
  if (!button.value.startsWith("remove")) for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  ready();
  // To the rule's last line, which is empty; else to the last rule.
  const ends = button.dataset.part ? `[name^="${button.dataset.part}."][name$=".path"]` : "[name$='.event']";
  [...form.querySelectorAll(ends)].at(-1)?.focus();
};
const ready = () => {
  for (const once of document.querySelectorAll("[data-once], [data-load]")) once.hidden = true;
};

// What was written is not left without a word.
let isChanged = false;
addEventListener("beforeunload", (event) => isChanged && event.preventDefault());

if (form) {
  ready();
  form.addEventListener("input", () => (isChanged = true));
  form.addEventListener("submit", () => (isChanged = false));
  form.addEventListener("input", ({ target }) => {
    if (target.matches("[data-takes]")) choose(target);
    if (target.matches("[list=kinds]")) retitle(target);
  });
  document.addEventListener("click", (event) => {
    if (event.target.matches("[data-takes]")) choose(event.target);
    const field = event.target.closest("[data-path]");
    if (field) point(field.dataset);
    const again = event.target.closest("[data-redo]");
    if (again) {
      event.preventDefault();
      redo(again);
    }
  });
  form.addEventListener("input", soon);
  form.addEventListener("change", ({ target }) => {
    if (target.matches("[data-loads]")) form.requestSubmit(form.querySelector("[data-load]"));
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.matches("[data-path]")) boxFor()?.focus();
    if (event.key !== "Enter" || !event.target.matches("input")) return;
    event.preventDefault(); // saving is a button
    if (!event.target.matches("[data-takes]")) return;
    choose(event.target);
    form.querySelector("[data-path]")?.focus();
  });
}
