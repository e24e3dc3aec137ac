/** Who says that they are whom? Every shape in which sites call `identify`, as the one event that it is.
 *
 * Of somebody who has denied nothing is said, not even to the collector.
 *
 *     {identifiers: {email_id}, attributes}      {email, …attributes}      (email, {…attributes})      {email_id, …attributes}
 */

import { mayTell } from "./consent";
import { event } from "./page";

type Fields = Record<string, unknown>;

const KIND = /^(email|phone|(?:ext|whatsapp|landline_number)(?=_id))(_id)?$/;

export const identify = (first: Fields | string, second?: Fields): void => {
  if (!mayTell()) return;
  const given: Fields = typeof first == "string" ? { ...second, email_id: first } : { ...first };
  const { identifiers, attributes, ...rest } = given;
  const named: Fields = {};
  const others: Fields = {};
  for (const [name, value] of Object.entries((identifiers as Fields) || rest)) {
    const kind = KIND.exec(name);
    if (kind) named[kind[1] + "_id"] = value;
    else (identifiers ? named : others)[name] = value; // the collector says what is wrong with an unknown kind
  }
  event("identified", {
    category: "contact",
    identifiers: named,
    contact_properties: { ...others, ...(attributes as Fields) },
  });
};
