"""Sphinx extension: under every figure its data as CSV and its drawing as SVG.

Both come with the cell's output (`scaling_utils.report.figure_data`), so they are there when the
outputs are taken from the cache, or lie beside a picture of the sources under its name. They are
written to figures/<name of the figure>.csv and .svg.
"""
import hashlib
import json
from binascii import a2b_base64
from pathlib import Path

from docutils import nodes
from executed import notebook
from sphinx.transforms.post_transforms import SphinxPostTransform

from scaling_utils.report.figure_data import METADATA

FOLDER = "figures"
KINDS = {"csv": "data (CSV)", "svg": "vector (SVG)"}


def drawings(executed):
    """Data and drawing of each picture of an executed page, by the stem of the picture's file."""
    book, glued = executed.with_suffix(".ipynb"), executed.with_suffix(".glue.json")
    cells = notebook(book).cells if book.exists() else []
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    if glued.exists():
        outputs += json.loads(glued.read_text("utf-8")).values()
    return {stem(output["data"]["image/png"]): output["metadata"][METADATA]
            for output in outputs
            if METADATA in output.get("metadata", {}) and "image/png" in output.get("data", {})}


def stem(png):
    """Name that the build gives a picture, from its content."""
    return hashlib.sha256(a2b_base64(png)).hexdigest()


def beside(picture):
    """Data and drawing that lie beside a picture of the sources; None if they do not."""
    paths = {kind: picture.with_suffix(f".{kind}") for kind in KINDS}
    if all(path.exists() for path in paths.values()):
        return {kind: path.read_text("utf-8") for kind, path in paths.items()}
    return None


def write(folder, name, drawing):
    """The files of one figure."""
    folder.mkdir(exist_ok=True)
    for kind in KINDS:
        (folder / f"{name}.{kind}").write_text(drawing[kind], "utf-8")


def links(name, up):
    """A line of links for the legend of a figure."""
    items = [f'<a href="{up}{FOLDER}/{name}.{kind}" download>{text}</a>'
             for kind, text in KINDS.items()]  # fmt: skip
    line = nodes.raw("", f'<p class="figure-files">{" ".join(items)}</p>', format="html")
    return nodes.legend("", line)


class FigureFiles(SphinxPostTransform):
    """Add the links, after the picture's kind is chosen; a figure without a caption gets none."""

    default_priority = 5
    formats = ("html",)

    def run(self, **kwargs):
        out, page = Path(self.app.outdir), self.env.docname
        drawn = None
        for figure in list(self.document.findall(nodes.figure)):
            images, captioned = list(figure.findall(nodes.image)), figure.next_node(nodes.caption)
            if not images or not captioned or not figure["ids"]:
                continue
            drawn = drawings(out.parent / "jupyter_execute" / page) if drawn is None else drawn
            picture, name = Path(self.app.srcdir, images[0]["uri"]), figure["ids"][0]
            drawing = drawn.get(picture.stem) or beside(picture)
            if drawing:
                write(out / FOLDER, name, drawing)
                figure += links(name, "../" * page.count("/"))


def setup(app):
    """Files are named by the figure, so pages can be written side by side."""
    app.add_post_transform(FigureFiles)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
