/** What can a page ask for? The calls of `window.sentiero`; those that were made before this was loaded come first.
 *
 *     window.sentiero = window.sentiero || [];
 *     sentiero.push(["track", "wishlist_product_added", {id: "scarpa-42"}]);
 */

import { watchClicks } from "./clicks";
import { type Config, config } from "./config";
import { isRequired, maySend, mayStore, recall, say } from "./consent";
import { watchForms } from "./forms";
import { identify } from "./identify";
import { event, watchPages } from "./page";
import { waiting } from "./queue";
import { safe } from "./safe";
import { forget, keep, write } from "./storage";
import { farewell, later } from "./transport";
import { reset } from "./visitor";

type Command = (...given: any) => void;
type Call = [string, ...unknown[]] | (() => void);

const start = (): void => {
  recall();
  if (mayStore()) keep();
  watchPages();
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
  const couldSend = maySend();
  if (isWithdrawn) forget();
  say(isWithdrawn ? "denied" : "granted");
  if (isWithdrawn && couldSend && isRequired()) farewell();
  rest.forEach(({ name, event }) => write(name, JSON.stringify([{}, event])));
  if (mayStore()) keep();
  later(0);
};

const commands: Record<string, Command> = { init, track, page, identify, reset, consent };

const call = safe((one: Call): void => {
  if (typeof one == "function") one();
  else {
    const [name, ...given] = one;
    const command = commands[name];
    if (command) command(...given);
    else console.warn("sentiero: no such call:", name);
  }
});

const host = window as any;
const queued: Call[] = host.sentiero || [];
let hasBegun = false;

if (Array.isArray(queued)) {
  const isFirst = (one: Call) => one[0 as never] == "init" || one[0 as never] == "consent"; // may the visit be stored?
  queued.filter(isFirst).forEach(call);
  hasBegun = true;
  const api: Record<string, unknown> = { push: (...calls: Call[]) => calls.forEach(call) };
  for (const name in commands) api[name] = safe(commands[name]!);
  host.sentiero = api;
  if (config.key) safe(start)();
  queued.filter((one) => !isFirst(one)).forEach(call);
}
