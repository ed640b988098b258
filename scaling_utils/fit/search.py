"""The search from several starts, and what it found."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import lmfit
import numpy as np

from ..numerics import newton
from .coordinates import Coordinates
from .objective import Counts, count_terms

EXACT = 1e-28  # costs below are rounding alone: equal, and the run with errors comes first


@dataclass(frozen=True, eq=False)
class Optimum:
    """Best end of a search, in fitting coordinates."""

    theta: np.ndarray
    costs: tuple[float, ...]  # from each start, best first
    spread: float  # distance between starts that reach the best cost
    found: bool  # whether the search ended at a point that has a value
    errors: np.ndarray | None  # standard deviations of the coordinates, zero where held
    log_likelihood: float | None = None


def least_squares(place: Coordinates, residual: Callable, starts, **method) -> Optimum:
    """Best of one lmfit run from each start."""
    runs = [_run(place, residual, place.to_theta(start), method) for start in starts]
    runs.sort(key=lambda run: (max(run.chisqr, EXACT), not getattr(run, "errorbars", False)))
    thetas = np.array([[*run.params.valuesdict().values()] for run in runs])
    costs, best = tuple(float(run.chisqr) for run in runs), runs[0]
    found = bool(best.success) and np.isfinite(best.chisqr)
    errors = None
    if found and getattr(best, "errorbars", False):
        errors = np.array([p.stderr or 0.0 for p in best.params.values()])
    return Optimum(thetas[0], costs, _spread(thetas, costs), found, errors)


def _run(place, residual, theta, method):
    """One lmfit run in fitting coordinates; a start on a bound is moved inside."""
    params, (lower, upper) = lmfit.Parameters(), place.box
    inside = np.where(place.free, np.clip(theta, lower + 1e-6, upper - 1e-6), theta)
    for name, start, free, low, high in zip(place.law.names, inside, place.free, lower, upper,
                                            strict=True):
        ends = dict(min=low, max=high) if free else {}
        params.add(name, value=float(start), vary=bool(free), **ends)
    return lmfit.minimize(
        lambda p: residual(np.array([*p.valuesdict().values()])), params, **method
    )


def likeliest(place: Coordinates, counts: Counts, starts) -> Optimum:
    """Best of guarded Newton climbs from all starts at once, with the curvature there."""
    starts = np.array([place.to_theta(start) for start in starts])
    weights = np.tile(counts.times.astype(float), (len(starts), 1))
    terms = count_terms(place, counts.n, counts.c, weights)
    thetas, done = newton.maximise(terms, starts, place.lower, place.upper)
    totals = np.array([total(place, counts, theta) for theta in thetas])
    totals = np.where(np.isnan(totals), -np.inf, totals)
    order = np.lexsort((~done, -totals.round(9)))
    costs = tuple(map(float, np.maximum(counts.ceiling - totals[order], 0)))
    theta, found = thetas[order[0]], bool(np.isfinite(totals[order[0]]))
    errors = _deviations(terms(theta[None], np.array([0]))[2], place.free) if found else None
    return Optimum(theta, costs, _spread(thetas[order], costs), found,
                   errors if done[order[0]] else None, float(totals[order[0]]))


def total(place: Coordinates, counts: Counts, theta: np.ndarray) -> float:
    """Log-likelihood of the counts."""
    return float(counts.times @ place.law.difficulty.log_pmf(
        counts.n, counts.c, *place.to_values(theta)))


def _deviations(hessian, free):
    """Standard deviations from the observed information, or None where it is not downward."""
    if not free.any() or not newton.downward(hessian, free[None])[0]:
        return None if free.any() else np.zeros(free.size)
    errors = np.zeros(free.size)
    errors[free] = np.sqrt(np.diag(np.linalg.inv(-hessian[0][np.ix_(free, free)])))
    return errors


def _spread(thetas, costs):
    """Largest distance from the best end to another with the same cost."""
    good = np.array(costs) <= costs[0] * (1 + 1e-6) + 1e-12
    return float(np.abs(thetas[good] - thetas[0]).max())
