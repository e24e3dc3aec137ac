// How many are in each segment of the list? Asked one after the other, so that nobody else waits; without this file a
// link counts one.

const count = async () => {
  for (const link of document.querySelectorAll("a[data-count]")) {
    const answer = await fetch(link.dataset.count);
    if (!answer.ok) return;
    const { count } = await answer.json();
    const text = document.createElement("span");
    text.textContent = count === null ? link.dataset.slow : new Intl.NumberFormat(document.documentElement.lang).format(count);
    if (link.isConnected) link.replaceWith(text);
  }
};

count();
document.addEventListener("swapped", count);
