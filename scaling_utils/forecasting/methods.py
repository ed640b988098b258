"""Forecasts from one formula: a law of the book, or a straight line through the curve."""
from __future__ import annotations

import numpy as np

from ..fit.counts import fit_counts
from ..laws import LAWS
from . import designs, line, predictive

RESAMPLES = 200
LINES = {"log_log": line.extrapolate, "brown": line.brown}


def names() -> tuple[str, ...]:
    """Keys of the one-formula methods: lines, and coverage laws with a likelihood.

    Examples
    --------
    >>> {"log_log", "brown", "beta_failure", "kumaraswamy"} <= set(names())
    True
    """
    return (*LINES, *(key for key, law in LAWS.items() if _forecasts(law)))


def draws(method, evidence, k, question, rng) -> np.ndarray:
    """Coverage at each k for resampled problems, shape (n_k, n_draws).

    Raises
    ------
    ValueError
        If the method does not answer the question, or cannot be fitted; the message says why.
    """
    if question == "fresh":
        raise ValueError(f"method {method!r} answers 'these' and 'new set', not 'fresh': "
                         "method='average' does")
    make = _line if method in LINES else _law
    return make(method, evidence, np.asarray(k, float), question, rng)


def _forecasts(law):
    """Whether a law is coverage in k alone and has a likelihood of counts."""
    return law.difficulty is not None and [s.name for s in law.inputs] == ["k"]


def _line(method, evidence, k, question, rng):
    """The line for every set of resampled problems; what is solved stays solved."""
    k_seen = line.grid_of_k(evidence)
    shares = evidence.times / evidence.n_problems
    sets = rng.multinomial(evidence.n_problems, shares, RESAMPLES)
    one = [designs.Evidence(evidence.n, evidence.c, t, evidence.design, evidence.batch)
           for t in sets]
    curves = np.stack([designs.curve(e, k_seen) for e in one])
    if method == "log_log":
        out = line.extrapolate(k_seen, curves, k)
    else:
        out = np.stack([line.brown(k_seen, curve, k) for curve in curves])
    good = np.isfinite(out).all(axis=1)
    if good.mean() < 0.9:
        raise ValueError(f"method {method!r}: fewer than two points of the curve lie between 0 "
                         f"and 1 in {int((~good).sum())} of {RESAMPLES} resamples; "
                         "method='average' needs no line")
    return np.clip(out[good].T, evidence.seen if question == "these" else 0, 1)


def _law(method, evidence, k, question, rng):
    """Loss of the unsolved under refits to resampled problems, and the luck of the problems."""
    law = LAWS[method]
    n, c = (np.repeat(v, evidence.times) for v in (evidence.n, evidence.c))
    fit = fit_counts(law, n, c, n_resamples=RESAMPLES, rng=rng)
    if fit.why:
        raise ValueError(f"method {method!r}: no forecast, {fit.why}; method='average' has one")
    params = [p[:, None] for p in fit.place.to_values(fit.resampling.theta).T]
    lost = 1 - law.f(k[None], *params)  # (n_refits, n_k)
    if question == "these":
        open_ = evidence.c == 0
        before = 1 - law.f(evidence.n[open_][None].astype(float), *params)
        ratio = np.minimum(lost[:, :, None] / np.maximum(before, 1e-300)[:, None, :], 1)
        lost = ratio @ (evidence.times[open_] / evidence.n_problems)
    mean = 1 - lost
    places = predictive.luck(len(mean), rng)
    return np.stack([predictive.draws(m, np.zeros_like(m), evidence, question, places)
                     for m in mean.T])
