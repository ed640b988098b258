"""What a fit maximises: the likelihood of counts, or minus the squares of a curve, row by row.

`terms` are functions (theta, rows) -> value (n,), gradient (n, P), Hessian (n, P, P), as
`numerics.newton.maximise` wants them; a row is one set of weights or one curve.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, xlogy

from .. import _check
from .coordinates import Coordinates

STEP = 1e-4  # of the central differences


@dataclass(frozen=True, eq=False)
class Counts:
    """Distinct pairs (n, c) of the problems, and how many problems have each."""

    n: np.ndarray
    c: np.ndarray
    times: np.ndarray

    @property
    def n_problems(self) -> int:
        """Number of problems."""
        return int(self.times.sum())

    @property
    def k_max(self) -> int:
        """Most samples that a problem has."""
        return int(self.n.max())

    @property
    def ceiling(self) -> float:
        """Log-likelihood with a rate of its own for each problem: no law does better."""
        n, c = self.n, self.c
        choose = gammaln(n + 1) - gammaln(c + 1) - gammaln(n - c + 1)
        return float(self.times @ (choose + xlogy(c, c / n) + xlogy(n - c, 1 - c / n)))


def distinct(n_samples, n_correct=None) -> Counts:
    """Counts per problem, or a record of samples, as distinct pairs.

    Raises
    ------
    ValueError
        If a count is impossible or the counts are not one per problem.

    Examples
    --------
    >>> distinct(4, [2, 0, 2]).times.tolist()
    [1, 2]
    """
    if n_correct is None:
        if not hasattr(n_samples, "counts"):
            raise ValueError("give n_samples and n_correct, or one record of samples")
        n_samples, n_correct = n_samples.counts()
    pairs = np.stack(_check.problem_counts(n_samples, n_correct))
    (n, c), times = np.unique(pairs, axis=1, return_counts=True)
    return Counts(n, c, times)


def count_terms(place: Coordinates, n_samples, n_correct, weights: np.ndarray) -> Callable:
    """`terms` of a weighted likelihood: weights (n_rows, n_counts) of the distinct counts."""
    difficulty = place.law.difficulty
    n, c = np.asarray(n_samples, float), np.asarray(n_correct, float)

    def closed(theta, rows):
        value, gradient, hessian = difficulty.derivatives(n, c, *theta.T[:, :, None])
        w, size = weights[rows], theta.shape[1]
        parts = (value, *gradient, *hessian)
        value, *slopes = (np.einsum("rd,rd->r", w, np.broadcast_to(v, w.shape)) for v in parts)
        below, full = np.tril_indices(size), np.empty((len(w), size, size))
        full[:, below[0], below[1]] = full[:, below[1], below[0]] = np.stack(slopes[size:], axis=1)
        return value, np.stack(slopes[:size], axis=1), full

    def total(theta, rows):
        params = np.moveaxis(place.to_values(theta), -1, 0)[..., None]
        per_count = difficulty.log_pmf(n, c, *params)
        used = np.where(weights[rows] > 0, per_count, 0.0)  # an unused count may be impossible
        return np.einsum("rd,rd->r", weights[rows], used)

    return closed if difficulty.derivatives else differences(total, *place.box)


def differences(total: Callable, lower: np.ndarray, upper: np.ndarray) -> Callable:
    """`terms` by central differences of total(theta, rows); one-sided next to a bound."""

    @np.errstate(invalid="ignore")  # an impossible trial: its row is turned down by its value
    def terms(theta, rows):
        room = np.minimum(theta - lower, upper - theta)
        h = np.where(room > 1e-5, np.minimum(STEP, room / 1000), STEP)
        shift = np.clip(theta, lower + h, upper - 2 * h) - theta
        axes = np.eye(theta.shape[1])

        def at(*moves):
            return total(theta + sum((shift + way * h) * axes[i] for i, way in moves), rows)

        here, gradient = total(theta, rows), []
        hessian = np.empty((*theta.shape, len(axes)))
        for i in range(len(axes)):
            up, down, middle = at((i, 1)), at((i, -1)), at((i, 0)) if shift[:, i].any() else here
            gradient.append((up - down) / (2 * h[:, i]))
            hessian[:, i, i] = (up - 2 * middle + down) / h[:, i] ** 2
            for j in range(i):
                ends = at((i, 1), (j, 1)) + at((i, -1), (j, -1))
                ends -= at((i, 1), (j, -1)) + at((i, -1), (j, 1))
                hessian[:, i, j] = hessian[:, j, i] = ends / (4 * h[:, i] * h[:, j])
        return here, np.stack(gradient, axis=1), hessian

    return terms


def curve_terms(place: Coordinates, inputs, targets, weights, transform: Callable) -> Callable:
    """`terms` of weighted least squares, Gauss-Newton curvature; targets (n_rows, n_points)."""
    lower, upper = place.box

    def predicted(theta):
        params = np.moveaxis(place.to_values(theta), -1, 0)[..., None]
        return transform(place.law.f(*inputs, *params))

    @np.errstate(invalid="ignore")  # an impossible trial: its row is turned down by its value
    def terms(theta, rows):
        moves = np.maximum(1e-6, 1e-6 * np.abs(theta))
        slopes = []
        for i, unit in enumerate(np.eye(theta.shape[1])):
            high = np.minimum(theta + moves * unit, upper)
            low = np.maximum(theta - moves * unit, lower)
            gap = (high - low)[:, i]
            slopes.append((predicted(high) - predicted(low)) / gap[:, None])
        slope = np.stack(slopes, axis=1)
        miss = (targets[rows] - predicted(theta)) * weights
        pull = slope * weights
        hessian = -np.einsum("rik,rjk->rij", pull, pull)
        return -0.5 * np.sum(miss**2, axis=1), np.einsum("rik,rk->ri", pull, miss), hessian

    return terms
