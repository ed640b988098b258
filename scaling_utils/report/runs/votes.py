"""Ways to use the samples of each run: votes, scores, an oracle, all of k."""
from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ...estimate.paired import usual_k
from ...estimate.strategies import strategies
from .limits import limits
from .record import Result, told_apart

WITHIN = ("Each number is exact for random subsets of the samples drawn, and says nothing of more "
          "samples: a vote levels off, and not always upwards.")
ORACLE = ("Coverage needs something that tells right from wrong: where nothing does, it is a bound "
          "that no strategy reaches.")


def votes(logs: Sequence, k: Sequence[int] | None = None, *, seed: int = 0,
                  progress: bool | None = None) -> Result:
    """`strategies` of each log, as one result.

    Parameters
    ----------
    logs : sequence of Log
    k : sequence of int, optional
        At most the fewest samples of a problem; left out, 1, 2, 5, 10, ... up to it.
    seed : int
    progress : bool, optional

    Returns
    -------
    Result
        Table `strategies`, a row per run, strategy and k (run, strategy, k, accuracy, low, high);
        what a log does not allow is in `missing`, with the reason.

    Raises
    ------
    ValueError
        As in `strategies`.
    """
    told_apart(logs)
    parts, lacking = [], []
    for log in logs:
        samples = log.samples if log.answers is None else log.rows()
        own = usual_k(int(samples.n_samples.min())) if not k else list(k)
        found = strategies(samples, own, rng=seed, progress=progress)
        parts.append(found.table.assign(run=log.name))
        lacking += [f"No {name} for {log.name}: {why}." for name, why in found.missing.items()]
    table = pd.concat(parts, ignore_index=True)
    table = table[["run", "strategy", "k", "accuracy", "low", "high"]]
    return Result("votes", logs, {"strategies": table}, [_verdict(name, own) for name, own in
                                                         table.groupby("run", sort=False)],
                  limits(logs, WITHIN, ORACLE), seed,
                  {"k": [int(x) for x in k] if k else None, "level": 0.95}, missing=lacking,
                  alt="Accuracy against the number of samples per problem, one line with a band "
                      "for each strategy.")


def _verdict(run, table):
    """Accuracy of each strategy at the largest k."""
    last = table[table.k == table.k.max()]
    told = ", ".join(f"{row.strategy} {row.accuracy:.3f} ({row.low:.3f} to {row.high:.3f})"
                     for row in last.itertuples())
    return f"{run}, {int(table.k.max()):,} samples: {told}."
