"""Other forecasts, one function each, for the backtest: evidence and k in, coverage out."""
from __future__ import annotations

import numpy as np
from scipy.stats import norm

from ..fit.counts import fit_counts
from ..laws import LAWS
from . import designs, line, predictive, unseen
from .designs import Evidence

RATES = np.geomspace(0.02, 3, 80)


def seen(evidence: Evidence, k: np.ndarray) -> np.ndarray:
    """Coverage seen, at every k."""
    return np.full(k.size, evidence.seen)


def log_log(evidence: Evidence, k: np.ndarray) -> np.ndarray:
    """The line in log(-log coverage) against log k."""
    k_seen = line.grid_of_k(evidence)
    return line.extrapolate(k_seen, designs.curve(evidence, k_seen), k)


def brown(evidence: Evidence, k: np.ndarray) -> np.ndarray:
    """The same curve by least squares of coverage."""
    k_seen = line.grid_of_k(evidence)
    return line.brown(k_seen, designs.curve(evidence, k_seen), k)


def corrected(evidence: Evidence, k: np.ndarray) -> np.ndarray:
    """The line corrected by half its own miss."""
    found = line.targets(evidence, k)
    return found[0] if found else np.full(k.size, np.nan)


def saturating(evidence: Evidence, k: np.ndarray) -> np.ndarray:
    """limit - A k^(-b) with limit at most 1, by least squares of coverage; b from a grid."""
    k_seen = line.grid_of_k(evidence).astype(float)
    y = designs.curve(evidence, k_seen.astype(int))
    x = k_seen[None] ** -RATES[:, None]
    mx, my = x.mean(axis=1, keepdims=True), y.mean()
    slope = ((x - mx) * (y - my)).sum(axis=1) / ((x - mx) ** 2).sum(axis=1)
    limit = my - slope * mx[:, 0]
    bound = limit > 1
    slope = np.where(bound, (x * (y - 1)).sum(axis=1) / (x**2).sum(axis=1), slope)
    limit = np.where(bound, 1, limit)
    best = np.argmin(((limit[:, None] + slope[:, None] * x - y) ** 2).sum(axis=1))
    return limit[best] + slope[best] * k ** -RATES[best]


def beta_plug_in(evidence: Evidence, k: np.ndarray) -> np.ndarray:
    """Beta-binomial maximum likelihood, the law's own coverage."""
    law = LAWS["beta_failure"]
    n, c = (np.repeat(v, evidence.times) for v in (evidence.n, evidence.c))
    fit = fit_counts(law, n, c, n_resamples=0)
    return np.asarray(fit.predict(k.astype(float)))


def good_toulmin(evidence: Evidence, k: np.ndarray) -> np.ndarray:
    """The smoothed series; not a number where n differs between problems."""
    if evidence.n.min() < evidence.n.max():
        return np.full(k.size, np.nan)
    pair = (np.repeat(v, evidence.times) for v in (evidence.n, evidence.c))
    return unseen.good_toulmin(tuple(pair), k, smooth=True)


def g_model(evidence: Evidence, k: np.ndarray) -> np.ndarray:
    """Efron's g-modelling, anchored on what is seen."""
    law = unseen.g_model(evidence)[None]
    return np.array([predictive.moments(law, evidence, m, "these")[0][0] for m in k])


def flat_prior(evidence: Evidence, k: np.ndarray, levels) -> tuple[np.ndarray, list]:
    """A flat prior for each problem's rate: E[(1 - p)^k | n, c] in closed form; normal interval.

    The product over i = 1..k of (n - c + i) / (n + 1 + i), as ratios of gamma functions.
    """
    from scipy.special import betaln

    n, c, w = evidence.n, evidence.c, evidence.times / evidence.n_problems
    base = betaln(1 + c, 1 + n - c)
    first, second = (np.exp(betaln(1 + c, 1 + n - c + j * k[:, None]) - base) for j in (1, 2))
    mean = 1 - first @ w
    spread = np.sqrt(np.maximum(second - first**2, 0) @ w / evidence.n_problems)
    ends = [np.clip(mean + np.outer((-1, 1), spread) * norm.ppf((1 + level) / 2), 0, 1)
            for level in levels]
    return mean, ends


POINTS = {
    "coverage seen": seen, "log-log": log_log, "Brown": brown, "line, corrected": corrected,
    "saturating": saturating, "beta-binomial, plug-in": beta_plug_in,
    "Good-Toulmin, smoothed": good_toulmin, "g-modelling": g_model,
}
SLOW = ("beta-binomial, plug-in",)  # scored on fewer draws
FAMILIES = {
    "beta": "beta", "zero-inflated beta": "beta + zeros", "Kumaraswamy": "kumaraswamy",
    "logit-normal": "logit-normal",
}
