"""Intervals without a law, from resampling problems."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from scipy.special import expit, logit
from scipy.stats import norm, t

from .. import _check
from ..data.samples import Samples
from ._given import Rng, counts_and_k
from .coverage import pass_at_k

FEW = 60  # problems, or clusters, below which percentiles hold less than they promise
BLOCK = 1 << 22  # weights held at once
ALIKE = 1e-6  # problems that differ by less than this say nothing about their spread


@dataclass(frozen=True, eq=False)
class OverProblems:
    """A statistic of a set of problems, and the interval that another such set would explain."""

    value: float | np.ndarray
    low: float | np.ndarray
    high: float | np.ndarray
    level: float
    n_problems: int
    kind: str  # "pointwise" or "simultaneous"
    note: str  # how the interval was made; what the data cannot say
    draws: np.ndarray = field(repr=False)  # the statistic of each resample, first axis

    @property
    def ends(self) -> np.ndarray:
        """Low and high end, shape (2,) + shape(value)."""
        return np.stack([self.low, self.high])

    def __str__(self):
        head = f"{100 * self.level:g} % {self.kind} interval, {self.n_problems} problems"
        if np.ndim(self.value):
            return f"{np.shape(self.value)} values, {head}. {self.note}"
        return f"{self.value:.4g} ({self.low:.4g} to {self.high:.4g}; {head}). {self.note}"


def over_problems(table: np.typing.ArrayLike, statistic: str | Callable = "mean", *,
                  level: float = 0.95, n_resamples: int = 1000, rng: Rng = 0,
                  paired: np.typing.ArrayLike | None = None,
                  clusters: np.typing.ArrayLike | None = None,
                  simultaneous: bool = False) -> OverProblems:
    """Statistic of n problems drawn again from n problems, many times: its spread is the interval.

    Parameters
    ----------
    table : array_like, shape (n_problems, ...)
        What is known of each problem, for instance `pass_at_k`.
    statistic : "mean" or callable
        Mean over the first axis; or (rows of the table) -> number or array.
    level, n_resamples, rng :
        Content of the interval, number of resamples, seed or generator.
    paired : array_like, shape as table, optional
        Another table of the same problems: the statistic is that of `table` minus that of
        `paired`, both from the same resampled problems.
    clusters : array_like, shape (n_problems,), optional
        Labels of groups; groups are drawn instead of problems, the mean stays one over problems.
    simultaneous : bool
        A band that holds the whole curve at once (sup-t), instead of each of its points.

    Returns
    -------
    OverProblems

    Raises
    ------
    ValueError
        If there are fewer than two problems (or clusters), a number is missing, tables do not
        match, `level` is not inside (0, 1), `n_resamples` too small for it, or the statistic is
        not finite in some resample.

    Notes
    -----
    From 60 problems on the ends are percentiles of the resampled statistic. With fewer, these
    hold less than they promise (84 to 89 % of 20 problems for 95 %). Then the mean of shares,
    numbers from 0 to 1, has a Student interval on the logit scale, and any other statistic
    bias-corrected accelerated percentiles, widened by Student's factor.

    A band is value -+ c s on the logit scale for shares and on its own for others; s is the
    standard error, and c the quantile of the largest deviation of a resample, in units of s, over
    the curve.

    Where all problems agree, resamples do too, and the interval would be a point. Shares then
    have the exact bound: with p = 1 - ((1 - level) / 2)^(1 / n), the share of problems that may
    have gone unseen, mean (1 - p) to mean (1 - p) + p. It is the binomial interval of Clopper and
    Pearson (1934) where all are solved or none. Any other statistic has no interval there: its
    ends are NaN, and the note says so.

    Examples
    --------
    >>> found = over_problems([0.0, 1.0] * 100)
    >>> found.value, round(found.low, 2), round(found.high, 2)
    (0.5, 0.43, 0.57)
    >>> print(over_problems([1.0] * 127))
    1 (0.9714 to 1; 95 % pointwise interval, 127 problems). All problems agree: exact bound.
    """
    n_resamples, level = _check.resampling(n_resamples, level)
    problems = _problems(table, statistic, paired, clusters)
    value = problems.of(np.ones((1, problems.size), int))[0]
    draws = _resampled(problems, n_resamples, _check.generator(rng))
    _check.refuse(~np.isfinite(draws), "statistic of resample", draws, "is not finite")
    ends = _band if simultaneous else _pointwise
    with np.errstate(divide="ignore", invalid="ignore"):  # where all problems agree
        low, high, note = ends(problems, value, draws, level)
    low, high, note = _never_a_point(problems, value, low, high, level, note)
    kind = "simultaneous" if simultaneous else "pointwise"
    value, low, high = (x if x.ndim else float(x) for x in (value, low, high))
    return OverProblems(value, low, high, level, len(problems.table), kind, note, draws)


def coverage_interval(n_samples: np.typing.ArrayLike | Samples,
                      n_correct: np.typing.ArrayLike | None = None,
                      k: np.typing.ArrayLike | None = None, *, n_resamples: int = 1000,
                      level: float = 0.95, rng: Rng = 0) -> np.ndarray:
    """Ends of `over_problems(pass_at_k(...))`: the interval of coverage that a new set explains.

    Parameters
    ----------
    n_samples, n_correct : array_like of int, shape (n_problems,)
        Or `Samples` in place of both.
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
        As in `coverage` and `over_problems`.

    Notes
    -----
    As in `over_problems`: each k on its own, other methods with fewer than 60 problems, and an
    exact bound where all problems are solved, or none.

    Examples
    --------
    >>> coverage_interval(10, [10] * 127, 1).round(4).tolist()  # all solved
    [0.9714, 1.0]
    """
    n, c, k = counts_and_k("coverage_interval", n_samples, n_correct, k)
    n, c = _check.problem_counts(n, c)
    found = over_problems(pass_at_k(n, c, k), level=level, n_resamples=n_resamples, rng=rng)
    return found.ends


@dataclass(frozen=True)
class _Problems:
    """A checked table and the statistic of its rows; `group` is what is drawn: rows or clusters."""

    table: np.ndarray
    paired: np.ndarray | None
    statistic: Callable | None  # None for the mean
    group: np.ndarray  # number of each row's group
    size: int  # groups
    bounds: tuple[float, float] | None  # of the numbers in the table, where the mean is bounded

    def of(self, weights):
        """The statistic for each row of weights, shape (n_weights, n_groups)."""
        if self.size < len(self.table):
            weights = weights[:, self.group]
        if self.statistic is None:
            flat = weights @ self.table.reshape(len(self.table), -1)
            flat = flat / weights.sum(axis=1, keepdims=True)
            return flat.reshape(len(weights), *self.table.shape[1:])
        return np.stack([self._once(w) for w in weights])

    def _once(self, w):
        first = np.asarray(self.statistic(np.repeat(self.table, w, axis=0)), float)
        if self.paired is None:
            return first
        return first - np.asarray(self.statistic(np.repeat(self.paired, w, axis=0)), float)


def _problems(table, statistic, paired, clusters):
    """`_Problems`, or an error that names what is wrong."""
    table = _check.finite("table", table)
    if table.ndim == 0 or len(table) < 2:
        raise ValueError("one problem cannot be resampled: give the counts of several")
    if statistic != "mean" and not callable(statistic):
        raise ValueError(f"statistic = {statistic!r} must be 'mean' or a function of the rows")
    shares = bool((table >= 0).all() and (table <= 1).all())
    if paired is not None:
        paired = _check.finite("paired", paired)
        if paired.shape != table.shape:
            raise ValueError(f"table {table.shape} and paired {paired.shape} must hold the same "
                             "problems, in one order")
        shares &= bool((paired >= 0).all() and (paired <= 1).all())
    group, size = _groups(clusters, len(table))
    if callable(statistic):
        return _Problems(table, paired, statistic, group, size, None)
    if paired is None:
        return _Problems(table, None, None, group, size, (0.0, 1.0) if shares else None)
    return _Problems(table - paired, None, None, group, size, (-1.0, 1.0) if shares else None)


def _groups(clusters, n_problems):
    """Number of each problem's group, and how many groups there are."""
    if clusters is None:
        return np.arange(n_problems), n_problems
    labels = np.asarray(clusters)
    if labels.shape != (n_problems,):
        raise ValueError(f"clusters {labels.shape} must hold one label for each of the "
                         f"{n_problems} problems")
    names, group = np.unique(labels, return_inverse=True)
    if len(names) < 2:
        raise ValueError("one cluster cannot be resampled: give problems of several")
    return group, len(names)


def _resampled(problems, n_resamples, rng):
    """The statistic of each resample; weights are drawn in blocks."""
    equal, size = np.full(problems.size, 1 / problems.size), max(1, BLOCK // problems.size)
    sizes = [min(size, n_resamples - i) for i in range(0, n_resamples, size)]
    return np.concatenate([problems.of(rng.multinomial(problems.size, equal, x)) for x in sizes])


def _pointwise(problems, value, draws, level):
    """Low and high end of each value, and how they were made."""
    tail = (1 - level) / 2
    if problems.size >= FEW:
        low, high = np.quantile(draws, [tail, 1 - tail], axis=0)
        return low, high, f"Percentiles of {len(draws)} resamples."
    few = f"Fewer than {FEW} {'problems' if problems.size == len(problems.table) else 'clusters'}: "
    factor = t.ppf(1 - tail, problems.size - 1)
    if problems.bounds == (0.0, 1.0):
        return *_on_logits(value, factor * _error(problems, draws)), few + "Student, logit scale."
    return *_accelerated(problems, value, draws, factor), few + "accelerated percentiles, widened."


def _band(problems, value, draws, level):
    """A band of constant width in standard errors that holds whole curves."""
    error = _error(problems, draws)
    away = np.abs(draws - value) / np.where(error > 0, error, np.inf)
    factor = np.quantile(away.reshape(len(draws), -1).max(axis=1), level)
    tail = (1 - level) / 2
    factor *= t.ppf(1 - tail, problems.size - 1) / norm.ppf(1 - tail)
    note = f"Holds the whole curve: {factor:.3g} standard errors."
    if problems.bounds == (0.0, 1.0):
        return *_on_logits(value, factor * error), note
    return value - factor * error, value + factor * error, note


def _error(problems, draws):
    """Standard error from the resamples, without their bias by one group in n."""
    return draws.std(axis=0) * np.sqrt(problems.size / (problems.size - 1))


def _on_logits(share, width):
    """Share -+ width, carried over to the logit scale, where the ends stay between 0 and 1."""
    half = width / (share * (1 - share))
    return expit(logit(share) - half), expit(logit(share) + half)


def _accelerated(problems, value, draws, factor):
    """Percentiles corrected for bias and skewness (Efron 1987), at Student's factor."""
    left_out = problems.of(1 - np.eye(problems.size, dtype=int))
    skew = left_out.mean(axis=0) - left_out
    speed = (skew**3).sum(axis=0) / (6 * (skew**2).sum(axis=0) ** 1.5)
    below = (draws < value).mean(axis=0) + (draws == value).mean(axis=0) / 2
    shift = norm.ppf(np.clip(below, 1 / len(draws), 1 - 1 / len(draws)))
    z = factor * np.sqrt(problems.size / (problems.size - 1)) * np.array([-1.0, 1.0])
    z = shift + z.reshape(2, *(1,) * value.ndim)
    at = np.nan_to_num(norm.cdf(shift + z / (1 - speed * z)), nan=0.5)
    ordered = np.sort(draws, axis=0)
    place = np.clip(at * len(draws) - 0.5, 0, len(draws) - 1)
    low = np.take_along_axis(ordered, np.floor(place).astype(int), axis=0)
    high = np.take_along_axis(ordered, np.ceil(place).astype(int), axis=0)
    return np.stack([low[0], high[1]])


def _never_a_point(problems, value, low, high, level, note):
    """Where all problems agree, the exact bound of shares, or no interval."""
    stuck = ~(high - low > ALIKE * (1 if problems.bounds else np.abs(value)))
    if not stuck.any():
        return low, high, note
    where = "All problems agree" if stuck.all() else f"{note} Where all agree"
    if not problems.bounds:
        low, high = (np.where(stuck, np.nan, x) for x in (low, high))
        return low, high, f"{where}: no interval, another set may differ."
    unseen = 1 - ((1 - level) / 2) ** (1 / problems.size)
    bounds = (value * (1 - unseen) + unseen * end for end in problems.bounds)
    low, high = (np.where(stuck, b, x) for b, x in zip(bounds, (low, high), strict=True))
    return low, high, f"{where}: exact bound."
