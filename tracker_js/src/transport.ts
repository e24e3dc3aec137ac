/** How do events reach the collector? In batches, one sender among the tabs, again and again until it says 202.
 *
 *     202                       it has them: they are forgotten
 *     400 413 415 422           bad for ever: sent one by one, and the one that is bad is dropped
 *     401 403                   dropped, and silence for an hour
 *     anything else, nothing    later: full jitter, 1 s to 5 min, or when Retry-After says
 *
 * Source: SECURITY 1.
 */

import { address, config } from "./config";
import { maySend, word } from "./consent";
import { type Waiting, waiting } from "./queue";
import { safe } from "./safe";
import { read, remove, write } from "./storage";
import { learn, token, type Who } from "./visitor";

declare const VERSION: string;

const enum Limit {
  gatherMs = 100,
  batch = 20,
  batchBytes = 48 * 1024,
  secondMs = 1e3,
  longestMs = 3e5,
  hourMs = 36e5,
}

let timer: number | undefined;
let due = Infinity;
let isBusy = false;
let tries = 0;
let most: number = Limit.batch;
const told = new Set<string>();

/** Send soon: what comes in the next 100 ms goes along. */
export const later = (ms: number = Limit.gatherMs): void => {
  const at = Date.now() + ms;
  if (at >= due) return;
  clearTimeout(timer);
  due = at;
  timer = setTimeout(safe(flush), ms) as unknown as number;
};

const flush = async (): Promise<void> => {
  due = Infinity;
  const wait = +read("wait")! - Date.now();
  if (isBusy || !maySend()) return;
  if (wait > 0 && wait <= Limit.hourMs) return later(wait);
  isBusy = true;
  const locks = navigator.locks;
  let ms: number | undefined;
  try {
    ms = await locks.request("sentiero", { ifAvailable: true }, (lock) => (lock ? attempt() : Limit.secondMs));
  } catch {
    ms = await attempt();
  }
  isBusy = false;
  if (ms != null) later(ms);
};

const attempt = () => send().catch(() => pause());

/** Send the next batch; returns after how many ms to go on, undefined when nothing waits. */
const send = async (): Promise<number | undefined> => {
  const batch = batchOf(waiting());
  if (!batch.length) return;
  batch.forEach((one) => told.add(one.name));
  const body = bodyOf(batch);
  const keepalive = batch[0]!.size < Limit.batchBytes;
  const answer = await fetch(address(), { method: "POST", body, keepalive, credentials: "include" });
  const { status } = answer;
  if (status == 202) {
    const { visitor, rejected } = await answer.json();
    if (rejected[0]) console.warn("sentiero:", rejected);
    learn(batch[0]!.who, visitor);
    tries = 0;
  } else if (/40[013]|41[35]|422/.test(status as any)) {
    if (status == 401 || status == 403) write("wait", Date.now() + Limit.hourMs);
    else if (batch.length > 1) {
      most = 1;
      return 0;
    }
  } else return pause(+answer.headers.get("retry-after")!);
  batch.forEach((one) => remove(one.name));
  return 0;
};

const pause = (seconds?: number): number => {
  const ms = seconds ? seconds * Limit.secondMs : Limit.secondMs + Math.random() * Math.min(Limit.longestMs, Limit.secondMs * 2 ** tries++);
  write("wait", Date.now() + ms);
  told.clear();
  return ms;
};

/** The first events of one visitor that fit. */
const batchOf = (all: Waiting[]): Waiting[] => {
  let size = 0;
  const whose = JSON.stringify(all[0]?.who);
  const end = all.findIndex(
    (one, place) => place == most || (size += one.size) > Limit.batchBytes || JSON.stringify(one.who) != whose,
  );
  return all.slice(0, end < 0 ? all.length : end || 1);
};

const bodyOf = (batch: Waiting[]): string => {
  const { visitor, nonce } = batch[0]!.who;
  const isOurs = nonce && nonce == read("nonce");
  const known = visitor || (isOurs && token());
  const sender = known ? { visitor: known } : { nonce, reset: !!(isOurs && read("reset")) };
  return enveloped(sender, batch.map((one) => one.event));
};

const enveloped = (sender: Who, events: object[]): string => {
  const now = { sent_at: new Date().toISOString(), consent: word(), tracker: VERSION };
  return JSON.stringify({ write_key: config.key, ...sender, ...now, events });
};

/** The page may be gone in a moment: a beacon for what is not on its way. It stays in the queue, for nobody answers. */
export const leave = (): void => {
  let rest = waiting().filter((one) => !told.has(one.name));
  while (rest.length && maySend()) {
    const batch = batchOf(rest);
    if (!navigator.sendBeacon(address(), bodyOf(batch))) return;
    batch.forEach((one) => told.add(one.name));
    rest = rest.slice(batch.length);
  }
};

/** Tell the collector that consent was withdrawn: it takes back the cookie, which no script can. A batch must hold an
 * event; this one is none, and is refused. */
export const farewell = (): void => {
  navigator.sendBeacon(address(), enveloped({}, [{}]));
};
