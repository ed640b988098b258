"""Series and drawing that a figure carries: every kind of mark, and the way into the book."""
import base64
import json
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np
import pandas as pd
import pytest
from docutils import nodes
from matplotlib.figure import Figure
from nbformat import v4

from scaling_utils.report import figure_data, plot

ROOT = Path(__file__).parents[1]
figure_files = pytest.importorskip("figure_files")  # needs the book's tools


def axes():
    return Figure().add_subplot()


def drawn(ax):
    return figure_data.series(ax.figure)


def test_lines_and_points_keep_their_numbers_and_names():
    ax = axes()
    ax.plot([1, 10], [0.25, 0.5], label="law", color="#0072b2")
    ax.plot([1, 2], [3, np.nan], "o")
    table = drawn(ax)
    assert table.series.tolist() == ["law", "law", 2, 2]
    assert table.mark.tolist() == ["line"] * 2 + ["points"] * 2
    assert table.x.tolist() == [1, 10, 1, 2] and table.y.tolist()[:3] == [0.25, 0.5, 3]
    assert table.colour[0] == "#0072b2" and np.isnan(table.y[3])


def test_lines_and_spans_across_a_panel_say_only_what_they_mark():
    ax = axes()
    ax.axhline(0.3), ax.axvline(7), ax.axvspan(1, 2), ax.axhspan(3, 4)
    table = drawn(ax)
    assert table.mark.tolist() == ["line", "line", "span of x", "span of y"]
    assert table[["x", "y"]].iloc[0].tolist()[1] == 0.3 and np.isnan(table.x[0])
    assert table.x[1] == 7 and np.isnan(table.y[1])
    assert table[["low", "high"]].iloc[2:].values.tolist() == [[1, 2], [3, 4]]


def test_error_bars_bands_and_bars_have_their_ends():
    ax = axes()
    ax.errorbar([1, 2], [5, 6], yerr=[[1, 2], [3, 4]], fmt="o", capsize=2, label="data")
    ax.errorbar([1], [5], xerr=0.5, fmt="none")
    plot.band(ax, [1, 2, 4], [0, 1, 2], [3, 5, 7])
    ax.bar([2], [9], width=1)
    ax.barh([2], [9], height=1)
    table = drawn(ax)
    by = {mark: rows[["x", "y", "low", "high"]].values for mark, rows in table.groupby("mark")}
    assert by["error bar"].tolist() == [[1, 5, 4, 8], [2, 6, 4, 10]]
    assert by["error bar along x"].tolist() == [[1, 5, 0.5, 1.5]]
    np.testing.assert_array_equal(by["band"][:, [0, 2, 3]], [[1, 0, 3], [2, 1, 5], [4, 2, 7]])
    assert by["bar"].tolist() == [[2, 9, 1.5, 2.5]]
    assert by["bar along x"].tolist() == [[9, 2, 1.5, 2.5]]
    assert len(table) == 8  # the caps and middles are not told twice


@pytest.mark.parametrize("origin", ["upper", "lower"])
def test_pixels_of_an_image_stand_where_they_are_drawn(origin):
    ax = axes()
    ax.imshow([[1, 2, 3], [4, 5, 6]], origin=origin)
    table = drawn(ax).set_index(["x", "y"]).value
    assert table[0, 0] == 1 and table[2, 1] == 6 and len(table) == 6


def test_scatter_segments_outlines_and_contours():
    ax = axes()
    ax.scatter([1, 2], [3, 4])
    ax.vlines([1], 0, 2)
    ax.hist([1, 1, 2], bins=[0, 1.5, 3], histtype="step")
    ax.contour([0, 1], [0, 1], [[0, 1], [1, 2]], levels=[1])
    table = drawn(ax)
    assert set(table.mark) == {"points", "error bar", "outline"}
    assert table[table.mark == "outline"].y.max() == 2
    assert set(table.value.dropna()) == {1}


def test_panels_have_titles_and_labels_of_their_own_or_shared_ones():
    fig = Figure()
    left, right = fig.subplots(1, 2, sharex=True)
    left.plot([1], [2]), right.plot([1], [3])
    left.set(title="GSM8K", xlabel="k")
    fig.supylabel("coverage")
    fig.colorbar(right.imshow([[1]]), ax=right)
    table = figure_data.series(fig)
    assert table.panel.drop_duplicates().tolist() == ["GSM8K", 2]
    assert set(table.x_label) == {"k"} and set(table.y_label) == {"coverage"}


def test_csv_leaves_out_empty_columns_and_reads_back():
    ax = axes()
    ax.plot([1, 2], [1 / 3, 2 / 3], label="a")
    table = pd.read_csv(StringIO(figure_data.csv(ax.figure)))
    assert list(table) == ["panel", "series", "mark", "colour", "x", "y"]
    assert table.y.tolist() == [0.333333, 0.666667]
    assert figure_data.csv(Figure()) == "\n"


def test_two_drawings_of_the_same_are_the_same_text():
    def fresh():
        ax = axes()
        plot.band(ax, [1, 2], [0, 0], [1, 1])
        return figure_data.svg(ax.figure)

    assert fresh() == fresh() and "<dc:date>" not in fresh() and "<svg" in fresh()


def test_use_style_makes_figures_of_a_notebook_carry_both(monkeypatch):
    from IPython.core.interactiveshell import InteractiveShell
    from matplotlib import pyplot

    shell = InteractiveShell()
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    with pyplot.rc_context():
        plot.use_style()
        fig, bare = axes().figure, Figure()
        data, metadata = shell.display_formatter.format(fig)
        shell.display_formatter.format(bare)
    assert set(metadata[figure_data.METADATA]) == {"csv", "svg"} and "text/plain" in data
    left = fig.axes[0].get_position().x0
    assert left != 0.125  # where matplotlib puts it when nothing is laid out
    fig.axes[0].set_ylabel("a\nlabel\nof\nmany\nlines")
    fig.draw_without_rendering()
    assert fig.axes[0].get_position().x0 == left  # found once, for all drawings of it


def notebook(folder, glued=False):
    """An executed page with one picture; its stem."""
    png = base64.b64encode(b"picture").decode()
    data = {"csv": "x\n1\n", "svg": "<svg/>"}
    output = v4.new_output("display_data", {"image/png": png},
                           metadata={figure_data.METADATA: data})  # fmt: skip
    other = v4.new_output("display_data", {"text/plain": "1"})
    cells = [v4.new_code_cell(outputs=[other] if glued else [other, output]), v4.new_code_cell()]
    (folder / "jupyter_execute").mkdir()
    nbformat.write(v4.new_notebook(cells=cells), folder / "jupyter_execute/page.ipynb")
    if glued:
        (folder / "jupyter_execute/page.glue.json").write_text(json.dumps({"name": output}))
    return figure_files.stem(png)


def run(folder, figures):
    """The extension on one page with these figures."""
    (folder / "html").mkdir()
    document = nodes.section("", *figures)
    transform = object.__new__(figure_files.FigureFiles)
    transform.document = document
    app = SimpleNamespace(outdir=folder / "html", srcdir=folder)
    document.settings = SimpleNamespace(env=SimpleNamespace(docname="page", app=app))
    transform.run()
    return [figure.astext() for figure in figures]


def figure(uri, caption=True):
    parts = [nodes.image(uri=uri)] + [nodes.caption("", "What is seen.")] * caption
    return nodes.figure("", *parts, ids=["fig-one"])


@pytest.mark.parametrize("glued", [False, True])
def test_extension_writes_the_files_and_links_them(tmp_path, glued):
    stem = notebook(tmp_path, glued)
    (shown,) = run(tmp_path, [figure(f"_build/jupyter_execute/{stem}.png")])
    assert 'href="figures/fig-one.csv"' in shown and 'href="figures/fig-one.svg"' in shown
    assert (tmp_path / "html/figures/fig-one.csv").read_text() == "x\n1\n"
    assert (tmp_path / "html/figures/fig-one.svg").read_text() == "<svg/>"


def test_extension_leaves_other_pictures_alone(tmp_path):
    stem = notebook(tmp_path)
    shown = run(tmp_path, [figure("_static/photo.png"), figure(f"{stem}.png", caption=False)])
    assert not any("figure-files" in text for text in shown)
    assert not (tmp_path / "html/figures").exists()


def test_files_beside_a_picture_are_taken(tmp_path):
    for kind in figure_files.KINDS:
        (tmp_path / f"photo.{kind}").write_text(kind)
    (shown,) = run(tmp_path, [figure("photo.png")])
    assert "figures/fig-one.svg" in shown
    assert all((ROOT / f"_static/readme.{kind}").exists() for kind in figure_files.KINDS)


def test_cells_of_a_mesh_stand_at_their_middles():
    ax = axes()
    ax.pcolormesh([0, 2, 4], [0, 1], [[7, 8]])
    found = drawn(ax)[["mark", "colour", "x", "y", "value"]].values.tolist()
    assert found == [["image", "", 1.0, 0.5, 7.0], ["image", "", 3.0, 0.5, 8.0]]
