/** By which message did the visitor come? A link of one led here with a token: whose message it was knows the collector. */

/** Take the token out of the page's address, before the visit is told; undefined when there is none. */
export const land = (): string | undefined => {
  let link;
  const rest = location.href.replace(/([?&])_sl=([^&#]+)(&?)/, (_, before, token, more) => {
    link = token;
    return more && before;
  });
  if (link) history.replaceState(history.state, "", rest);
  return link;
};
