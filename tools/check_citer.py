"""What readers come for, in headless Chromium: look-ups of at most two clicks each.

Without a browser nothing is checked.
"""
import json
import sys
from pathlib import Path

import check_browser


def chapter(name):
    """A click on the first link of the first page to a chapter."""
    return ["click", f"article a[href^='chapters/{name}.html']"]


NUMBERS, RESULTS = chapter("replications"), chapter("results")
LOOKUPS = {  # question: (clicks from the first page, what is then in sight, what it must say)
    "Levi's beta": ([NUMBERS, ["pick", "paper", "levi2024simple"]], "#levi_beta", "0.35"),
    "Wu's slope of the best size": (
        [NUMBERS, ["type", "slope wu et al"]], "#wu_model_size_slope", "1.19"),
    "which of Brown's constants differs most": (
        [NUMBERS, ["click", "#brown-et-al-2024 .most a"]], "tr:target", "%"),
    "Chinchilla's alpha": (
        [NUMBERS, ["pick", "paper", "hoffmann2022training"]], "#hoffmann_alpha", "0.34"),
    "interval of Pythia-12B's beta": (
        [RESULTS, ["type", "beta failure pythia-12b maximum likelihood"]],
        "table.results tr:not([hidden]) td:nth-child(4)", "."),
    "gain of likelihood over the log-log slope": (
        [NUMBERS, ["type", "relative error orders"]], "#schaeffer_backtest_gain", "0.7"),
    "an entry for the bibliography": (
        [["click", "#pst-page-toc-nav a[href='#cite']"]], ".cite-box pre", "@misc"),
    "an entry for one page": ([RESULTS, ["click", ".cite-box summary"]], ".cite-box pre",
                              "@incollection"),
    "all published numbers as a file": ([NUMBERS], "article a[href$='replications.csv']", "CSV"),
    "the data sets, described for machines": (
        [RESULTS, ["click", "#pst-page-toc-nav a[href='#data-sets']"]],
        "a[href$='croissant.json']", "Croissant"),
    "what ten thousand samples would solve": ([chapter("your_runs")], "article .admonition", "log"),
    "four doors": ([], "article .sd-col:last-child .sd-card", "Check or cite"),
    "which strategy at equal cost": (
        [chapter("strategies_compared")], "article .admonition", "Which way"),
    "cache of a sequence": (
        [chapter("memory"), ["click", "#pst-page-toc-nav a[href='#the-cache']"]],
        "#the-cache h3", "cache"),
    "the paper behind a citation": (
        [chapter("coverage_power_law"), ["click", "article a[href^='references.html#']"]],
        ".citation:target a[href^='https://']", "arXiv"),
    "the data behind a figure": (
        [chapter("coverage_power_law"),
         ["click", "article a[href='#fig-coverage-power-law-claim']"]],
        "#fig-coverage-power-law-claim .figure-files", "CSV"),
}  # fmt: skip
HARNESS = """<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
<iframe id="frame" width="1300" height="900"></iframe>
<script>
const lookups = LOOKUPS;
const frame = document.getElementById("frame"), found = [];
const SLOW = 60000;
const wait = ms => new Promise(done => setTimeout(done, ms));
const loaded = () => new Promise(done => { frame.onload = done; });
const timely = work => Promise.race(
  [work, wait(SLOW).then(() => { throw Error("slower than " + SLOW / 1000 + " s"); })]);
const open = address => { const ready = loaded(); frame.src = address; return ready; };
async function still() {  // until nothing moves any more
  for (let at = -1; at !== frame.contentWindow.scrollY;) {
    at = frame.contentWindow.scrollY;
    await wait(400);
  }
}
async function act([kind, one, two]) {
  const inside = frame.contentDocument;
  if (kind === "click") {
    const target = inside.querySelector(one), leaves = target.matches("a:not([href^='#'])");
    const ready = leaves ? loaded() : wait(300);
    if (!leaves) target.scrollIntoView({behavior: "instant"});  // as a reader scrolls to it
    target.click();
    return ready.then(still);
  }
  const control = inside.querySelector(
    kind === "pick" ? `.table-filter select[data-key=${one}]` : ".table-filter input[type=search]");
  control.value = kind === "pick" ? two : one;
  if (control.selectedIndex === -1) throw Error("no such choice: " + two);
  control.dispatchEvent(new Event("input", {bubbles: true}));
  control.scrollIntoView({behavior: "instant"});
  return wait(300);
}
async function lookUp([question, [clicks, selector, text]]) {
  try {
    await timely(open("/index.html"));
    for (const one of clicks) await timely(act(one));
    const place = frame.contentDocument.querySelector(selector);
    const box = place.getBoundingClientRect();
    if (!box.height || box.top > 900 || box.bottom < 0)
      found.push(`${question}: not in sight (${Math.round(box.top)} px)`);
    else if (!place.textContent.includes(text))
      found.push(`${question}: ${place.textContent.trim().slice(0, 80)}`);
  } catch (error) { found.push(question + ": " + error); }
}
(async () => {
  for (const one of Object.entries(lookups)) await lookUp(one);
  fetch("/report", {method: "POST", body: JSON.stringify({found})});
})();
</script>"""


def harness():
    """The page that looks up."""
    written = json.dumps(LOOKUPS).replace("</", "<\\/")
    return HARNESS.replace(" = LOOKUPS", f" = {written}", 1)


def main(folder):
    """Print the findings; exit 1 if there are any, 0 without a browser."""
    browser = check_browser.find_browser()
    if browser is None:
        print("Look-ups skipped: no Chromium was found")
        return
    server = check_browser.serve(Path(folder))
    server.harness = harness()
    check_browser.visit(browser, server)
    server.shutdown()
    found = (server.report or {"found": ["no report from the browser"]})["found"]
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{len(LOOKUPS)} look-ups, {len(found)} findings")
    sys.exit(bool(found))


if __name__ == "__main__":
    main(sys.argv[1])
