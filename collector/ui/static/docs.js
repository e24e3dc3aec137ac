// What does /api/docs do? It sends what is tried, shows what is answered, and says the same as a line for a shell.
//
// The key is kept in this module's memory: not in the address, not in the browser's storage. Every answer is shown as
// text. Without a login and without a key the page asks for one, and is read anew with it.

const STREAM_MS = 5_000;
const SAFE = ["GET", "HEAD"];
let key = "";

const csrf = () => document.querySelector("meta[name=csrf]").content;
const made = (name, text = "", kind = "") => Object.assign(document.createElement(name), { textContent: text, className: kind });

// What a form asks: the address, the headers, the body.
const asked = (form) => {
  const fields = [...form.querySelectorAll("[data-in]")].filter((field) => field.value.trim());
  const of = (place) => fields.filter((field) => field.dataset.in === place);
  const query = new URLSearchParams();
  for (const field of of("query")) {
    const values = "several" in field.dataset ? field.value.split(",") : [field.value];
    for (const value of values) query.append(field.name, value.trim());
  }
  const path = of("path").reduce((text, { name, value }) => text.replace(`{${name}}`, encodeURIComponent(value)), form.dataset.path);
  const headers = Object.fromEntries(of("header").map(({ name, value }) => [name, value]));
  const body = form.elements.body?.value;
  if (body !== undefined) headers["Content-Type"] = form.dataset.media;
  return { method: form.dataset.method, address: path + (query.size ? `?${query}` : ""), headers, body };
};

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

// The key stays out of it, so that it can be shown to others.
const curl = (form) => {
  const { method, address, headers, body } = asked(form);
  const lines = [`curl -X ${method} ${quoted(form.dataset.origin + address)}`, `-H "api-key: $SENTIERO_API_KEY"`];
  for (const [name, value] of Object.entries(headers)) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (body !== undefined) lines.push(`--data-raw ${quoted(body)}`);
  return lines.join(" \\\n  ");
};

const tell = (form) => (form.querySelector("[data-curl]").textContent = curl(form));

const pretty = (text, type) => {
  try {
    return type.includes("json") ? JSON.stringify(JSON.parse(text), null, 2) : text;
  } catch {
    return text;
  }
};

// A stream has no end: what has come within a few seconds is shown.
const read = async (answer, stop, form) => {
  if (!answer.headers.get("content-type")?.startsWith("text/event-stream")) return answer.text();
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  setTimeout(() => stop.abort(), STREAM_MS);
  let text = "";
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
  } catch {
    text += `\n${form.dataset.stopped}`;
  }
  return text;
};

const show = (place, answer, text, tookMs) => {
  const state = made("p", `${answer.status} ${answer.statusText}`.trim(), `badge ${answer.ok ? "good" : "bad"}`);
  const line = made("p");
  line.append(state, made("span", ` ${Math.round(tookMs)} ms`, "soft small"));
  const body = made("pre", pretty(text, answer.headers.get("content-type") ?? ""), "high");
  const headers = made("pre", [...answer.headers].map((pair) => pair.join(": ")).join("\n"));
  body.tabIndex = headers.tabIndex = 0;
  place.replaceChildren(line, headers, ...(text ? [body] : []));
};

const attempt = async (form) => {
  const place = form.querySelector("[data-answer]");
  const { method, address, headers, body } = asked(form);
  const access = key ? { "api-key": key } : SAFE.includes(method) ? {} : { "x-csrf": csrf() };
  const stop = new AbortController();
  const began = performance.now();
  place.replaceChildren(made("p", form.dataset.running, "soft"));
  try {
    const credentials = key ? "omit" : "same-origin";
    const answer = await fetch(address, { method, headers: { ...headers, ...access }, body, credentials, signal: stop.signal });
    const took = performance.now() - began;
    show(place, answer, await read(answer, stop, form), took);
  } catch {
    place.replaceChildren(made("p", form.dataset.failed, "problem"));
  }
};

// The page is read with the key that was typed; frame.js puts it in the place of the question.
const enter = async (form) => {
  const answer = await fetch(location.pathname, { headers: { "api-key": key, accept: "text/html" }, credentials: "omit" });
  const problem = form.querySelector("[role=alert]");
  problem.hidden = answer.ok;
  problem.textContent = form.dataset.refused;
  if (!answer.ok) return;
  const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: "/static/docs.css" });
  document.head.append(style);
  document.dispatchEvent(new CustomEvent("arrived", { detail: { text: await answer.text(), target: "#content" } }));
};

document.addEventListener("input", ({ target }) => {
  if ("key" in target.dataset) key = target.value.trim();
  const form = target.closest("[data-try]");
  if (form) tell(form);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-try], [data-ask], [data-access]")) event.preventDefault();
  if (form.matches("[data-try]")) attempt(form);
  if (form.matches("[data-ask]")) enter(form);
});

const begin = () => {
  for (const field of document.querySelectorAll("[data-key]")) field.value = key;
  for (const form of document.querySelectorAll("[data-try]")) tell(form);
  const named = document.getElementById(location.hash.slice(1));
  if (named?.matches("details")) named.open = true;
};

begin();
document.addEventListener("swapped", begin);
