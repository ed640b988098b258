"""Measure the built pages as a reader meets them, in headless Chromium; any finding fails.

Screens of each chapter and of its longest section (code folded, 1440 x 900), bytes that a page
loads compressed, pictures with too few pixels, screens at which the page's contents mark no
section, and the first page that the search gives for the questions of tests/search.yml.
"""
import gzip
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml
from check_browser import find_browser, serve, visit
from plain_text import toc_pages

ROOT = Path(__file__).parents[1]
QUERIES = ROOT / "tests" / "search.yml"
SCREENS, SECTION, WEIGHT = 20, 3, 600  # screens of a chapter, of a section, and kB of a page
LISTS = ("index", "chapters/notation", "chapters/glossary", "chapters/references",
         "chapters/results", "reference/")  # to look things up in: their sections may be long
HARNESS = """<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
<iframe id="frame" width="1440" height="900"></iframe>
<script>
const pages = PAGES, queries = QUERIES, sharp = 1.5, frame = document.getElementById("frame");
const STOPS = "a[href], button, input, select, summary, [tabindex='0']";
const open = address => new Promise(done => { frame.onload = done; frame.src = address; });
const wait = time => new Promise(done => setTimeout(done, time));
async function measure(page) {
  await open("/" + page + ".html");
  const inside = frame.contentWindow, article = frame.contentDocument.querySelector("article");
  await inside.document.fonts.ready;
  const images = [...article.querySelectorAll("img")].filter(image => image.offsetParent);
  for (const image of images) image.loading = "eager";
  await wait(150);
  const coarse = images.filter(image => !/[.]svg([?#]|$)|^data:/.test(image.currentSrc)
    && image.naturalWidth < sharp * image.getBoundingClientRect().width).length;
  const nav = frame.contentDocument.querySelector(".bd-toc-nav"), lost = [];
  if (nav?.querySelector("a.nav-link[href^='#']"))
    for (let top = 0; top < article.scrollHeight; top += 900) {
      inside.scrollTo({top, behavior: "instant"});
      await new Promise(done => inside.requestAnimationFrame(() => setTimeout(done, 30)));
      if (!nav.querySelector("[aria-current='true']")) lost.push(top / 900);
    }
  const parts = [...article.querySelectorAll("section:not(:has(section))")]
    .map(part => [part.getBoundingClientRect().height / 900, part.id]).sort((a, b) => b[0] - a[0]);
  const asked = inside.performance.getEntriesByType("resource").map(entry => entry.name);
  return {page, screens: article.getBoundingClientRect().height / 900, longest: parts[0], asked,
          coarse, lost,
          stops: article.querySelectorAll(STOPS).length};
}
async function ask(query) {
  await open("/search.html?q=" + encodeURIComponent(query));
  let links = [];
  for (let n = 0; n < 40 && !links.length; n++) {
    await wait(100);
    links = [...frame.contentDocument.querySelectorAll("#search-results li a")];
  }
  await wait(300);
  links = [...frame.contentDocument.querySelectorAll("#search-results li a")];
  return {query, found: links.slice(0, 3).map(link => link.href)};
}
(async () => {
  const found = [], measured = [], searched = [];
  try {
    for (const page of pages) measured.push(await measure(page));
    for (const query of queries) searched.push(await ask(query));
  } catch (error) { found.push("harness: " + error); }
  fetch("/report", {method: "POST", body: JSON.stringify({found, measured, searched})});
})();
</script>"""


def weight(html, page, asked):
    """Kilobytes that a page and what it asks for have when compressed; pictures are as they are."""
    paths = [html / f"{page}.html"] + [html / unquote(urlsplit(a).path).lstrip("/") for a in asked]
    small = (".png", ".woff2")
    total = sum(len(p.read_bytes()) if p.suffix in small else len(gzip.compress(p.read_bytes()))
                for p in set(paths) if p.is_file())  # fmt: skip
    return total / 1000


def findings(report, html, wanted):
    """What is too long, too heavy, or not found, in words."""
    for row in report["measured"]:
        page, kilobytes = row["page"], weight(html, row["page"], row["asked"])
        height, name = row["longest"] or (0, "")
        print(f"{page:35s} {row['screens']:5.1f} screens, longest section {height:4.1f} ({name}), "
              f"{kilobytes:4.0f} kB, {row['stops']} stops")  # fmt: skip
        if row["screens"] > SCREENS:
            yield f"{page}: {row['screens']:.1f} screens, more than {SCREENS}"
        if height > SECTION and not page.startswith(LISTS):
            yield f"{page}: section {name} has {height:.1f} screens, more than {SECTION}"
        if kilobytes > WEIGHT:
            yield f"{page}: {kilobytes:.0f} kB compressed, more than {WEIGHT}"
        if row["coarse"]:
            yield f"{page}: {row['coarse']} pictures with too few pixels"
        if row["lost"]:
            yield f"{page}: the contents mark no section at screens {row['lost']}"
    for row in report["searched"]:
        first = Path(urlsplit(row["found"][0]).path).stem if row["found"] else "nothing"
        if first not in wanted[row["query"]]:
            yield f"search {row['query']!r}: {first}, not {' or '.join(wanted[row['query']])}"


def main(folder):
    """Print the measures and the findings; exit 1 if there are any, 0 without a browser."""
    browser = find_browser()
    if browser is None:
        print("Measures of reading skipped: no Chromium was found")
        return
    html, wanted = Path(folder), yaml.safe_load(QUERIES.read_text("utf-8"))
    wanted = {str(query): pages.split() for query, pages in wanted.items()}
    report = measured(browser, html, toc_pages(), list(wanted))
    found = report["found"] + list(findings(report, html, wanted))
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(bool(found))


def measured(browser, html, pages, queries):
    """What the browsers report, one per core, each with its share of pages and queries."""
    n = os.cpu_count() or 1
    servers = [serve(html) for _ in range(n)]
    for i, server in enumerate(servers):
        server.harness = HARNESS.replace("PAGES", json.dumps(pages[i::n])).replace(
            "QUERIES", json.dumps(queries[i::n]))
    with ThreadPoolExecutor(n) as pool:
        list(pool.map(partial(visit, browser), servers))
    whole = {"found": [], "measured": [], "searched": []}
    for server in servers:
        server.shutdown()
        report = server.report or {"found": ["no report from the browser"]}
        for key in whole:
            whole[key] += report.get(key, [])
    whole["measured"].sort(key=lambda row: pages.index(row["page"]))
    return whole


if __name__ == "__main__":
    main(sys.argv[1])
