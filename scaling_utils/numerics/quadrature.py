"""Averages over a distribution of success rates, by Gauss-Legendre panels in logit x.

The success rate is q = s x with x in (0, 1). In t = log(x / (1 - x)) every integrand here is
smooth and falls off exponentially on both sides; panels are narrow where a binomial peak is.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import expit, gammaln, xlogy

RULE = np.polynomial.legendre.leggauss(16)
TAIL = 38.0  # e^-38 is below the rounding error
WIDTH, PEAK = 6.0, 7.0  # panel width in t, and in standard deviations of a binomial peak
SHARP, CUT = 1e5, 60.0  # from there on, panels where the density is above e^-60 of its peak
ALIKE = 0.7  # shapes within this factor, in the logarithm, share their panels
BLOCK = 1_000_000  # numbers in the kernels worked on together
SMALLEST = 1e-12  # scale: below, no count but zero is possible


@dataclass(frozen=True)
class Rates:
    """A distribution of q = s x, described where x runs over (0, 1)."""

    log_weight: Callable  # (log x, log(1 - x)) -> log density in t
    rate: float  # the density in t falls like exp(-rate t) on the right
    below: Callable  # x -> probability of less than x
    s: float = 1.0  # largest success rate
    sharpness: float = 0.0  # sum of the shapes: a peaked density needs narrow panels
    curvature: Callable | None = None  # (log x, log(1 - x)) -> of the log density, if not shapes


def nodes(n, rates):
    """Nodes t, their weights and the lower end, for binomial kernels of up to n trials.

    The last node is the upper end of the panels: its weight 1 / rate adds the exponential tail.
    """
    s, trials = max(rates.s, SMALLEST), n + rates.sharpness
    reach = np.log(trials + 1) + TAIL
    coarse = np.linspace(-reach, reach + (-np.log1p(-s) if s < 1 else 0.0), 2001)
    log_x, log_rest = -np.logaddexp(0, -coarse), -np.logaddexp(0, coarse)
    x, rest = np.exp(log_x), np.exp(log_rest)
    spread = np.sqrt(x * (1 - s + s * rest) / s)  # of q / s, times the root of the trials
    if rates.curvature:
        bend = np.sqrt(n) * x * rest / spread + np.sqrt(rates.curvature(log_x, log_rest))
    else:
        bend = np.sqrt(trials) * x * rest / spread
    density = 1 / WIDTH + bend / PEAK
    if rates.sharpness > SHARP:
        density = np.where(_support(rates.log_weight(log_x, log_rest)), density, 0.0)
    count = np.cumsum(density) * (coarse[1] - coarse[0])
    rising = np.append(True, np.diff(count) > 0)
    panels = np.linspace(count[0], count[-1], int(count[-1]) + 2)
    edges = np.interp(panels, count[rising], coarse[rising])
    half = np.diff(edges)[:, None] / 2
    t = (edges[:-1, None] + half * (1 + RULE[0])).ravel()
    weights = np.append((half * RULE[1]).ravel(), 1 / rates.rate)
    return np.append(t, edges[-1]), weights, edges[0]


def _support(log_weight):
    """Grid points where a density with one peak is not negligible, and one more on each side."""
    used = log_weight > log_weight.max() - CUT
    return used | np.append(used[1:], False) | np.append(False, used[:-1])


def logs(t, s=1.0):
    """Logarithms of x, 1 - x, q = s x and 1 - q at the nodes."""
    log_x, log_rest = -np.logaddexp(0, -t), -np.logaddexp(0, t)
    log_fail = np.log1p(-np.minimum(s, 1 - 1e-16) * expit(t))
    return log_x, log_rest, np.log(s) + log_x, np.where(np.less(s, 1), log_fail, log_rest)


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
    t, weights, lowest = nodes(n.max(), rates)
    log_x, log_rest, log_q, log_fail = logs(t, rates.s)
    log_weight = rates.log_weight(log_x, log_rest)
    best = np.minimum(c / n, rates.s)  # where the kernel is largest
    peak = xlogy(c, best) + xlogy(n - c, 1 - best)
    rows = np.column_stack([n - c, c, np.ones_like(c), -peak])
    kernel = rows @ np.vstack([log_fail, log_q, log_weight, np.ones_like(t)])
    total = np.exp(kernel) @ weights + np.where(c == 0, rates.below(expit(lowest)), 0.0)
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


@dataclass(frozen=True)
class Family:
    """Rates by two shapes, with derivatives in their logarithms (a, b), and maybe a scale.

    Derivatives are (value, (g_a, g_b), (h_aa, h_ab, h_bb)); coordinates come as columns.
    """

    rates: Callable  # (alpha, beta[, s]) -> Rates
    log_weight: Callable  # (log x, log(1 - x), a, b) -> derivatives of the log density in t
    below: Callable  # (log x, a, b) -> derivatives of the probability below a small x


def derivatives(n, c, family, log_alpha, log_beta, s=None):
    """log_pmf up to a constant, gradient and Hessian (lower triangle) in log shapes and scale.

    Rows of parameters, shape (n_rows, 1), against counts; rows with shapes and scale of about the
    same size share their panels.
    """
    scaled = s is not None
    theta = np.column_stack([log_alpha, log_beta, s if scaled else np.ones_like(log_alpha)])
    theta[:, 2] = np.maximum(theta[:, 2], SMALLEST)
    out = np.empty((10 if scaled else 6, len(theta), len(c)))
    kinds, which = np.unique(_kinds(theta), axis=0, return_inverse=True)
    for i, (a, b, scale) in enumerate(kinds):
        grid = _panels(float(n.max()), family, *map(float, (a, b, scale)), scaled)
        rows = np.flatnonzero(which.ravel() == i)
        few = max(1, BLOCK // (len(grid[0]) * len(c)))
        step = len(rows) if scale == 1 else few  # rows of one scale share their kernel
        for part in np.split(rows, np.arange(step, len(rows), step)):
            out[:, part] = _rows(n, c, family, grid, theta[part], scaled)
    size = 3 if scaled else 2
    return out[0], tuple(out[1 : 1 + size]), tuple(out[1 + size :])


@lru_cache(maxsize=64)
def _panels(n, family, log_alpha, log_beta, scale, scaled):
    """`nodes` for rounded shapes; the steps of a fit, and other fits, ask for the same ones."""
    shapes = np.exp(log_alpha), np.exp(log_beta)
    grid = nodes(n, family.rates(*shapes, scale) if scaled else family.rates(*shapes))
    for shared in grid[:2]:
        shared.setflags(write=False)
    return grid


def _kinds(theta):
    """Shapes and scale for which panels are made: a little sharper than those of each row."""
    kinds = np.ceil(theta / ALIKE) * ALIKE
    sharp = np.exp(theta[:, :2]).sum(axis=1) > SHARP
    kinds[sharp] = theta[sharp]  # panels of their own
    with np.errstate(divide="ignore"):
        far = -np.log1p(-theta[:, 2])  # how far beyond x = 1/2 the largest rate reaches
    kinds[:, 2] = -np.expm1(-np.ceil(far / ALIKE) * ALIKE)
    return kinds


def _rows(n, c, family, grid, theta, scaled):
    """Value, gradient (a, b, s) and Hessian (aa, ab, bb, sa, sb, ss) on one set of panels."""
    (t, weights, lowest), (a, b, s) = grid, theta.T[:, :, None]
    s = s[:1] if np.all(s == s[0]) else s
    log_x, log_rest, log_q, log_fail = logs(t, s)
    peak = xlogy(c, np.minimum(c / n, s)) + xlogy(n - c, 1 - np.minimum(c / n, s))
    kernel = log_fail[..., None] * (n - c) + log_q[..., None] * c
    kernel -= peak[:, None]
    np.exp(kernel, out=kernel)
    value, (g_a, g_b), (h_aa, h_ab, h_bb) = family.log_weight(log_x, log_rest, a, b)
    value[:, -1:] -= a  # the weight of the last node is 1 / alpha
    g_a[:, -1] -= 1
    base = np.exp(value) * np.append(weights[:-1], 1.0)
    parts = [base, base * g_a, base * g_b, base * (h_aa + g_a**2), base * (h_ab + g_a * g_b),
             base * (h_bb + g_b**2)]
    if scaled:
        u = np.exp(log_x - log_fail)  # minus the slope of log(1 - q) in s
        parts += [base * u, parts[1] * u, parts[2] * u, base * u**2]
    moments = _against(np.array(parts), kernel)
    under, slopes, bends = family.below(-np.logaddexp(0, -lowest), a, b)
    moments[:6] += np.where(c == 0, np.array([under, *slopes, *bends]), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):  # a count that is impossible
        return _logarithm(moments, n, c, s, peak)


def _against(parts, kernel):
    """Sums over nodes of parts (n_parts, n_rows, n_nodes) with the kernel of each row or of all."""
    if len(kernel) == 1:
        return parts @ kernel[0]
    return np.moveaxis(np.moveaxis(parts, 0, 1) @ kernel, 0, 1)


def _logarithm(moments, n, c, s, peak):
    """Derivatives of the logarithm of an average from those of the average."""
    m, *rest = moments
    g_a, g_b, aa, ab, bb, *scale = (part / m for part in rest)
    shapes = [aa - g_a**2, ab - g_a * g_b, bb - g_b**2]
    if not scale:
        return np.array([np.log(m) + peak, g_a, g_b, *shapes])
    (u, ua, ub, uu), away, up = scale, n - c, c / s
    g_s = up - away * u
    bend = up**2 - 2 * up * away * u + away**2 * uu - c / s**2 - away * uu
    return np.array([np.log(m) + peak, g_a, g_b, g_s, *shapes, up * g_a - away * ua - g_a * g_s,
                     up * g_b - away * ub - g_b * g_s, bend - g_s**2])
