// Who is shopping, and what did they say to being observed? Kept as `{email, firstName}` and as a word.

import * as cart from "./cart.js";
import * as events from "./events.js";
import { read, write } from "./storage.js";

/** `{email, firstName}`, null while nobody has logged in. */
export const customer = () => read("customer", null);

/** Log in; there is no password, for there is nothing behind it. */
export const login = (email, firstName) => {
  write("customer", { email, firstName });
  events.identified({ email, firstName });
};

/** Log out: whoever comes to this browser next finds nothing of theirs. */
export const logout = () => {
  cart.empty();
  write("wishlist", null);
  write("customer", null);
  events.left();
};

/** "granted", "denied", or null before a word. */
export const consent = () => read("consent", null);

/** Take their word. */
export const answer = (word) => {
  write("consent", word);
  events.consented(word);
};

/** Say again what they chose: a site that requires consent has to, on every page. */
export const recall = () => consent() && events.consented(consent());
