"""The ledger: every scored forecast, one row each, and how often the intervals held so far.

`python -m scaling_utils.forecasting.ledger` writes results/ledger.csv from the long runs; sealed
forecasts are added by `add`.
"""
from __future__ import annotations

import argparse
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd

from ..data.samples import Samples
from . import runs
from .forecast import forecast
from .seal import LEVELS, open_seal

COLUMNS = ["source", "group", "model", "method", "m", "k", "median", "truth", "low_50", "high_50",
           "held_50", "low_90", "high_90", "held_90"]
M = (100, 1000)


def row(f, run: runs.Run, m: int) -> dict:
    """One forecast of a run from m samples, at the run's end, scored."""
    truth = float(run.truth(f.k)[0])
    out = dict(source="backtest", group=run.group, model=run.model, m=m, k=int(f.k[0]),
               method=f.method + (", history" if f.history else ""), median=float(f.median[0]),
               truth=truth)
    for level in LEVELS:
        low, high = f.interval(level)[:, 0]
        name = f"{100 * level:g}"
        out |= {f"low_{name}": low, f"high_{name}": high,
                f"held_{name}": bool(low - 1e-9 <= truth <= high + 1e-9)}
    return out


def headline(everything: list[runs.Run] | None = None, m=M) -> pd.DataFrame:
    """One forecast of each long run from m samples, without history and with it.

    Parameters
    ----------
    everything : list of Run, optional
    m : sequence of int

    Returns
    -------
    DataFrame
        Columns of the ledger.
    """
    everything = runs.runs() if everything is None else everything
    rows = []
    for run in everything:
        k = int(run.horizon(np.array([run.n.max()]))[0])
        others = [(o.n, o.c) for o in everything
                  if o.benchmark == run.benchmark and o.model != run.model]
        for size in m:
            pair = run.first(size, np.random.default_rng([size, *run.model.encode(), 2]))
            cap = size if run.batch else None
            samples = Samples.from_counts(*pair, design=run.design, batch=run.batch, cap=cap)
            for history in (None, others) if others else (None,):
                rows.append(row(forecast(samples, k, history=history), run, size))
    return pd.DataFrame(rows)[COLUMNS]


def add(ledger: pd.DataFrame, path, samples, *, group: str, model: str) -> pd.DataFrame:
    """The ledger with one sealed forecast, scored against the long run.

    Parameters
    ----------
    ledger : DataFrame
    path : path-like
        Written by `Forecast.seal`.
    samples : Samples or (n_samples, n_correct)
    group, model : str

    Returns
    -------
    DataFrame
    """
    scored = open_seal(path, samples).assign(source="sealed", group=group, model=model)
    return pd.concat([ledger, scored.reindex(columns=COLUMNS)], ignore_index=True)


def held(ledger: pd.DataFrame) -> pd.DataFrame:
    """Share of intervals that held, by group and method, with the number of forecasts.

    Examples
    --------
    >>> held(pd.DataFrame({"group": ["a"] * 2, "method": "x", "held_50": [True, False],
    ...                    "held_90": [True, True]})).to_numpy().tolist()
    [[0.5, 1.0, 2.0]]
    """
    return ledger.groupby(["group", "method"], sort=False).agg(
        held_50=("held_50", "mean"), held_90=("held_90", "mean"), forecasts=("held_90", "size"))


def read_ledger() -> pd.DataFrame:
    """The committed ledger: one row per scored forecast.

    Examples
    --------
    >>> bool((read_ledger().low_90 <= read_ledger().high_90).all())
    True
    """
    with (files(__package__) / "ledger.csv").open("rb") as stream:
        return pd.read_csv(stream)


def main(argv=None):
    """Write the ledger of the long runs; sealed rows that are there stay."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", default="results/ledger.csv", type=Path)
    out = parser.parse_args(argv).out
    table = headline()
    if out.exists():
        old = pd.read_csv(out)
        table = pd.concat([table, old[old.source == "sealed"]], ignore_index=True)
    table.round(5).to_csv(out, index=False, lineterminator="\n")
    print(held(table).round(3).to_string())


if __name__ == "__main__":
    main()
