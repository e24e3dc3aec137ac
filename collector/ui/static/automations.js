// How many are where, now? While somebody looks at an automation, the parts of its page that have numbers are renewed.
// And while one is written: what does the event carry that was chosen? Its properties are offered in the fields.
//
// Without this file the page says how many there were when it was made, and offers what the event of before carried.

const EVERY_MS = 5000;

setInterval(() => {
  const parts = document.querySelector("[data-live]")?.dataset.live ?? "";
  if (document.hidden) return;
  for (const part of parts.split(" ").filter(Boolean)) document.dispatchEvent(new CustomEvent("renew", { detail: part }));
}, EVERY_MS);

const option = ({ path }) => Object.assign(document.createElement("option"), { value: path });

document.addEventListener("change", async ({ target }) => {
  const select = target.closest("[data-carries]") ?? target.closest(".of-own")?.previousElementSibling?.querySelector("[data-carries]");
  if (!select) return;
  const own = select.closest("label").nextElementSibling?.querySelector("input");
  const kind = select.value.endsWith("/") ? select.value + encodeURIComponent(own?.value ?? "") : select.value;
  if (!/^[^/]+\/./.test(kind)) return;
  try {
    const answer = await fetch(`/segments/offers/${kind}`, { headers: { accept: "application/json" } });
    if (answer.ok) document.getElementById(select.dataset.carries).replaceChildren(...(await answer.json()).map(option));
  } catch {
    // the fields take any name
  }
});
