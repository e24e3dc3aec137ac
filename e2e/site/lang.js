// In which language does this page begin? The one that was chosen, else the browser's; Italian or English.
//
// A classic script in the head, so that the page's language and title are right before anything else runs, the tracker
// included: `<title data-it="…" data-en="…">` names both. The modules go on from here (language.js).

(() => {
  let chosen = null;
  try {
    chosen = JSON.parse(localStorage.getItem("shop_language"));
  } catch {
    // no storage, or not our text in it: the browser decides
  }
  const ofBrowser = /^it\b/i.test(navigator.language) ? "it" : "en";
  const language = chosen === "it" || chosen === "en" ? chosen : ofBrowser;
  const title = document.querySelector("title");
  document.documentElement.lang = language;
  document.title = `${title.dataset[language]} – ${title.textContent}`;
})();
