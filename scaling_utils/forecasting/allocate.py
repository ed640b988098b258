"""Where the next samples tell most about coverage at k, and whether it is known well enough."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from .. import _check
from . import designs, grid, predictive
from .bank import bank
from .forecast import forecast


@dataclass(frozen=True)
class NextSamples:
    """Which problem to sample next for coverage at k of these problems."""

    problem: np.ndarray  # (size,) positions, most telling first
    gain: np.ndarray  # (n_problems,) expected drop of the variance of coverage by a batch
    width: float  # of the interval for coverage at k now
    answered: bool  # whether that is at most the width asked for


def next_samples(samples, k: int, *, width: float = 0.05, batch: int = 1, size: int = 1,
                 level: float = 0.9) -> NextSamples:
    """Problems by Var[f] - E[Var[f | batch more]], f = (1 - p)^k, over the mean law of the bank.

    A problem always solved or hopeless at k gains nothing: samples go to rates near 1 / k. Counts
    drawn so have the design "adaptive": forecasts take it, averages such as pass@k do not.

    Parameters
    ----------
    samples : Samples or (n_samples, n_correct)
    k : int
    width : float
        Stop when the interval for coverage at k is no wider.
    batch : int
        Samples drawn at once from one problem.
    size : int
        Problems to name.
    level : float
        Content of the interval.

    Returns
    -------
    NextSamples

    Raises
    ------
    ValueError
        If a count is impossible, or batch, size or width is not positive.

    Examples
    --------
    >>> plan = next_samples((20, [0, 1, 19]), 10)
    >>> int(plan.problem[0]), bool(plan.gain[2] < plan.gain[1])
    (1, True)
    """
    batch, size = (int(_check.whole(name, v, least=1))
                   for name, v in (("batch", batch), ("size", size)))
    if not width > 0:
        raise ValueError(f"width = {width:g} must be positive")
    evidence = designs.read(samples)
    like = predictive.log_likelihood(bank(), evidence.n, evidence.c, evidence.times)
    law = (predictive.weights(bank(), like) @ bank().laws).astype(float)
    n, c = designs.arrays(samples)
    pairs, which = np.unique(np.stack([n, c]), axis=1, return_inverse=True)
    gain = _gain(*pairs, k, batch, law)[which.ravel()] / n.size**2
    now = forecast(samples, k, question="fresh", level=level)
    wide = float((now.high - now.low)[0])
    return NextSamples(np.argsort(-gain, kind="stable")[:size], gain, wide, wide <= width)


def _gain(n, c, k, batch, law):
    """Expected drop of the variance of (1 - p)^k for each count."""
    before, weight = _variance(n, c, k, law)
    after = np.zeros(n.size)
    for j in range(batch + 1):
        choose = np.exp(gammaln(batch + 1) - gammaln(j + 1) - gammaln(batch - j + 1))
        kernel = np.exp(grid.times(j, grid.LOG_P) + grid.times(batch - j, grid.LOG_Q))
        chance = choose * (weight @ kernel)
        after += chance * _variance(n + batch, c + j, k, law)[0]
    return np.maximum(before - after, 0)


def _variance(n, c, k, law):
    """Variance of (1 - p)^k given each count, and the weights of the nodes."""
    weight = grid.kernel(n, c) * law
    weight /= weight.sum(axis=1, keepdims=True)
    lost = grid.fail(k)
    return np.maximum(weight @ lost**2 - (weight @ lost) ** 2, 0), weight
