"""Sphinx extension: the data sets as files of the site, with their descriptions for machines.

data/<name>.csv, data/datapackage.json (Frictionless) and data/croissant.json.
"""
from pathlib import Path

import cite
import describe

from scaling_utils.data.datasets import available, content

FOLDER = "data"


def write(folder, address):
    """All tables and their two descriptions."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in available():
        (folder / f"{name}.csv").write_bytes(content(name))
    entry = cite.bibtex("index", cite.FACTS["title"], address)
    described = {"datapackage": describe.datapackage(),
                 "croissant": describe.croissant(f"{address}{FOLDER}/", entry)}  # fmt: skip
    for name, description in described.items():
        (folder / f"{name}.json").write_text(describe.text(description), "utf-8")


def add(app, error):
    """Write them once the pages are written."""
    if error is None and app.builder.format == "html":
        write(Path(app.outdir) / FOLDER, app.config.html_baseurl)


def setup(app):
    """The address of the site is stated once, in _config.yml."""
    app.connect("build-finished", add)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
