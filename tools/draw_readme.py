"""Draw the picture of the README and the landing page: forecasts from a hundred samples, scored."""
from pathlib import Path

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np

from scaling_utils import coverage, forecast, load, plot, simulate
from scaling_utils.report import figure_data

SEEN, FAR, LEVEL, SEED = 100, 10_000, 0.9, 20261126
SHOWN = ("Pythia-70M", "Pythia-160M", "Pythia-12B")
TARGET = Path(__file__).parents[1] / "_static" / "readme.png"


def configurations():
    """Counts of every model and benchmark, in the order of their coverage at the end."""
    table = load("monkeys_counts")
    groups = {where: (g.n_samples.to_numpy(), g.n_correct.to_numpy())
              for where, g in table.groupby(["benchmark", "model"], sort=False)}
    return dict(sorted(groups.items(), key=lambda item: coverage(*item[1], FAR)))


def forecasts(groups):
    """From a hundred samples of each, drawn once from the 10,000: {name: (kept, forecast)}."""
    k = np.unique(np.geomspace(SEEN, FAR, 25).astype(int))
    made = {}
    for number, (where, (n, c)) in enumerate(groups.items()):
        kept = simulate.thin_counts(n, c, SEEN, np.random.default_rng([SEED, number]))
        made[where] = kept, forecast((np.full(len(n), SEEN), kept), k, level=LEVEL)
    return made


def scores(groups, made):
    """Forecast intervals at the end, and what came: (low, high, truth), one row each."""
    return np.array([(f.low[-1], f.high[-1], coverage(*groups[where], FAR))
                     for where, (_, f) in made.items()])  # fmt: skip


def curves(ax, groups, made):
    """Three models of one family: seen, forecast, and what came."""
    early = np.unique(np.geomspace(1, SEEN, 20).astype(int))
    for model, color in zip(SHOWN, (plot.RIVAL, "#117733", plot.LAW), strict=True):
        where = ("MATH", model)
        kept, made_here = made[where]
        plot.band(ax, made_here.k, made_here.low, made_here.high, color=color)
        ax.plot(made_here.k, made_here.median, "--", color=color)
        ax.plot(early, coverage(SEEN, kept, early), "o", color=color, ms=3.5)
        truth = coverage(*groups[where], made_here.k)
        ax.plot(made_here.k, truth, "o", color=color, mfc="none", ms=4)
        ax.annotate(model, (FAR * 1.15, truth[-1]), color=color, va="center", annotation_clip=False)
    plot.coverage_axes(ax, ylabel="share of 128 MATH problems solved")


def intervals(ax, rows):
    """Every configuration: the interval, and the truth as a point; misses in orange."""
    for place, (low, high, truth) in enumerate(rows):
        inside = low <= truth <= high
        ax.plot([low, high], [place, place], color=plot.LAW if inside else plot.RIVAL, lw=3,
                solid_capstyle="butt")
        ax.plot(truth, place, "o", color=plot.DATA, ms=5)
    ax.set(xlabel=f"share solved at {FAR:,} samples", xlim=(-0.03, 1.03), yticks=[],
           ylabel=f"{len(rows)} models and benchmarks")


def main():
    """Write the picture, and say how many intervals hold."""
    plot.use_style()
    groups = configurations()
    made = forecasts(groups)
    rows = scores(groups, made)
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.6, 4.2), width_ratios=(3, 2))
    curves(left, groups, made)
    intervals(right, rows)
    fig.savefig(TARGET, dpi=160)
    TARGET.with_suffix(".csv").write_text(figure_data.csv(fig), "utf-8")
    TARGET.with_suffix(".svg").write_text(figure_data.svg(fig), "utf-8")
    held = np.sum((rows[:, 0] <= rows[:, 2]) & (rows[:, 2] <= rows[:, 1]))
    print(f"{held} of {len(rows)} intervals hold; mean width {np.diff(rows[:, :2]).mean():.2f}")


if __name__ == "__main__":
    main()
