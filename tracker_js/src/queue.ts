/** Which events wait? Each under a key of its own, until the collector has them: on the next page, in another tab.
 *
 * At most 200 events and 256 KB, none older than 72 hours; the oldest go first.
 */

import { names, read, remove, write } from "./storage";
import { type Who, who, uuid } from "./visitor";

export interface Item {
  id: string;
  key: string;
  seq: number;
  [field: string]: unknown;
}

/** An event that waits, and whose it is. */
export interface Waiting {
  name: string;
  size: number;
  who: Who;
  event: Item;
}

const QUEUE = "q_";
const MOST = 200;
const MOST_CHARACTERS = 256e3;
const OLDEST_MS = 72 * 36e5;
const HEX = 16;

/** A UUIDv7: ids that are made one after the other stand one after the other. */
const uuid7 = (): string => {
  const at = "0" + Date.now().toString(HEX); // 11 digits until the year 2527
  return at.slice(0, 8) + "-" + at.slice(8) + "-7" + uuid().slice(15);
};

const next = (): number => {
  const seq = ((parseInt(read("seq")!) || 0) % 1e9) + 1;
  write("seq", "" + seq);
  return seq;
};

/** Put an event in: id, order and time are made here, once. */
export const put = (event: Record<string, unknown>): void => {
  const id = uuid7();
  const made = { id, occurred_at: new Date().toISOString(), seq: next(), ...event };
  write(QUEUE + id, JSON.stringify([who(), made]));
  const all = waiting();
  let size = all.reduce((sum, one) => sum + one.size, 0);
  for (let over = all.length - MOST; over > 0 || size > MOST_CHARACTERS; over--) {
    const oldest = all.shift()!;
    size -= oldest.size;
    remove(oldest.name);
  }
};

/** All that wait, in order. What is no event of ours (somebody else wrote it) or too old is thrown away. */
export const waiting = (): Waiting[] =>
  names(QUEUE)
    .map(parsed)
    .filter((one): one is Waiting => !!one)
    .sort((a, b) => a.event.seq - b.event.seq || (a.name < b.name ? -1 : 1));

const parsed = (name: string): Waiting | undefined => {
  const text = read(name) || "";
  try {
    const [who, event] = JSON.parse(text);
    const age = Date.now() - parseInt(event.id.replace("-", "").slice(0, 12), HEX);
    if (who && event.key.length && age < OLDEST_MS) return { name, size: text.length, who, event };
  } catch {}
  remove(name);
  return;
};
