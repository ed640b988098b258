/* Which page comes first: one whose title is what was asked, then one to which the glossary leads,
   then the glossary itself. The other weights are Sphinx's own. */
var Scorer = {
  objNameMatch: 11, objPartialMatch: 6, objPrio: {0: 15, 1: 5, 2: -5}, objPrioDefault: 0,
  title: 15, partialTitle: 7, term: 5, partialTerm: 2,
  score: ([page, shown, anchor, descr, score]) => {
    const title = shown.replace(/<[^>]*>/g, "").replace(/(^|> )[\d.]+\s+/g, "$1");  // no numbers
    const words = text => text.toLowerCase().split(/[\s:,>]+/).filter(Boolean);
    const asked = words(new URLSearchParams(location.search).get("q") || "");
    const holds = text => asked.every(word => words(text).some(one => one.startsWith(word)));
    if (page === "chapters/glossary" && !holds(title)) return score - 20;
    if (!page.startsWith("chapters/") || descr || !holds(title)) return score;
    const head = title.split(/[:,>]/)[0];  // "Forecast" of "Forecast: what more samples solve"
    return score + (holds(head) ? Math.round(100 * asked.length / words(head).length) : 5);
  },
};
