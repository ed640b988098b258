"""Figures of one look: each function takes an axis, draws on it and returns it."""
from importlib.resources import files

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from .figure_data import travel_with_pictures

# Colours by meaning, of Okabe and Ito; the fourth is darker, to stand out from the light panel.
DATA, LAW, RIVAL, THIRD, FOURTH = "#333333", "#0072b2", "#d55e00", "#009e73", "#a8497f"
BENCHMARK = {"MATH": LAW, "GSM8K": RIVAL, "CodeContests": THIRD, "MiniF2F-MATH": FOURTH}
PANEL = "#fbfbf8"


def use_style():
    """Read the style file of the book; in a notebook, figures then carry their data with them.

    Examples
    --------
    >>> use_style()
    """
    plt.style.use(files(__package__) / "book.mplstyle")
    travel_with_pictures()


def plain(value, _=None):
    """A number as a reader writes it: 1, 10, 1,000, 0.01.

    Examples
    --------
    >>> plain(10_000), plain(0.01)
    ('10,000', '0.01')
    """
    return f"{value:,.0f}" if value >= 1 else f"{value:.15f}".rstrip("0")


def log_axis(axis):
    """Logarithmic ticks at powers of ten, as many as have room, labelled with plain numbers."""
    across = axis.axes.get_window_extent().width * 72 / axis.axes.figure.dpi
    room = max(3, round(across / 50)) if axis.axis_name == "x" else 9
    axis.set_major_locator(LogLocator(10, numticks=room))
    axis.set_major_formatter(FuncFormatter(plain))
    axis.set_minor_formatter(NullFormatter())
    return axis


def coverage_axes(ax, ylabel="coverage", xlabel="samples per problem"):
    """Logarithmic number of samples against coverage from 0 to 1."""
    ax.set(xscale="log", xlabel=xlabel, ylabel=ylabel, ylim=(-0.03, 1.03))
    log_axis(ax.xaxis)
    return ax


def loglog_axes(ax, xlabel="samples per problem", ylabel="share unsolved"):
    """Both axes logarithmic, with plain numbers."""
    ax.set(xscale="log", yscale="log", xlabel=xlabel, ylabel=ylabel)
    log_axis(ax.xaxis)
    log_axis(ax.yaxis)
    return ax


def data_points(ax, x, y, label=None, color=DATA, **style):
    """Measured values: dark grey points."""
    ax.plot(x, y, **{"marker": "o", "linestyle": "", "color": color, "label": label} | style)
    return ax


def law_line(ax, x, y, inside=None, color=LAW, label=None, **style):
    """A law: solid within `inside` = (low, high), dashed where it is extrapolated."""
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


def band(ax, x, low, high, color=LAW, label=None):
    """An interval around a curve."""
    ax.fill_between(x, low, high, color=color, alpha=0.22, linewidth=0, label=label)
    return ax


def residuals(ax, x, difference, color=DATA, label="data minus law"):
    """Differences against a zero line."""
    ax.axhline(0, color=LAW, linewidth=1)
    ax.plot(x, difference, "o", color=color, markersize=4)
    ax.set(ylabel=label)
    return ax


def panel_grid(n, ncols=3, width=2.3, height=1.9, **share):
    """Figure and the axes of n small panels; those left over are removed."""
    nrows = -(-n // ncols)
    share = {"sharex": True, "sharey": True} | share
    fig, axes = plt.subplots(nrows, ncols, figsize=(ncols * width, nrows * height), squeeze=False,
                             **share)
    for ax in axes.ravel()[n:]:
        ax.remove()
    return fig, axes.ravel()[:n]


def panel_name(ax, text):
    """Name of a small panel, above its left end, where no curve can hide it."""
    ax.set_title(text, loc="left", fontsize=10, pad=4)
    return ax
