"""Figures: dashes where a law is extrapolated, plain numbers, colours that can be read."""
from itertools import combinations

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from scaling_utils import load, plot


@pytest.fixture
def ax():
    with plt.style.context("default"):
        plot.use_style()
        _, ax = plt.subplots()
        yield ax
    plt.close("all")


COLOURS = [plot.DATA, plot.LAW, plot.RIVAL, plot.THIRD, plot.FOURTH]

# What linear RGB becomes without one kind of cone: Machado et al. (2009), severity 1.
EYES = {
    "usual": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
               [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
               [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
               [0.004733, 0.691367, 0.303900]],
}  # fmt: skip
XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                [0.0193339, 0.1191920, 0.9503041]])  # fmt: skip


def linear(color):
    """Linear RGB of an sRGB colour."""
    c = np.array(to_rgb(color))
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def luminance(color):
    """Relative luminance of WCAG 2."""
    return XYZ[1] @ linear(color)


def lab(color, eye):
    """CIELAB as an eye sees it."""
    seen = np.clip(np.array(eye) @ linear(color), 0, 1)
    f = np.cbrt(XYZ @ seen / XYZ.sum(axis=1))
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(a, b):
    """Contrast ratio of WCAG 2."""
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("color", COLOURS)
def test_colours_stand_out_from_the_panel(color):
    """3 is what WCAG 2 asks of graphics."""
    assert contrast(color, plot.PANEL) >= 3


def test_black_on_white_has_the_contrast_of_the_standard():
    assert contrast("black", "white") == pytest.approx(21, rel=1e-6)


@pytest.mark.parametrize("eye", EYES)
def test_colours_differ_to_every_eye(eye):
    """A just noticeable difference is about 2.3."""
    for a, b in combinations(COLOURS, 2):
        assert np.linalg.norm(lab(a, EYES[eye]) - lab(b, EYES[eye])) > 15


def test_style_file_and_module_name_the_same_colours(ax):
    assert to_rgb(plt.rcParams["axes.facecolor"]) == to_rgb(plot.PANEL)
    assert to_rgb(plt.rcParams["figure.facecolor"]) == to_rgb(plot.PANEL)
    cycle = plt.rcParams["axes.prop_cycle"].by_key()["color"]
    assert cycle == [*COLOURS[1:], plot.DATA]


def test_every_benchmark_has_its_colour():
    names = set(load("monkeys_counts")["benchmark"])
    assert names <= set(plot.BENCHMARK)
    assert len(set(plot.BENCHMARK.values())) == len(plot.BENCHMARK)


def test_the_panel_is_opaque_and_light_on_any_page(ax):
    face = ax.figure.get_facecolor()
    assert face[3] == 1 and contrast(face, "black") > 15


def test_dashed_outside_the_fitted_range_and_only_there(ax):
    x = np.geomspace(1, 1e4, 50)
    assert plot.law_line(ax, x, 1 / x, inside=(10, 100)) is ax
    solid, before, after = (line.get_xdata() for line in ax.lines)
    assert [line.get_linestyle() for line in ax.lines] == ["-", "--", "--"]
    np.testing.assert_array_equal(solid, x[(x >= 10) & (x <= 100)])
    assert before[0] == x[0] and before[-1] == solid[0]  # no gap between dashes and line
    assert after[0] == solid[-1] and after[-1] == x[-1]


@pytest.mark.parametrize(
    ("inside", "styles"),
    [(None, ["-"]), ((1, 1e4), ["-"]), ((1, 100), ["-", "--"]), ((1e5, 1e6), ["--"])],
)
def test_no_dashes_without_extrapolation(ax, inside, styles):
    x = np.geomspace(1, 1e4, 50)[::-1]  # in any order
    plot.law_line(ax, x, 1 / x, inside=inside)
    assert [line.get_linestyle() for line in ax.lines if line.get_xdata().size] == styles


def test_every_function_returns_its_axis(ax):
    x = np.array([1, 10, 100])
    assert plot.data_points(ax, x, x) is ax and plot.band(ax, x, x, x + 1) is ax
    assert plot.residuals(ax, x, x) is ax and plot.panel_name(ax, "name") is ax
    assert plot.coverage_axes(ax) is ax and plot.loglog_axes(ax) is ax


def test_log_axes_carry_plain_numbers(ax):
    plot.data_points(ax, [1, 10_000], [0.1, 0.9])
    plot.coverage_axes(ax)
    ax.figure.canvas.draw()
    labels = {label.get_text() for label in ax.get_xticklabels()}
    assert {"1", "10", "100", "1,000", "10,000"} <= labels


@pytest.mark.parametrize(("panels", "top"), [
    (1, 1e4), (3, 1e2),
    *(pytest.param(*sizes, marks=pytest.mark.slow) for sizes in [(1, 1e8), (2, 1e6), (3, 1e4)])])
def test_labels_of_a_log_axis_do_not_touch(ax, panels, top):
    fig, axes = plot.panel_grid(panels, ncols=panels, width=6.9 / panels)
    for panel in axes:
        plot.law_line(panel, [1, top], [0.1, 1])
        plot.loglog_axes(panel)
    fig.canvas.draw()
    for panel in axes:
        shown = [t for t in panel.get_xticklabels() if t.get_text() and _inside(t, panel)]
        boxes = [t.get_window_extent() for t in shown]
        assert len(boxes) >= 2
        assert all(a.x1 < b.x0 for a, b in zip(boxes, boxes[1:], strict=False))


def _inside(label, panel):
    """Whether the tick lies within the limits, so that its label is drawn."""
    low, high = panel.get_xlim()
    return low <= label.get_position()[0] <= high


def test_a_grid_has_as_many_panels_as_asked(ax):
    fig, axes = plot.panel_grid(5, ncols=3)
    assert len(axes) == 5 and len(fig.axes) == 5


@pytest.mark.parametrize("yscale", ["linear", "log"])
def test_names_of_lines_stand_at_their_ends_and_apart(ax, yscale):
    for name, end in zip("abcd", (0.9, 0.31, 0.3, 0.3), strict=True):
        ax.plot([1, 2, 3], [0.1, end, np.nan if name == "a" else end], label=name)
    ax.axhline(0.5)
    ax.set(yscale=yscale, ylim=(0.05, 1))
    assert plot.label_lines(ax) is ax
    ax.figure.canvas.draw()
    names = {text.get_text(): text for text in ax.texts}
    assert list(names) == list("abcd") and names["a"].xy == (2, 0.9)
    assert [t.get_color() for t in ax.texts] == [line.get_color() for line in ax.lines[:4]]
    boxes = {name: text.get_window_extent() for name, text in names.items()}
    assert boxes["c"].y1 <= boxes["d"].y0 + 1 and boxes["d"].y1 <= boxes["b"].y0 + 1
    assert all(box.x0 > ax.transData.transform(names[name].xy)[0] for name, box in boxes.items())
    middle = (boxes["a"].y0 + boxes["a"].y1) / 2
    assert middle == pytest.approx(ax.transData.transform((2, 0.9))[1], abs=2)


def test_a_name_of_a_line_that_leaves_the_axis_stays_inside(ax):
    ax.plot([1, 2], [0.1, 7], label="gone")
    ax.set(ylim=(0, 1))
    assert plot.label_lines(ax).texts[0].xy == (2, 1)


def test_one_theme_serves_matplotlib_and_seaborn():
    """seaborn takes palette and panel from the style file; it sets no theme of its own."""
    sns = pytest.importorskip("seaborn")
    plot.use_style()
    assert sns.color_palette().as_hex()[:4] == [plot.LAW, plot.RIVAL, plot.THIRD, plot.FOURTH]
    fig, ax = plt.subplots()
    sns.histplot([1, 2, 2, 3], ax=ax)
    assert matplotlib.colors.to_hex(ax.get_facecolor()) == plot.PANEL
    assert matplotlib.colors.to_hex(ax.patches[0].get_facecolor()) == plot.LAW
    plt.close(fig)


def test_facets_leave_what_the_first_figure_of_a_notebook_turns_on():
    """There the backend comes with the first figure, and figures are shown from then on."""
    pd, sns = pytest.importorskip("pandas"), pytest.importorskip("seaborn")

    def draw(table, **how):
        assert not plt.rcParams["figure.constrained_layout.use"]
        plt.ion()
        return sns.relplot(table, **how)

    with plt.style.context("default"):
        plot.use_style()
        try:
            plot.facets(draw, pd.DataFrame({"x": [1, 2], "y": [1, 2]}), x="x", y="y")
            assert plt.isinteractive() and plt.rcParams["figure.constrained_layout.use"]
        finally:
            plt.ioff()
            plt.close("all")
