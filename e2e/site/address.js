// Where is a page or a file of the shop? Beside this module, at whatever address the shop is served.

/** The absolute address: `to("cart")`, `to("product", {id})`, `to("")` for the front page. */
export const to = (name, query = {}) => {
  const url = new URL(`./${name}`, import.meta.url);
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
  return url.href;
};

/** A word of this page's query, "" when it is not there. */
export const asked = (key) => new URLSearchParams(location.search).get(key)?.trim() ?? "";
