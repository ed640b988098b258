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
from pathlib import Path
from urllib.request import urlopen

import browser
from tornado.websocket import websocket_connect

KEYS = {"Tab": 9, "ArrowRight": 39, "Enter": 13}
SOON = 100  # milliseconds in which a figure answers
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
READY = "Boolean({} && {}.querySelector('svg, button'))"
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

    async def open(self, address, box):
        """A fresh page, until its figure is there; False if it does not come."""
        await self.call("Page.navigate", url="about:blank")
        await self.call("Page.navigate", url=self.site + address)
        for _ in range(400):
            await asyncio.sleep(0.1)
            if await self.js(READY.format(box, box)) is True:
                return True
        return False


async def figure(tab, page, name):
    """Findings of one figure."""
    box = BOX.format(name)
    if not await tab.open(page, box):
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
    """The result in words once nothing is being computed any more."""
    for _ in range(900):
        await asyncio.sleep(0.1)
        said = str(await tab.js(RESULT.format(box)))
        if "…" not in said:
            break
    await asyncio.sleep(0.6)  # told to a screen reader after half a second
    return said


async def moved(tab, page, box):
    """Findings of sliders: keys, time, address, refusal."""
    found, slider = [], f"[...{box}.querySelectorAll('input[type=range]')].at(-1)"
    before = await settled(tab, box)
    await tab.js(f"{slider}.focus()")
    for _ in range(9):
        await tab.press("ArrowRight")
    await asyncio.sleep(0.1)
    after, address = await settled(tab, box), await tab.js("location.hash")
    if after == before:
        found.append("arrow keys change nothing")
    said = await tab.js(f"{box}.querySelector('[role=status]').textContent")
    if not said or said not in after:
        found.append("the result is not told to a screen reader")
    took = min([await tab.js(QUICK.format(box)) for _ in range(5)])
    if not isinstance(took, float | int) or took > SOON:
        found.append(f"takes {took} ms")
    if not await tab.open(page + address, box) or await settled(tab, box) != after:
        found.append("its address does not bring it back")
    await tab.js(f"(() => {{ const f = {slider}.nextSibling; f.focus(); f.select(); }})()")
    await tab.call("Input.insertText", text="-5")
    await tab.press("Enter")
    await tab.press("Tab")
    await asyncio.sleep(0.3)
    if "No answer" not in str(await tab.js(RESULT.format(box))):
        found.append("a wrong number is not refused")
    return found


async def small(tab, page, box):
    """Findings at the width of a phone."""
    await tab.call("Emulation.setDeviceMetricsOverride", width=390, height=844,
                   deviceScaleFactor=1, mobile=True)
    there = await tab.open(page, box)
    wide = await tab.js(WIDE.format(box))
    await tab.call("Emulation.clearDeviceMetricsOverride")
    return ["does not appear on a phone"] if not there else ["too wide for a phone"] * bool(wide)


async def check(port, site, pages):
    """Findings of the browser at this port."""
    with urlopen(f"http://127.0.0.1:{port}/json") as answer:
        targets = json.loads(answer.read())
    socket = await websocket_connect(next(t for t in targets if t["type"] == "page")
                                     ["webSocketDebuggerUrl"], max_message_size=1 << 28)
    try:
        return await looked_at(Tab(socket, site), pages)
    finally:
        socket.close()
        while await socket.read_message() is not None:  # until it is closed
            pass


async def looked_at(tab, pages):
    """Findings of all figures and of the conformance file, and its number of cases."""
    found = []
    await tab.open(pages[0][0], BOX.format(pages[0][1]))
    said = await tab.js(CONFORMANCE)
    if not isinstance(said, dict) or said["passed"] != said["cases"]:
        found.append(f"conformance: {said if isinstance(said, str) else said['failed'][:5]}")
    if await tab.js(WIDGET) is not True:
        found.append("the joined module is no widget")
    for page, name in pages:
        found += [f"{page}, {name}: {what}" for what in await figure(tab, page, name)]
    return found, said["cases"] if isinstance(said, dict) else 0


def places(html):
    """Pages with a live figure, and the figure's name."""
    from live import figures

    paths = [path for path in sorted(Path(html).rglob("*.html")) if "_static" not in path.parts]
    texts = {path.relative_to(html).as_posix(): path.read_text("utf-8") for path in paths}
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


def main(folder, seconds=browser.SECONDS):
    """Print the findings; exit 1 if there are any, 0 without a browser."""
    chromium = browser.find()
    pages = places(Path(folder))
    if chromium is None or not pages:
        print("Live figures not checked: no Chromium, or no page with one")
        return
    server = browser.Server(Path(folder), handler=browser.Plain)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        process, port = started(chromium, home)
        try:
            site = server.address
            found, cases = asyncio.run(asyncio.wait_for(check(port, site, pages), seconds))
        except TimeoutError:
            found, cases = [f"not done within {seconds} s"], 0
        finally:
            process.terminate()
            process.wait()
            process.stderr.close()
            server.close()
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{len(pages)} live figures used, {cases} conformance cases run in the browser, "
          f"{len(found)} findings")
    sys.exit(bool(found))


if __name__ == "__main__":
    main(sys.argv[1])
