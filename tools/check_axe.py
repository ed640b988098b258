"""Every page in axe, which finds what keeps people out, light and dark, in headless Chromium.

Used where axe is installed (`npm install axe-core`, or the path of axe.min.js in the variable AXE);
any serious finding fails. Without axe or a browser nothing is checked.
"""
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import check_browser

ROOT = Path(__file__).parents[1]
PATIENCE = 900  # seconds that a busy machine may take
AXE = Path(os.environ.get("AXE", ROOT / "node_modules" / "axe-core" / "axe.min.js"))
# Of the theme, not of these pages: its buttons have other names for readers than for eyes.
THEME = (".theme-switch-button", ".search-button-field")
HARNESS = """<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
<iframe id="frame" width="1300" height="900"></iframe>
<script>
const pages = PAGES, axe = AXE, theme = THEME, rows = 12, found = [];
const frame = document.getElementById("frame");
const wait = ms => new Promise(done => setTimeout(done, ms));
const open = address => new Promise(done => { frame.onload = done; frame.src = address; });
const grave = v => ["serious", "critical"].includes(v.impact);
async function audit(page) {
  await open("/" + page);
  const inside = frame.contentWindow, root = inside.document.documentElement;
  for (const formula of inside.document.querySelectorAll(".katex")) formula.replaceWith("x");
  for (const body of inside.document.querySelectorAll("tbody"))  // all rows are made alike
    [...body.rows].slice(rows).forEach(row => row.remove());
  const settled = inside.document.createElement("style");  // colours change at once
  settled.textContent = "* { transition: none !important; }";
  inside.document.head.append(settled);
  inside.eval(axe);
  for (const mode of ["light", "dark"]) {
    root.dataset.theme = mode;
    await wait(400);
    const only = mode === "dark" ? {runOnly: ["color-contrast"]} : {};
    const {violations} = await inside.axe.run(
      {exclude: theme.map(name => [name])}, {resultTypes: ["violations"], ...only});
    for (const v of violations.filter(grave))
      found.push(`${page} (${mode}): ${v.id}, ${v.nodes.length} times: ${v.nodes[0].target[0]}`);
  }
}
(async () => {
  try { for (const page of pages) await audit(page); }
  catch (error) { found.push("axe: " + error); }
  fetch("/report", {method: "POST", body: JSON.stringify({found})});
})();
</script>"""


def harness(pages, axe):
    """The page that shows these pages to axe."""
    text = HARNESS
    for name, value in {"PAGES": pages, "THEME": THEME, "AXE": axe}.items():
        written = json.dumps(value).replace("</", "<\\/")
        text = text.replace(f" = {name}", f" = {written}", 1)
    return text


def main(folder):
    """Print the findings; exit 1 if there are any, 0 without a browser or axe."""
    browser = check_browser.find_browser()
    if browser is None or not AXE.exists():
        print(f"Axe skipped: no {'Chromium' if browser is None else 'axe'} was found")
        return
    shares = check_browser.shares(Path(folder), os.cpu_count() or 1)
    servers = [check_browser.serve(Path(folder), share) for share in shares]
    for server in servers:
        server.harness = harness(server.pages, AXE.read_text("utf-8"))
    with ThreadPoolExecutor(len(servers)) as pool:
        list(pool.map(partial(check_browser.visit, browser, seconds=PATIENCE), servers))
    found = []
    for server in servers:
        server.shutdown()
        found += (server.report or {"found": ["no report from the browser"]})["found"]
    print(*found, f"{sum(map(len, shares))} pages in axe, {len(found)} findings", sep="\n")
    sys.exit(bool(found))


if __name__ == "__main__":
    main(sys.argv[1])
