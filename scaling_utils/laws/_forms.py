"""Formulas and guesses that several laws share."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from ..numerics.special import log_gamma_ratio

BETA_EXAMPLE = {"alpha": 5.0, "beta": 0.35}


def log_failure(k, alpha, beta):
    """log E[p^k] of p ~ Beta(alpha, beta)."""
    return log_gamma_ratio(alpha, beta) - log_gamma_ratio(alpha + k, beta)


def beta_loss(k, alpha, beta):
    """E[p^k] = B(alpha + k, beta) / B(alpha, beta) of p ~ Beta(alpha, beta)."""
    return np.exp(log_failure(k, alpha, beta))


def beta_coverage(k, alpha, beta):
    """1 - E[p^k] of p ~ Beta(alpha, beta), with all its digits where it is small."""
    return -np.expm1(log_failure(k, alpha, beta))


def solved(n, p):
    """Coverage 1 - p^n of n independent trials."""
    with np.errstate(divide="ignore"):  # p = 0 is solved at once
        return -np.expm1(n * np.log(p))


@dataclass(frozen=True)
class BetaGuess:
    """Guess for a curve f(k, alpha, beta, ...): best of a grid in alpha and beta."""

    f: Callable
    others: Mapping[str, float] = field(default_factory=dict)

    def __call__(self, k, y):
        alpha, beta = np.meshgrid(np.geomspace(0.02, 500, 19), np.geomspace(0.02, 3, 12))
        shapes = {"alpha": alpha.reshape(-1, 1), "beta": beta.reshape(-1, 1)}
        best = np.argmin(np.sum((self.f(k, **shapes, **self.others) - y) ** 2, axis=1))
        return {name: float(v[best, 0]) for name, v in shapes.items()} | dict(self.others)


@dataclass(frozen=True)
class TrialsGuess:
    """Guess for 1 - p^n(k): for each shape the median p of the points, then the best shape."""

    trials: Callable
    name: str
    grid: np.ndarray

    def __call__(self, k, y):
        shape = np.asarray(self.grid, float)[:, None]
        n = self.trials(k, shape)
        log_p = np.log1p(-np.clip(y, 1e-12, 1 - 1e-12)) / n
        p = np.exp(np.median(log_p, axis=1, keepdims=True))
        best = np.argmin(np.sum((solved(n, p) - y) ** 2, axis=1))
        return {"p": float(p[best, 0]), self.name: float(shape[best, 0])}
