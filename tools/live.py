"""Sphinx extension: the directive `{live} name` shows a live figure of _static/live.

All modules are joined into one, _static/live.js of the built site, which only pages with a live
figure load; the same file is a widget for JupyterLab (anywidget). Run as a program it writes that
file to a path: python tools/live.py live.js
"""
import re
import sys
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive

FOLDER = Path(__file__).parents[1] / "_static" / "live"
IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./(\w+)\.mjs";\n', re.M)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|const|class) (\w+))", re.M)
PLACE = """<div class="live-figure"><div data-live="{}"></div>
<noscript><p>Here a figure moves where scripts are allowed; the others show the same at rest.</p>
</noscript></div>"""


def joined(entry="live", folder=FOLDER):
    """One module without imports: each file a function of its own, in the order of its imports."""
    done, parts = {}, []

    def add(name):
        if name in done:
            return
        text = done[name] = (Path(folder) / f"{name}.mjs").read_text("utf-8")
        for _, other in IMPORT.findall(text):
            add(other)
        names = EXPORT.findall(text)
        body = IMPORT.sub(lambda m: f"const {m[1].replace(' as ', ': ')} = {m[2]}_js;\n", text)
        body, last = EXPORT.sub("", body), ""
        if "\nexport default " in body:
            body, last = body.split("\nexport default ")
            names, last = [*names, "exported"], f"export default {name}_js.exported;\n"
            body += f"\nconst exported = {_rest(text)}"
        out = f"return {{ {', '.join(names)} }};\n"
        parts.append(f"const {name}_js = (() => {{\n{body}{out}}})();\n{last}")

    add(entry)
    return "\n".join(parts)


def _rest(text):
    """What a module exports by default."""
    return text.split("\nexport default ")[1]


def figures():
    """Names of the live figures, as live.mjs lists them."""
    text = (FOLDER / "live.mjs").read_text("utf-8")
    return re.findall(r"\w+", re.search(r"FIGURES = \{([^}]*)\}", text)[1])


class Live(Directive):
    """A live figure, by name."""

    required_arguments = 1

    def run(self):
        """The place where the script shows it, and what stands there without scripts."""
        name = self.arguments[0]
        if name not in figures():
            raise self.error(f"live figure {name!r} is none of {', '.join(figures())}")
        return [nodes.raw("", PLACE.format(name), format="html")]


def write(app):
    """The joined module of the built site."""
    if app.builder.format == "html":
        place = Path(app.outdir) / "_static" / "live.js"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(joined(), "utf-8")


def load(app, pagename, templatename, context, doctree):
    """Only pages with a live figure load the script."""
    if 'data-live="' in context.get("body", ""):
        app.add_js_file("live.js", type="module")


def setup(app):
    """Register the directive, the script, and the pages that load it."""
    app.add_directive("live", Live)
    app.connect("builder-inited", write)
    app.connect("html-page-context", load)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(joined(), "utf-8")
