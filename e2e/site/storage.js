// Where does the shop keep cart, wishlist, customer and choices? In localStorage under `shop_…`, else in memory.
//
// Whoever draws subscribes to changes: they come from this page, from another tab, and from the page's own past, when
// the browser brings it back as it was left.

const PREFIX = "shop_";
const memory = new Map();
const changes = new EventTarget();

/** The value of that name; `otherwise` when there is none, or none that can be read. */
export const read = (name, otherwise) => {
  if (memory.has(name)) return memory.get(name);
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name)) ?? otherwise;
  } catch {
    return otherwise;
  }
};

/** Keep the value, as JSON; null forgets it. */
export const write = (name, value) => {
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
    memory.delete(name);
  } catch {
    memory.set(name, value ?? undefined); // blocked or full: until the page is left
  }
  changes.dispatchEvent(new Event("change"));
};

/** Call `run` after every change. */
export const onChange = (run) => {
  changes.addEventListener("change", run);
  window.addEventListener("storage", ({ key }) => (key === null || key.startsWith(PREFIX)) && run());
  window.addEventListener("pageshow", ({ persisted }) => persisted && run());
};
