"""Intervals without a law, from resampling problems."""
from __future__ import annotations

import numpy as np

from .coverage import pass_at_k


def coverage_interval(n_samples, n_correct, k, *, n_resamples=1000, level=0.95, rng=0):
    """Percentiles of coverage over resampled problems: the interval that a new set would explain.

    Parameters
    ----------
    n_samples, n_correct : array_like of int, shape (n_problems,)
    k : array_like of int
    n_resamples, level, rng :
        Number of resamples, content of the interval, seed or generator.

    Returns
    -------
    ndarray, shape (2,) + shape(k)
        Low and high end.

    Raises
    ------
    ValueError
        As in `coverage`, or if there are fewer than two problems.

    Notes
    -----
    Resampling returns only problems that were seen: where all are solved, or none, the interval
    shrinks to a point, and an exact binomial interval says more.

    Examples
    --------
    >>> coverage_interval(2, [1, 1, 1], 1).tolist()  # equal problems
    [0.5, 0.5]
    """
    table = np.asarray(pass_at_k(n_samples, n_correct, k)).reshape(-1, np.size(k))
    n_problems = len(table)
    if n_problems < 2:
        raise ValueError("one problem cannot be resampled: give the counts of several")
    share = np.full(n_problems, 1 / n_problems)
    weights = np.random.default_rng(rng).multinomial(n_problems, share, n_resamples)
    tail = (1 - level) / 2
    ends = np.quantile(weights @ table / n_problems, [tail, 1 - tail], axis=0)
    return ends.reshape(2, *np.shape(k))
