"""Guarded Newton steps for many small maximisations at once, one row each."""
from __future__ import annotations

from collections.abc import Callable

import numpy as np
from tqdm import tqdm

STEPS, TOLERANCE = 60, 1e-13  # Newton steps at most; predicted gain, relative to the value
EXACT = 1e-28  # a gain below is rounding alone, also where the value itself is zero
BLOCK = 250  # rows worked on together: more would not fit the processor's cache


def maximise(terms: Callable, start: np.ndarray, lower: np.ndarray, upper: np.ndarray,
             label: str | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Maximise row by row from `start`, shape (n_rows, n_params), inside a box.

    Parameters
    ----------
    terms : callable
        (theta, rows) -> value (n,), gradient (n, P), Hessian (n, P, P) of those rows.
    start : ndarray, shape (n_rows, n_params)
    lower, upper : ndarray, shape (n_params,) or (n_rows, n_params)
        Ends of the box; a parameter with equal ends is held.
    label : str, optional
        Name of a progress bar, shown in a terminal from the second second on.

    Returns
    -------
    theta : ndarray, shape (n_rows, n_params)
    converged : ndarray of bool, shape (n_rows,)
        A Newton step would gain no more than the tolerance and the curvature there is downward.

    Examples
    --------
    >>> def terms(theta, rows):  # minus the square of the distance from 3
    ...     return -((theta - 3) ** 2)[:, 0], -2 * (theta - 3), np.full((len(rows), 1, 1), -2.0)
    >>> theta, converged = maximise(terms, np.zeros((1, 1)), np.array([-9.0]), np.array([9.0]))
    >>> theta.tolist(), converged.tolist()
    ([[3.0]], [True])
    """
    theta = np.clip(np.array(start, float), lower, upper)
    lower, upper = (np.broadcast_to(end, theta.shape) for end in (lower, upper))
    blocks = np.split(np.arange(len(theta)), np.arange(BLOCK, len(theta), BLOCK))
    bar = tqdm(blocks, desc=label, delay=1, leave=False, disable=None if label else True)
    ends = [_maximise(terms, theta[r], r, lower[r], upper[r]) for r in bar]
    theta, converged = (np.concatenate(part) for part in zip(*ends, strict=True))
    return theta, converged


def _maximise(terms, theta, names, lower, upper):
    """`maximise` for one block of rows, whose names `terms` knows."""
    rows, shrink = np.arange(len(theta)), np.ones(len(theta))
    converged = np.zeros(len(theta), bool)
    state = terms(theta, names)
    for _ in range(STEPS):
        value, gradient, hessian = state
        free = ~_held(theta[rows], gradient, lower[rows], upper[rows])
        step = _newton_step(gradient, hessian, free)
        gain = 0.5 * np.sum(gradient * free * step, axis=1)
        flat = gain <= np.maximum(TOLERANCE * np.abs(value), EXACT)
        converged[rows[flat]] = downward(hessian[flat], free[flat])
        last = np.where(np.abs(step) < 1e-3, step, 0.0)[flat]  # one more step doubles the digits
        done = rows[flat]
        theta[done] = np.clip(theta[done] + last, lower[done], upper[done])
        go = ~flat & (shrink > 1e-6) & np.isfinite(value)
        rows, shrink, step, state = rows[go], shrink[go], step[go], [part[go] for part in state]
        if not rows.size:
            break
        step *= (shrink * np.minimum(1, 2 / np.maximum(np.abs(step).max(axis=1), 1e-300)))[:, None]
        trial = np.clip(theta[rows] + step, lower[rows], upper[rows])
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


def downward(hessian: np.ndarray, free: np.ndarray) -> np.ndarray:
    """Whether the free block of each Hessian is negative definite and well conditioned.

    Examples
    --------
    >>> bowl, ridge = -np.eye(2), np.diag([-1.0, 0.0])
    >>> downward(np.stack([bowl, ridge]), np.ones((2, 2), bool)).tolist()
    [True, False]
    """
    both = free[:, :, None] & free[:, None, :]
    held = -np.eye(free.shape[1]) * np.abs(hessian).max(axis=(1, 2), keepdims=True, initial=1e-300)
    curvature = np.linalg.eigvalsh(np.where(both, hessian, held))
    return curvature.max(axis=1) < 1e-9 * curvature.min(axis=1)
