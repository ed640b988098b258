"""The figure of a result, on paper and on a dark screen."""
from __future__ import annotations

from io import BytesIO

import matplotlib.pyplot as plt

from .. import plot

CYCLE = (plot.LAW, plot.RIVAL, plot.THIRD, plot.FOURTH)
LIGHT_CYCLE = ("#56b4e9", "#ff9e4a", "#3fcf9f", "#e08bbf")  # the same on a dark page
DARK = {"figure.facecolor": "#15191e", "savefig.facecolor": "#15191e", "axes.facecolor": "#15191e",
        "axes.edgecolor": "#c8ccd0", "axes.labelcolor": "#e6e8ea", "xtick.color": "#e6e8ea",
        "ytick.color": "#e6e8ea", "text.color": "#e6e8ea"}
SAME = {"svg.hashsalt": "scaling-laws", "svg.fonttype": "path"}  # the same file each time


def images(result, *, dark: bool = False, kinds=("svg", "png")) -> dict[str, bytes]:
    """The figure of a result as bytes, by kind; empty where a result has no picture.

    Parameters
    ----------
    result : Result
    dark : bool
        Light lines on a dark panel.
    kinds : sequence of str
        "svg", "png".

    Returns
    -------
    dict of bytes
    """
    if result.command not in DRAW:
        return {}
    style: list = [plot.files(plot.__package__) / "book.mplstyle", SAME, DARK if dark else {}]
    with plt.style.context(style):
        fig, ax = plt.subplots(figsize=(5.8, 4.1))
        DRAW[result.command](ax, result.tables, LIGHT_CYCLE if dark else CYCLE)
        out = {kind: _bytes(fig, kind) for kind in kinds}
        plt.close(fig)
    return out


def _bytes(fig, kind):
    """A figure as it would stand in a file, without the date."""
    stream = BytesIO()
    fig.savefig(stream, format=kind, metadata={"Date": None} if kind == "svg" else None)
    return stream.getvalue()


def _forecast(ax, tables, colours):
    """Seen as a line, then median and band of each run."""
    runs = list(tables["curve"].groupby("run", sort=False))
    for (name, curve), colour in zip(runs, _repeated(colours), strict=False):
        inside, beyond = curve[~curve.beyond], curve[curve.beyond]
        label = name if len(runs) > 1 else "estimate from the samples drawn"
        ax.plot(inside.k, inside["median"], color=colour, label=label)
        joint = beyond if inside.empty else curve.loc[[inside.index[-1], *beyond.index]]
        ax.plot(joint.k, joint["median"], "--", color=colour,
                label="forecast, median" if len(runs) == 1 else None)
        plot.band(ax, beyond.k, beyond.low, beyond.high, colour,
                  "90 % interval" if len(runs) == 1 else None)
        asked = tables["forecast"]
        asked = asked[(asked.run == name) & asked.beyond]
        ax.vlines(asked.k, asked.low, asked.high, color=colour, lw=1.2)
    plot.coverage_axes(ax).legend(loc="upper left")


def _fit(ax, tables, colours):
    """The estimate as points and a line per law, of the first run."""
    curve = tables["curve"]
    curve = curve[curve.run == curve.run.iloc[0]]
    colours = iter(_repeated(colours))
    widths = iter((7, 5, 3.4, 2, 1.2) + (1,) * 40)  # lines that lie on one another are all seen
    for law, own in curve.groupby("law", sort=False):
        if law == "estimate":
            plot.data_points(ax, own.k, own.coverage, law, color=plt.rcParams["text.color"],
                             zorder=3)
        else:
            plot.law_line(ax, own.k, own.coverage, label=law, color=next(colours), lw=next(widths))
    plot.coverage_axes(ax).legend(loc="upper left")
    ax.set_ylim(None, min(1.03, 1.5 * curve.coverage.max() + 0.01))


def _compare(ax, tables, colours):
    """Difference and band of each pair."""
    table = tables["difference"]
    pairs = table.groupby(["first", "second"], sort=False)
    for ((first, second), own), colour in zip(pairs, _repeated(colours), strict=False):
        ax.plot(own.k, own.difference, marker="o", ms=4, color=colour,
                label=f"{first} minus {second}")
        plot.band(ax, own.k, own.low, own.high, colour)
    ax.axhline(0, color=plt.rcParams["axes.edgecolor"], lw=1)
    ax.set(xscale="log", xlabel="samples per problem", ylabel="difference of coverage")
    plot.log_axis(ax.xaxis)
    ax.legend()


def _votes(ax, tables, colours):
    """Accuracy of each strategy, of the first run."""
    table = tables["strategies"]
    table = table[table.run == table.run.iloc[0]]
    colours = (plt.rcParams["text.color"], *colours)
    ways = table.groupby("strategy", sort=False)
    for (name, own), colour in zip(ways, _repeated(colours), strict=False):
        ax.plot(own.k, own.accuracy, marker="o", ms=4, color=colour, label=name)
        plot.band(ax, own.k, own.low, own.high, colour)
    plot.coverage_axes(ax, ylabel="share of problems").legend(loc="upper left")


def _plan(ax, tables, colours):
    """Accuracy against cost of each model and strategy, the choice marked."""
    cost = next(name for name in tables["plan"] if name.endswith("_per_problem"))
    judged = [(row.model, row.strategy) for row in tables["plan"].itertuples() if row.role]
    ways = tables["curve"].groupby(["model", "strategy"], sort=False)
    for i, (names, own) in enumerate(ways):
        colour, dash = colours[i % len(colours)], ("-", "--", ":", "-.")[i // len(colours) % 4]
        ax.plot(own[cost], own.accuracy, dash, color=colour, label=", ".join(names))
        if names in judged:  # more bands would hide each other
            plot.band(ax, own[cost], own.low, own.high, colour)
    choice = tables["plan"].iloc[0]
    ax.plot(choice[cost], choice.accuracy, "o", ms=9, mfc="none", mec=plt.rcParams["text.color"],
            label="choice")
    ax.set(xscale="log", xlabel=cost.replace("_", " "), ylabel="accuracy")
    ax.legend(loc="upper left")


def _repeated(colours):
    """Colours for any number of lines."""
    while True:
        yield from colours


DRAW = {"forecast": _forecast, "fit": _fit, "compare": _compare, "votes": _votes, "plan": _plan}
