"""Samples of other designs: problems with few samples, and sampling until a first success."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .. import _check
from ..data.samples import Samples
from ._given import Rng, fixed
from .coverage import coverage
from .intervals import OverProblems, coverage_interval, over_problems


def coverage_table(samples: Samples, k: ArrayLike, *, short: str = "refuse",
                   level: float = 0.95, n_resamples: int = 1000,
                   rng: Rng = 0) -> pd.DataFrame:
    """Coverage at each k with its interval, and how many problems have not enough samples for it.

    Parameters
    ----------
    samples : Samples
    k : array_like of int
    short : "refuse" or "leave_out"
        What to do where k exceeds the samples of a problem: refuse, or leave the problem out at
        this k and count it. The problems left are another set; where n was chosen by difficulty
        their coverage is not that of all.
    level, n_resamples, rng :
        Of the intervals, see `over_problems`.

    Returns
    -------
    DataFrame
        A row per k: k, coverage, low, high, n_problems (that entered), not_enough_samples (left
        out). Coverage is missing where no problem has k samples, its interval where fewer than
        two have.

    Raises
    ------
    ValueError
        As in `coverage`; in particular if k exceeds n and `short` is "refuse".

    Examples
    --------
    >>> table = coverage_table(Samples.from_counts([9, 9, 3], [3, 6, 3]), [3, 9], short="leave_out")
    >>> table.n_problems.tolist(), table.not_enough_samples.tolist()
    ([3, 2], [0, 1])
    """
    if short not in ("refuse", "leave_out"):
        raise ValueError(f"short = {short!r} must be 'refuse' or 'leave_out'")
    n, c = fixed("coverage_table", samples).counts()
    k = np.atleast_1d(_check.whole("k", k, least=1)).ravel()
    if short == "refuse":
        _check.draws(k, n)
    rows = []
    for size in k:
        own = n >= size
        value = coverage(n[own], c[own], size) if own.any() else np.nan
        ends = (np.nan, np.nan) if own.sum() < 2 else coverage_interval(
            n[own], c[own], size, level=level, n_resamples=n_resamples, rng=rng)
        rows.append((size, value, *ends, own.sum(), (~own).sum()))
    columns = ["k", "coverage", "low", "high", "n_problems", "not_enough_samples"]
    return pd.DataFrame(rows, columns=columns)


def solved_by(samples: Samples, k: ArrayLike, *, level: float = 0.95, n_resamples: int = 1000,
              rng: Rng = 0) -> OverProblems:
    """1 - product over j <= k of (1 - d_j / r_j): share of problems solved within k samples.

    For samples drawn until a first success, where `coverage` would be too high: d_j problems were
    solved with their j-th sample, of r_j that came so far.

    Parameters
    ----------
    samples : Samples
        Of the design "first_success".
    k : array_like of int
        Whole batches, or the cap; at most the samples of the longest run, unless all are solved.
    level, n_resamples, rng :
        Of the interval, see `over_problems`.

    Returns
    -------
    OverProblems
        Its `value` has the shape of k.

    Raises
    ------
    ValueError
        If samples are of another design, or k does not fit.

    Notes
    -----
    Where no unsolved problem ended before k this is the share of problems with n <= k and a
    success, without any assumption. Otherwise it is the estimator of Kaplan and Meier (1958), which
    takes problems that ended early for as hard as the others still unsolved then.

    Examples
    --------
    >>> runs = Samples.from_counts([1, 2, 5, 5], [1, 1, 0, 0], design="first_success", cap=5)
    >>> solved_by(runs, [1, 2, 5]).value.tolist()
    [0.25, 0.5, 0.5]
    """
    n, c = samples.counts()
    k = _whole_batches(samples, k)
    column = k.reshape(-1)
    options: dict[str, Any] = {"level": level, "n_resamples": n_resamples, "rng": rng}
    if not ((c == 0) & (n < column.max())).any():
        table = (n[:, None] <= column) & (c[:, None] > 0)
        return _shaped(over_problems(table.astype(float), **options), k.shape)
    runs = np.column_stack([n, c > 0])
    found = over_problems(runs, lambda rows: _kaplan_meier(*rows.T, column), **options)
    return _shaped(_bounded(found, n, c, column), k.shape)


def _kaplan_meier(ends, solved, k):
    """Share solved within each k."""
    times, solved_then = np.unique(ends[solved > 0], return_counts=True)
    unsolved = len(ends) - np.searchsorted(np.sort(ends), times)  # that came so far
    left = np.cumprod(np.append(1.0, 1 - solved_then / unsolved))
    return 1 - left[np.searchsorted(times, k, side="right")]


def _bounded(found, n, c, k):
    """Exact bounds where all resamples agree, from the problems whose state at k is known."""
    known = ((c[:, None] > 0) | (n[:, None] >= k)).sum(axis=0)
    unseen = 1 - ((1 - found.level) / 2) ** (1 / known)
    low, high = found.value * (1 - unseen), found.value * (1 - unseen) + unseen
    stuck = np.isnan(found.low)
    note = found.note.replace("no interval, another set may differ", "exact bound")
    return replace(found, low=np.where(stuck, low, found.low),
                   high=np.where(stuck, high, found.high), note=note)


def _shaped(found, shape):
    """Values and ends in the shape of k."""
    parts = {name: np.reshape(getattr(found, name), shape) for name in ("value", "low", "high")}
    parts = {name: x if shape else float(x) for name, x in parts.items()}
    return replace(found, draws=found.draws.reshape(-1, *shape), **parts)


def _whole_batches(samples, k):
    """k as whole numbers at which the state of the problems is known."""
    if samples.design != "first_success":
        raise ValueError(f"solved_by is for samples drawn until a first success, and these are of "
                         f"the design {samples.design!r}: take coverage(samples, k)")
    k, batch = _check.whole("k", k, least=1), samples.batch or 1
    last = samples.n_samples.max()
    _check.refuse((k % batch > 0) & (k != samples.cap), "k", k,
                  f"is no multiple of the batch of {batch}")
    if (samples.n_correct == 0).any():
        _check.refuse(k > last, "k", k, f"is beyond the longest run of {last} samples")
    return k
