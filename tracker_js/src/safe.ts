/** How is the page kept from harm? Whatever fails in here stays in here: never an exception on the host's page. */

/** The function, which returns undefined instead of throwing. */
export const safe =
  <A extends unknown[], R>(run: (...given: A) => R) =>
  (...given: A): R | undefined => {
    try {
      return run(...given);
    } catch {
      return;
    }
  };

/** Listen before the page's own handlers may stop the event. */
export const on = (target: EventTarget, type: string, run: (event: any) => void): void =>
  target.addEventListener(type, safe(run), true);
