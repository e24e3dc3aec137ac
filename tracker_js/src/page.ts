/** Which page is it, and was it visited? On load and on every change of address, never twice for the same one.
 *
 * A page that is prerendered counts when it is shown, one that comes back from the browser's cache counts again.
 */

import { config } from "./config";
import { put } from "./queue";
import { on, safe } from "./safe";
import { remove } from "./storage";
import { later, leave } from "./transport";

let last = ""; // "": none yet, or one that counts again
let referrer = document.referrer;

const url = (): string => (config.hash ? location.href : location.href.split("#")[0]!);

/** The page as events name it. */
export const page = () => ({ url: url(), title: document.title, referrer });

/** An event that happened on this page: not before the page's own visit. */
export const event = (key: string, fields: object = {}): void => {
  look();
  put({ key, page: page(), ...fields });
  later();
};

/** Count the visit when the address is another one. */
const look = (): void => {
  const now = url();
  if (now == last) return;
  if (last) referrer = last;
  last = now;
  event("page_visited");
};

const soon = (): number => setTimeout(safe(look), 0) as unknown as number; // a framework sets the title just after

const watchAddresses = (): void => {
  if (document.readyState == "complete") look();
  on(document, "DOMContentLoaded", look); // until then the page's own scripts may give it its title
  on(window, "load", look);
  for (const name of ["pushState", "replaceState"] as const) {
    const original = history[name];
    safe(() => {
      history[name] = function (this: History, ...given: any) {
        const result = original.apply(this, given);
        soon();
        return result;
      };
    })(); // it may be frozen
  }
  on(window, "popstate", soon);
  on(window, "hashchange", soon);
  on(window, "pageshow", (shown: PageTransitionEvent) => {
    if (shown.persisted) {
      last = "";
      look();
    }
  });
};

const left = (): void => {
  look();
  leave();
};

/** Begin to watch. */
export const watchPages = (): void => {
  watchAddresses();
  on(document, "visibilitychange", () => (document.hidden ? left() : later()));
  on(window, "pagehide", left);
  on(window, "online", () => {
    remove("wait");
    later();
  });
};
