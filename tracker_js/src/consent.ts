/** May it be stored, may it be sent, may it say who it is? What the visitor has said, and what the browser says for them.
 *
 *                 before a word     granted         denied                                  Global Privacy Control
 *     by default  stored, sent      stored, sent    sent, of nobody; nothing stored         sent, of nobody; nothing stored
 *     required    held in memory    stored, sent    nothing                                 the same, once granted
 *
 * Before the page's key is known (`init`), it is held in memory too.
 */

import { config } from "./config";
import { safe } from "./safe";

export type Word = "granted" | "denied" | "unknown";

const DENIED = "sentiero_consent";

let said: Word = "unknown";

export const isRequired = (): boolean => config.consent == "required";

export const word = (): Word => said;
export const maySend = (): boolean => !!config.key && (!isRequired() || said == "granted");
export const mayTell = (): boolean => said != "denied" && !(navigator as any).globalPrivacyControl;
export const mayStore = (): boolean => maySend() && mayTell();

/** A refusal is remembered where storing is allowed anyway, so that the next page does not begin with a visit that is
 * somebody's. Where consent is required the page says on every page what the visitor has chosen. */
export const recall = safe(() => {
  if (!isRequired() && localStorage.getItem(DENIED)) said = "denied";
});

/** Take the visitor's word. */
export const say = (now: Word): void => {
  said = now;
  safe(() => {
    if (now == "granted") localStorage.removeItem(DENIED);
    else if (!isRequired()) localStorage.setItem(DENIED, "1");
  })();
};
