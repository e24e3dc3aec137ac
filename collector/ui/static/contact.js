// What does /contacts/<id> do while one looks at it? It says what this person has done since, and moves nothing.

let stream;

const watch = () => {
  const timeline = document.querySelector("#timeline");
  stream?.close();
  if (!timeline) return;
  const pill = timeline.querySelector("[data-news]");
  const seen = document.querySelector("[data-last-seen]");
  let news = 0;
  stream = new EventSource(timeline.dataset.stream);
  stream.onmessage = ({ data }) => {
    if (JSON.parse(data).source === "derived") return; // nobody did it: it follows from what was done
    news += 1;
    pill.firstElementChild.textContent = news === 1 ? pill.dataset.one : pill.dataset.many.replace("{n}", news);
    pill.hidden = false;
    seen.textContent = seen.dataset.lastSeen;
  };
};

watch();
document.addEventListener("swapped", watch);
