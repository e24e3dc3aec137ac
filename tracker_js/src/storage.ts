/** Where are a few words kept? In localStorage when it may be used and works, else in memory as long as the page lives.
 *
 * One key a word, never a list in one value: two tabs that write at once would lose one of the writes.
 */

import { mayStore } from "./consent";
import { safe } from "./safe";

const PREFIX = "sentiero_";
const memory: Record<string, string | number> = {};

const disk = safe(() => (mayStore() ? localStorage : undefined));

export const read = (name: string): any =>
  safe(() => disk()?.getItem(PREFIX + name))() ?? memory[name];

export const write = (name: string, text: string | number): void => {
  memory[name] = text;
  safe(() => {
    const place = disk();
    if (place) {
      place.setItem(PREFIX + name, text as string); // a number becomes a text there
      delete memory[name];
    }
  })();
};

export const remove = (name: string): void => {
  delete memory[name];
  safe(() => disk()?.removeItem(PREFIX + name))();
};

const kept = (): string[] =>
  (safe(() => Object.keys(disk()!))() || []).map((key) => key.split(PREFIX)[1] || "");

/** Every name that begins so, here and in other tabs. */
export const names = (start: string): string[] =>
  [...new Set([...Object.keys(memory), ...kept()])].filter((name) => name.startsWith(start));

/** Now it may be stored: what was in memory. */
export const keep = (): void => Object.keys(memory).forEach((name) => write(name, memory[name]!));

/** Forget everything, also what an earlier page has kept; whether there was anything. */
export const forget = (): boolean => {
  let wasKept = false;
  Object.keys(memory).forEach(remove);
  safe(() => {
    for (const key of Object.keys(localStorage))
      if (key.startsWith(PREFIX)) {
        localStorage.removeItem(key);
        wasKept = true;
      }
  })();
  return wasKept;
};
