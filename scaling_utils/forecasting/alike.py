"""What other models must be like to help: how long they were sampled, and how strong they are.

`python -m scaling_utils.forecasting.alike` writes results/forecast_history.csv.
"""
from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm import tqdm

from . import runs
from .forecast import forecast

K, M = 10_000, (30, 100)
SIZES = (100, 1000, 10_000)


def trial(run: runs.Run, m: int, others: list[runs.Run], size: int, draw: int) -> dict:
    """One forecast of a run's end from m samples, with `size` samples of the other models.

    Returns
    -------
    dict
        Error, whether the 90 % interval held, its width, and the same without the others.
    """
    rng = np.random.default_rng([m, draw, *run.model.encode()])
    first, truth = run.first(m, rng), float(run.truth(np.array([K]))[0])
    history = [o.first(size, rng) for o in others]
    out = {}
    for name, known in (("", history), ("_alone", None)):
        f = forecast(first, K, history=known)
        median = float(np.median(f.draws[0]))
        out |= {f"error{name}": abs(median - truth), f"width{name}": float(f.high[0] - f.low[0]),
                f"held{name}": bool(f.low[0] - 1e-9 <= truth <= f.high[0] + 1e-9)}
    return out


def table(n_draws: int = 3, everything: list[runs.Run] | None = None) -> pd.DataFrame:
    """All other models at each size, and each other model alone at the largest.

    Parameters
    ----------
    n_draws : int
    everything : list of Run, optional
        Runs with a fixed number of samples.

    Returns
    -------
    DataFrame
        `others` is "all" or a model; `stronger` the ratio of its pass@1 to the run's.
    """
    some = [run for run in everything or runs.runs()
            if run.batch is None and run.group != "chains"]
    rows = []
    for run in tqdm(some, disable=None):
        peers = [o for o in some if o.benchmark == run.benchmark and o.model != run.model]
        plans = [("all", peers, size) for size in SIZES]
        plans += [(o.model, [o], SIZES[-1]) for o in peers]
        for others, chosen, size in plans:
            ratio = chosen[0].c.mean() / run.c.mean() if others != "all" else np.nan
            for m in M:
                for draw in range(n_draws):
                    rows.append(dict(group=run.group, model=run.model, m=m, others=others,
                                     size=size, stronger=ratio, draw=draw,
                                     **trial(run, m, chosen, size, draw)))
    return pd.DataFrame(rows)


def by_size(rows: pd.DataFrame) -> pd.DataFrame:
    """Means over runs by m and samples of the other models."""
    part = rows[rows.others == "all"]
    means = part.groupby(["m", "size", "group", "model"])[
        ["error", "held", "width", "error_alone", "width_alone"]].mean()
    return means.groupby(["m", "size"]).mean()


def by_strength(rows: pd.DataFrame, edges=(0, 1 / 4, 1 / 1.6, 1.6, 4, np.inf)) -> pd.DataFrame:
    """Gain of one other model, error with it minus error alone, by the ratio of pass@1.

    Standard errors over pairs of models.
    """
    part = rows[rows.others != "all"]
    part = part.assign(gain=part.error - part.error_alone, narrower=part.width - part.width_alone,
                       ratio=pd.cut(part.stronger, edges))
    pairs = part.groupby(["m", "ratio", "group", "model", "others"], observed=True)[
        ["gain", "narrower", "held"]].mean()
    by = pairs.groupby(["m", "ratio"], observed=True)
    return by.mean().assign(standard_error=by.gain.std() / np.sqrt(by.size()), pairs=by.size())


def main(argv=None):
    """Write the table and print its two summaries."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", default="results/forecast_history.csv", type=Path)
    parser.add_argument("--draws", default=3, type=int)
    given = parser.parse_args(argv)
    rows = table(given.draws)
    rows.round(5).to_csv(given.out, index=False, lineterminator="\n")
    print(by_size(rows).round(3).to_string(), by_strength(rows).round(3).to_string(), sep="\n\n")


if __name__ == "__main__":
    main()
