"""Figures of one look: each function takes an axis, draws on it and returns it."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import XAxis, YAxis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
from numpy.typing import ArrayLike

from ._looks import name_lines, own_name
from .figure_data import travel_with_pictures

if TYPE_CHECKING:
    from pandas import DataFrame
    from seaborn import FacetGrid

# Colours by meaning, of Okabe and Ito; the fourth is darker, to stand out from the light panel.
DATA, LAW, RIVAL, THIRD, FOURTH = "#333333", "#0072b2", "#d55e00", "#009e73", "#a8497f"
BENCHMARK = {"MATH": LAW, "GSM8K": RIVAL, "CodeContests": THIRD, "MiniF2F-MATH": FOURTH}
PANEL = "#fbfbf8"


def use_style() -> None:
    """Read the style file of the book; in a notebook, figures then carry their data with them.

    Examples
    --------
    >>> use_style()
    """
    plt.style.use(str(files(__package__) / "book.mplstyle"))
    travel_with_pictures()


def plain(value: float, _: int | None = None) -> str:
    """A number as a reader writes it: 1, 10, 1,000, 0.01.

    Examples
    --------
    >>> plain(10_000), plain(0.01)
    ('10,000', '0.01')
    """
    return f"{value:,.0f}" if value >= 1 else f"{value:.15f}".rstrip("0")


def log_axis(axis: XAxis | YAxis) -> XAxis | YAxis:
    """Logarithmic ticks at powers of ten, as many as have room, labelled with plain numbers.

    Examples
    --------
    >>> axis = log_axis(Figure().subplots(subplot_kw={"xscale": "log"}).xaxis)
    >>> axis.get_major_formatter()(1000)
    '1,000'
    """
    across = axis.axes.get_window_extent().width * 72 / axis.axes.figure.dpi
    room = max(3, round(across / 50)) if axis.axis_name == "x" else 9
    axis.set_major_locator(LogLocator(10, numticks=room))
    axis.set_major_formatter(FuncFormatter(plain))
    axis.set_minor_formatter(NullFormatter())
    return axis


def coverage_axes(ax: Axes, ylabel: str = "coverage",
                  xlabel: str = "samples per problem") -> Axes:
    """Logarithmic number of samples against coverage from 0 to 1.

    Examples
    --------
    >>> coverage_axes(Figure().subplots()).get_xscale()
    'log'
    """
    ax.set(xscale="log", xlabel=xlabel, ylabel=ylabel, ylim=(-0.03, 1.03))
    log_axis(ax.xaxis)
    return ax


def loglog_axes(ax: Axes, xlabel: str = "samples per problem",
                ylabel: str = "share unsolved") -> Axes:
    """Both axes logarithmic, with plain numbers.

    Examples
    --------
    >>> loglog_axes(Figure().subplots()).get_yscale()
    'log'
    """
    ax.set(xscale="log", yscale="log", xlabel=xlabel, ylabel=ylabel)
    log_axis(ax.xaxis)
    log_axis(ax.yaxis)
    return ax


def data_points(ax: Axes, x: ArrayLike, y: ArrayLike, label: str | None = None,
                color: str = DATA, **style: Any) -> Axes:
    """Measured values: dark grey points.

    Examples
    --------
    >>> data_points(Figure().subplots(), [1, 10], [0.2, 0.4]).lines[0].get_color() == DATA
    True
    """
    ax.plot(x, y, **{"marker": "o", "linestyle": "", "color": color, "label": label} | style)
    return ax


def law_line(ax: Axes, x: ArrayLike, y: ArrayLike, inside: tuple[float, float] | None = None,
             color: str = LAW, label: str | None = None, **style: Any) -> Axes:
    """A law: solid within `inside` = (low, high), dashed where it is extrapolated.

    Examples
    --------
    >>> ax = law_line(Figure().subplots(), [1, 10, 100], [0.2, 0.4, 0.6], inside=(1, 10))
    >>> [line.get_linestyle() for line in ax.lines]
    ['-', '--']
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    order = np.argsort(x)
    x, y = x[order], y[order]
    low, high = inside or (x[0], x[-1])
    first, last = np.searchsorted(x, low), np.searchsorted(x, high, side="right")
    ax.plot(x[first:last], y[first:last], "-", color=color, label=label, **style)
    for beyond in (slice(0, first + 1), slice(max(last - 1, 0), None)):  # they meet the solid line
        if x[beyond].size > 1:
            ax.plot(x[beyond], y[beyond], "--", color=color, **style)
    return ax


def band(ax: Axes, x: ArrayLike, low: ArrayLike, high: ArrayLike, color: str = LAW,
         label: str | None = None) -> Axes:
    """An interval around a curve.

    Examples
    --------
    >>> len(band(Figure().subplots(), [1, 10], [0.1, 0.3], [0.3, 0.5]).collections)
    1
    """
    ax.fill_between(x, low, high, color=color, alpha=0.22, linewidth=0, label=label)
    return ax


def residuals(ax: Axes, x: ArrayLike, difference: ArrayLike, color: str = DATA,
              label: str = "data minus law") -> Axes:
    """Differences against a zero line.

    Examples
    --------
    >>> residuals(Figure().subplots(), [1, 10], [0.01, -0.01]).get_ylabel()
    'data minus law'
    """
    ax.axhline(0, color=LAW, linewidth=1)
    ax.plot(x, difference, "o", color=color, markersize=4)
    ax.set(ylabel=label)
    return ax


def panel_grid(n: int, ncols: int = 3, width: float = 2.3, height: float = 1.9,
               **share: Any) -> tuple[Figure, np.ndarray]:
    """Figure and the axes of n small panels; those left over are removed.

    Examples
    --------
    >>> fig, axes = panel_grid(5)
    >>> axes.size
    5
    >>> plt.close(fig)
    """
    nrows = -(-n // ncols)
    share = {"sharex": True, "sharey": True} | share
    fig, axes = plt.subplots(nrows, ncols, figsize=(ncols * width, nrows * height), squeeze=False,
                             **share)
    for ax in axes.ravel()[n:]:
        ax.remove()
    return fig, axes.ravel()[:n]


def facets(draw: Callable[..., FacetGrid], table: DataFrame, **how: Any) -> FacetGrid:
    """Small panels of seaborn, by relplot, displot or catplot, in the layout of the book.

    Each panel has its name above its left end; the labels of the axes and the legend, above the
    panels, stand once.

    Examples
    --------
    >>> import pandas as pd, seaborn as sns
    >>> table = pd.DataFrame({"k": [1, 2], "coverage": [0.2, 0.3], "set": ["MATH", "GSM8K"]})
    >>> grid = facets(sns.relplot, table, x="k", y="coverage", col="set", col_wrap=2)
    >>> [ax.get_title("left") for ax in grid.axes.flat]
    ['MATH', 'GSM8K']
    >>> plt.close(grid.figure)
    """
    own = "figure.constrained_layout.use"  # seaborn lays out by itself
    usual, plt.rcParams[own] = plt.rcParams[own], False
    try:  # not a context of all settings: the first figure of a notebook changes others for good
        grid = draw(table, **how)
    finally:
        plt.rcParams[own] = usual
    grid.figure.set_layout_engine("constrained")
    for name, ax in grid.axes_dict.items():
        ax.set_title("")
        panel_name(ax, str(name))
    for axis in "xy":
        labels = [getattr(ax, f"get_{axis}label")() for ax in grid.axes.flat]
        getattr(grid.figure, f"sup{axis}label")(next(filter(None, labels), ""))
        grid.set(**{f"{axis}label": ""})
    if grid.legend is not None:
        _legend_above(grid, how.get("height", 5) * how.get("aspect", 1))
    return grid


def _legend_above(grid: FacetGrid, width: float) -> None:
    """The legend of small panels in a row above them, in the width of the panels alone."""
    import seaborn as sns

    columns = {ax.get_subplotspec().colspan.start for ax in grid.axes.flat}
    height = grid.figure.get_figheight() + 0.3
    grid.figure.set_size_inches(width * len(columns), height)
    sns.move_legend(grid, "outside upper center", ncols=len(grid.legend.get_texts()), title=None,
                    columnspacing=1.2, handletextpad=0.4)  # fmt: skip


def panel_name(ax: Axes, text: str) -> Axes:
    """Name of a small panel, above its left end, where no curve can hide it.

    Examples
    --------
    >>> panel_name(Figure().subplots(), "MATH").get_title("left")
    'MATH'
    """
    ax.set_title(text, loc="left", fontsize=10, pad=4)
    return ax


def label_lines(ax: Axes, size: float = 10, gap: float = 1.15,
                same: Sequence[Axes] = ()) -> Axes:
    """Names of the labelled lines at their right ends, in their colours, instead of a legend.

    Lines of seaborn take their names from its legend, as do those of panels with the `same` one,
    and it goes. Names that would overlap are pushed apart, to `gap` times their size; call it when
    limits and scales are final.

    Examples
    --------
    >>> ax = Figure().subplots()
    >>> _ = ax.plot([1, 2], [0.5, 0.5], label="law"), ax.plot([1, 2], [0.5, 0.5], label="data")
    >>> [text.get_text() for text in label_lines(ax).texts]
    ['law', 'data']
    """
    for panel in (ax, *same):
        name_lines(panel)
    named = [line for line in ax.lines if own_name(line) and np.size(line.get_xdata())]
    points = [np.column_stack(line.get_data()).astype(float) for line in named]
    ends = np.array([xy[np.isfinite(xy).all(axis=1)][-1] for xy in points])
    ends[:, 1] = np.clip(ends[:, 1], *sorted(ax.get_ylim()))  # asking for limits settles them
    heights = ax.transData.transform(ends)[:, 1] * 72 / ax.figure.dpi
    moves = _spread(heights, size * gap) - heights
    for line, end, move in zip(named, ends, moves, strict=True):
        ax.annotate(str(line.get_label()), tuple(end), xytext=(6, move), textcoords="offset points",
                    color=line.get_color(), fontsize=size, va="center", annotation_clip=False)
    return ax


def _spread(heights: np.ndarray, apart: float) -> np.ndarray:
    """The heights, with those nearer than `apart` moved until they are not, in the same order."""
    order = np.argsort(heights, kind="stable")
    at = heights[order]
    for _ in range(60):
        missing = np.clip(apart - np.diff(at), 0, None) / 2
        at = at + np.append(0, missing) - np.append(missing, 0)
    return at[np.argsort(order, kind="stable")]
