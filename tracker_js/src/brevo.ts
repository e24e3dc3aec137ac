/** What does the site say to Brevo? `Brevo.push([…])`, `sendinblue.*` and `sib.equeue`, as calls of `sentiero`.
 *
 * A script of its own, which the server puts behind the tracker at the addresses that Brevo's snippets name. Nothing of
 * a click is stopped or delayed, no address of ours holds a person's, and no call is ever answered with one.
 *
 *     Brevo.push(["init", {client_key}])     the client key is a write key of ours
 *     Brevo.push(["track", name, properties of the contact, {id, data}])
 */

import { on, safe } from "./safe";

type Fields = Record<string, any>;

const host = window as any;
const tag = document.currentScript as HTMLScriptElement | null;

const tell = (...call: unknown[]): unknown => (host.sentiero = host.sentiero || []).push(call);

const ADDRESS = /^(email|email_id)$/i;
let said = ""; // of the person, last: the same again is no news

/** An address in any call says who it is; the rest is given back. */
const person = (given?: Fields | null, isOfContact?: boolean): Fields => {
  const rest: Fields = {};
  let email;
  for (const [name, value] of Object.entries(given || {}))
    if (ADDRESS.test(name)) email = value;
    else rest[name] = value;
  const attributes = isOfContact ? rest : {};
  const now = JSON.stringify([email, attributes]);
  if ((email || Object.keys(attributes).length) && now != said) {
    said = now;
    tell("identify", { identifiers: email ? { email_id: email } : {}, attributes });
  }
  return rest;
};

/** `cart:1234` is the cart 1234; an id alone is of what the event's name begins with. */
const thing = (name: string, id: unknown): Fields => {
  if (id == null || id === "") return {};
  const found = /^([^:]+):(.+)$/.exec("" + id);
  return { object: { type: found ? found[1] : name.split("_")[0], id: found ? found[2] : "" + id } };
};

const track = (name: string, properties?: Fields, about?: Fields): void => {
  const key = name.replace(/[^\w-]+/g, "_");
  const { id, data, ...rest } = about || {};
  person(properties, true);
  tell("track", key, data || rest, thing(key, id));
};

/** The visit itself is counted already: a page without a name is no other one. */
const page = (name?: string, properties?: Fields): void => {
  const { ma_url, ma_title, ma_referrer, ma_path, ...rest } = person(properties);
  if (!name && !ma_url) return;
  const url = new URL(ma_url || ma_path || location.href, location.href).href;
  const seen = { url, title: ma_title || document.title, referrer: ma_referrer || document.referrer };
  tell("track", "page_visited", { name, ...rest }, { page: seen });
};

const links = new Map<EventTarget, Fields>();

const trackLink = (element?: HTMLAnchorElement, properties?: Fields): void => {
  if (!element) return;
  if (!links.size) for (const type of ["click", "auxclick"]) on(window, type, clicked);
  links.set(element, person(properties));
};

/** Before the tracker hears of the click, which would count a link that leaves once more. */
const clicked = (click: MouseEvent): void => {
  const element = click.composedPath().find((one) => links.has(one)) as HTMLAnchorElement | undefined;
  if (!element || click.button > 1) return;
  const link: HTMLAnchorElement | null = element.closest("a[href]") || element.querySelector("a[href]");
  const about = { url: link?.href, text: element.textContent!.trim().slice(0, 100), id: element.id || undefined };
  tell("track", "link_clicked", { ...about, ...links.get(element) }, { category: "website" });
  tell("init", { links: "off" });
  setTimeout(() => tell("init", { links: tag?.dataset.links || "on" }), 0);
};

const init = (given?: Fields | null): void => {
  const { client_key: key, email_id } = given || {};
  if (key) tell("init", { key });
  if (email_id) person({ email_id });
};

const identify = (first: Fields | string, second?: Fields): unknown => tell("identify", first, second);

const commands: Record<string, (...given: any) => unknown> = { init, identify, track, page, trackLink };

/** Older builds take a callback at the end; it learns that it was heard, and nothing of anybody. */
const call = safe((name: string, given: unknown[]): void => {
  const last = given[given.length - 1];
  const heard = typeof last == "function" ? given.pop() : undefined;
  commands[name]?.(...given);
  if (heard) setTimeout(() => (heard as (...said: unknown[]) => void)(null, {}), 0);
});

const push = (...entries: any[]): void =>
  entries.forEach((entry) => {
    if (typeof entry == "function") safe(entry)();
    else if (entry) call(entry[0], [...entry].slice(1));
  });

/** `{method: arguments}`, one or several. */
const enqueue = (...entries: Fields[]): void =>
  entries.forEach((entry) => Object.keys(entry || {}).forEach((name) => call(name, Array.from(entry[name]))));

const start = (): void => {
  const { Brevo: before, sib = {} } = host;
  const api: Fields = { push };
  for (const name in commands) api[name] = (...given: unknown[]) => call(name, given);
  host.Brevo = { ...api };
  host.sendinblue = { ...host.sendinblue, ...api };
  const queued = Array.isArray(sib.equeue) ? sib.equeue : [];
  host.sib = Object.assign(sib, api, { equeue: { push: enqueue } });
  const key = sib.client_key || (tag && new URL(tag.src).searchParams.get("key"));
  const calls: any[] = Array.isArray(before) ? before : [];
  const isInit = (one: any) => one?.[0] == "init";
  init({ client_key: key, email_id: sib.email_id });
  push(...calls.filter(isInit), ...calls.filter((one) => !isInit(one)));
  enqueue(...queued);
};

if (!host.Brevo?.trackLink) safe(start)();
