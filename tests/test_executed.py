"""Outputs of an executed notebook are found where the build took them from its cache."""

import pytest

nbformat = pytest.importorskip("nbformat")
pytest.importorskip("jupyter_cache")

from executed import CACHE, notebook  # noqa: E402
from jupyter_cache import get_cache  # noqa: E402
from jupyter_cache.base import CacheBundleIn  # noqa: E402


def written(path, *outputs):
    """A notebook of one cell, with or without what it printed."""
    cell = nbformat.v4.new_code_cell("print(1)", outputs=list(outputs), execution_count=1)
    made = nbformat.v4.new_notebook(cells=[cell])
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(made, path)
    return made


def texts(path):
    return [output["text"] for cell in notebook(path).cells for output in cell["outputs"]]


def test_outputs_come_from_the_cache_unless_the_notebook_has_its_own(tmp_path):
    page = tmp_path / "jupyter_execute" / "chapters" / "page.ipynb"
    stream = nbformat.v4.new_output("stream", name="stdout", text="cached\n")
    written(page)
    assert texts(page) == []
    made = written(tmp_path / "run.ipynb", stream)
    get_cache(tmp_path / CACHE).cache_notebook_bundle(CacheBundleIn(made, "page.ipynb"),
                                                      check_validity=False)  # fmt: skip
    assert texts(page) == ["cached\n"]
    written(page, nbformat.v4.new_output("stream", name="stdout", text="own\n"))
    assert texts(page) == ["own\n"]
