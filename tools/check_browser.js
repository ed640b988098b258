/* A page as it is set: requests, formulas, width, contents, captions, links of drawings. */
const light = text => {
  const [r, g, b] = text.match(/[\d.]+/g).map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);

/* Links of a drawing against what lies behind them, on the dark theme. */
function faint(inside) {
  const behind = e => {
    const color = inside.getComputedStyle(e).backgroundColor;
    return /, 0\)|transparent/.test(color) && e.parentElement ? behind(e.parentElement) : color;
  };
  const links = [...inside.document.querySelectorAll("article svg a text")];
  const data = inside.document.documentElement.dataset, before = data.theme;
  if (links.length) data.theme = "dark";
  const dim = links.filter(
    e => contrast(light(inside.getComputedStyle(e).fill), light(behind(e))) < 4.5).length;
  if (links.length) data.theme = before;
  return dim;
}

/* Mathematics that is wrong, not set, or left as TeX. */
function formulas(article) {
  const errors = article.querySelectorAll(".katex-error").length, said = [];
  const unset = [...article.querySelectorAll(".math")].filter(e => !e.querySelector(".katex"));
  const body = article.cloneNode(true);
  body.querySelectorAll("pre, code, script, style, .katex").forEach(e => e.remove());
  const raw = body.textContent.match(/\$\$|\\\(|\\\[|\\begin\{/);
  if (errors) said.push(errors + " formulas with an error");
  if (unset.length)
    said.push(unset.length + " formulas not set: " + unset[0].textContent.slice(0, 60));
  if (raw) said.push("raw TeX in the text: " + raw[0]);
  return said;
}

/* What reaches beyond the window, if anything does. */
function tooWide(root, width) {
  if (root.scrollWidth <= width) return [];
  const scrolls = "pre, .math, .katex, table, .cell_output";
  const wide = [...root.querySelectorAll("article *")].filter(
    e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth && !e.closest(scrolls));
  const what = wide.length ? ", at " + wide.pop().textContent.trim().slice(0, 40) : "";
  return ["wider than its window: " + root.scrollWidth + " px" + what];
}

looks.check_browser = async (inside, width) => {
  const root = inside.document.documentElement, article = root.querySelector("article") || root;
  const found = [...formulas(article), ...tooWide(root, width)];
  if (width > 1200) {
    const height = root.scrollHeight - 900;
    const lost = await unmarked(inside, [0, 0.25, 0.5, 0.75, 1].map(at => at * height));
    for (const top of lost) found.push("contents mark no section at " + top / height);
    const dim = faint(inside);
    if (dim) found.push(dim + " links of a drawing are faint in the dark");
  }
  const folded = "details, .toggle-hidden, [hidden]", captions = "article figure figcaption";
  const lost = [...root.querySelectorAll(captions)].filter(
    e => !e.getClientRects().length && !e.closest(folded));
  if (lost.length) found.push(lost.length + " captions are hidden");
  const asked = inside.performance.getEntriesByType("resource").map(entry => entry.name);
  const own = new RegExp("^(data:|blob:|" + location.origin + "/)");
  for (const name of new Set(asked))
    if (!own.test(name)) found.push("request to elsewhere: " + name);
  return {found, set: article.querySelectorAll(".katex").length};
};
