/** Who says that they are whom? Every shape in which sites call `identify`, as the one event that it is.
 *
 *     {identifiers: {email_id}, attributes}      {email, …attributes}      (email, {…attributes})      {email_id, …attributes}
 */

import { event } from "./page";

type Fields = Record<string, unknown>;

const KINDS = /^(ext|email|phone|whatsapp|landline_number)(_id)?$/;

export const identify = (first: Fields | string, second?: Fields): void => {
  const given: Fields = typeof first == "string" ? { ...second, email_id: first } : { ...first };
  const { identifiers, attributes, contact_properties, ...rest } = given;
  const named: Fields = {};
  const others: Fields = {};
  for (const [name, value] of Object.entries({ ...(identifiers as Fields), ...(identifiers ? {} : rest) })) {
    const kind = KINDS.exec(name);
    if (kind && (identifiers || kind[2] || /^(email|phone)$/.test(name))) named[kind[1] + "_id"] = value;
    else others[name] = value;
  }
  event("identified", {
    category: "contact",
    identifiers: named,
    contact_properties: { ...others, ...(attributes as Fields), ...(contact_properties as Fields) },
  });
};
