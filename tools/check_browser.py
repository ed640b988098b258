"""Open every built page in headless Chromium, if there is one; any finding fails.

A harness page shows the book's pages one after another in a frame, wide and as on a phone; one
browser per core, each with its share of the pages.
Nothing may be requested from elsewhere or be missing, no script may complain,
all mathematics must be set, and no page may be wider than its window.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync
--disable-background-networking --disable-component-update --disable-dev-shm-usage
--enable-logging=stderr --window-size=1400,1000""".split()
ONLY_HERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
CONSOLE = re.compile(r":CONSOLE[^]]*\] (?!\"\[(?:PST|togglebutton)\])(.*)")  # two that only inform
WIDTHS = (1300, 390)
SECONDS = 900
HARNESS = """<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
<iframe id="frame" height="900"></iframe>
<script>
const pages = PAGES, widths = WIDTHS, frame = document.getElementById("frame"), found = [];
const open = address => new Promise(done => { frame.onload = done; frame.src = address; });
const light = text => {
  const [r, g, b] = text.match(/[\\d.]+/g).map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
/* Links of a drawing against what lies behind them, on the dark theme. */
function faint(inside) {
  const behind = e => {
    const color = inside.getComputedStyle(e).backgroundColor;
    return /, 0\\)|transparent/.test(color) && e.parentElement ? behind(e.parentElement) : color;
  };
  inside.document.documentElement.dataset.theme = "dark";
  return [...inside.document.querySelectorAll("article svg a text")].filter(
    e => contrast(light(inside.getComputedStyle(e).fill), light(behind(e))) < 4.5).length;
}
async function look(page, width) {
  frame.width = width;
  await open("/" + page);
  const inside = frame.contentWindow, root = frame.contentDocument.documentElement;
  await inside.document.fonts.ready;
  await new Promise(done => setTimeout(done, 100));
  const asked = inside.performance.getEntriesByType("resource").map(entry => entry.name);
  const own = new RegExp("^(data:|blob:|" + location.origin + "/)");
  const away = asked.filter(name => !own.test(name));
  const body = (frame.contentDocument.querySelector("article") || root).cloneNode(true);
  const errors = body.querySelectorAll(".katex-error").length;
  const set = body.querySelectorAll(".katex").length;
  const unset = [...body.querySelectorAll(".math")].filter(e => !e.querySelector(".katex"));
  body.querySelectorAll("pre, code, script, style, .katex").forEach(e => e.remove());
  const raw = body.textContent.match(/\\$\\$|\\\\\\(|\\\\\\[|\\\\begin\\{/);
  const say = text => found.push(page + " (" + width + " px): " + text);
  for (const name of new Set(away)) say("request to elsewhere: " + name);
  if (errors) say(errors + " formulas with an error");
  if (unset.length) say(unset.length + " formulas not set: " + unset[0].textContent.slice(0, 60));
  if (raw) say("raw TeX in the text: " + raw[0]);
  const scrolls = "pre, .math, .katex, table, .cell_output";
  const wide = [...root.querySelectorAll("article *")].filter(
    e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth && !e.closest(scrolls));
  const what = wide.length ? ", at " + wide.pop().textContent.trim().slice(0, 40) : "";
  const marked = "[aria-current='true']", nav = root.querySelector(".bd-toc-nav");
  if (nav && width > 1200 && nav.querySelector("a.nav-link[href^='#']"))
    for (let at = 0; at <= 1; at += 0.25) {
      inside.scrollTo(0, at * (root.scrollHeight - 900));
      await new Promise(done => setTimeout(done, 60));
      if (!nav.querySelector(marked)) say("contents mark no section at " + at);
    }
  const folded = "details, .toggle-hidden, [hidden]", captions = "article figure figcaption";
  const lost = [...root.querySelectorAll(captions)].filter(
    e => !e.getClientRects().length && !e.closest(folded));
  if (lost.length) say(lost.length + " captions are hidden");
  const dim = width > 1200 ? faint(inside) : 0;
  if (dim) say(dim + " links of a drawing are faint in the dark");
  if (root.scrollWidth > width) say("wider than its window: " + root.scrollWidth + " px" + what);
  return set;
}
(async () => {
  let set = 0;
  try { for (const p of pages) for (const w of widths) set += await look(p, w); }
  catch (error) { found.push("harness: " + error); }
  fetch("/report", {method: "POST", body: JSON.stringify({found, set})});
})();
</script>"""


class Handler(SimpleHTTPRequestHandler):
    """Serve the site and the harness; note requests that fail, and take the report."""

    def do_GET(self):
        if self.path != "/harness":
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(self.server.harness.encode())

    def do_POST(self):
        self.server.report = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(204)
        self.end_headers()
        self.server.done.set()

    def log_message(self, *args):
        """Nothing: requests are not printed."""

    def log_error(self, form, *args):
        self.server.failed.append(f"{self.path}: {form % args}")


def shares(html, n):
    """The pages of the site in n shares of one size."""
    pages = sorted(p.relative_to(html).as_posix() for p in html.rglob("*.html")
                   if "_static" not in p.parts)  # fmt: skip
    return [share for i in range(n) if (share := pages[i::n])]


def serve(html, pages=None):
    """A server for the site on a free port, already running; the harness shows these pages."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(html)))
    pages = shares(html, 1)[0] if pages is None else pages
    server.harness = HARNESS.replace("PAGES", json.dumps(pages)).replace("WIDTHS", str([*WIDTHS]))
    server.done, server.failed, server.report, server.pages = Event(), [], None, pages
    Thread(target=server.serve_forever, daemon=True).start()
    return server


def visit(browser, server, seconds=SECONDS):
    """Run the browser until the harness reports; its console as text."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        log = Path(home) / "console.txt"
        address = f"http://127.0.0.1:{server.server_address[1]}/harness"
        command = [browser, *FLAGS, ONLY_HERE, f"--user-data-dir={home}/profile", address]
        with log.open("wb") as stream:
            process = subprocess.Popen(command, stdout=stream, stderr=stream)
            server.done.wait(seconds)
            process.terminate()
            process.wait()
        return log.read_text("utf-8", "replace")


def find_browser():
    """The browser of this machine, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def main(folder):
    """Print the findings; exit 1 if there are any, 0 without a browser."""
    browser = find_browser()
    if browser is None:
        print("Browser checks skipped: no Chromium was found")
        return
    servers = [serve(Path(folder), share) for share in shares(Path(folder), os.cpu_count() or 1)]
    with ThreadPoolExecutor(len(servers)) as pool:
        consoles = list(pool.map(partial(visit, browser), servers))
    found, formulas = [], 0
    for server, console in zip(servers, consoles, strict=True):
        server.shutdown()
        report = server.report or {"found": [f"no report within {SECONDS} s"], "set": 0}
        found += report["found"] + sorted({*server.failed, *CONSOLE.findall(console)})
        formulas += report["set"]
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{sum(len(s.pages) for s in servers)} pages opened at {len(WIDTHS)} widths, {formulas} "
          f"formulas set, {len(found)} findings")  # fmt: skip
    sys.exit(bool(found))


if __name__ == "__main__":
    main(sys.argv[1])
