"""The profile of a likelihood: the best fit for each value of one parameter."""
from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.stats import chi2

from ..numerics import newton
from .coordinates import Coordinates
from .objective import Counts, count_terms

POINTS = 25  # values tried on each side
FEW, ZOOMS = 7, 6  # values tried between neighbours to close in on the end, and how often
CURVE = 41  # points of the curve between the ends


class Profile(NamedTuple):
    """A parameter, the ends of its interval, and the curve behind them."""

    value: float
    low: float
    high: float
    level: float
    at: np.ndarray  # values of the parameter, rising
    loss: np.ndarray  # of log-likelihood there; the interval ends where it is half a chi-square


def profile(place: Coordinates, counts: Counts, values, name: str, level: float) -> Profile:
    """Values of one parameter that cost less than half the chi-square quantile of likelihood.

    An end is the bound of the parameter where nothing before it costs so much; a logarithmic
    parameter then ends at zero or infinity.
    """
    if name not in place.law.names:
        raise ValueError(f"{name!r} is none of the parameters {list(place.law.names)}")
    i = place.law.names.index(name)
    if not place.free[i]:
        raise ValueError(f"{name} was held at {place.fixed[name]:g}: it has no profile")
    best, most = place.to_theta(values), chi2.ppf(level, 1) / 2
    top = _best(place, counts, best, i, best[i : i + 1])[0]

    def loss(points):
        return top - _best(place, counts, best, i, points)

    ends = [_end(loss, best[i], end, most) for end in (place.lower[i], place.upper[i])]
    at = np.linspace(*ends, CURVE)
    shown = _shown(place, i, np.array([best[i], *ends, *at]))
    value, low, high = map(float, shown[:3])
    return Profile(value, low, high, level, shown[3:], loss(at))


def _best(place, counts, theta, i, points):
    """Largest log-likelihood, up to a constant, with coordinate i at each of the points."""
    rows = np.tile(theta, (len(points), 1))
    rows[:, i] = points
    lower, upper = (np.tile(end, (len(points), 1)) for end in (place.lower, place.upper))
    lower[:, i] = upper[:, i] = points
    weights = np.tile(counts.times.astype(float), (len(points), 1))
    terms = count_terms(place, counts.n, counts.c, weights)
    ends, _ = newton.maximise(terms, rows, lower, upper)
    return terms(ends, np.arange(len(points)))[0]


def _end(loss, start, bound, most):
    """Where the loss passes `most` between start and bound, or the bound where it does not."""
    near, far = start, bound
    points = start + (bound - start) * np.geomspace(1e-4, 1, POINTS)
    for _ in range(1 + ZOOMS):
        over = np.flatnonzero(loss(points) > most)
        if not over.size:
            return points[-1]
        far, near = points[over[0]], points[over[0] - 1] if over[0] else near
        points = np.linspace(near, far, FEW + 2)[1:]
    return (near + far) / 2


def _shown(place, i, points):
    """Coordinates of one parameter as its values; the edge of a logarithm is zero or infinity."""
    if not place.logs[i]:
        return points
    lower, upper = place.lower[i], place.upper[i]
    return np.where(points >= upper - 1e-9, np.inf, np.where(points <= lower + 1e-9, 0.0,
                                                             np.exp(points)))
