// How many are where, now? While somebody looks at an automation, the parts of its page that have numbers are renewed.
//
// Without this file the page says how many there were when it was made.

const EVERY_MS = 5000;

setInterval(() => {
  const parts = document.querySelector("[data-live]")?.dataset.live ?? "";
  if (document.hidden) return;
  for (const part of parts.split(" ").filter(Boolean)) document.dispatchEvent(new CustomEvent("renew", { detail: part }));
}, EVERY_MS);
