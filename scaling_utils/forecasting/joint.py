"""The joint forecast: a law of difficulty, and the order of problems that other models tell."""
from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from . import grid, history, predictive
from .bank import Bank
from .history import RHO, SPREAD, History, Z

N_BANK = 800  # laws taken from the bank; as many draws
N_DRAWS = 2000
SCOUTS, LEFT_OUT = 40, 1e-3  # laws that try every direction; weight below which one is left out
EXPLORE = 0.5  # power of the likelihood when laws are taken
TEMPER = 0.5  # power of the joint likelihood: no law is true, and scores are rough


def joint_draws(n: np.ndarray, c: np.ndarray, known: History, bank: Bank, k, asked,
                rng: np.random.Generator) -> np.ndarray:
    """Draws of coverage at each k: z given the other models, p = F^-1(Phi(z)), counts given p.

    Parameters
    ----------
    n, c : ndarray of int, shape (n_problems,)
    known : History
    bank : Bank
    k : ndarray of int, shape (n_k,)
    asked : sequence of str
        "these" or "fresh" for each k.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (n_k, N_DRAWS)
    """
    pairs, which = np.unique(np.stack([n, c]), axis=1, return_inverse=True)
    which, times = which.ravel(), np.bincount(which.ravel())
    laws, log_prior = _laws(pairs, times, known, bank)
    t = _rates(laws)
    combos = [(i, r) for r in RHO for i in range(len(known.score)) if r or not i]
    like = _kernel(t, pairs)
    combos, cells = _narrowed(known, combos, like, which, log_prior, rng)
    by_problem = [like[j] @ cells[i] for i, j in enumerate(which)]
    score = sum(np.log(np.maximum(v, predictive.LEAST)) for v in by_problem)
    log_w = TEMPER * score + log_prior[:, None] + _log_prior_of(combos, known.rho)
    w = _both(log_w, len(laws) - len(known.moved)).ravel()
    index = predictive.choose(w, N_DRAWS)
    return np.stack([
        _coverage(n, c, t, like, cells, by_problem, which, at, q, index, rng)
        for at, q in zip(k, asked, strict=True)])


def _both(log_w, n_bank):
    """Weights; the bank and the moved laws half each, since neither is known to hold the truth."""
    parts = [np.exp(part - part.max()) for part in (log_w[:n_bank], log_w[n_bank:])]
    return np.vstack([part / part.sum() for part in parts])


def _narrowed(known, combos, like, which, log_prior, rng):
    """The (direction, rho) that a few laws of every kind find likely, and their tables."""
    cells = history.table(known, combos)
    few = rng.choice(len(log_prior), SCOUTS, replace=False)
    score = sum(np.log(np.maximum(like[j][few] @ cells[i], predictive.LEAST))
                for i, j in enumerate(which))
    log_w = TEMPER * score + log_prior[few, None] + _log_prior_of(combos, known.rho)
    best = np.exp((log_w - log_w.max(axis=1, keepdims=True))[score.max(axis=1).argsort()[-8:]])
    keep = (best / best.sum(axis=1, keepdims=True)).max(axis=0) > LEFT_OUT
    return [combo for combo, kept in zip(combos, keep, strict=True) if kept], cells[:, :, keep]


def _laws(pairs, times, known, bank):
    """Laws of the bank that matter, and the moved ones, with the logarithm of their prior."""
    like = predictive.log_likelihood(bank, *pairs, times)
    near = known.prior * np.exp(EXPLORE * (like - like.max()))
    near /= near.sum()
    index, drawn = np.unique(predictive.choose(near, N_BANK), return_counts=True)
    laws = np.vstack([bank.laws[index], known.moved]).astype(float)
    taken = np.log(known.prior[index] / near[index] * drawn / N_BANK)
    return laws, np.append(taken, np.full(len(known.moved), -np.log(len(known.moved))))


def _rates(laws):
    """t = log(p / (1 - p)) of every law at the normal scores, shape (n_laws, n_z)."""
    below, u = np.cumsum(laws, axis=1)[:, :-1], ndtr(Z)
    rise = 1e-12 * np.arange(grid.EDGES.size)
    t = np.stack([np.interp(u, row + rise, grid.EDGES) for row in below])
    return np.where(u < laws[:, :1], -np.inf, t)


def _kernel(t, pairs):
    """Likelihood of each distinct count at those rates, shape (n_counts, n_laws, n_z)."""
    log_p, log_q = -np.logaddexp(0, -t), -np.logaddexp(0, t)
    out = np.empty((pairs.shape[1], *t.shape), np.float32)
    for j, (n, c) in enumerate(pairs.T):
        peak = sum(v * np.log(v / n) for v in (c, n - c) if v)
        with np.errstate(over="ignore"):
            out[j] = np.exp((c * log_p if c else 0) + ((n - c) * log_q if n > c else 0) - peak)
    return out


def _log_prior_of(combos, rho):
    """Of each (direction, rho): rho near the correlation between the other models."""
    r = np.array([r for _, r in combos])
    alike = np.array([1.0 if not v else np.sum(r == v) for v in r])
    far = np.arctanh(r) - np.arctanh(rho)
    return -0.5 * (far / SPREAD) ** 2 - np.log(alike)


def _coverage(n, c, t, like, cells, by_problem, which, k, question, index, rng):
    """Draws at one k: posterior loss of each problem under each (law, direction, rho)."""
    log_q = -np.logaddexp(0, t)
    total, square = (np.zeros(by_problem[0].shape) for _ in range(2))
    fail = {m: np.exp(m * log_q).astype(np.float32) for m in {k, *np.maximum(n[c == 0], k)}}
    for i, j in enumerate(which):
        known = np.maximum(by_problem[i], predictive.LEAST)
        if question != "these":
            loss = (like[j] * fail[k]) @ cells[i] / known
            spread = np.maximum((like[j] * fail[k] ** 2) @ cells[i] / known - loss**2, 0)
        elif c[i] == 0:
            loss = np.minimum(fail[max(k, n[i])] @ cells[i] / known, 1)
            spread = loss * (1 - loss)
        else:
            continue
        total, square = total + loss, square + spread
    mean, spread = 1 - total.ravel()[index] / n.size, np.sqrt(square.ravel()[index]) / n.size
    noise = ndtri(rng.permutation((np.arange(index.size) + 0.5) / index.size))
    least = (c > 0).mean() if question == "these" else 0
    return np.clip(mean + spread * noise, least, 1)
