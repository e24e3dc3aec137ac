// Which products does somebody wish for? Kept as a list of ids, the newest last.

import * as events from "./events.js";
import { product } from "./products.js";
import { read, write } from "./storage.js";

/** The products, the newest first. */
export const wished = () => ids().map(product).filter(Boolean).reverse();

export const isWished = (id) => ids().includes(id);

/** Wish for it, or no longer; true when it is wished for now. */
export const toggle = (id) => {
  const isNew = !isWished(id);
  write("wishlist", isNew ? [...ids(), id] : ids().filter((one) => one !== id));
  if (isNew) events.wishlistProductAdded(product(id));
  return isNew;
};

const ids = () => {
  const kept = read("wishlist", []);
  return Array.isArray(kept) ? kept : [];
};
