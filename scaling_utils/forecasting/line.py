"""Straight lines in log(-log coverage) against log k: published recipes, and a corrected one."""
from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from . import designs

POINTS = 30  # values of k on the seen part of the curve
CARRIED = 0.5  # of the back-cast's miss, per decade
NARROW = 1e-12


def grid_of_k(evidence: designs.Evidence) -> np.ndarray:
    """Log-spaced k at which the design shows coverage without bias; whole batches if it stops."""
    last = evidence.horizon
    k = np.unique(np.round(np.geomspace(1, last, POINTS)).astype(int))
    if evidence.design == "first_success":
        keep = (k <= evidence.batch) | (k == last)
        k = np.unique(np.where(keep, k, k // evidence.batch * evidence.batch))
    return k


def extrapolate(k_seen: ArrayLike, seen: ArrayLike, k: ArrayLike) -> np.ndarray:
    """exp(-a k^(-b)) with log a and b by least squares of log(-log coverage) on log k.

    Parameters
    ----------
    k_seen : array_like, shape (n_points,)
    seen : array_like, shape (n_points,) or (n_curves, n_points)
        Coverage; points at 0 or 1 have no place on the line and are left out.
    k : array_like, shape (n_k,)

    Returns
    -------
    ndarray, shape (n_k,) or (n_curves, n_k)
        Not a number where fewer than two points are left.

    Examples
    --------
    >>> k = np.array([1, 10, 100])
    >>> bool(np.allclose(extrapolate(k, np.exp(-3 * k**-0.4), [1000]), np.exp(-3 * 1000**-0.4)))
    True
    """
    curves = np.atleast_2d(np.asarray(seen, float))
    inside = (curves > 0) & (curves < 1)
    y = _height(np.where(inside, curves, 0.5))
    x = np.log(np.asarray(k_seen, float))
    total = inside.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        mx, my = (np.sum(inside * v, axis=1, keepdims=True) / total for v in (x, y))
        slope = np.sum(inside * (x - mx) * (y - my), axis=1, keepdims=True)
        slope = slope / np.sum(inside * (x - mx) ** 2, axis=1, keepdims=True)
        out = _coverage(my + slope * (np.log(np.asarray(k, float)) - mx))
    return out if np.ndim(seen) == 2 else out[0]


def brown(k_seen: np.ndarray, seen: np.ndarray, k: np.ndarray) -> np.ndarray:
    """exp(-a k^(-b)) by least squares of the coverage itself, from the line as a start."""
    from scipy.optimize import least_squares

    start = extrapolate(k_seen, seen, [1.0, np.e])
    if not np.isfinite(start).all():
        return np.full(np.shape(k), np.nan)
    first, second = _height(start)
    found = least_squares(
        lambda p: _coverage(p[0] + p[1] * np.log(k_seen)) - seen, [first, second - first])
    return _coverage(found.x[0] + found.x[1] * np.log(k))


def targets(evidence: designs.Evidence, k: np.ndarray) -> list[np.ndarray]:
    """Two lines to hold forecasts against, shape (n_k,) each; fewer where there is none.

    The line through the whole seen curve, corrected by half its own miss per decade (when a tenth
    of the samples forecast all); and the line through the last decade alone.

    Examples
    --------
    >>> pair = 100, [0, 0, 0, 1, 3, 10, 30]
    >>> [line.shape for line in targets(designs.read(pair), np.array([1000, 10_000]))]
    [(2,), (2,)]
    """
    if evidence.design == "adaptive":
        return []
    k_seen = grid_of_k(evidence)
    seen = designs.curve(evidence, k_seen)
    late = k_seen >= k_seen[-1] / 10
    lines = [_corrected(k_seen, seen, k), extrapolate(k_seen[late], seen[late], k)]
    return [line for line in lines if np.isfinite(line).all()]


def _corrected(k_seen, seen, k):
    """The line, moved by half of what it misses by when a tenth of the samples forecast all."""
    line = extrapolate(k_seen, seen, k)
    last, early = k_seen[-1], k_seen <= max(k_seen[-1] / 10, 2)
    back = extrapolate(k_seen[early], seen[early], [last])[0]
    if not (NARROW < back < 1 - NARROW and 0 < seen[-1] < 1):
        return line
    decades = np.log(np.asarray(k) / last) / np.log(last / max(last / 10, 2))
    return _coverage(_height(line) + CARRIED * decades * (_height(seen[-1]) - _height(back)))


def _height(coverage):
    """log(-log coverage), kept finite."""
    return np.log(-np.log(np.clip(coverage, NARROW, 1 - NARROW)))


def _coverage(height):
    """exp(-exp(height))."""
    return np.exp(-np.exp(np.clip(height, -50, 50)))
