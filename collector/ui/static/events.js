// What does /events do while one looks at it? It counts what has come since, and never moves what is being read.

const pill = document.querySelector("[data-news]");
const link = pill.querySelector("a");
let news = 0;

const filters = new URLSearchParams(location.search);
for (const name of ["cursor", "limit", "order"]) filters.delete(name);
for (const [name, value] of [...filters]) if (!value) filters.delete(name);

new EventSource(`/api/events/stream?${filters}`).onmessage = () => {
  news += 1;
  link.textContent = news === 1 ? pill.dataset.one : pill.dataset.many.replace("{n}", news);
  pill.hidden = false;
};
