"""Guarded Newton steps for many small maximisations at once, one row each.

Parameters are in fitting coordinates: the logarithm of a positive parameter that ranges over
orders of magnitude, else the parameter itself.
"""
from __future__ import annotations

import numpy as np

REACH = 23.0  # a logarithmic coordinate is kept within exp(-23) and exp(23)
STEP = 1e-4  # of the central differences
STEPS, TOLERANCE = 60, 1e-13  # Newton steps at most; predicted gain, relative to the value
BLOCK = 250  # rows worked on together: more would not fit the processor's cache


def box(law, fixed=()):
    """Lower and upper bounds of the fitting coordinates; a fixed parameter has no room."""
    bounds = np.array([(-REACH, REACH) if s.log else s.bounds for s in law.params], float)
    for i, s in enumerate(law.params):
        if s.name in fixed:
            bounds[i] = np.log(fixed[s.name]) if s.log else fixed[s.name]
    return bounds[:, 0], bounds[:, 1]


def to_values(law, theta):
    """Parameters from fitting coordinates, along the last axis."""
    logs = np.array([s.log for s in law.params])
    return np.where(logs, np.exp(np.where(logs, theta, 0.0)), theta)


def to_theta(law, values):
    """Fitting coordinates of a dict of parameters, inside the box."""
    with np.errstate(divide="ignore"):  # a parameter at zero is moved to the edge of the box
        theta = [np.log(values[s.name]) if s.log else values[s.name] for s in law.params]
    return np.clip(theta, *box(law))


def maximise(terms, start, lower, upper):
    """Maximise row by row from `start`, shape (n_rows, n_params).

    Parameters
    ----------
    terms : callable
        (theta, rows) -> value (n,), gradient (n, P), Hessian (n, P, P) of those rows.

    Returns
    -------
    theta : ndarray, shape (n_rows, n_params)
    converged : ndarray of bool, shape (n_rows,)
        A Newton step would gain no more than the tolerance and the curvature there is downward.
    """
    theta = np.clip(np.array(start, float), lower, upper)
    blocks = np.split(np.arange(len(theta)), np.arange(BLOCK, len(theta), BLOCK))
    ends = [_maximise(terms, theta[rows], rows, lower, upper) for rows in blocks]
    return tuple(np.concatenate(part) for part in zip(*ends, strict=True))


def _maximise(terms, theta, names, lower, upper):
    """`maximise` for one block of rows, whose names `terms` knows."""
    rows, shrink = np.arange(len(theta)), np.ones(len(theta))
    converged = np.zeros(len(theta), bool)
    state = terms(theta, names)
    for _ in range(STEPS):
        value, gradient, hessian = state
        free = ~_held(theta[rows], gradient, lower, upper)
        step = _newton_step(gradient, hessian, free)
        flat = 0.5 * np.sum(gradient * free * step, axis=1) <= TOLERANCE * np.abs(value)
        converged[rows[flat]] = downward(hessian[flat], free[flat])
        last = np.where(np.abs(step) < 1e-3, step, 0.0)[flat]  # one more step doubles the digits
        theta[rows[flat]] = np.clip(theta[rows[flat]] + last, lower, upper)
        go = ~flat & (shrink > 1e-6) & np.isfinite(value)
        rows, shrink, step, state = rows[go], shrink[go], step[go], [part[go] for part in state]
        if not rows.size:
            break
        step *= (shrink * np.minimum(1, 2 / np.maximum(np.abs(step).max(axis=1), 1e-300)))[:, None]
        trial = np.clip(theta[rows] + step, lower, upper)
        new = terms(trial, names[rows])
        better = new[0] >= state[0] - 1e-10 * np.abs(state[0])
        better &= np.isfinite(new[1]).all(axis=1) & np.isfinite(new[2]).all(axis=(1, 2))
        shrink = np.where(better, 1.0, shrink / 4)
        theta[rows[better]] = trial[better]
        for old, part in zip(state, new, strict=True):
            old[better] = part[better]
    return theta, converged


def _held(theta, gradient, lower, upper):
    """Coordinates that sit on a bound and would leave the box."""
    return ((theta <= lower) & (gradient < 0)) | ((theta >= upper) & (gradient > 0))


def _newton_step(gradient, hessian, free):
    """-H^-1 g among the free coordinates, with every curvature turned downward."""
    both = free[:, :, None] & free[:, None, :]
    curvature, axes = np.linalg.eigh(np.where(both, hessian, 0.0))
    size = np.maximum(np.abs(curvature), 1e-12 * np.abs(curvature).max(axis=1, keepdims=True))
    along = np.einsum("rij,ri->rj", axes, gradient * free)
    return np.einsum("rij,rj->ri", axes, along / np.maximum(size, 1e-300)) * free


def downward(hessian, free):
    """Whether the free block of each Hessian is negative definite and well conditioned."""
    both = free[:, :, None] & free[:, None, :]
    held = -np.eye(free.shape[1]) * np.abs(hessian).max(axis=(1, 2), keepdims=True, initial=1e-300)
    curvature = np.linalg.eigvalsh(np.where(both, hessian, held))
    return curvature.max(axis=1) < 1e-9 * curvature.min(axis=1)


def count_terms(law, n_samples, n_correct, weights):
    """`terms` of a weighted likelihood: weights (n_rows, n_counts) of the distinct counts."""
    exact = law.difficulty.derivatives
    n, c = np.asarray(n_samples, float), np.asarray(n_correct, float)

    def closed(theta, rows):
        value, gradient, hessian = exact(n, c, *theta.T[:, :, None])
        w, size = weights[rows], theta.shape[1]
        parts = (value, *gradient, *hessian)
        value, *slopes = (np.einsum("rd,rd->r", w, np.broadcast_to(v, w.shape)) for v in parts)
        below, full = np.tril_indices(size), np.empty((len(w), size, size))
        full[:, below[0], below[1]] = full[:, below[1], below[0]] = np.stack(slopes[size:], axis=1)
        return value, np.stack(slopes[:size], axis=1), full

    def total(theta, rows):
        params = np.moveaxis(to_values(law, theta), -1, 0)[..., None]
        per_count = law.difficulty.log_pmf(n, c, *params)
        used = np.where(weights[rows] > 0, per_count, 0.0)  # an unused count may be impossible
        return np.einsum("rd,rd->r", weights[rows], used)

    return closed if exact else differences(total, *box(law))


def differences(total, lower, upper):
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


def curve_terms(law, inputs, targets, weights, transform):
    """`terms` of weighted least squares, Gauss-Newton curvature; targets (n_rows, n_points)."""

    def predicted(theta):
        params = np.moveaxis(to_values(law, theta), -1, 0)[..., None]
        return transform(law.f(*inputs, *params))

    @np.errstate(invalid="ignore")  # an impossible trial: its row is turned down by its value
    def terms(theta, rows):
        lower, upper = box(law)
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
