/** Which form was sent? Its name and the names of its fields, never a value. `data-sentiero="off"` on it: nothing. */

import { asked } from "./clicks";
import { config } from "./config";
import { event } from "./page";
import { on } from "./safe";

const sent = ({ target }: SubmitEvent): void => {
  const form = target as HTMLFormElement;
  if (form.hasAttribute("data-sentiero-event")) asked(form);
  if (config.forms == "off" || form.closest("[data-sentiero=off]")) return;
  const named = [...form.elements].map((field) => field.getAttribute("name")).filter(Boolean);
  const properties = { form: form.getAttribute("name") || form.getAttribute("id"), fields: [...new Set(named)] };
  event("form_submitted", { properties });
};

/** Begin to watch. */
export const watchForms = (): void => on(document, "submit", sent);
