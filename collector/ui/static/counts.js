// How many are in each segment of the list? Asked one after the other, so that nobody else waits; without this file a
// link counts one. While the worker still asks a segment of everybody, how far it is; without this file, by loading anew.

const number = new Intl.NumberFormat(document.documentElement.lang);
const EVERY_MS = 2000;

const asJson = async (address) => {
  const answer = await fetch(address);
  return answer.ok ? answer.json() : undefined;
};

const count = async () => {
  for (const link of document.querySelectorAll("a[data-count]")) {
    const found = await asJson(link.dataset.count);
    if (!found) return;
    const text = document.createElement("span");
    text.textContent = found.count === null ? link.dataset.slow : number.format(found.count);
    if (link.isConnected) link.replaceWith(text);
  }
};

// renews: the parts of the page that are other when everybody was asked.
const arrive = (place, size) => {
  const { renews } = place.dataset;
  place.removeAttribute("data-progress");
  if (!renews) place.textContent = number.format(size);
  for (const target of renews?.split(" ") ?? []) document.dispatchEvent(new CustomEvent("renew", { detail: target }));
};

const follow = async () => {
  for (const place of document.querySelectorAll("[data-progress]")) {
    const { done, asked, of, size } = (await asJson(place.dataset.progress)) ?? {};
    if (done) arrive(place, size);
    else if (of) place.textContent = place.dataset.says.replace("{asked}", number.format(asked)).replace("{of}", number.format(of));
  }
};

const watch = async () => {
  try {
    if (!document.hidden) await follow();
  } catch {
    // the next time will do
  }
  setTimeout(watch, EVERY_MS);
};

count();
setTimeout(watch, EVERY_MS);
document.addEventListener("swapped", count);
