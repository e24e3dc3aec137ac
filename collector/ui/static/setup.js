// What does /setup do while one looks at it? It says what has just come and how long ago, and why nothing comes.

const find = (name) => document.querySelector(`[data-${name}]`);
const live = () => find("live");

const ago = (at) => {
  const seconds = Math.max(Math.floor((Date.now() - at) / 1000), 0);
  if (seconds < 1) return live().dataset.now;
  const [unit, size] = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]].find(([, size]) => seconds >= size);
  return new Intl.RelativeTimeFormat(document.documentElement.lang).format(-Math.floor(seconds / size), unit);
};

const hostOf = (page) => {
  try {
    return new URL(page.url).host;
  } catch {
    return "";
  }
};

const tick = () => {
  const time = find("at");
  if (Number(time?.dataset.at)) time.textContent = ago(Number(time.dataset.at));
};

const show = (event) => {
  const { dataset } = live();
  const host = hostOf(event.page);
  dataset.state = "received";
  find("title").textContent = dataset.received.replace("{event}", () => event.key);
  find("host").textContent = host && `, ${dataset.from.replace("{host}", () => host)}`;
  find("at").dataset.at = Date.parse(event.received_at);
  find("event").href = `/events?open=${encodeURIComponent(event.id)}`;
  find("person").href = `/contacts/${event.contact_id}`;
  find("person").hidden = !event.contact_id;
  find("wait").hidden = true;
  find("what").hidden = find("next").hidden = false;
  tick();
};

const renew = () => document.hidden || document.dispatchEvent(new CustomEvent("renew", { detail: "#causes" }));

new EventSource(`/api/events/stream?source=tracker&bots=include&site=${live().dataset.live}`).onmessage = ({ data }) => show(JSON.parse(data));
setInterval(tick, 1000);
setInterval(renew, 3000);

// The answer to the test, in the words of the button: data-<code> for each code that has some.
const said = (data, status, answer) => {
  const refusal = (answer.errors ?? answer.rejected ?? [])[0];
  if (status === 202 && !refusal) return data.accepted;
  const code = refusal?.code ?? String(status);
  return data[code.replace(/_(.)/g, (_, letter) => letter.toUpperCase())] ?? data.refused.replace("{code}", () => code);
};

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-test]");
  if (!button) return;
  const now = new Date().toISOString();
  const page = { url: location.origin + "/setup", title: document.title };
  const event = { id: crypto.randomUUID(), key: "page_visited", occurred_at: now, page };
  const sent = { write_key: button.dataset.test, sent_at: now, nonce: crypto.randomUUID(), consent: "granted", events: [event] };
  try {
    const answer = await fetch("/e", { method: "POST", body: JSON.stringify(sent), credentials: "omit" });
    find("outcome").textContent = said(button.dataset, answer.status, await answer.json());
  } catch {
    find("outcome").textContent = button.dataset.unreachable;
  }
  renew();
});
