"""Use every live figure of the built pages in headless Chromium; any finding fails.

The conformance file is run by the browser itself. Each figure is moved by real key presses, its
address opened again, a wrong number typed, its controls and its width looked at as on a phone, and
the joined module is loaded the way a notebook widget is.
"""
import asyncio
import json
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import browser
from tornado.websocket import websocket_connect

KEYS = {"Tab": 9, "ArrowRight": 39, "Enter": 13}
SOON = 100  # milliseconds in which a figure answers
SOON_TOLD = 3  # seconds in which a screen reader is told
PATIENCE = 120  # seconds in which a figure comes on a busy machine
BROWSERS = 3  # used at once: a page in the background draws nothing
CONFORMANCE = """(async () => {
  const {run} = await import("/_static/live/conformance.mjs");
  return run(await (await fetch("/_static/live/conformance.json")).json());
})()"""
WIDGET = """(async () => {
  const text = await (await fetch("/_static/live.js")).text();
  const url = URL.createObjectURL(new Blob([text], {type: "text/javascript"}));
  const widget = (await import(url)).default, el = document.createElement("div"), kept = {};
  const values = {figure: "best_of_n", state: {q: 0.3, f: 0}};
  document.body.append(el);
  widget.render({el, model: {get: key => values[key], set: (key, x) => { kept[key] = x; },
                             save_changes: () => {}, on: () => {}, off: () => {}}});
  const slider = el.querySelector("input[type=range]");
  slider.value = 100;
  slider.dispatchEvent(new Event("input"));
  return Boolean(el.querySelector("svg")) && kept.state.q < 0.3 && kept.state.f === 0;
})()"""
BOX = "document.querySelector('[data-live={}]')"
UNTIL = """(async () => {{ const box = {box}, end = performance.now() + {seconds} * 1000;
  const result = () => box.querySelector(".live-result").textContent;
  const told = () => box.querySelector("[role=status]").textContent;
  const holds = () => {condition};
  while (!holds() && performance.now() < end) await new Promise(done => setTimeout(done, 10));
  return holds(); }})()"""
READY = "document.querySelector('[data-live] :is(svg, button)') !== null"
DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
RESULT = "{}.querySelector('.live-result').textContent"
UNNAMED = """[...{}.querySelectorAll("input, select, textarea, button")].filter(e => !(
  e.labels?.length || e.getAttribute("aria-label") || e.textContent.trim())).length"""
STOPS = """[...{}.querySelectorAll("input, select, textarea, button")].filter(
  e => e.tabIndex >= 0 && e.offsetParent).length"""
START = """(() => {{ const before = document.createElement("button");
  {}.before(before);
  before.focus(); }})()"""
INSIDE = "{}.contains(document.activeElement)"
QUICK = """(async () => {{ const box = {};
  const slider = [...box.querySelectorAll("input[type=range]")].at(-1);
  const seen = new Promise(done => new MutationObserver(done).observe(
    box.querySelector(".live-result"), {{childList: true}})), began = performance.now();
  slider.value = Number(slider.value) + 7;
  slider.dispatchEvent(new Event("input"));
  await seen;
  return performance.now() - began; }})()"""
WIDE = """[...{0}.querySelectorAll("*")].filter(e => !e.closest(".live-wide, .live-hidden, svg")
  && e.getBoundingClientRect().right > {0}.getBoundingClientRect().right + 1).length"""


class Tab:
    """One page of the browser, driven by its debugging protocol."""

    def __init__(self, socket, site):
        self.socket, self.site, self.number = socket, site, 0

    async def call(self, method, **params):
        """One command and its result."""
        self.number += 1
        await self.socket.write_message(json.dumps(
            {"id": self.number, "method": method, "params": params}))
        while True:
            answer = json.loads(await self.socket.read_message())
            if answer.get("id") == self.number:
                return answer.get("result", answer)

    async def js(self, expression):
        """Value of an expression, awaited."""
        told = await self.call("Runtime.evaluate", expression=expression, awaitPromise=True,
                               returnByValue=True)
        if "exceptionDetails" in told:
            return f"error: {told['exceptionDetails'].get('exception', {}).get('description')}"
        return told["result"].get("value")

    async def press(self, key):
        """One key, down and up."""
        for kind in ("rawKeyDown", "keyUp"):
            await self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                            windowsVirtualKeyCode=KEYS[key])

    async def until(self, box, condition, seconds):
        """Whether a condition holds within that time, told as soon as it does."""
        return await self.js(UNTIL.format(box=box, condition=condition, seconds=seconds)) is True

    async def open(self, address):
        """A fresh page, until its figure is there; False if it does not come."""
        await self.call("Page.navigate", url="about:blank")
        await self.call("Page.navigate", url=self.site + address)
        for _ in range(20 * PATIENCE):  # short questions: a promise is lost where a page changes
            if await self.js(READY) is True:
                return True
            await asyncio.sleep(0.05)
        return False


async def figure(tab, page, name):
    """Findings of one figure."""
    box = BOX.format(name)
    if not await tab.open(page):
        return ["does not appear"]
    found = []
    if await tab.js(UNNAMED.format(box)):
        found.append("controls without a name")
    stops, walked = await tab.js(STOPS.format(box)), 0
    await tab.js(START.format(box))
    await tab.press("Tab")
    while await tab.js(INSIDE.format(box)) is True and walked < 99:
        walked += 1
        await tab.press("Tab")
    if walked != stops:
        found.append(f"the Tab key reaches {walked} of {stops} controls")
    if await tab.js(f"Boolean({box}.querySelector('input[type=range]'))"):
        found += await moved(tab, page, box)
    return found + await small(tab, page, box)


async def settled(tab, box):
    """The result in words once nothing is being computed, and a screen reader has been told."""
    await tab.js(DRAWN)
    await tab.until(box, "!result().includes('…')", PATIENCE)
    await tab.until(box, "told() === result()", SOON_TOLD)
    return str(await tab.js(RESULT.format(box)))


async def moved(tab, page, box):
    """Findings of sliders: keys, time, address, refusal."""
    found, slider = [], f"[...{box}.querySelectorAll('input[type=range]')].at(-1)"
    before = await settled(tab, box)
    await tab.js(f"{slider}.focus()")
    for _ in range(9):
        await tab.press("ArrowRight")
    after, address = await settled(tab, box), await tab.js("location.hash")
    if after == before:
        found.append("arrow keys change nothing")
    said = await tab.js(f"{box}.querySelector('[role=status]').textContent")
    if not said or said not in after:
        found.append("the result is not told to a screen reader")
    took = min([await tab.js(QUICK.format(box)) for _ in range(5)])
    if not isinstance(took, float | int) or took > SOON:
        found.append(f"takes {took} ms")
    if not await tab.open(page + address) or await settled(tab, box) != after:
        found.append("its address does not bring it back")
    await tab.js(f"(() => {{ const f = {slider}.nextSibling; f.focus(); f.select(); }})()")
    await tab.call("Input.insertText", text="-5")
    await tab.press("Enter")
    await tab.press("Tab")
    if not await tab.until(box, "result().includes('No answer')", SOON_TOLD):
        found.append("a wrong number is not refused")
    return found


async def small(tab, page, box):
    """Findings at the width of a phone."""
    await tab.call("Emulation.setDeviceMetricsOverride", width=390, height=844,
                   deviceScaleFactor=1, mobile=True)
    there = await tab.open(page)
    wide = await tab.js(WIDE.format(box))
    await tab.call("Emulation.clearDeviceMetricsOverride")
    return ["does not appear on a phone"] if not there else ["too wide for a phone"] * bool(wide)


async def tab(port, site):
    """The one page of the browser at this port."""
    with urlopen(f"http://127.0.0.1:{port}/json") as answer:
        targets = json.loads(answer.read())
    address = next(t for t in targets if t["type"] == "page")["webSocketDebuggerUrl"]
    return Tab(await websocket_connect(address, max_message_size=1 << 28), site)


async def module(tab, page, name):
    """Findings of the conformance file and the joined module, and how many cases were run."""
    await tab.open(page)
    said, found = await tab.js(CONFORMANCE), []
    if not isinstance(said, dict) or said["passed"] != said["cases"]:
        found.append(f"conformance: {said if isinstance(said, str) else said['failed'][:5]}")
    if await tab.js(WIDGET) is not True:
        found.append("the joined module is no widget")
    return found, said["cases"] if isinstance(said, dict) else 0


async def check(ports, site, pages):
    """Findings of the browsers at these ports, which take the figures one after another."""
    left, found, tabs = iter(pages), [], [await tab(port, site) for port in ports]
    module_found, cases = await module(tabs[0], *pages[0])

    async def work(tab):
        for page, name in left:
            found.extend(f"{page}, {name}: {what}" for what in await figure(tab, page, name))

    await asyncio.gather(*map(work, tabs))
    for used in tabs:
        used.socket.close()
        await used.socket.read_message()  # nothing: it is closed
    return module_found + sorted(found), cases


def places(html):
    """Pages with a live figure, and the figure's name."""
    from live import figures

    texts = {page: (Path(html) / page).read_text("utf-8") for page in browser.pages(html)}
    return [(page, name) for page, text in texts.items() for name in figures()
            if f'data-live="{name}"' in text]


def started(chromium, home):
    """The running browser and the port at which it listens."""
    command = [chromium, *browser.FLAGS, browser.ONLY_HERE, "--remote-debugging-port=0",
               f"--user-data-dir={home}/profile", "about:blank"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    for line in process.stderr:
        if b"DevTools listening on" in line:
            return process, int(line.split(b"/devtools")[0].rsplit(b":", 1)[1])
    raise OSError("the browser did not start")


@contextmanager
def running(chromium, n):
    """Ports of n browsers, which end with the block."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        begun = [started(chromium, f"{home}/{i}") for i in range(n)]
        try:
            yield [port for _, port in begun]
        finally:
            for process, _ in begun:
                process.terminate()
                process.wait()
                process.stderr.close()


def main(folder):
    """Print the findings; exit 1 if there are any, 0 without a browser."""
    chromium, pages = browser.find(), places(folder)
    if chromium is None or not pages:
        print("Live figures not checked: no Chromium, or no page with one")
        return
    server = browser.Server(Path(folder))
    with running(chromium, min(BROWSERS, len(pages))) as ports:
        found, cases = asyncio.run(check(ports, server.address, pages))
    server.close()
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{len(pages)} live figures used, {cases} conformance cases run in the browser, "
          f"{len(found)} findings")
    sys.exit(bool(found))


if __name__ == "__main__":
    main(sys.argv[1])
