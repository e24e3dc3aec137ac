// How does one write a message? Line numbers, ready pieces at the cursor, faults that lead to their line, and beside it
// what somebody would get, while one writes. Without this file the form works all the same.

const REST_MS = 400;
const POLLS = 60;
const LINE_PX = 20;
const writing = document.querySelector("[data-writing]");

// Line numbers ------------------------------------------------------------------------------------------------------
const make = (name, parent, text = "") => {
  const element = parent.appendChild(document.createElement(name));
  element.textContent = text;
  return element;
};

const faultLines = (field) => {
  const told = document.querySelector("[data-numbers]")?.content.textContent ?? "";
  const all = told.trim().split(/\s+/).map((each) => each.split(":"));
  return new Set(all.filter(([name]) => name === field).map(([, line]) => Number(line)));
};

const number = (box) => {
  const [area, lines] = [box.querySelector("textarea"), box.querySelector(".lines > div")];
  const count = area.value.split("\n").length;
  const bad = faultLines(area.name);
  const key = `${count} ${[...bad]}`;
  if (lines.dataset.key !== key) {
    lines.replaceChildren();
    for (let n = 1; n <= count; n++) if (bad.has(n)) make("span", lines, n).className = "bad"; else make("span", lines, n);
    lines.dataset.key = key;
  }
  lines.style.top = `${10 - area.scrollTop}px`;
};

const numberAll = () => document.querySelectorAll("[data-code]").forEach(number);

for (const box of document.querySelectorAll("[data-code]")) {
  const lines = document.createElement("div");
  lines.className = "lines";
  lines.ariaHidden = "true";
  make("div", lines);
  box.prepend(lines);
  const area = box.querySelector("textarea");
  let leaves = false; // Escape, then Tab: out of the field
  area.addEventListener("scroll", () => number(box));
  area.addEventListener("input", () => number(box));
  area.addEventListener("blur", () => (leaves = false));
  area.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leaves = true;
    else if (event.key === "Tab" && !leaves && !event.shiftKey && !area.readOnly) {
      event.preventDefault();
      insert(area, "  ");
    } else if (event.key !== "Tab" && event.key !== "Shift") leaves = false;
  });
}
numberAll();

// Pieces at the cursor -----------------------------------------------------------------------------------------------
let latest;
document.addEventListener("focusin", ({ target }) => {
  if (target.matches("[data-code] textarea, [data-insert]")) latest = target;
});

function insert(area, text) {
  area.focus();
  if (document.execCommand("insertText", false, text)) return; // so that it can be undone
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const piece = event.target.closest("[data-piece]");
  const area = latest ?? document.querySelector("[data-code] textarea, textarea[data-insert]");
  if (piece && area && !area.readOnly) insert(area, piece.dataset.piece);
});

// To the line of a fault ---------------------------------------------------------------------------------------------
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-jump]");
  const area = link && document.getElementById(`f-${link.dataset.jump}`);
  if (!area) return;
  event.preventDefault();
  area.closest("details")?.setAttribute("open", "");
  area.focus();
  if (area.tagName !== "TEXTAREA") return;
  const line = Number(link.dataset.line);
  const lines = area.value.split("\n");
  const begin = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  area.setSelectionRange(begin, begin + (lines[line - 1] ?? "").length);
  area.scrollTop = Math.max(0, (line - 5) * LINE_PX);
});

// What somebody would get --------------------------------------------------------------------------------------------
const given = () => new URLSearchParams([...new FormData(writing)]);
const stage = document.querySelector("[data-stage]");
let turn = 0;
let lists = writing && given().get("event") + given().get("format");

// A new frame for each, loaded unseen: nothing flickers, and the browser's history stays as it is.
const show = (fields) => {
  const frame = document.createElement("iframe");
  const before = stage.querySelector("iframe:not([data-coming])");
  for (const coming of stage.querySelectorAll("[data-coming]")) coming.remove();
  frame.name = `shown-${++turn}`;
  frame.title = before.title;
  frame.sandbox = "";
  frame.dataset.coming = "";
  stage.append(frame);
  frame.addEventListener("load", () => {
    if (!frame.isConnected) return;
    delete frame.dataset.coming;
    for (const other of stage.querySelectorAll("iframe")) if (other !== frame) other.remove();
  });
  const carrier = document.body.appendChild(document.createElement("form"));
  Object.assign(carrier, { method: "post", action: "/messages/frame", target: frame.name, hidden: true });
  for (const [name, value] of fields) {
    const field = carrier.appendChild(document.createElement("textarea"));
    field.name = name;
    field.value = value;
  }
  carrier.submit();
  carrier.remove();
};

// A test shows the same person.
const nameShown = () => {
  const [name, chosen] = [document.querySelector("[data-shown-for]"), document.querySelector("#beside [name=contact]")];
  if (name && chosen?.value) name.textContent = chosen.selectedOptions[0].textContent;
};

let asked = 0;
const look = async () => {
  const mine = ++asked;
  const fields = given();
  const now = fields.get("event") + fields.get("format");
  if (now !== lists) for (const name of ["contact", "about"]) fields.delete(name); // another event is another person's
  try {
    const answer = await fetch("/messages/preview", { method: "POST", body: fields, headers: { accept: "text/html" } });
    const text = await answer.text();
    if (mine !== asked || !answer.ok || answer.redirected) return;
    const held = document.activeElement.closest("#beside") && document.activeElement.name;
    const arrive = (target) => document.dispatchEvent(new CustomEvent("arrived", { detail: { text, target, quiet: true } }));
    arrive("#beside");
    if (now !== lists) arrive("#palette");
    lists = now;
    nameShown();
    if (held) document.querySelector(`#beside [name=${held}]`)?.focus();
    numberAll();
    if (document.querySelector("#beside").dataset.sound === "true") show(given());
  } catch {
    // the next letter asks again
  }
};

let waits;
const soon = () => {
  clearTimeout(waits);
  waits = setTimeout(look, REST_MS);
};

if (writing) {
  for (const once of document.querySelectorAll("[data-once]")) once.hidden = true;
  const hears = (event) => {
    if (event.target.form !== writing) return;
    if (!["view", "who", "contact", "about"].includes(event.target.name)) {
      for (const note of document.querySelectorAll("[data-dirty]")) note.hidden = false;
    }
    soon();
  };
  document.addEventListener("input", hears);
  document.addEventListener("submit", (event) => {
    if (event.target.hasAttribute("data-as-shown")) {
      const shown = given();
      for (const name of ["who", "contact", "about"]) event.target.elements[name].value = shown.get(name) ?? "";
    }
  });
  writing.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input")) event.preventDefault(); // saving is a button
  });
  if (writing.hasAttribute("data-unkept")) look();
}

// What came of a message that was just sent ---------------------------------------------------------------------------
let polls = 0;
const follow = () => {
  if (document.querySelector("#came[data-waits]") && ++polls < POLLS) {
    document.dispatchEvent(new CustomEvent("renew", { detail: "#came" }));
    setTimeout(follow, 1000);
  }
};
follow();
