/** Which events wait? Each under a key of its own, until the collector has them: on the next page, in another tab.
 *
 * At most 200 events and 256 KB, none older than 72 hours; the oldest go first.
 */

import { recall } from "./consent";
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

const enum Limit {
  events = 200,
  characters = 256e3,
  oldestMs = 72 * 36e5,
  seq = 1e9,
  hex = 16,
}

/** A UUIDv7, whose order within a millisecond is that of the browser: 12 bits are of the sequence. */
const uuid7 = (seq: number): string => {
  const at = "0" + Date.now().toString(Limit.hex); // 11 digits until the year 2527
  return at.slice(0, 8) + "-" + at.slice(8) + "-7" + (4096 + (seq % 4096)).toString(Limit.hex).slice(1) + uuid().slice(18);
};

const next = (): number => {
  const seq = ((+read("seq")! >>> 0) % Limit.seq) + 1; // whatever is written there
  write("seq", seq);
  return seq;
};

/** Put an event in: id, order and time are made here, once. */
export const put = (event: Record<string, unknown>): void => {
  recall(); // another tab may have denied meanwhile
  const seq = next();
  const id = uuid7(seq);
  const made = { id, occurred_at: new Date().toISOString(), seq, ...event };
  const text = JSON.stringify([who(), made]);
  if (text.length > Limit.characters) return;
  write(QUEUE + id, text);
  const all = waiting();
  const size = () => all.reduce((sum, one) => sum + one.size, 0);
  while (all.length > Limit.events || size() > Limit.characters) remove(all.shift()!.name);
};

/** All that wait, in order. What is no event of ours (somebody else wrote it) or too old is thrown away. */
export const waiting = (): Waiting[] =>
  names(QUEUE)
    .map(parsed)
    .filter((one): one is Waiting => !!one)
    .sort((a, b) => a.event.seq - b.event.seq);

const parsed = (name: string): Waiting | undefined => {
  const text = read(name) || "";
  try {
    const [who, event] = JSON.parse(text);
    const age = Date.now() - parseInt(event.id.replace("-", "").slice(0, 12), Limit.hex);
    if (who && event.key.length && age < Limit.oldestMs) return { name, size: new Blob([text]).size, who, event };
  } catch {}
  remove(name);
  return;
};
