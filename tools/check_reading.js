/* A chapter as a reader meets it, and what the search gives for a question. */
const STOPS = "a[href], button, input, select, summary, [tabindex='0']";

looks.check_reading = async inside => {
  const article = inside.document.querySelector("article");
  const images = [...article.querySelectorAll("img")].filter(image => image.offsetParent);
  for (const image of images) image.loading = "eager";
  await until(inside, () => images.every(image => image.complete));
  const coarse = images.filter(image => !/[.]svg([?#]|$)|^data:/.test(image.currentSrc)
    && image.naturalWidth < 1.5 * image.getBoundingClientRect().width).length;
  const tops = Array.from({length: Math.ceil(article.scrollHeight / 900)}, (_, n) => 900 * n);
  const lost = (await unmarked(inside, tops)).map(top => top / 900);
  const parts = [...article.querySelectorAll("section:not(:has(section))")]
    .map(part => [part.getBoundingClientRect().height / 900, part.id]).sort((a, b) => b[0] - a[0]);
  const asked = inside.performance.getEntriesByType("resource").map(entry => entry.name);
  return {screens: article.getBoundingClientRect().height / 900, longest: parts[0], asked, coarse,
          lost, stops: article.querySelectorAll(STOPS).length};
};

/* The first pages that are shown; results come best first, and then the words that say how many. */
tasks.check_reading = async ({query}) => {
  const frame = await open("/search.html?q=" + encodeURIComponent(query), 1440);
  const inside = frame.contentDocument;
  const links = () => [...inside.querySelectorAll("#search-results li a")];
  const ended = () => inside.querySelector("#search-results .search-summary")?.textContent.trim();
  await until(frame.contentWindow, () => links().length || ended());
  return links().slice(0, 3).map(link => link.href);
};
