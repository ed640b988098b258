"""The backtest: every method forecasts long runs from their first m samples; what it missed by.

`python -m scaling_utils.forecasting.backtest` writes results/forecast_backtest.csv.
"""
from __future__ import annotations

import argparse
import warnings
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
from tqdm import tqdm

from . import contest, designs, forecast, grid, history, predictive, record, runs
from .bank import Bank, bank
from .joint import joint_draws

M = (10, 30, 100, 300, 1000)
K = np.array([1000, 10_000])
LEVELS = (0.5, 0.9)
DRAWS = 1000
NUMBERS = ["mae", "bias", "hold_50", "hold_90", "width_50", "width_90"]


def task(run: runs.Run, m: int, n_draws: int, n_joint: int, others: list[runs.Run]) -> pd.DataFrame:
    """All methods on one run from m samples: one row per method and k, averaged over draws.

    Parameters
    ----------
    run : Run
    m : int
        Samples given to the forecasters.
    n_draws, n_joint : int
        Draws of the first m samples; of them, those forecast with history.
    others : list of Run
        Other models on the same problems.

    Returns
    -------
    DataFrame
    """
    rng = np.random.default_rng([m, *run.model.encode()])
    laws, k = bank(), run.horizon(K[K > m])
    first = [run.first(m, rng) for _ in range(n_draws)]
    evidence = [designs.Evidence(*_distinct(n, c), run.design, run.batch or 1) for n, c in first]
    likes = _likelihoods(laws, evidence)
    known = history.read([(o.n, o.c) for o in others], laws, 600, rng) if others else None
    rows = []
    for i, e in enumerate(evidence):
        made = _forecasts(e, k, run, laws, likes[:, i], known, rng, slow=i < n_joint)
        if known is not None and i < n_joint:
            made |= _with_others(*first[i], e, k, run, laws, known, made.pop("draws"), rng)
        made.pop("draws", None)
        rows += _scores(made, run.truth(k), e.seen)
    table = pd.DataFrame(rows, columns=["method", "k", *NUMBERS, "failures", "ms"])
    table = table.groupby(["method", "k"], sort=False).agg(
        **{name: (name, "mean") for name in [*NUMBERS, "failures", "ms"]}, n_draws=("mae", "size"))
    return table.reset_index().assign(group=run.group, model=run.model, m=m)


def _distinct(n, c):
    """Distinct counts and their number of problems."""
    (dn, dc), times = np.unique(np.stack([n, c]), axis=1, return_counts=True)
    return dn, dc, times


def _likelihoods(laws: Bank, evidence):
    """Log-likelihood of every law for every draw, shape (n_laws, n_draws), in one pass."""
    pairs = np.unique(np.hstack([np.stack([e.n, e.c]) for e in evidence]), axis=1)
    place = {pair: j for j, pair in enumerate(map(tuple, pairs.T))}
    times = np.zeros((len(evidence), pairs.shape[1]))
    for i, e in enumerate(evidence):
        times[i, [place[pair] for pair in zip(e.n, e.c, strict=True)]] = e.times
    return predictive.log_likelihood(laws, *pairs, times)


def _asked(run, k):
    """Pass@k of fresh samples within the run; the run's own samples at its end."""
    return ["these" if run.batch or at >= run.n[0] else "fresh" for at in k]


def _forecasts(evidence, k, run, laws, like, known, rng, slow):
    """Median and intervals of every method but the joint one: {name: (point, ends, seconds)}."""
    made = {name: _timed(lambda f=f: (f(evidence, k), None))
            for name, f in contest.POINTS.items() if slow or name not in contest.SLOW}
    made["flat prior"] = _timed(lambda: contest.flat_prior(evidence, k, LEVELS))
    weight = predictive.weights(laws, like)
    start = perf_counter()
    draws = _draws(laws, predictive.choose(weight, DRAWS), evidence, k, run, rng)
    made["bank"] = (*_summary(draws, evidence, k, run), perf_counter() - start)
    pulled = forecast.pull(draws, evidence, k, "these", rng)
    made["draws"] = [pulled]
    made["average"] = (*_summary(pulled, evidence, k, run), perf_counter() - start)
    for name, group in contest.FAMILIES.items():
        alone = np.where(laws.group == laws.names.index(group), weight, 0)
        made[name] = _timed(lambda w=alone: _summary(
            _draws(laws, predictive.choose(w, DRAWS // 4), evidence, k, run, rng),
            evidence, k, run))
    if known is not None:
        start = perf_counter()
        index = predictive.choose(predictive.weights(laws, like, known.prior), DRAWS)
        draws = _draws(laws, index, evidence, k, run, rng)
        made["bank, history"] = (*_summary(draws, evidence, k, run), perf_counter() - start)
        made["draws"].append(draws)
    return made


def _with_others(n, c, evidence, k, run, laws, known, others, rng):
    """The joint law alone, and guarded as `forecast` gives it."""
    start = perf_counter()
    draws = joint_draws(n, c, known, laws, k, _asked(run, k), rng)
    made = {"joint law": (*_summary(draws, evidence, k, run), perf_counter() - start)}
    alone, by_law = others
    both = forecast.mixed(draws, by_law, 0.5, rng)
    kept = forecast.guard(both, alone, evidence, k, "these", rng)
    return made | {"average, history": (*_summary(kept, evidence, k, run), perf_counter() - start)}


def _draws(laws, index, evidence, k, run, rng):
    """Draws of coverage at each k, each under its own question."""
    return np.vstack([forecast.from_laws(laws, index, evidence, k[i : i + 1], q, rng)[0]
                      for i, q in enumerate(_asked(run, k))])


def _summary(draws, evidence, k, run):
    """Median and ends of the intervals."""
    whole = np.array([q == "these" for q in _asked(run, k)]) * evidence.n_problems
    return np.median(draws, axis=1), [record.ends(draws, level, whole) for level in LEVELS]


def _timed(call):
    start = perf_counter()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            point, ends = call()
    except (ValueError, ArithmeticError, np.linalg.LinAlgError):
        point, ends = None, None
    return point, ends, perf_counter() - start


def _scores(made, truth, seen):
    """One row per method and k; a failure counts as coverage seen."""
    for name, (point, ends, seconds) in made.items():
        k = K[-len(truth):]
        found = np.full(truth.size, np.nan) if point is None else np.asarray(point, float)
        failed = ~np.isfinite(found)
        error = np.where(failed, seen, np.clip(found, 0, 1)) - truth
        held = [(truth >= low - 1e-9) & (truth <= high + 1e-9) for low, high in ends or []]
        wide = [high - low for low, high in ends or []]
        blank = [np.full(truth.size, np.nan)] * 2
        for row in zip(k, np.abs(error), error, *(held or blank), *(wide or blank), failed,
                       strict=True):
            yield (name, *map(float, row), 1000 * seconds)


def floors(run: runs.Run, m: int, n_draws: int) -> pd.DataFrame:
    """The floor: worlds drawn from the run's own law, forecast by who knows the law."""
    rng, laws, k = np.random.default_rng([m, 1]), bank(), K[K > m]
    law = history.read([(run.n, run.c)], laws, 1, rng).own[0][None]
    errors = np.empty((n_draws, k.size))
    for i in range(n_draws):
        p = rng.choice(grid.P, run.n.size, p=law[0])
        c = rng.binomial(m, p)
        e = designs.Evidence(*_distinct(np.full(p.size, m), c))
        ask = _asked(run, k)
        got = [predictive.moments(law, e, at, q)[0][0] for at, q in zip(k, ask, strict=True)]
        true = [((c > 0) | (rng.binomial(at - m, p) > 0)).mean() if q == "these"
                else 1 - ((1 - p) ** at).mean() for at, q in zip(k, ask, strict=True)]
        errors[i] = np.array(got) - true
    return pd.DataFrame({"method": "law known (floor)", "k": k, "mae": np.abs(errors).mean(axis=0),
                         "bias": errors.mean(axis=0), "n_draws": n_draws, "group": run.group,
                         "model": run.model, "m": m, "failures": 0.0})


def _one(job):
    run, m, n_draws, n_joint, others = job
    parts = [task(run, m, n_draws, n_joint, others), floors(run, m, n_draws)]
    return pd.concat(parts, ignore_index=True)


def backtest(n_draws: int = 30, n_joint: int = 6, m=M, workers: int = 2, only=None) -> pd.DataFrame:
    """The whole table: one row per run, m, k and method.

    Parameters
    ----------
    n_draws, n_joint : int
        Draws per run and m; of them, those forecast with the joint law of other models.
    m : sequence of int
    workers : int
        Processes.
    only : sequence of str, optional
        Groups of runs.

    Returns
    -------
    DataFrame
    """
    everything = runs.runs()
    jobs = [(run, size, n_draws, n_joint,
             [o for o in everything if o.benchmark == run.benchmark and o.model != run.model])
            for size in m for run in everything if only is None or run.group in only]
    if workers == 1:
        parts = [_one(job) for job in tqdm(jobs, disable=None)]
    else:
        with ProcessPoolExecutor(workers) as pool:
            done = [pool.submit(_one, job) for job in jobs]
            parts = [f.result() for f in tqdm(as_completed(done), total=len(done), disable=None)]
    order = ["group", "model", "m", "k", "method", "n_draws", *NUMBERS, "failures", "ms"]
    table = pd.concat(parts, ignore_index=True)[order]
    return table.sort_values(["m", "group", "model", "k", "method"], kind="stable",
                             ignore_index=True)


def main(argv=None):
    """Write the table and print what it says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", default="results/forecast_backtest.csv", type=Path)
    parser.add_argument("--draws", default=30, type=int)
    parser.add_argument("--joint-draws", default=6, type=int)
    parser.add_argument("--workers", default=2, type=int)
    given = parser.parse_args(argv)
    table = backtest(given.draws, given.joint_draws, workers=given.workers)
    table.round(5).to_csv(given.out, index=False, lineterminator="\n")
    from .scores import by_group

    print(by_group(table).round(3).to_string())


if __name__ == "__main__":
    main()
