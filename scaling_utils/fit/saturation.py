"""Where a curve of votes levels off: limit, rate, and samples to come close to the limit."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import _check
from ..laws import LAWS
from .curve import fit_curve
from .record import Status

RATES = np.geomspace(0.02, 5, 150)  # exponents tried for resampled problems
NAMES = ("limit", "rate", "k_at_share")


@dataclass(frozen=True)
class Saturation:
    """Accuracy = limit - A k^(-rate), and the k at which it has `share` of its limit."""

    limit: float
    rate: float
    k_at_share: float  # infinite where the limit is not approached in any number of samples
    share: float
    k_max: int  # largest k of the data
    status: Status  # of the least-squares fit
    intervals: dict[str, tuple[float, float]] | None  # of limit, rate, k_at_share
    level: float
    why: str  # why there is no interval; empty if there is one

    @property
    def extrapolated(self):
        """Whether the share of the limit is reached only beyond the data."""
        return self.k_at_share > self.k_max

    def _repr_markdown_(self):
        meanings = ("limit", "rate", f"samples for {100 * self.share:g} % of the limit")
        head = [f"| quantity | value | {100 * self.level:g} % interval |", "|---|---|---|"]
        rows = [f"| {meaning} | {getattr(self, name):.4g} | {self._interval(name)} |"
                for name, meaning in zip(NAMES, meanings, strict=True)]
        notes = [f"Status {self.status.name}: use {self.status.value}."]
        notes += [f"No interval: {self.why}."] if self.why else []
        beyond = f"Extrapolated: the data end at {self.k_max} samples."
        return "\n".join([*head, *rows, "", *notes, *([beyond] if self.extrapolated else [])])

    def _interval(self, name):
        low, high = (self.intervals or {}).get(name, (np.nan, np.nan))
        return f"{low:.4g} to {high:.4g}" if self.intervals else "-"


def saturation(k, table, *, share=0.95, n_resamples=1000, level=0.95, rng=0):
    """Fit accuracy(k) = limit - A k^(-rate); k_at_share = [A / ((1 - share) limit)]^(1 / rate).

    Parameters
    ----------
    k : array_like of int, shape (n_points,)
        Samples per problem, at least four values.
    table : array_like of float, shape (n_problems, n_points) or (n_points,)
        Accuracy of each problem, for instance from `majority_at_k`; or a curve alone, which has no
        interval.
    share : float
        Between 0 and 1.
    n_resamples, level, rng :
        Number of resamples of problems, content of the intervals, seed or generator.

    Returns
    -------
    Saturation

    Raises
    ------
    ValueError
        If shapes differ, an accuracy is outside 0 to 1, k has fewer than four values or one below
        1, or `share` or `level` is not between 0 and 1.

    Notes
    -----
    Residuals in accuracy, equal weights, 0 <= limit <= 1. Refits to resampled problems take the
    best of 150 exponents between 0.02 and 5, with limit and A by least squares for each, and are
    all kept: where the data do not fix the limit, the interval is wide and says so.

    Examples
    --------
    >>> k = np.array([1, 4, 16, 64])
    >>> s = saturation(k, 0.6 - 0.3 * k**-0.5)
    >>> round(s.limit, 6), round(s.rate, 6), round(s.k_at_share)
    (0.6, 0.5, 100)
    """
    k, table = _checked(k, table, share, level)
    curve = np.atleast_2d(table).mean(axis=0)
    fit = fit_curve(LAWS["vote_saturation"], (k,), 1 - curve, n_resamples=0)
    values = 1 - fit.values["e_inf"], fit.values["b"], fit.values["A"]
    intervals, why = None, _why_not(table, n_resamples)
    if not why:
        draws = _resampled(k, table, n_resamples, rng)
        tail = (1 - level) / 2
        ends = np.quantile(_summary(*draws, share), [tail, 1 - tail], axis=1, method="lower").T
        intervals = {name: tuple(map(float, end)) for name, end in zip(NAMES, ends, strict=True)}
    limit, rate, at = map(float, _summary(*values, share))
    return Saturation(limit, rate, at, share, int(k.max()), fit.status, intervals, level, why)


def _summary(limit, rate, A, share):
    """Limit, rate, and samples at the share of the limit."""
    gap = (1 - share) * np.asarray(limit)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        at = np.exp(np.log(np.maximum(A, 0) / gap) / rate)
    at = np.where(gap > 0, np.maximum(at, 1), np.inf)
    return np.stack([limit, rate, at])


def _resampled(k, table, n_resamples, rng):
    """Limit, rate and A for each resample of problems."""
    n_problems = len(table)
    equal = np.full(n_problems, 1 / n_problems)
    weights = np.random.default_rng(rng).multinomial(n_problems, equal, n_resamples)
    curves = weights @ table / n_problems
    fits = [_linear(k ** -rate, curves) for rate in RATES]
    cost, limit, A = (np.stack(x) for x in zip(*fits, strict=True))
    best = np.argmin(cost, axis=0), np.arange(n_resamples)
    return limit[best], RATES[best[0]], A[best]


def _linear(x, curves):
    """Least squares of curves = limit - A x with 0 <= limit <= 1: cost, limit, A of each curve."""
    away = x - x.mean()
    slope = curves @ away / (away @ away)
    limit = np.clip(curves.mean(axis=1) - slope * x.mean(), 0, 1)
    A = (limit[:, None] - curves) @ x / (x @ x)
    return np.sum((curves - limit[:, None] + A[:, None] * x) ** 2, axis=1), limit, A


def _why_not(table, n_resamples):
    """Why there is no interval; empty if there is one."""
    if table.ndim == 1:
        return "a curve alone has no problems to resample"
    if len(table) < 2:
        return "one problem cannot be resampled"
    return "" if n_resamples else "no resamples were asked for"


def _checked(k, table, share, level):
    """k and table as float arrays, or an error that names what is wrong."""
    k, table = _check.whole("k", k, least=1).astype(float), _check.finite("table", table)
    if k.ndim != 1 or np.unique(k).size < 4:
        raise ValueError("k must be a flat array with four different values at least")
    if table.ndim not in (1, 2) or table.shape[-1:] != k.shape or not table.size:
        raise ValueError(f"table {table.shape} must be (n_problems, {k.size}) or ({k.size},)")
    _check.refuse((table < 0) | (table > 1), "table", table, "is not between 0 and 1")
    for name, value in (("share", share), ("level", level)):
        if not 0 < value < 1:
            raise ValueError(f"{name} = {value} must be between 0 and 1")
    return k, table
