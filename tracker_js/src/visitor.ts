/** Who is this browser, as far as it knows? The collector's signed token; until it has one, a nonce of its own.
 *
 * The collector makes the visitor from the nonce: so a first batch, its retry and the beacon that leaves in the meantime
 * are of one visitor. On its own domain the collector keeps a cookie instead, and answers no token.
 */

import { word } from "./consent";
import { read, remove, write } from "./storage";

const enum Limit {
  token = 512,
}

/** What a batch says of its visitor. */
export interface Who {
  visitor?: string;
  nonce?: string;
  reset?: boolean;
}

/** A random UUID, also where the page is not a secure context and has no `crypto.randomUUID`. */
export const uuid = (): string => {
  const url = URL.createObjectURL(new Blob());
  URL.revokeObjectURL(url);
  return url.slice(-36);
};

/** The collector's word for this browser; what cannot be one (anybody may write there) is none. */
export const token = (): string => {
  const text = (!read("reset") && read("id")) || "";
  return text[Limit.token] ? "" : text;
};

/** As it is now: events remember it, for a person who leaves the browser must not take the next one's events along. */
export const who = (): Who => {
  if (word() == "denied") return {};
  if (token()) return { visitor: token() };
  if (!/^[\da-f-]{36}$/.test(read("nonce")!)) write("nonce", uuid());
  return { nonce: read("nonce")! };
};

/** The collector has answered a batch of `sender`, who may have been reset in the meantime. */
export const learn = (sender: Who, visitor?: string): void => {
  if (sender.visitor ? sender.visitor != token() : sender.nonce != read("nonce")) return;
  remove("reset");
  if (visitor) write("id", visitor);
};

/** Another person: a new nonce, and the word that cookie and token are to be forgotten. */
export const reset = (): void => {
  remove("id");
  write("nonce", uuid());
  write("reset", "1");
};
