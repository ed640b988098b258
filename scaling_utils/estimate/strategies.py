"""Every way to use k samples that a record of samples allows, side by side."""
from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from tqdm import tqdm

from .. import _check
from ..data.samples import Samples
from ._given import Rng, fixed
from .coverage import all_at_k, pass_at_k
from .intervals import over_problems
from .selection import best_of_n
from .votes import majority_at_k
from .weighted import weighted_majority_at_k

NEEDS = {  # function, the columns without which it says nothing
    "coverage (oracle)": (pass_at_k, ()),
    "majority": (majority_at_k, ("answer",)),
    "weighted majority": (weighted_majority_at_k, ("answer", "score")),
    "best of n": (best_of_n, ("score",)),
    "all correct (pass^k)": (all_at_k, ()),
}


class Strategies(NamedTuple):
    """A row per strategy and k, and why other strategies have none."""

    table: pd.DataFrame  # columns strategy, k, accuracy, low, high
    missing: dict[str, str]  # strategy -> what the record lacks


def strategies(samples: Samples, k: ArrayLike, *, level: float = 0.95, n_resamples: int = 1000,
               rng: Rng = 0, progress: bool | None = None) -> Strategies:
    """Accuracy of k samples by an oracle, votes, the best score, and of k successes in k.

    Parameters
    ----------
    samples : Samples
        Of a fixed design; votes need answers, weighted ones and best of n need scores.
    k : array_like of int
        At most the smallest n.
    level, n_resamples, rng :
        Of the intervals, see `over_problems`; and of the subsets that `weighted_majority_at_k`
        may have to draw.
    progress : bool, optional
        Show a bar; left out, it shows in a terminal alone.

    Returns
    -------
    Strategies

    Raises
    ------
    ValueError
        If the design is not fixed or k exceeds an n. What one strategy alone refuses, for instance
        an answer that was graded both ways, is in `missing`.

    Examples
    --------
    >>> frame = pd.DataFrame({"problem": list("aaabbb"), "correct": [1, 1, 0, 0, 0, 1]})
    >>> found = strategies(Samples.from_rows(frame), [1, 3])
    >>> found.table.strategy.unique().tolist()
    ['coverage (oracle)', 'all correct (pass^k)']
    >>> found.missing["best of n"]
    'the log holds no score of each sample'
    """
    k = np.atleast_1d(_check.draws(k, fixed("strategies", samples).counts()[0])).ravel()
    parts, missing = [], {}
    hidden = None if progress is None else not progress
    for name, (function, needs) in tqdm(NEEDS.items(), disable=hidden, desc="strategies"):
        lacking = [n for n in needs if samples.rows is None or getattr(samples.rows, n) is None]
        if lacking:
            missing[name] = f"the log holds no {' and no '.join(lacking)} of each sample"
            continue
        drawn = {"rng": rng} if function is weighted_majority_at_k else {}
        try:
            table = function(samples, k, **drawn)
        except ValueError as error:
            missing[name] = str(error)
            continue
        found = over_problems(table, level=level, n_resamples=n_resamples, rng=rng)
        parts.append(pd.DataFrame({"strategy": name, "k": k, "accuracy": found.value,
                                   "low": found.low, "high": found.high}))
    return Strategies(pd.concat(parts, ignore_index=True), missing)
