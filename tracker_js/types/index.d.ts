/** `window.sentiero`: the calls of the tracker, as a page may use them before and after it has loaded. */

export interface SentieroOptions {
  /** The thing that it is about; the same id comes again as the thing changes. */
  object?: { type: string; id: string | number };
  /** website, forms, push, web_push, ecommerce or custom; by default the one that the key implies. */
  category?: string;
}

export interface SentieroConfig {
  /** The site's public write key. */
  key?: string;
  /** Where the collector is; by default where the script came from. */
  url?: string;
  /** "required": nothing is stored or sent before consent("granted"). */
  consent?: "required";
  /** "on": an address that differs only behind # is another page. */
  hash?: "on";
  /** "off": no form_submitted by itself. */
  forms?: "off";
  /** "off": neither link_clicked nor file_downloaded by itself. */
  links?: "off";
}

export type SentieroProperties = Record<string, unknown>;

export interface SentieroIdentity {
  identifiers: {
    email_id?: string;
    ext_id?: string;
    phone_id?: string;
    whatsapp_id?: string;
    landline_number_id?: string;
  };
  attributes?: SentieroProperties;
}

export interface SentieroCalls {
  init(config: SentieroConfig): void;
  track(key: string, properties?: SentieroProperties, options?: SentieroOptions): void;
  page(name?: string, properties?: SentieroProperties): void;
  identify(identity: SentieroIdentity): void;
  identify(attributes: SentieroProperties & ({ email: string } | { email_id: string } | { ext_id: string })): void;
  identify(email: string, attributes?: SentieroProperties): void;
  reset(): void;
  consent(word: "granted" | "denied"): void;
}

type Entry = { [Name in keyof SentieroCalls]: [Name, ...Parameters<SentieroCalls[Name]>] }[keyof SentieroCalls];

export type SentieroCall = Entry | ["identify", string, SentieroProperties?] | ["identify", SentieroProperties] | (() => void);

declare global {
  interface Window {
    sentiero: { push(...calls: SentieroCall[]): unknown } & Partial<SentieroCalls>;
  }
}
