"""Sphinx extension: 404.html, what a server shows for an address that the site does not have.

It stands at any depth, so that its links name the whole address of the site; its field holds the
words of the address that was asked for.
"""
from pathlib import Path

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Not here: {title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><link rel="icon" href="data:,">
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1.1rem/1.6 system-ui, sans-serif; margin: 12vh auto; max-width: 36rem;
  padding: 1rem; }}
input, button {{ font: inherit; padding: 0.2rem 0.6rem; }}
</style></head>
<body><main><h1>This page is not here</h1>
<p>Addresses of equations, figures and numbers stay; that of a page may have been mistyped.</p>
<form action="{base}search.html" role="search">
<label>Search the book <input type="search" name="q"></label> <button>Search</button></form>
<ul><li><a href="{base}index.html">First page, with all chapters</a></li>
<li><a href="{base}chapters/glossary.html">Glossary</a></li>
<li><a href="{base}chapters/replications.html">Published numbers</a></li></ul></main>
<script>
const asked = location.pathname.split("/").pop().replace(/\\.html?$/, "").replace(/[-_]+/g, " ");
document.querySelector("input").value = decodeURIComponent(asked);
</script></body></html>
"""


def write(app, error):
    """Write the page once the others are there."""
    if error is None and app.builder.format == "html":
        base = app.config.html_baseurl.rstrip("/") + "/"
        text = PAGE.format(title=app.config.project, base=base)
        Path(app.outdir, "404.html").write_text(text, "utf-8")


def setup(app):
    """Register the last step of a build."""
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
