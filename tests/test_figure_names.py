"""Names of series that stand in the legend alone, as seaborn leaves them."""
import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from scaling_utils import plot
from scaling_utils.report import figure_data

sns = pytest.importorskip("seaborn")

TABLE = pd.DataFrame(
    [(x, x * i + j, f"size {i}", way, panel)
     for i in (1, 2) for j, way in enumerate(("vote", "tree", "best")) for x in (1, 2, 3)
     for panel in ("MATH", "GSM8K")],
    columns=["x", "y", "size", "way", "set"])  # fmt: skip
ONE = TABLE[TABLE.set == "MATH"]
BOTH = [f"{size}, {way}" for size in ("size 1", "size 2") for way in ("vote", "tree", "best")]


@pytest.fixture(autouse=True)
def look():
    with plt.style.context("default"):
        plot.use_style()
        yield
    plt.close("all")


def drawn(ax):
    return figure_data.series(ax.figure)


def test_a_scatter_of_several_colours_is_as_many_series():
    table = drawn(sns.scatterplot(ONE, x="x", y="y", hue="way"))
    ours = ONE.groupby("way", sort=False)
    assert {name: rows.y.tolist() for name, rows in table.groupby("series")} == {
        name: rows.y.tolist() for name, rows in ours}  # fmt: skip
    assert table.groupby("series", sort=False).colour.unique().map(list).tolist() == [
        [plot.LAW], [plot.RIVAL], [plot.THIRD]]  # fmt: skip


def test_colours_without_a_legend_are_split_and_numbered():
    _, ax = plt.subplots()
    ax.scatter([1, 2, 3], [4, 5, 6], c=[plot.LAW, plot.RIVAL, plot.LAW])
    table = drawn(ax)
    assert table.series.tolist() == [1, 1, 2] and table.x.tolist() == [1, 3, 2]
    assert table.colour.tolist() == [plot.LAW, plot.LAW, plot.RIVAL]


def test_shades_of_a_number_stay_one_series():
    _, ax = plt.subplots()
    ax.scatter([1, 2, 3], [4, 5, 6], c=[0.1, 0.2, 0.3])
    assert drawn(ax).series.tolist() == [1, 1, 1]


@pytest.mark.parametrize("dashes", [True, False])
@pytest.mark.parametrize("together", [True, False])
def test_lines_have_the_names_of_colour_and_dashes_or_marker(dashes, together):
    hue, ways = ("way", ["vote", "tree", "best"]) if together else ("size", BOTH)
    ax = sns.lineplot(ONE, x="x", y="y", hue=hue, style="way", dashes=dashes, errorbar=None,
                      markers=not dashes)  # fmt: skip
    assert drawn(ax).series.drop_duplicates().tolist() == ways


def test_points_have_the_names_of_colour_and_marker():
    table = drawn(sns.scatterplot(ONE, x="x", y="y", hue="size", style="way"))
    assert table.series.drop_duplicates().tolist() == BOTH
    tree = table[table.series == "size 2, tree"]
    assert tree.y.tolist() == ONE.query("size == 'size 2' and way == 'tree'").y.tolist()


def test_bands_take_the_name_of_their_colour():
    table = drawn(sns.lineplot(ONE, x="x", y="y", hue="size", errorbar=("pi", 100)))
    found = table.groupby(["series", "mark"]).size().to_dict()
    assert found == {(f"size {i}", mark): 3 for i in (1, 2) for mark in ("line", "band")}


@pytest.mark.parametrize("draw", [sns.histplot, sns.kdeplot, sns.ecdfplot])
def test_distributions_have_their_names(draw):
    table = drawn(draw(ONE, x="y", hue="size"))
    assert set(table.series) == {"size 1", "size 2"}
    assert table.groupby("series").colour.nunique().tolist() == [1, 1]
    assert not (table.x.abs() == float("inf")).any()  # where seaborn's steps begin


def test_bars_of_points_are_error_bars_with_their_middles():
    ends = pd.DataFrame({"at": [1, 2, 5, 3, 4, 9], "size": ["size 1"] * 3 + ["size 2"] * 3})
    ax = sns.pointplot(ends, x="at", y="size", hue="size", errorbar=("pi", 100),
                       estimator="median", linestyle="none", legend=True)  # fmt: skip
    ax.plot([0, 1], [5, 5], color=plot.LAW)  # a straight line through no point stays one
    table = drawn(ax)
    bars = table[table.mark == "error bar along x"]
    assert bars[["series", "x", "low", "high"]].values.tolist() == [
        ["size 1", 2, 1, 5], ["size 2", 4, 3, 9]]  # fmt: skip
    assert table[table.mark == "line"].y.tolist() == [5, 5]


def test_names_of_a_bar_chart_do_not_stand_for_its_legend():
    table = drawn(sns.barplot(ONE, x="way", y="y", hue="size", errorbar=None))
    assert set(table.mark) == {"bar"} and set(table.series) == {"size 1", "size 2"}


def test_a_name_that_an_artist_bears_is_not_given_twice():
    _, ax = plt.subplots()
    ax.plot([1, 2], [3, 4], label="law")
    ax.plot([2, 3], [4, 5], color=plot.LAW)
    ax.legend()
    assert drawn(ax).series.tolist() == ["law", "law", 2, 2]


def test_lines_across_a_panel_and_bars_alone_take_no_name():
    ax = sns.lineplot(ONE, x="x", y="y", hue="size", palette=[plot.DATA, plot.LAW], errorbar=None)
    ax.axhline(0, color=plot.DATA), ax.axvspan(1, 2, color=plot.DATA)
    ax.errorbar([1], [2], 0.5, color=plot.DATA)
    table = drawn(ax)
    assert table[table.series == "size 1"].mark.tolist() == ["line"] * 3
    assert table[table.mark != "line"].series.map(type).eq(int).all()


def test_the_legend_of_a_figure_serves_all_its_panels():
    grid = plot.facets(sns.relplot, TABLE, x="x", y="y", hue="way", style="way", col="set")
    table = figure_data.series(grid.figure)
    assert set(zip(table.panel, table.series, strict=True)) == {
        (name, way) for name in ("MATH", "GSM8K") for way in ("vote", "tree", "best")}  # fmt: skip
    assert set(table.x_label) == {"x"} and set(table.y_label) == {"y"}


def test_panels_with_the_same_legend_are_named_where_it_goes():
    _, (left, right) = plt.subplots(1, 2)
    for ax, column in ((left, "y"), (right, "x")):
        sns.lineplot(ONE, x="x", y=column, hue="way", errorbar=None, ax=ax)
    plot.label_lines(left, same=[right])
    assert len(left.texts) == 3 and not right.texts and right.get_legend() is None
    assert drawn(left).groupby("panel").series.nunique().tolist() == [3, 3]
    assert set(drawn(left).series) == {"vote", "tree", "best"}


def test_names_at_the_ends_of_lines_come_from_the_legend():
    ax = plot.label_lines(sns.lineplot(ONE, x="x", y="y", hue="way", errorbar=None))
    assert [text.get_text() for text in ax.texts] == ["vote", "tree", "best"]
    assert ax.get_legend() is None
    assert drawn(ax).series.drop_duplicates().tolist() == ["vote", "tree", "best"]


@pytest.mark.parametrize("draw", [sns.relplot, sns.displot, sns.catplot])
def test_small_panels_are_named_once_and_keep_the_layout_of_the_book(draw):
    how = {"x": "y"} if draw is sns.displot else {"x": "way", "y": "y"}
    grid = plot.facets(draw, TABLE, col="set", height=2, **how)
    grid.figure.canvas.draw()
    assert [ax.get_title("left") for ax in grid.axes.flat] == ["MATH", "GSM8K"]
    assert not any(ax.get_title() or ax.get_xlabel() or ax.get_ylabel() for ax in grid.axes.flat)
    assert grid.figure.get_supxlabel() == how["x"] and grid.figure.get_supylabel()
    assert type(grid.figure.get_layout_engine()).__name__ == "ConstrainedLayoutEngine"
    assert plt.rcParams["figure.constrained_layout.use"]


def test_drawing_with_seaborn_leaves_the_theme_as_it_is():
    before = plt.rcParams.copy()
    plot.facets(sns.relplot, TABLE, x="x", y="y", hue="way", col="set", kind="line")
    sns.heatmap(ONE.pivot_table(index="x", columns="way", values="y"))
    assert plt.rcParams == before
