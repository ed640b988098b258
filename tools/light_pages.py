"""Sphinx extension: pages carry what they show: a few icons of two thousand, one contents list.

The theme draws its icons twice, by a script and by fonts. The script is left out, and the fonts
are cut to the icons that a page, a style sheet or a script names. The theme's second title and
contents, for paper alone, go: they would be what the search shows of a page.
"""
import logging
import re
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

SCRIPT = re.compile(r'<script[^>]*src="[^"]*/fontawesome\.js[^"]*"[^>]*></script>\s*')
PRINTED = re.compile(r'<div id="jb-print-docs-body".*?(?:</div>\s*){3}', re.DOTALL)
RULE = re.compile(r'((?:\.fa-[a-z0-9-]+:{1,2}before,?)+)\{content:"\\([0-9a-f]{2,4})"\}')
NAME = re.compile(r"\bfa-([a-z0-9-]+)")
OWN = re.compile("[\ue000-\uf8ff]")  # where icon fonts have their signs
SIGN = re.compile(r'"\\([0-9a-f]{4})"')


def lighten(text):
    """A page without the script of icons, and without a second title.

    >>> lighten('<p></p><script src="_static/scripts/fontawesome.js?digest=1"></script><i></i>')
    '<p></p><i></i>'
    """
    return PRINTED.sub("", SCRIPT.sub("", text), count=1)


def signs(sheets, pages):
    """Code points of the icons that pages name by a class, or sheets by the sign itself.

    >>> signs(['.fa-a:before{content:"\\\\f001"}'], ['<i class="fa-a">'])
    {61441}
    """
    named = {name: int(rule[1], 16) for sheet in sheets for rule in RULE.findall(sheet)
             for name in NAME.findall(rule[0])}  # fmt: skip
    used = {named[name] for page in pages for name in NAME.findall(page) if name in named}
    rest = "".join(RULE.sub("", sheet) for sheet in sheets)
    return used | {int(sign, 16) for sign in SIGN.findall(rest)} | set(map(ord, OWN.findall(rest)))


def cut(path, points):
    """Keep a font's glyphs for these code points."""
    font, options = TTFont(path), Options()
    options.flavor = "woff2"
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(path)


def finish(app, error):
    """Rewrite the pages and the fonts once all are written."""
    if error is not None or app.builder.format != "html":
        return
    html = Path(app.outdir)
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    texts = {path: path.read_text("utf-8") for path in html.glob("**/*.html")}
    for path, text in texts.items():
        path.write_text(lighten(text), "utf-8")
    (html / "_static" / "scripts" / "fontawesome.js").unlink(missing_ok=True)
    sheets = [path.read_text("utf-8") for path in html.glob("_static/**/*.css")]
    scripts = [path.read_text("utf-8") for path in html.glob("_static/**/*.js")]
    points = signs(sheets, [*texts.values(), *scripts])
    for path in html.glob("_static/vendor/fontawesome/webfonts/*.woff2"):
        cut(path, points)


def setup(app):
    """Register the last step of a build."""
    app.connect("build-finished", finish, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
