"""Headless Chromium on a built site: a server, and a browser per core that takes jobs from it.

A job is what a script of tools/ does with the site, and its report is whatever that returns.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread

TOOLS = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync
--disable-background-networking --disable-component-update --disable-dev-shm-usage
--enable-logging=stderr --window-size=1500,1000""".split()
EAGER = """--disable-renderer-backgrounding --disable-background-timer-throttling
--disable-backgrounding-occluded-windows""".split()  # many frames, none of them in front
ONLY_HERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
# Two scripts only inform; the search of Sphinx stumbles over a hit whose text it does not find.
CONSOLE = re.compile(r":CONSOLE[^]]*\] (?!\"\[(?:PST|togglebutton)\])"
                     r"(?!.*not of type 'Node'.*/searchtools\.js)(.*)")
SECONDS = 900  # that a busy machine may take
HARNESS = """<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
<body><script>const given = {};</script>{}<script>work();</script>"""


class Server(ThreadingHTTPServer):
    """The site, the harness, the jobs that are left, and the reports that came."""

    def __init__(self, html, jobs=(), harness="", handler=None):
        super().__init__(("127.0.0.1", 0), partial(handler or Handler, directory=str(html)))
        self.address = f"http://127.0.0.1:{self.server_address[1]}/"
        self.harness, self.jobs, self.left = harness, list(jobs), iter(enumerate(jobs))
        self.reports, self.failed, self.done, self.lock = {}, [], Event(), Lock()
        Thread(target=self.serve_forever, daemon=True).start()

    def next(self):
        """Number and job of the next one that nobody has; None if there is none."""
        with self.lock:
            return next(self.left, None)

    def take(self, number, report):
        """Keep a report; with the last one all is done."""
        with self.lock:
            self.reports[number] = report
            if len(self.reports) == len(self.jobs):
                self.done.set()

    def handle_error(self, request, client_address):
        """Nothing where a browser has gone on to another page; anything else is told."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def close(self):
        """End the server."""
        self.shutdown()
        self.server_close()


class Handler(SimpleHTTPRequestHandler):
    """Serve the site, the harness and its jobs; note requests that fail, and take reports."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        """A file of the site, the harness, or a job."""
        if self.path == "/harness":
            return self.answer(self.server.harness.encode(), "text/html")
        if self.path == "/job":
            return self.answer(json.dumps(self.server.next()).encode(), "application/json")
        return super().do_GET()

    def answer(self, body, kind):
        """What is not a file."""
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        """The report of a job."""
        self.server.take(*json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.answer(b"", "text/plain")

    def end_headers(self):
        """The browser may keep what all pages share."""
        kept = self.path.startswith("/_static/")
        self.send_header("Cache-Control", "max-age=3600" if kept else "no-store")
        super().end_headers()

    def log_message(self, *args):
        """Nothing: requests are not printed."""

    def log_error(self, form, *args):
        """Keep what failed."""
        self.server.failed.append(f"{self.path}: {form % args}")


class Plain(Handler):
    """A connection for each request, and nothing is kept."""

    protocol_version = "HTTP/1.0"
    end_headers = SimpleHTTPRequestHandler.end_headers


def find():
    """The browser of this machine, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def pages(html):
    """The pages of the site."""
    return sorted(path.relative_to(html).as_posix() for path in Path(html).rglob("*.html")
                  if "_static" not in path.parts)  # fmt: skip


def harness(scripts, given):
    """The page that does the jobs by these scripts of tools/, which read the values given."""
    texts = (f"<script>{(TOOLS / name).read_text('utf-8')}</script>" for name in scripts)
    written = json.dumps(given).replace("</", "<\\/")
    return HARNESS.format(written, "\n".join(("", *texts)))


def visit(browser, server, seconds):
    """Run a browser until all jobs are done; its console as text."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        log = Path(home) / "console.txt"
        command = [browser, *FLAGS, *EAGER, ONLY_HERE, f"--user-data-dir={home}/profile",
                   server.address + "harness"]  # fmt: skip
        with log.open("wb") as stream:
            process = subprocess.Popen(command, stdout=stream, stderr=stream)
            end = time.monotonic() + seconds
            while time.monotonic() < end and process.poll() is None and not server.done.wait(1):
                pass  # a browser that dies is not waited for
            process.terminate()
            process.wait()
        return log.read_text("utf-8", "replace")


def visits(browser, html, jobs, page, seconds=SECONDS):
    """Reports of the jobs, None where none came, and what consoles and server complain of."""
    server, n = Server(html, jobs, page), min(os.cpu_count() or 1, len(jobs))
    with ThreadPoolExecutor(n) as pool:
        consoles = list(pool.map(lambda _: visit(browser, server, seconds), range(n)))
    server.close()
    said = {line for console in consoles for line in CONSOLE.findall(console)}
    return [server.reports.get(i) for i in range(len(jobs))], sorted({*server.failed, *said})
