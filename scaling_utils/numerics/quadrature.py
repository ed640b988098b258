"""Averages over a distribution of success rates, by Gauss-Legendre panels in logit x.

The success rate is q = s x with x in (0, 1). In t = log(x / (1 - x)) every integrand here is
smooth and falls off exponentially on both sides; panels are narrow where a binomial peak is.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, gammaln, xlogy

RULE = np.polynomial.legendre.leggauss(16)
TAIL = 38.0  # e^-38 is below the rounding error
WIDTH, PEAK = 6.0, 7.0  # panel width in t, and in standard deviations of a binomial peak


@dataclass(frozen=True)
class Rates:
    """A distribution of q = s x, described where x runs over (0, 1)."""

    log_weight: Callable  # (log x, log(1 - x)) -> log density in t
    rate: float  # the density in t falls like exp(-rate t) on the right
    below: Callable  # x -> probability of less than x
    s: float = 1.0  # largest success rate
    sharpness: float = 0.0  # sum of the shapes: a peaked density needs narrow panels


def nodes(n, rates):
    """Nodes t, weights and the probability below them, for binomial kernels of up to n trials.

    The last node is the upper end of the panels: its weight 1 / rate adds the exponential tail.
    """
    s, trials = rates.s, n + rates.sharpness
    reach = np.log(trials + 1) + TAIL
    coarse = np.linspace(-reach, reach + (-np.log1p(-s) if s < 1 else 0.0), 2001)
    x, rest = expit(coarse), expit(-coarse)
    spread = np.sqrt(x * (1 - s + s * rest) / s)  # of q / s, times the root of the trials
    density = 1 / WIDTH + np.sqrt(trials) * x * rest / (PEAK * spread)
    count = np.cumsum(density) * (coarse[1] - coarse[0])
    edges = np.interp(np.linspace(count[0], count[-1], int(count[-1]) + 2), count, coarse)
    half = np.diff(edges)[:, None] / 2
    t = (edges[:-1, None] + half * (1 + RULE[0])).ravel()
    weights = np.append((half * RULE[1]).ravel(), 1 / rates.rate)
    return np.append(t, edges[-1]), weights, rates.below(expit(edges[0]))


def logs(t, s=1.0):
    """Logarithms of x, 1 - x, q = s x and 1 - q at the nodes."""
    log_x, log_rest = -np.logaddexp(0, -t), -np.logaddexp(0, t)
    return log_x, log_rest, np.log(s) + log_x, np.log1p(-s * expit(t)) if s < 1 else log_rest


def coverage(k, rates):
    """E[1 - (1 - q)^k] for each k."""
    k = np.atleast_1d(np.asarray(k, float))
    t, weights, _ = nodes(k.max(), rates)
    log_x, log_rest, _, log_fail = logs(t, rates.s)
    solved = -np.expm1(np.multiply.outer(k, log_fail))
    return solved @ (weights * np.exp(rates.log_weight(log_x, log_rest)))


def log_pmf(n, c, rates):
    """log E[C(n, c) q^c (1 - q)^(n - c)] for flat arrays n and c."""
    n, c = np.broadcast_arrays(np.asarray(n, float), np.asarray(c, float))
    t, weights, below = nodes(n.max(), rates)
    log_x, log_rest, log_q, log_fail = logs(t, rates.s)
    log_weight = rates.log_weight(log_x, log_rest)
    best = np.minimum(c / n, rates.s)  # where the kernel is largest
    peak = xlogy(c, best) + xlogy(n - c, 1 - best)
    rows = np.column_stack([n - c, c, np.ones_like(c), -peak])
    kernel = rows @ np.vstack([log_fail, log_q, log_weight, np.ones_like(t)])
    total = np.exp(kernel) @ weights + np.where(c == 0, below, 0.0)
    choose = gammaln(n + 1) - gammaln(c + 1) - gammaln(n - c + 1)
    with np.errstate(divide="ignore"):  # a count that the distribution rules out
        return choose + peak + np.log(total)


def over_parameters(function, rates, inputs, params):
    """function(*inputs, rates(*params)) broadcast over inputs and parameters.

    The panels depend on the parameters, so each distinct set of parameters is one call.
    """
    arrays = np.broadcast_arrays(*inputs, *params)
    flat = np.stack([np.ravel(a).astype(float) for a in arrays])
    x, theta = flat[: len(inputs)], flat[len(inputs) :]
    sets, which = np.unique(theta, axis=1, return_inverse=True)
    out = np.empty(flat.shape[1])
    for i, one in enumerate(sets.T):
        pick = which.ravel() == i
        out[pick] = function(*x[:, pick], rates(*one))
    return out.reshape(arrays[0].shape)[()]
