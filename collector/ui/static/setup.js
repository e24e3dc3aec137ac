// What does /setup do while one looks at it? It says when the first event has come, and sends a test.

const state = document.querySelector("[data-live]");

const show = (event) => {
  state.dataset.state = "received";
  state.querySelector("[data-title]").textContent = state.dataset.received;
  const where = event.page ? `, ${event.page.url}` : "";
  state.querySelector("[data-what]").textContent = `${event.key}, ${state.dataset.now}${where}`;
  document.querySelector("[data-next]").hidden = false;
};

new EventSource("/api/events/stream?source=tracker&bots=include").onmessage = ({ data }) => show(JSON.parse(data));

document.querySelector("[data-test]").addEventListener("click", ({ target }) => {
  const now = new Date().toISOString();
  const page = { url: location.origin + "/setup", title: document.title };
  const event = { id: crypto.randomUUID(), key: "page_visited", occurred_at: now, page };
  const body = JSON.stringify({ write_key: target.dataset.key, sent_at: now, nonce: crypto.randomUUID(), events: [event] });
  fetch("/e", { method: "POST", body, credentials: "omit" });
});
