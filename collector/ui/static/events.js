// What does /events do while one looks at it? It shows what comes, and never moves what is being read.
//
// News go in at the top, by their time, a few times a second however many come. While the reader has paused, has scrolled,
// points at a row or has one open, they are only counted, and shown when asked for. Nothing is made from strings of HTML.

const EVERY_MS = 250; // between two insertions: rows that change faster cannot be read
const MOST_NEW = 50; // of one insertion; the rest of a burst is said to be missing
const MOST_ROWS = 200;
const MOST_CHARACTERS = 120; // of a text in a row, as ui/events/rows.py has it

const language = document.documentElement.lang;
const relative = new Intl.RelativeTimeFormat(language);
const exact = new Intl.DateTimeFormat(language === "it" ? "it" : "en-GB", {
  timeZone: "UTC", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit",
});
const UNITS = [["day", 86_400_000], ["hour", 3_600_000], ["minute", 60_000], ["second", 1_000]];

let paused = false;
let list, news, count, stream, shownAt, timer;

const say = (state) => {
  const live = document.querySelector("[data-live]");
  const text = paused ? live.dataset.saysPaused : state === "lost" ? live.dataset.saysLost : live.dataset.saysLive;
  live.hidden = false;
  live.dataset.state = paused ? "paused" : state;
  if (live.lastElementChild.textContent !== text) live.lastElementChild.textContent = text;
};

const ago = (at) => {
  const gap = Date.now() - at;
  const [unit, ms] = UNITS.find(([, ms]) => gap >= ms) ?? [];
  return unit ? relative.format(-Math.floor(gap / ms), unit) : language === "it" ? "adesso" : "just now";
};

const refresh = () => {
  for (const time of document.querySelectorAll("[data-rows] time")) {
    const text = ago(Date.parse(time.dateTime));
    if (time.textContent !== text) time.textContent = text;
  }
};

// A row ---------------------------------------------------------------------------------------------------------------

const isPlain = (value) => typeof value === "number" || (typeof value === "string" && value);

const worded = (name, value, currency) => {
  const isMoney = typeof value === "number" && currency?.length === 3 && list.dataset.money.split(" ").includes(name);
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return isMoney ? `${value.toLocaleString(language, digits)} ${currency}` : value;
};

const telling = ({ key, properties, page }) => {
  const told = list.dataset.telling.split(" ").filter((name) => isPlain(properties[name])).slice(0, 2);
  const said = told.map((name) => `${name} ${worded(name, properties[name], properties.currency)}`).join(" · ");
  return ((key === "page_visited" && page?.title) || said || page?.title || "").slice(0, MOST_CHARACTERS);
};

const path = (url) => {
  try {
    const { pathname, search } = new URL(url);
    return (pathname + search).slice(0, MOST_CHARACTERS);
  } catch {
    return url.slice(0, MOST_CHARACTERS);
  }
};

const name = (event) => {
  const known = list.querySelector(`[data-contact][href="/contacts/${event.contact_id}"]`);
  return known?.textContent ?? event.identifiers.email_id ?? event.identifiers.ext_id ?? `#${event.contact_id}`;
};

const rowOf = (event) => {
  const row = list.querySelector("[data-blank]").content.firstElementChild.cloneNode(true);
  const put = (selector, text) => (row.querySelector(selector).textContent = text);
  row.dataset.id = event.id;
  const time = row.querySelector("time");
  time.dateTime = event.occurred_at;
  time.title = `${exact.format(Date.parse(event.occurred_at))} UTC`;
  time.textContent = ago(Date.parse(event.occurred_at));
  row.querySelector("[data-row]").href = list.dataset.openLink + encodeURIComponent(event.id);
  put(".kind", event.key);
  row.querySelector(".kind").dataset.family = JSON.parse(list.dataset.families)[event.category];
  put("[data-category]", event.category);
  row.querySelector("[data-late]").hidden = !event.late;
  put("[data-what]", telling(event));
  put("[data-where]", event.page ? path(event.page.url) : "");
  if (row.querySelector("[data-site]")) put("[data-site]", JSON.parse(list.dataset.sites)[event.site] ?? "");
  const contact = row.querySelector("[data-contact]");
  if (event.contact_id) {
    contact.textContent = name(event);
    contact.href = `/contacts/${event.contact_id}`;
  } else contact.replaceWith("–");
  return row;
};

// The list ------------------------------------------------------------------------------------------------------------

const isRead = () =>
  paused || scrollY > 120 || document.querySelector("#panel:not(:empty)") || list.querySelector("tbody:hover, tbody :focus-visible");

const tell = () => {
  const pill = list.querySelector("[data-news]");
  const button = pill.firstElementChild;
  pill.hidden = !count;
  button.textContent = count === 1 ? button.dataset.one : button.dataset.many.replace("{n}", count.toLocaleString(language));
};

// By time, the newest first. What is older than all that is shown stands on a page further back.
const insert = (event) => {
  const rows = list.querySelector("tbody");
  const at = Date.parse(event.occurred_at);
  let next = rows.firstElementChild;
  while (next && Date.parse(next.querySelector("time").dateTime) > at) next = next.nextElementSibling;
  if (next || rows.rows.length < MOST_NEW) rows.insertBefore(rowOf(event), next);
};

const show = () => {
  const rows = list.querySelector("tbody");
  const there = new Set([...rows.rows].map((row) => row.dataset.id));
  for (const event of news) if (!there.has(event.id)) insert(event);
  const isCut = count > news.length || rows.rows.length > MOST_ROWS;
  while (rows.rows.length > MOST_ROWS) rows.lastElementChild.remove();
  if (isCut && list.querySelector("[data-gap]")) list.querySelector("[data-gap]").hidden = false;
  if (isCut) list.querySelector(".pager a[data-swap]")?.remove(); // it would go on where the list no longer ends
  if (rows.rows.length) {
    list.querySelector("[data-rows]").hidden = false;
    list.querySelector(".empty")?.remove();
  }
  [news, count, shownAt] = [[], 0, performance.now()];
  tell();
};

const look = () => {
  timer = undefined;
  if (!count) return;
  if (isRead()) tell();
  else show();
};

// At most once a frame, and not before the last rows could be seen.
const soon = () => {
  timer ??= setTimeout(() => requestAnimationFrame(look), Math.max(0, shownAt + EVERY_MS - performance.now()));
};

const take = (event) => {
  if (news.some(({ id }) => id === event.id)) return;
  news.push(event);
  count += 1;
  if (news.length > MOST_NEW) news.shift();
  soon();
};

// What was recorded after the page was made and before the stream began, or while it was broken.
const catchUp = async () => {
  const answer = await fetch(`/events.json?${list.dataset.liveQuery}`);
  if (!answer.ok) return;
  const there = new Set([...list.querySelectorAll("tbody tr")].map((row) => row.dataset.id));
  const newest = Date.parse(list.querySelector("tbody time")?.dateTime ?? 0);
  const missed = (await answer.json()).events.filter(({ id, occurred_at }) => !there.has(id) && Date.parse(occurred_at) >= newest);
  missed.reverse().forEach(take);
};

const listen = () => {
  stream?.close();
  stream = undefined;
  if (list.dataset.liveQuery === "-" || document.hidden) return; // a tab in the background holds no connection
  stream = new EventSource(`/api/events/stream?${list.dataset.liveQuery}`);
  stream.onopen = () => (say("live"), catchUp().catch(() => {}));
  stream.onerror = () => say("lost");
  stream.onmessage = ({ data }) => take(JSON.parse(data));
};

const start = () => {
  list = document.querySelector("[data-list]");
  [news, count, shownAt] = [[], 0, 0];
  if (!list) return stream?.close();
  const button = document.querySelector("[data-pause]");
  button.hidden = list.dataset.liveQuery === "-";
  button.setAttribute("aria-pressed", paused);
  listen();
};

const mark = () => {
  const open = new URL(location).searchParams.get("open");
  const before = list.querySelector("tr[data-open] [data-row]");
  for (const row of list.querySelectorAll("tbody tr")) {
    const isOpen = row.dataset.id === open;
    row.toggleAttribute("data-open", isOpen);
    if (isOpen) row.querySelector("[data-row]").setAttribute("aria-current", "true");
    else row.querySelector("[data-row]").removeAttribute("aria-current");
  }
  if (!open) before?.focus({ preventScroll: true }); // back to where the reader was
  else if (!matchMedia("(min-width: 1080px)").matches) document.querySelector("#panel h2")?.focus();
  soon();
};

document.addEventListener("swapped", ({ detail }) => (detail.id === "panel" ? mark() : start()));
document.addEventListener("visibilitychange", listen);
document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-news]")) {
    show();
    scrollTo({ top: 0 });
  }
  const button = target.closest("[data-pause]");
  if (!button) return;
  paused = !paused;
  button.setAttribute("aria-pressed", paused);
  say(stream?.readyState === EventSource.OPEN ? "live" : "lost");
  soon();
});
for (const kind of ["scroll", "pointerout", "focusout"]) addEventListener(kind, () => count && soon(), { passive: true });
setInterval(refresh, 1_000);
start();
