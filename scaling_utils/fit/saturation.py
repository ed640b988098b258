"""Where a curve of votes levels off: limit, rate, and samples to come close to the limit."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import _check
from ..laws import LAWS
from .curve import fit_curve
from .record import Status
from .resample import Plan

RATES = np.geomspace(0.02, 5, 150)  # exponents tried for resampled problems
ZOOM = np.linspace(-1, 1, 21)  # between the neighbours of the best of them, twice
FIRST = 4  # the first two votes are worth one, and the third starts the climb
NAMES = ("limit", "rate", "k_at_share")


@dataclass(frozen=True)
class Saturation:
    """Accuracy = limit - A k^(-rate), and the k at which it has `share` of its limit.

    Examples
    --------
    >>> k = np.array([1, 4, 16, 64, 256])
    >>> saturation(k, 0.6 - 0.3 * k**-0.5).extrapolated  # 95 % of the limit: k = 100
    False
    """

    limit: float
    rate: float
    A: float
    k_at_share: float  # infinite where the limit is not approached in any number of samples
    share: float
    first: int  # fewer votes were left out
    k_max: int  # largest k of the data
    status: Status  # of the least-squares fit
    reason: str  # why it is not CONVERGED; empty if it is
    misfit: float  # root mean square of the residuals
    chance: float | None  # of a misfit as large from the scatter of problems, if the law holds
    intervals: dict[str, tuple[float, float]] | None  # of limit, rate, k_at_share
    level: float
    why: str  # why there is no interval; empty if there is one

    def predict(self, k: np.typing.ArrayLike) -> np.ndarray:
        """Accuracy with k votes, limit - A k^(-rate), inside 0 to 1.

        Raises
        ------
        ValueError
            If k is below the first votes that were fitted.
        """
        k = _check.finite("k", k)
        _check.refuse(k < self.first, "k", k, f"is below the first {self.first} votes fitted")
        return np.clip(self.limit - self.A * k**-self.rate, 0, 1)

    @property
    def extrapolated(self) -> bool:
        """Whether the share of the limit is reached only beyond the data."""
        return self.k_at_share > self.k_max

    def _repr_markdown_(self):
        meanings = ("limit", "rate", f"samples for {100 * self.share:g} % of the limit")
        head = [f"| quantity | value | {100 * self.level:g} % interval |", "|---|---|---|"]
        rows = [f"| {meaning} | {getattr(self, name):.4g} | {self._interval(name)} |"
                for name, meaning in zip(NAMES, meanings, strict=True)]
        return "\n".join([*head, *rows, "", *self._notes()])

    def _notes(self):
        """What may be used, how well the law fits, and what is extrapolated."""
        reason = f" Reason: {self.reason}." if self.reason else ""
        notes = [f"Fitted from {self.first} votes on.",
                 f"Status {self.status.name}: use {self.status.value}.{reason}"]
        if self.chance is not None:
            notes.append(f"Misfit {self.misfit:.2g}; the scatter of the problems gives as much in "
                         f"{100 * self.chance:.0f} % of draws if the law holds.")
        notes += [f"No interval: {self.why}."] if self.why else []
        beyond = f"Extrapolated: the data end at {self.k_max} samples."
        return [*notes, *([beyond] if self.extrapolated else [])]

    def __str__(self):
        rows = [f"{name}: {getattr(self, name):.4g} ({self._interval(name)})" for name in NAMES]
        return "\n".join([*rows, *self._notes()])

    def _interval(self, name):
        low, high = (self.intervals or {}).get(name, (np.nan, np.nan))
        return f"{low:.4g} to {high:.4g}" if self.intervals else "-"


def saturation(k: np.typing.ArrayLike, table: np.typing.ArrayLike, *, first: int = FIRST,
               share: float = 0.95, n_resamples: int = 1000, level: float = 0.95,
               rng: int | np.random.Generator = 0) -> Saturation:
    """Fit accuracy(k) = limit - A k^(-rate); k_at_share = [A / ((1 - share) limit)]^(1 / rate).

    Parameters
    ----------
    k : array_like of int, shape (n_points,)
        Samples per problem, at least four values from `first` on.
    table : array_like of float, shape (n_problems, n_points) or (n_points,)
        Accuracy of each problem, for instance from `majority_at_k`; or a curve alone, which has no
        interval.
    first : int
        Points with fewer votes are left out: two votes with fair ties are worth one, so the curve
        starts flat and no power law fits it there. 1 for what is no vote, such as best of n.
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
        If shapes differ, an accuracy is outside 0 to 1, fewer than four values of k are left, one
        is below 1, or an option is outside its range.

    Notes
    -----
    Residuals in accuracy, equal weights, 0 <= limit <= 1. Refits to resampled problems take the
    best exponent between 0.02 and 5, with limit and A by least squares for each, and are all
    kept: where the data do not fix the limit, the interval is wide and says so. `chance` is the
    share of resamples whose scatter, laid about the fitted curve, is fitted no better than the
    data.

    Examples
    --------
    >>> k = np.array([1, 4, 16, 64, 256])
    >>> s = saturation(k, 0.6 - 0.3 * k**-0.5)
    >>> round(s.limit, 6), round(s.rate, 6), round(s.k_at_share), round(float(s.predict(25)), 6)
    (0.6, 0.5, 100, 0.54)
    """
    plan = Plan(n_resamples, level, rng)
    share = _check.between("share", share, 0, 1, inside=True)
    k, table = _checked(k, table, int(_check.whole("first", first, least=1)))
    curve = np.atleast_2d(table).mean(axis=0)
    fit = fit_curve(LAWS["vote_saturation"], (k,), 1 - curve, n_resamples=0)
    values = 1 - fit.values["e_inf"], fit.values["b"], fit.values["A"]
    misfit, intervals, chance = np.sqrt(fit.costs[0] / k.size), None, None
    why = _why_not(table, n_resamples)
    if not why:
        curves = plan.weights(np.ones(len(table))) @ table / len(table)
        tail = (1 - level) / 2
        found = _summary(*_refit(k, curves)[1:], share)
        ends = np.quantile(found, [tail, 1 - tail], axis=1, method="lower").T
        intervals = {name: (float(low), float(high))
                     for name, (low, high) in zip(NAMES, ends, strict=True)}
        about = values[0] - values[2] * k ** -values[1] + curves - curve
        chance = float(np.mean(_refit(k, about)[0] >= k.size * misfit**2))
    limit, rate, at = map(float, _summary(*values, share))
    return Saturation(limit, rate, values[2], at, share, int(first), int(k.max()), fit.status,
                      fit.reason, float(misfit), chance, intervals, plan.level, why)


def _summary(limit, rate, A, share):
    """Limit, rate, and samples at the share of the limit."""
    gap = (1 - share) * np.asarray(limit)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        at = np.exp(np.log(np.maximum(A, 0) / gap) / rate)
    at = np.where(gap > 0, np.maximum(at, 1), np.inf)
    return np.stack([limit, rate, at])


def _refit(k, curves):
    """Cost, limit, rate and A of the best fit to each curve."""
    log_rate = np.log(RATES)[None]
    width = np.log(RATES[1] / RATES[0])
    for _ in range(3):
        cost, limit, A = _linear(k ** -np.exp(log_rate)[..., None], curves[:, None])
        best = np.arange(len(curves)), np.argmin(cost, axis=1)
        centre = np.broadcast_to(log_rate, cost.shape)[best]
        log_rate = np.clip(centre[:, None] + width * ZOOM, *np.log(RATES[[0, -1]]))
        width *= ZOOM[1] - ZOOM[0]
    return cost[best], limit[best], np.exp(centre), A[best]


def _linear(x, curves):
    """Least squares of curves = limit - A x with 0 <= limit <= 1, over the last axis."""
    away = x - x.mean(axis=-1, keepdims=True)
    slope = np.sum(curves * away, axis=-1) / np.sum(away**2, axis=-1)
    limit = np.clip(curves.mean(axis=-1) - slope * x.mean(axis=-1), 0, 1)
    A = np.sum((limit[..., None] - curves) * x, axis=-1) / np.sum(x**2, axis=-1)
    return np.sum((curves - limit[..., None] + A[..., None] * x) ** 2, axis=-1), limit, A


def _why_not(table, n_resamples):
    """Why there is no interval; empty if there is one."""
    if table.ndim == 1:
        return "a curve alone has no problems to resample"
    if len(table) < 2:
        return "one problem cannot be resampled"
    return "" if n_resamples else "no resamples were asked for"


def _checked(k, table, first):
    """k and table from the first votes on, or an error that names what is wrong."""
    k, table = _check.whole("k", k, least=1).astype(float), _check.finite("table", table)
    if k.ndim != 1:
        raise ValueError("k must be a flat array")
    if table.ndim not in (1, 2) or table.shape[-1:] != k.shape or not table.size:
        raise ValueError(f"table {table.shape} must be (n_problems, {k.size}) or ({k.size},)")
    _check.refuse((table < 0) | (table > 1), "table", table, "is not between 0 and 1")
    used = k >= first
    if np.unique(k[used]).size < 4:
        raise ValueError(f"k has {np.unique(k[used]).size} different values from {first} votes on, "
                         "and four are needed: give more, or a smaller `first`")
    return k[used], table[..., used]
