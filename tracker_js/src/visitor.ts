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

export const uuid = (): string =>
  "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
    (+digit ^ (crypto.getRandomValues(new Uint8Array(1))[0]! & (15 >> (+digit / 4)))).toString(16),
  );

/** The collector's word for this browser; what cannot be one (anybody may write there) is none. */
export const token = (): string => {
  const text = read("id") || "";
  return text.length > Limit.token ? "" : text;
};

/** As it is now: events remember it, for a person who leaves the browser must not take the next one's events along. */
export const who = (): Who => {
  if (word() == "denied") return {};
  if (token()) return { visitor: token() };
  if (!/^[\da-f-]{36}$/.test(read("nonce")!)) write("nonce", uuid());
  return { nonce: read("nonce")!, ...(read("reset") && { reset: true }) };
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
