"""Least-squares fits of a law to points."""
from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from .. import _check
from ..estimate._given import fixed
from ..estimate.coverage import pass_at_k
from ..laws._record import Law
from .coordinates import Coordinates
from .inputs import flat, law_of
from .record import Fit, Status
from .resample import Plan, no_resampling, resample_curve
from .search import least_squares

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


LOSSES = ("linear", "soft_l1", "huber", "cauchy")
SLACK = 0.05  # of the range: noise may carry a share beyond its end, a percentage is far beyond


def fit_curve(law: Law | str, inputs: tuple | ArrayLike, y: ArrayLike | None = None, *,
              space: str = "y", sigma: ArrayLike | None = None, loss: str = "linear",
              counts: tuple | None = None, table: ArrayLike | None = None,
              fixed: Mapping[str, float] | None = None, start: Mapping[str, float] | None = None,
              n_resamples: int = 1000, level: float = 0.95,
              rng: int | np.random.Generator = 0) -> Fit:
    """Least squares of (g(y) - g(f)) / sigma, g the identity, log, or log(-log).

    Parameters
    ----------
    law : Law or str
        The law, or its key.
    inputs : tuple of array_like, each of shape (n_points,)
        One array per input of the law, in its order; of a law in one input the array will do.
    y : array_like, shape (n_points,), optional
        Left out where `counts` or a `table` are given: then y is their coverage, or its mean.
    space : {"y", "log y", "log(-log y)"}
        Where the residuals live.
    sigma : float or array_like, shape (n_points,), optional
        Known standard deviation of g(y). Without it the scatter sets the scale of the errors.
    loss : {"linear", "soft_l1", "huber", "cauchy"}
        Anything but linear is robust: status ROBUST_LOSS, no standard error.
    counts : (n_samples, n_correct), each of shape (n_problems,), optional
        Counts behind a coverage curve, or a record of samples that has `.counts()`; their problems
        are resampled for intervals.
    table : array_like, shape (n_problems, n_points), optional
        Values of each problem at the points of a curve in one input, for instance of
        `majority_at_k`; problems are resampled for intervals.
    fixed : dict, optional
        Parameters held at a value.
    start : dict, optional
        Every parameter, for instance of a fit to nearly the same points: the search begins there
        alone. Left out, it begins at the law's own guess, at half and at twice it.
    n_resamples, level, rng :
        Number of resamples (0 for no intervals, else enough for a draw in each tail, 40 for a
        level of 0.95), content of the intervals, seed or generator.

    Returns
    -------
    Fit
        FAILED if the law has no value at one of the points; NO_COVARIANCE if a standard error
        exceeds the value of a positive parameter.

    Raises
    ------
    ValueError
        If shapes differ, an input is outside its range or y far above it, a number is not finite
        in the chosen space, points do not outnumber parameters or have fewer places than there
        are, a held value is outside its bounds, or y is not the coverage of the counts.

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
    law, plan = law_of(law), Plan(n_resamples, level, rng)
    place = Coordinates(law, dict(fixed or {}))
    if loss not in LOSSES:
        raise ValueError(f"loss {loss!r} is none of {list(LOSSES)}")
    inputs = flat(law, inputs)
    y, table = _curve(inputs, y, counts, table)
    target, scale = _points(law, inputs, y, space, sigma, int(place.free.sum()))
    transform = SPACES[space]

    def residual(theta):
        miss = (transform(law.f(*inputs, *place.to_values(theta))) - target) / scale
        return np.where(np.isfinite(miss), miss, FAR)

    starts = _starts(law, inputs, y, start)
    found = least_squares(place, residual, starts, **_method(loss, sigma))
    status, reason = _status(place, found, residual, loss)
    resampling = _resampled(place, inputs, table, found, status, transform, scale, plan)
    if status is Status.CONVERGED and resampling.lost:
        status, reason = Status.NO_COVARIANCE, resampling.lost
    independent = status is Status.CONVERGED and table is None
    return Fit(
        law, law.named(place.to_values(found.theta)), status,
        place.errors(found.theta, found.errors) if independent else None, target.size, space,
        reason, "equal" if sigma is None else "given", loss, place.fixed, found.costs, found.spread,
        resampling=resampling,
    )


def _starts(law, inputs, y, start):
    """Where the search begins."""
    if start is None:
        guess = law.guess(*inputs, y)
        return [{name: f * v for name, v in guess.items()} for f in FACTORS]
    if set(start) != set(law.names):
        raise ValueError(f"start names {sorted(start)}: give every parameter of {law.key}, "
                         f"{list(law.names)}")
    return [dict(start)]


def _method(loss, sigma):
    """Options of lmfit for that loss."""
    if loss != "linear":
        return dict(method="least_squares", loss=loss, ftol=1e-14, xtol=1e-12)
    return dict(method="leastsq", ftol=1e-14, xtol=1e-12, scale_covar=sigma is None)


def _status(place, found, residual, loss):
    """What may be used of the end of a search, and why not everything."""
    if not found.found or np.any(residual(found.theta) == FAR):
        return Status.FAILED, "the law has no value at one of the points, wherever it was tried"
    if loss != "linear":
        return Status.ROBUST_LOSS, "a robust loss has no standard errors"
    bound = np.array(place.law.names)[place.at_bound(found.theta)]
    if bound.size:
        return Status.AT_BOUND, f"{', '.join(bound)} at a bound"
    if found.errors is None:
        return Status.NO_COVARIANCE, "the sum of squares is flat in one direction"
    lower, upper = place.box
    if np.any(place.free & (found.errors > upper - lower)):
        return Status.NO_COVARIANCE, "a standard error exceeds the whole range of its parameter"
    unsure = place.uncertain(found.errors)
    if unsure:
        return Status.NO_COVARIANCE, f"the standard error of {', '.join(unsure)} exceeds its value"
    return Status.CONVERGED, ""


def _resampled(place, inputs, table, found, status, transform, scale, plan):
    """Refits to resampled problems, or the reason for none."""
    if table is None:
        return no_resampling("no counts per problem were given", plan.level)
    if status is Status.FAILED:
        return no_resampling("the fit failed", plan.level)
    if status is Status.ROBUST_LOSS:
        return no_resampling("a robust loss is not resampled", plan.level)
    return resample_curve(place, inputs, table, found.theta, transform, scale, plan)


def _curve(inputs, y, counts, table):
    """The points, and the table of problems whose mean they are, if there is one."""
    if counts is None and table is None:
        if y is None:
            raise ValueError("give y, or counts from which it follows")
        return np.asarray(y, float), None
    if len(inputs) != 1:
        raise ValueError("problems make a curve in k alone: give one input")
    if table is None:
        table = pass_at_k(*_pairs(counts), inputs[0])
    elif counts is not None:
        raise ValueError("give counts or a table, not both")
    table = _check.finite("table", table)
    if table.ndim != 2 or table.shape[1:] != inputs[0].shape:
        raise ValueError(f"table {table.shape} must be (n_problems, {inputs[0].size})")
    curve, y = table.mean(axis=0), None if y is None else np.asarray(y, float)
    if y is not None and y.shape != curve.shape:
        raise ValueError(f"y {y.shape} must have one value for each of the {curve.size} points")
    if y is not None and not np.allclose(y, curve, rtol=1e-9, atol=1e-12):
        worst = int(np.argmax(np.abs(y - curve)))
        source = "mean" if counts is None else "coverage"
        raise ValueError(f"y[{worst}] = {y[worst]} is not the {source} {curve[worst]} "
                         f"of the {'table' if counts is None else 'counts'}")
    return curve, table


def _pairs(counts):
    """n and c of each problem, checked."""
    n, c = fixed("fit_curve", counts).counts() if hasattr(counts, "counts") else counts
    _check.aligned(n_samples=n, n_correct=c)
    return _check.problem_counts(n, c)


def _points(law, inputs, y, space, sigma, free):
    """Targets in the chosen space and their scale, or an error that names the point."""
    if space not in SPACES:
        raise ValueError(f"space {space!r} is none of {list(SPACES)}")
    if y.ndim != 1 or any(x.shape != y.shape for x in inputs):
        raise ValueError("inputs and y must be flat arrays of one length")
    if y.size <= free:
        raise ValueError(f"{y.size} points cannot determine {free} parameters")
    target = SPACES[space](y)
    scale = np.broadcast_to(np.asarray(1.0 if sigma is None else sigma, float), y.shape)
    for name, values in (*zip((s.name for s in law.inputs), inputs, strict=True), ("y", target)):
        if not np.isfinite(values).all():
            i = int(np.argmin(np.isfinite(values)))
            raise ValueError(f"{name}[{i}] is not finite in the space {space!r} (y = {y[i]})")
    if not (scale > 0).all():
        raise ValueError(f"sigma[{int(np.argmin(scale > 0))}] must be positive")
    _places(law, inputs, free)
    low, high = law.output.bounds
    _check.refuse(y > high + SLACK * abs(high - low), "y", y,
                  f"is above {high:g}, the most that {law.output.name} can be: give shares")
    return target, scale


def _places(law, inputs, free):
    """Points in at least as many places as there are free parameters."""
    places = len(np.unique(np.stack(inputs), axis=1).T)
    if places < free:
        names = ", ".join(s.name for s in law.inputs)
        raise ValueError(f"the points have {places} different {names} only: "
                         f"{free} parameters need {free} at least")
