/** What can a page ask for? The calls of `window.sentiero`; those that were made before this was loaded come first.
 *
 *     window.sentiero = window.sentiero || [];
 *     sentiero.push(["track", "wishlist_product_added", {id: "scarpa-42"}]);
 */

import { watchClicks } from "./clicks";
import { type Config, config } from "./config";
import { isRequired, mayStore, recall, say } from "./consent";
import { watchForms } from "./forms";
import { identify } from "./identify";
import { land } from "./landing";
import { event, watchPages } from "./page";
import { waiting } from "./queue";
import { on, safe } from "./safe";
import { forget, keep, write } from "./storage";
import { farewell, later } from "./transport";
import { reset } from "./visitor";

type Command = (...given: any) => void;
type Call = [string, ...unknown[]] | (() => void);

const start = (): void => {
  recall();
  if (mayStore()) keep();
  const link = safe(land)();
  watchPages();
  if (link) identify({ identifiers: { link } });
  watchClicks();
  watchForms();
  later(0);
};

const init = (given: Config): void => {
  const hadKey = config.key;
  Object.assign(config, given);
  if (!hadKey && config.key && hasBegun) start();
};

const track = (key: string, properties?: object, options?: object): void => event(key, { properties, ...options });

const page = (name?: string, properties?: object): void =>
  event("page_visited", { properties: { name, ...properties } });

/** Any word but "granted" is a denial. What waits of somebody who withdraws goes on as nobody's. */
const consent = (now: string): void => {
  const isWithdrawn = now != "granted";
  const rest = isWithdrawn && !isRequired() ? waiting().filter(({ event }) => !event.identifiers) : [];
  const wasKept = isWithdrawn && forget();
  say(isWithdrawn ? "denied" : "granted");
  if (wasKept && isRequired()) farewell();
  rest.forEach(({ name, event }) => write(name, JSON.stringify([{}, event])));
  if (mayStore()) keep();
  later(0);
};

const commands: Record<string, Command> = { init, track, page, identify, reset, consent };

const call = safe((one: Call): void => {
  if (typeof one == "function") one();
  else commands[one[0]]!(...one.slice(1));
});

const host = window as any;
const before = host.sentiero;
const queued: Call[] = before?.filter ? before : []; // an element of the page has no `filter`
let hasBegun = false;

const boot = (): void => {
  const isFirst = (one: Call) => /^(init|consent)$/.test(one?.[0 as never]); // may the visit be stored?
  queued.filter(isFirst).forEach(call);
  hasBegun = true;
  const api: Record<string, unknown> = { push: (...calls: Call[]) => calls.forEach(call) };
  for (const name in commands) api[name] = safe(commands[name]!);
  host.sentiero = api;
  if (config.key) safe(start)();
  queued.filter((one) => !isFirst(one)).forEach(call);
}

// What else may stand there: the queue, nothing, an element of the page whose id it is.
if (!before?.identify)
  if ((document as any).prerendering) on(document, "prerenderingchange", boot);
  else safe(boot)();
