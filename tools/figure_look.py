"""Sphinx extension: figures are shown as their vector drawing, with a variant for the dark theme.

`figure_files` has written figures/<name>.svg; here it gets a sibling <name>.dark.svg, and the page
shows one or the other. A picture without a drawing stays as it is.
"""
import colorsys
import re
from html import escape
from pathlib import Path

from docutils import nodes
from figure_files import FOLDER
from sphinx.transforms.post_transforms import SphinxPostTransform

COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b")
PAPER = ("#fbfbf8", "#ffffff")  # what a light figure is drawn on
INCH, DOTS = 72, 110  # points in an inch, and pixels that a page gives it
GREY = 0.2  # saturation below which a colour is ink or paper, not a sign
LIGHT = 0.62  # lightness that a sign needs on dark paper


def dark(colour):
    """The colour on dark paper: ink and paper change places, a sign keeps its hue.

    >>> dark("#222222"), dark("#0072b2")[:2]
    ('#dddddd', '#3')
    """
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, light, full = colorsys.rgb_to_hls(red, green, blue)
    light = 1 - light if full < GREY else max(light, LIGHT)
    parts = colorsys.hls_to_rgb(hue, light, full)
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)


def darkened(svg):
    """A drawing for the dark theme, on the page's own ground."""
    for paper in PAPER:
        svg = svg.replace(f"fill: {paper}", "fill: none").replace(f'fill="{paper}"', 'fill="none"')
    return COLOUR.sub(lambda match: dark(match[0]), svg)


def size(svg):
    """Width and height on the page, in pixels."""
    points = re.search(r'width="([\d.]+)pt" height="([\d.]+)pt"', svg)
    return [round(float(value) * DOTS / INCH) for value in points.groups()]


def pictures(name, up, alt, svg):
    """The two pictures of a figure, of which the theme shows one."""
    width, height = size(svg)
    return "".join(
        f'<img class="only-{theme} figure-look" src="{up}{FOLDER}/{name}{ending}" '
        f'alt="{escape(alt, quote=True)}" width="{width}" height="{height}" loading="lazy">'
        for theme, ending in (("light", ".svg"), ("dark", ".dark.svg")))


class FigureLook(SphinxPostTransform):
    """Put the drawings in the picture's place, once `figure_files` has written them."""

    default_priority = 6
    formats = ("html",)

    def run(self, **kwargs):
        folder, up = Path(self.app.outdir) / FOLDER, "../" * self.env.docname.count("/")
        for figure in self.document.findall(nodes.figure):
            image, name = figure.next_node(nodes.image), (figure["ids"] or [""])[0]
            drawing = folder / f"{name}.svg"
            if image is None or not name or not drawing.exists():
                continue
            svg = drawing.read_text("utf-8")
            (folder / f"{name}.dark.svg").write_text(darkened(svg), "utf-8")
            shown = pictures(name, up, image.get("alt", ""), svg)
            image.parent.replace(image, nodes.raw("", shown, format="html"))


def setup(app):
    """Files are named by the figure, so pages can be written side by side."""
    app.add_post_transform(FigureLook)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
