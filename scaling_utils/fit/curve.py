"""Least-squares fits of a law to points."""
from __future__ import annotations

from dataclasses import replace

import numpy as np

from .. import _check
from ..estimate.coverage import pass_at_k
from ..numerics import newton
from .record import Status, check_fixed, search
from .resample import no_resampling, resample_curve

FACTORS = (1.0, 0.5, 2.0)  # on the law's own guess, one start each
FAR = 1e8  # residual of a trial step that has no value in the chosen space


@np.errstate(divide="ignore", invalid="ignore")
def _log(y):
    """log y; where that is not finite, points are refused and trial steps turned down."""
    return np.log(y)


SPACES = {  # where the residuals live
    "y": lambda y: y,
    "log y": _log,
    "log(-log y)": lambda y: _log(-_log(y)),
}


def fit_curve(law, inputs, y=None, *, space="y", sigma=None, loss="linear", counts=None,
              table=None, fixed=None, n_resamples=1000, level=0.95, rng=0):
    """Least squares of (g(y) - g(f)) / sigma, g the identity, log, or log(-log).

    Parameters
    ----------
    law : Law
    inputs : tuple of array_like, each of shape (n_points,)
        One array per input of the law, in its order.
    y : array_like, shape (n_points,), optional
        Left out where `counts` or a `table` are given: then y is their coverage, or its mean.
    space : {"y", "log y", "log(-log y)"}
        Where the residuals live.
    sigma : float or array_like, shape (n_points,), optional
        Known standard deviation of g(y). Without it the scatter sets the scale of the errors.
    loss : {"linear", "soft_l1", "huber", "cauchy"}
        Anything but linear is robust: status ROBUST_LOSS, no standard error.
    counts : (n_samples, n_correct), each of shape (n_problems,), optional
        Counts behind a coverage curve; their problems are resampled for intervals.
    table : array_like, shape (n_problems, n_points), optional
        Values of each problem at the points of a curve in one input, for instance of
        `majority_at_k`; problems are resampled for intervals.
    fixed : dict, optional
        Parameters held at a value.
    n_resamples, level, rng :
        Number of resamples, content of the intervals, seed or generator.

    Returns
    -------
    Fit

    Raises
    ------
    ValueError
        If shapes differ, a number is not finite in the chosen space, points do not outnumber
        parameters, or y is not the coverage of the counts.

    Notes
    -----
    A standard error supposes independent points. Points of one coverage curve share their
    problems: a fit with `counts` or a `table` has no standard error but intervals from resampling.

    Examples
    --------
    >>> from scaling_utils import LAWS
    >>> k = np.array([1, 10, 100])
    >>> fit = fit_curve(LAWS["coverage_power_law"], (k,), np.exp(-2.0 * k**-0.5))
    >>> {name: round(v, 6) for name, v in fit.values.items()}
    {'a': 2.0, 'b': 0.5}
    """
    inputs = tuple(np.asarray(x, float) for x in inputs)
    y, table = _curve(inputs, y, counts, table)
    fixed = check_fixed(law, fixed)
    target, scale = _points(law, inputs, y, space, sigma, fixed)
    transform = SPACES[space]

    def residual(theta):
        miss = (transform(law.f(*inputs, *newton.to_values(law, theta))) - target) / scale
        return np.where(np.isfinite(miss), miss, FAR)

    guess = law.guess(*inputs, y)
    starts = [{name: f * v for name, v in guess.items()} | fixed for f in FACTORS]
    method = dict(method="leastsq", ftol=1e-14, xtol=1e-12, scale_covar=sigma is None)
    if loss != "linear":
        method = dict(method="least_squares", loss=loss, ftol=1e-14, xtol=1e-12)
    fit = search(law, residual, starts, fixed, **method)
    words = f"residuals in {space}, {'equal' if sigma is None else 'given'} weights"
    words = words if loss == "linear" else f"{words}, {loss} loss"
    fit = replace(fit, n_points=target.size, space=words)
    if loss != "linear" and fit.status is not Status.FAILED:
        fit = replace(fit, status=Status.ROBUST_LOSS, stderr=None)
    if table is None or fit.status is Status.FAILED:
        return fit
    if loss != "linear":
        return replace(fit, resampling=no_resampling("a robust loss is not resampled"))
    resampling = resample_curve(
        law, inputs, table, newton.to_theta(law, fit.values), transform, scale, fixed,
        n_resamples, level, rng,
    )
    return replace(fit, stderr=None, resampling=resampling)


def _curve(inputs, y, counts, table):
    """The points, and the table of problems whose mean they are, if there is one."""
    if counts is None and table is None:
        if y is None:
            raise ValueError("give y, or counts from which it follows")
        return np.asarray(y, float), None
    if len(inputs) != 1:
        raise ValueError("problems make a curve in k alone: give one input")
    if table is None:
        n, c = np.broadcast_arrays(*(np.atleast_1d(v) for v in _check.counts(*counts)))
        table = pass_at_k(n, c, inputs[0])
    elif counts is not None:
        raise ValueError("give counts or a table, not both")
    table = _check.finite("table", table)
    if table.ndim != 2 or table.shape[1:] != inputs[0].shape:
        raise ValueError(f"table {table.shape} must be (n_problems, {inputs[0].size})")
    curve = table.mean(axis=0)
    if y is not None and not np.allclose(y, curve, rtol=1e-9, atol=1e-12):
        worst = int(np.argmax(np.abs(np.asarray(y) - curve)))
        source = "mean" if counts is None else "coverage"
        raise ValueError(f"y[{worst}] = {y[worst]} is not the {source} {curve[worst]} "
                         f"of the {'table' if counts is None else 'counts'}")
    return curve, table


def _points(law, inputs, y, space, sigma, fixed):
    """Targets in the chosen space and their scale, or an error that names the point."""
    if space not in SPACES:
        raise ValueError(f"space {space!r} is none of {list(SPACES)}")
    if y.ndim != 1 or any(x.shape != y.shape for x in inputs):
        raise ValueError("inputs and y must be flat arrays of one length")
    if y.size <= len(law.params) - len(fixed):
        raise ValueError(f"{y.size} points cannot determine {len(law.params)} parameters")
    target = SPACES[space](y)
    scale = np.broadcast_to(np.asarray(1.0 if sigma is None else sigma, float), y.shape)
    for name, values in (*zip((s.name for s in law.inputs), inputs, strict=True), ("y", target)):
        if not np.isfinite(values).all():
            i = int(np.argmin(np.isfinite(values)))
            raise ValueError(f"{name}[{i}] is not finite in the space {space!r} (y = {y[i]})")
    if not (scale > 0).all():
        raise ValueError(f"sigma[{int(np.argmin(scale > 0))}] must be positive")
    return target, scale
