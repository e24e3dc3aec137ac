// What has come, and how does it look? Asks for new letters again and again; shows one in a window and in a telephone.

const texts = {
  title: { it: "La posta della demo", en: "The demo’s mailbox" },
  shop: { it: "Negozio", en: "Shop" },
  dark: { it: "Scuro", en: "Dark" },
  clear: { it: "Svuota", en: "Empty" },
  letters: { it: "Messaggi", en: "Messages" },
  none: {
    it: "Qui arriva tutto ciò che questa demo invia, subito. Per ora niente.",
    en: "Whatever this demo sends comes here, at once. Nothing so far.",
  },
  elsewhere: {
    it: "Questa installazione ha un suo account di posta: i messaggi vanno lì, non qui.",
    en: "This deployment has a mail account of its own: messages go there, not here.",
  },
  choose: { it: "Scegli un messaggio per aprirlo.", en: "Choose a message to open it." },
  mail: { it: "Messaggio", en: "Message" },
  text: { it: "Solo testo", en: "Plain text" },
  list: { it: "Viene da una lista.", en: "This comes from a mailing list." },
  leave: { it: "Annulla iscrizione", en: "Unsubscribe" },
  left: { it: "Fatto.", en: "Done." },
  not_left: { it: "Non è riuscito: riprova.", en: "That failed: try again." },
  headers: { it: "Intestazioni", en: "Headers" },
  to: { it: "a", en: "to" },
  later_2h: { it: "2 ore dopo", en: "2 hours later" },
  later_1d: { it: "1 giorno dopo", en: "1 day later" },
  clock: { it: "L’orologio della demo", en: "The demo’s clock" },
  ahead: { it: "L’orologio è avanti di", en: "The clock is ahead by" },
  right: { it: "L’orologio è giusto", en: "The clock is right" },
  not_moved: { it: "L’orologio non si è mosso: riprova", en: "The clock has not moved: try again" },
  came: { it: "Nuovo messaggio da", en: "New message from" },
  frame_wide: { it: "Il messaggio, come su un computer", en: "The message, as on a computer" },
  frame_narrow: { it: "Il messaggio, come su un telefono", en: "The message, as on a telephone" },
};
const LOOK_MS = 1500;
const HOME = "/demo/mailbox";

const language = navigator.language.startsWith("it") ? "it" : "en";
const t = (key) => texts[key][language];
const at = (id) => document.getElementById(id);
const time = (ms) => new Date(ms).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const ask = async (path) => {
  const answer = await fetch(HOME + path);
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};

const known = new Map(); // id → what the list knows of it
const seen = new Set();
let open = null;
let mode = "html";

const h = (tag, attributes, ...children) => {
  const node = document.createElement(tag);
  Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
  node.append(...children);
  return node;
};

const name = (letter) => letter.sender_name || letter.sender || "?";
const initial = (letter) => name(letter).replace("+", "").slice(0, 1).toUpperCase();

// The list ----------------------------------------------------------------------------------------------------------

const row = (letter, isNew) => {
  const button = h(
    "button",
    { type: "button", class: "letter", "data-id": letter.id, "data-seen": seen.has(letter.id) ? "yes" : "no" },
    h("span", { class: "face", "aria-hidden": "true" }, initial(letter)),
    h("b", {}, name(letter)),
    h("time", {}, time(letter.at)),
    h("span", { class: "what" }, letter.subject || (letter.kind === "sms" ? "SMS" : "—")),
    h("span", { class: "begins" }, letter.preheader),
  );
  if (isNew) button.dataset.new = "";
  button.addEventListener("click", () => (location.hash = letter.id));
  return h("li", {}, button);
};

const look = async () => {
  const newest = [...known.keys()].sort().at(-1) ?? "";
  const found = await ask(`/letters?after=${newest}`);
  const isFirst = known.size === 0;
  at("sends").hidden = found.sends;
  if (known.size + found.letters.length !== found.count) return again();
  found.letters.reverse().forEach((letter) => {
    known.set(letter.id, letter);
    at("letters").prepend(row(letter, !isFirst));
    if (!isFirst) at("news").textContent = `${t("came")} ${name(letter)}`;
  });
  at("none").hidden = known.size > 0 || !found.sends;
};

const again = async () => {
  known.clear();
  const { letters } = await ask("/letters");
  letters.forEach((letter) => known.set(letter.id, letter));
  at("letters").replaceChildren(...letters.map((letter) => row(letter, false)));
  at("none").hidden = letters.length > 0;
  mark();
};

const mark = () =>
  document.querySelectorAll(".letter").forEach((button) => {
    button.setAttribute("aria-current", String(button.dataset.id === open?.id));
    button.dataset.seen = seen.has(button.dataset.id) ? "yes" : "no";
  });

// One letter --------------------------------------------------------------------------------------------------------

const show = async () => {
  const id = location.hash.slice(1);
  open = id ? await ask(`/letters/${encodeURIComponent(id)}`).catch(() => null) : null;
  at("nothing").hidden = Boolean(open);
  at("window").hidden = open?.kind !== "email";
  at("phone").hidden = !open;
  if (!open) return mark();
  seen.add(open.id);
  mark();
  head();
  if (open.kind === "sms") return talk();
  mode = open.html ? "html" : "text";
  at("modes").hidden = !(open.html && open.text);
  load("opens=yes");
  paper();
  if (matchMedia("(max-width: 820px)").matches) at("stage").scrollIntoView();
};

// Only whoever opens a mail loads the image that tells; to look at it in another light is not to open it again.
const load = (opens) => {
  const dark = document.body.hasAttribute("data-dark") ? "dark=yes" : "";
  const address = open?.html ? `${HOME}/letters/${open.id}/html?${dark}` : "about:blank";
  at("wide").src = address;
  at("narrow").src = open?.html && opens ? `${address}&${opens}` : address;
};

const head = () => {
  document.querySelectorAll("[data-face]").forEach((face) => (face.textContent = initial(open)));
  at("subject").textContent = open.subject || "—";
  at("sender").textContent = at("short-sender").textContent = name(open);
  at("address").textContent = open.sender_name ? `<${open.sender}>` : "";
  at("to").textContent = `${t("to")} ${open.to}`;
  at("time").textContent = at("clock").textContent = time(open.at);
  at("short-subject").textContent = open.subject;
  at("leave").hidden = !(open.leave && open.one_click);
  at("leave-go").hidden = false;
  at("left").textContent = "";
  at("headers").replaceChildren(...open.headers.flatMap(([key, value]) => [h("dt", {}, key), h("dd", {}, value)]));
};

const paper = () => {
  at("wide").hidden = at("narrow").hidden = mode !== "html";
  at("plain").hidden = at("short").hidden = mode !== "text";
  at("plain").textContent = at("short").textContent = open.text;
  at("bubbles").hidden = true;
  document.querySelectorAll("[data-mode]").forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.mode === mode)));
};

const LINK = /https?:\/\/\S+/;

const talk = () => {
  at("wide").src = at("narrow").src = "about:blank";
  at("narrow").hidden = at("short").hidden = true;
  at("bubbles").hidden = false;
  const all = [...known.values()].filter((one) => one.kind === "sms" && one.to === open.to);
  all.sort((a, b) => (a.id < b.id ? -1 : 1));
  at("bubbles").replaceChildren(...all.flatMap((one) => [h("time", {}, time(one.at)), bubble(one.preheader)]));
  at("bubbles").scrollTop = at("bubbles").scrollHeight;
};

const bubble = (text) => {
  const [link] = text.match(LINK) ?? [""];
  if (!link) return h("p", {}, text);
  const [before, after] = [text.slice(0, text.indexOf(link)), text.slice(text.indexOf(link) + link.length)];
  return h("p", {}, before, h("a", { href: link, target: "_blank", rel: "noopener" }, link), after);
};

// As mail programs do it: RFC 8058, without a cookie.
const leave = async () => {
  if (!open.leave.startsWith("/")) return window.open(open.leave, "_blank", "noopener");
  const body = new URLSearchParams({ "List-Unsubscribe": "One-Click" });
  const answer = await fetch(open.leave, { method: "POST", body, credentials: "omit" }).catch(() => null);
  at("left").textContent = t(answer?.ok ? "left" : "not_left");
  at("leave-go").hidden = Boolean(answer?.ok);
};

// The clock ---------------------------------------------------------------------------------------------------------

const span = (ms) => {
  const minutes = Math.floor(ms / 60_000);
  const parts = { day: Math.floor(minutes / 1440), hour: Math.floor(minutes / 60) % 24, minute: minutes % 60 };
  const said = Object.entries(parts).filter(([, value]) => value);
  return said.map(([unit, value]) => value.toLocaleString(language, { style: "unit", unit })).join(" ");
};

const tell = async (answer) => {
  if (!answer.ok) throw new Error(String(answer.status));
  const { ahead_ms: aheadMs } = await answer.json();
  at("ahead").textContent = aheadMs ? `${t("ahead")} ${span(aheadMs)}` : t("right");
  at("later").hidden = false;
};

const moveOn = ({ currentTarget }) =>
  fetch(`/demo/clock/${currentTarget.dataset.later}`, { method: "POST" })
    .then(tell)
    .catch(() => (at("ahead").textContent = t("not_moved")));

// -------------------------------------------------------------------------------------------------------------------

document.documentElement.lang = language;
document.title = `${t("title")} · Sentiero`;
document.querySelectorAll("[data-text]").forEach((node) => (node.textContent = t(node.dataset.text)));
at("wide").title = t("frame_wide");
at("narrow").title = t("frame_narrow");
at("dark").addEventListener("click", ({ currentTarget }) => {
  const isDark = document.body.toggleAttribute("data-dark");
  currentTarget.setAttribute("aria-pressed", String(isDark));
  load("");
});
at("later").setAttribute("aria-label", t("clock"));
document.querySelectorAll("[data-later]").forEach((button) => button.addEventListener("click", moveOn));
at("leave-go").addEventListener("click", leave);
document.querySelectorAll("[data-mode]").forEach((button) =>
  button.addEventListener("click", () => {
    mode = button.dataset.mode;
    paper();
  }),
);
addEventListener("hashchange", show);
if (matchMedia("(prefers-color-scheme: dark)").matches) at("dark").click();

const watch = async () => {
  await look().catch(() => {}); // the server is being started again
  setTimeout(watch, LOOK_MS);
};
await look().catch(() => {});
await show();
await fetch("/demo/clock").then(tell).catch(() => {}); // only a demo has one that can be moved
setTimeout(watch, LOOK_MS);
