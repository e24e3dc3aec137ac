/** What did the page ask for? Attributes of the script tag (`data-*`), or `["init", {…}]`: the same names. */

export interface Config {
  /** The site's public write key. Without it nothing is sent: calls wait for `init`. */
  key?: string;
  /** Where the collector is; by default where the script came from. */
  url?: string;
  /** "required": nothing is stored or sent before `consent("granted")`. */
  consent?: string;
  /** "on": an address that differs only behind # is another page. */
  hash?: string;
  /** "off": no `form_submitted` by itself. */
  forms?: string;
  /** "off": neither `link_clicked` nor `file_downloaded` by itself. */
  links?: string;
}

const tag = document.currentScript as HTMLScriptElement | null;

export const config: Config = { ...tag?.dataset };

/** The address that takes batches. */
export const address = (): string => new URL("/e", config.url || tag?.src || location.href).href;
