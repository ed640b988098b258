"""Intervals from resampling problems: the problem, not the point or the sample, is the unit."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .. import _check
from ..numerics import newton
from .coordinates import Coordinates
from .objective import Counts, count_terms, curve_terms

LOST = 0.01  # share of resamples without a maximum that a converged fit tolerates
MANY = 10**9  # enough for any level


@dataclass(frozen=True)
class Plan:
    """How many resamples, what the intervals hold, and the seed; checked.

    Raises
    ------
    ValueError
        If n_resamples is neither 0 (none) nor enough for a draw in each tail (40 for a level of
        0.95), `level` is not between 0 and 1, or `rng` is no seed.

    Examples
    --------
    >>> Plan(1000, 0.95, 0).weights(np.array([1, 1])).sum(axis=1).tolist()[:2]  # two problems
    [2, 2]
    """

    n_resamples: int = 1000
    level: float = 0.95
    rng: int | np.random.Generator = 0

    def __post_init__(self):
        least = _check.whole("n_resamples", self.n_resamples)
        _check.resampling(self.n_resamples if least else MANY, self.level)
        _check.generator(self.rng)

    def weights(self, times: np.ndarray) -> np.ndarray:
        """How often each kind of problem is drawn, shape (n_resamples, n_kinds)."""
        size = int(times.sum())
        return _check.generator(self.rng).multinomial(size, times / size, self.n_resamples)


@dataclass(frozen=True, eq=False)
class Resampling:
    """Refits to resampled problems, in fitting coordinates.

    Of counts all are kept: where the likelihood has no maximum the climb ends at its limit, and
    counts as that. Of a curve those without a minimum are left out.
    """

    theta: np.ndarray | None  # shape (n_refits, n_params)
    n_resamples: int
    n_unconverged: int
    n_problems: int | None
    level: float
    why: str  # why there is no interval; empty if there is one

    @property
    def lost(self) -> str:
        """Sentence if more resamples have no optimum than a converged fit tolerates."""
        many = self.n_unconverged > LOST * self.n_resamples
        return f"{self.n_unconverged} of {self.n_resamples} resamples have no optimum" * many

    @property
    def note(self) -> str:
        """One sentence for the table of a fit."""
        if self.why:
            return f"No interval: {self.why}."
        return (f"Interval from {self.n_resamples} resamples of {self.n_problems} problems, "
                f"{self.n_unconverged} of them without an optimum.")

    def ends(self, draws: np.ndarray, level: float | None = None) -> np.ndarray:
        """Low and high end over resamples, the first axis of `draws`."""
        level = self.level if level is None else level
        tail = (1 - level) / 2
        if np.isfinite(draws).all():
            return np.quantile(draws, [tail, 1 - tail], axis=0)
        # no number counts as the lowest at the low end and as the highest at the high end
        low, high = (np.where(np.isnan(draws), worst, draws) for worst in (-np.inf, np.inf))
        return np.stack([np.quantile(low, tail, axis=0, method="lower"),
                         np.quantile(high, 1 - tail, axis=0, method="higher")])

    def intervals(self, place: Coordinates) -> dict[str, tuple[float, float]] | None:
        """Interval of each parameter, or None."""
        if self.why:
            return None
        values = np.array([[*place.named(theta).values()] for theta in self.theta])
        ends = self.ends(values).T
        return {n: (float(a), float(b)) for n, (a, b) in zip(place.law.names, ends, strict=True)}

    def curves(self, place: Coordinates, inputs) -> np.ndarray:
        """The law at the inputs for each resample, along the first axis."""
        params = np.moveaxis(place.to_values(self.theta), -1, 0)
        shape = (-1,) + (1,) * max(np.ndim(x) for x in inputs)
        return place.law.f(*(np.asarray(x, float) for x in inputs),
                           *(p.reshape(shape) for p in params))


def no_resampling(why: str, level: float = 0.95) -> Resampling:
    """A `Resampling` without refits, and the reason."""
    return Resampling(None, 0, 0, None, level, why)


def resample_counts(place: Coordinates, counts: Counts, theta, plan: Plan) -> Resampling:
    """Refit a difficulty law to resampled problems; distinct counts with multinomial weights."""
    if not plan.n_resamples:
        return no_resampling("no resamples were asked for", plan.level)
    weights = plan.weights(counts.times).astype(float)
    terms = count_terms(place, counts.n, counts.c, weights)
    refits, converged = _refit(place, terms, np.tile(theta, (len(weights), 1)))
    found = converged & ~place.ran_away(refits).any(axis=1)
    return Resampling(refits, len(weights), int((~found).sum()), counts.n_problems, plan.level, "")


def resample_curve(place: Coordinates, inputs, table, theta, transform: Callable, scale,
                   plan: Plan) -> Resampling:
    """Refit a curve to the coverage of resampled problems; `table` is (n_problems, n_points)."""
    if not plan.n_resamples:
        return no_resampling("no resamples were asked for", plan.level)
    if len(table) < 2:
        return no_resampling("one problem cannot be resampled", plan.level)
    n_problems, n = len(table), plan.n_resamples
    targets = transform(plan.weights(np.ones(n_problems)) / n_problems @ table)
    targets = targets[np.isfinite(targets).all(axis=1)]  # the others are lost
    good = np.empty((0, theta.size))
    if len(targets):
        terms = curve_terms(place, inputs, targets, 1 / scale, transform)
        refits, converged = _refit(place, terms, np.tile(theta, (len(targets), 1)))
        good = refits[converged & ~place.at_edge(refits).any(axis=1)]
    lost = n - len(good)
    why = f"{lost} of {n} resamples have no optimum" if lost > LOST * n else ""
    return Resampling(good, n, lost, n_problems, plan.level, why)


def _refit(place, terms, rows):
    """Batched refits from the full-data fit, and which of them ended at an optimum."""
    return newton.maximise(terms, rows, place.lower, place.upper, label="resamples")
