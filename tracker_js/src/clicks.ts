/** What was clicked? Links that leave, files that are downloaded, and whatever carries `data-sentiero-event`. */

import { config } from "./config";
import { event } from "./page";
import { on } from "./safe";

const FILE = /\.(pdf|docx?|xlsx?|pptx?|csv|txt|zip|rar|7z|dmg|exe|msi|apk|mp[34])$/i;
const NAME = "data-sentiero-";

/** The event that an element asks for: its properties are the other attributes `data-sentiero-…`. */
export const asked = (element?: Element | null): void => {
  if (!element) return;
  const properties: Record<string, string> = {};
  for (const { name, value } of element.attributes)
    if (name.startsWith(NAME)) properties[name.slice(NAME.length).replace(/-/g, "_")] = value;
  const { event: key, ...rest } = properties;
  event(key!, { properties: rest });
};

const clicked = (click: MouseEvent): void => {
  if (click.button > 1) return;
  const path = click.composedPath() as Element[]; // through shadow roots
  const up = (selector: string) => path.find((element) => element.matches?.(selector));
  asked(up(`[${NAME}event]:not(form)`));
  const link = up("a[href]") as HTMLAnchorElement | undefined;
  if (!link || config.links == "off" || !/^http/.test(link.protocol)) return;
  const properties = { url: link.href, text: link.textContent!.trim().slice(0, 100) };
  const isFile = link.hasAttribute("download") || FILE.test(link.pathname);
  if (isFile || link.host != location.host)
    event(isFile ? "file_downloaded" : "link_clicked", { category: "website", properties });
};

/** Begin to watch; a click of the middle button opens as well. */
export const watchClicks = (): void => {
  on(document, "click", clicked);
  on(document, "auxclick", clicked);
};
