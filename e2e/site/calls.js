// What has this page asked of the tracker? Every call goes through here, and is remembered for who looks (drawer.js).
//
// The tracker may load before or after: until then `window.sentiero` is an array that waits for it.

const made = [];
const news = new EventTarget();

/** Call the tracker: `call("track", "product_viewed", {…})`. */
export const call = (...words) => {
  window.sentiero = window.sentiero || [];
  window.sentiero.push(words);
  made.push({ at: new Date(), words });
  news.dispatchEvent(new Event("call"));
};

/** All calls of this page so far: `[{at, words}]`, in order. */
export const calls = () => [...made];

/** Call `run` after every call. */
export const onCall = (run) => news.addEventListener("call", run);
