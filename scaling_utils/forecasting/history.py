"""Other models on the same problems: their laws weigh the bank, their order helps the rest."""
from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import ndtr, ndtri

from . import designs, grid, predictive
from .bank import Bank

TEMPER, SHARE = 0.2, 0.7  # how far a law follows other models, and how much of the prior does
STEPS = 0.2
Z = np.arange(-20, 21) * STEPS  # normal scores of difficulty
CUTS = np.concatenate([[-np.inf], (Z[1:] + Z[:-1]) / 2, [np.inf]])
RHO = np.array([0.0, 0.3, 0.5, 0.65, 0.8, 0.9, 0.96])
SPREAD = 0.6  # of the prior of rho, in artanh
STRAY = 0.05  # share of problems for which the other models say nothing
SMOOTH = 5.0  # cells, of a law read off another model
MOVES = dict(power=0.6, shift=0.7, atom=1.0)  # scales of Student's t with 3 degrees
MOST_POWER = (-1.8, 1.8)  # logarithm


@dataclass(frozen=True)
class History:
    """What other models say: weights of the bank, their own laws moved, and scores of problems."""

    prior: np.ndarray  # (n_laws,)
    own: np.ndarray  # (n_models, n_nodes) laws read off the other models
    moved: np.ndarray  # (n_moved, n_nodes) the same, moved
    score: np.ndarray  # (n_directions, n_problems) posterior mean of the score, 0 if unknown
    doubt: np.ndarray  # (n_directions, n_problems) its variance
    rho: float  # correlation between the models


def read(pairs, bank: Bank, n_moved: int, rng: np.random.Generator) -> History:
    """History from counts of other models on the same problems in the same order.

    Parameters
    ----------
    pairs : sequence of (n_samples, n_correct), each shape (n_problems,)
    bank : Bank
    n_moved : int
        Laws made from the models' own.
    rng : numpy.random.Generator

    Returns
    -------
    History
    """
    laws = [_cached(pair, bank)[1] for pair in pairs]
    score, doubt, rho = _directions(pairs, laws)
    per = -(-n_moved // len(laws))
    moved = np.vstack([_moved(law, per, rng) for law in laws])
    return History(prior(pairs, bank), np.array(laws), moved, score, doubt, rho)


def prior(pairs, bank: Bank) -> np.ndarray:
    """Weight of each law: 0.7 mean over models of likelihood^0.2, and 0.3 the bank's own.

    The models may have other problems than the target.
    """
    follow = np.mean([_soft(TEMPER * _cached(pair, bank)[0]) for pair in pairs], axis=0)
    return SHARE * follow + (1 - SHARE) * bank.prior


def _cached(pair, bank):
    """What a model's counts say of laws, kept by the counts alone: their order says nothing."""
    n, c = (np.asarray(v, np.int64) for v in pair)
    order = np.lexsort((c, n))
    return _own_law(n[order].tobytes(), c[order].tobytes(), bank)


@lru_cache(maxsize=64)
def _own_law(n, c, bank):
    """Log-likelihood of the bank, and its mean law after one step of EM, smoothed."""
    n, c = np.frombuffer(n, np.int64), np.frombuffer(c, np.int64)
    (dn, dc), times = np.unique(np.stack([n, c]), axis=1, return_counts=True)
    like = predictive.log_likelihood(bank, dn, dc, times)
    law = (_soft(like) @ bank.laws).astype(float)
    rows = grid.kernel(dn, dc)
    law *= (times / (rows @ law)) @ rows / times.sum()
    x = np.arange(-3 * SMOOTH, 3 * SMOOTH + 1)
    kernel = np.exp(-0.5 * (x / SMOOTH) ** 2)
    law[1:-1] = np.convolve(law[1:-1], kernel / kernel.sum(), "same")
    return like, law / law.sum()


def _scores(n, c, law):
    """Mean and variance of each problem's normal score: its place in the law, by its count.

    A count of zero leaves a low mean and a wide spread.
    """
    post = grid.kernel(n, c) * law
    post /= post.sum(axis=1, keepdims=True)
    edges = ndtri(np.clip(np.concatenate([[0], np.cumsum(law)]), 1e-9, 1 - 1e-9))
    height = np.exp(-0.5 * edges**2) / np.sqrt(2 * np.pi)
    wide = np.diff(edges) > 1e-4
    mass = np.where(wide, np.maximum(law, 1e-300), 1)
    middle = (edges[1:] + edges[:-1]) / 2
    first = np.where(wide, (height[:-1] - height[1:]) / mass, middle)
    second = np.where(wide, 1 + (edges[:-1] * height[:-1] - edges[1:] * height[1:]) / mass,
                      middle**2)
    mean = post @ np.clip(first, -6, 6)
    return mean, np.clip(post @ np.maximum(second, first**2) - mean**2, 1e-4, 0.98)


def _directions(pairs, laws):
    """Each model alone, and the common factor of all: one factor with equal loadings."""
    both = [_scores(n, c, law) for (n, c), law in zip(pairs, laws, strict=True)]
    mean, var = (np.array(v) for v in zip(*both, strict=True))
    if len(pairs) == 1:
        return mean, var, 0.7
    norm = mean / np.sqrt((mean**2).sum(axis=1, keepdims=True))
    cross = (norm @ norm.T)[np.triu_indices(len(pairs), 1)]
    rho = float(np.clip((cross.mean() * len(pairs) + 0.5) / (len(pairs) + 1), 0.2, 0.95))
    noise = var / (1 - var)  # of an observation that leaves this posterior
    precision = 1 / ((1 - rho) / rho + noise / rho)
    total = 1 + precision.sum(axis=0)
    factor = (precision * mean / (1 - var) / np.sqrt(rho)).sum(axis=0) / total
    return np.vstack([mean, factor]), np.vstack([var, 1 / total]), rho


def _moved(law, size, rng):
    """The law of p^b, shifted in t, with another mass at p = 0, by heavy-tailed amounts.

    A power is what a chain of steps does to a success rate when each step changes alike.
    """
    power, shift, atom = (MOVES[name] * rng.standard_t(3, size)[:, None] for name in MOVES)
    below, zero = np.cumsum(law)[:-1], np.clip(law[0], 0.01, 0.99)
    body = (below - law[0]) / (1 - law[0])
    log_p = -np.logaddexp(0, shift - grid.EDGES) / np.exp(np.clip(power, *MOST_POWER))
    curve = np.interp(log_p - np.log(-np.expm1(np.minimum(log_p, -1e-12))), grid.EDGES, body,
                      left=0, right=1)
    mass = 1 / (1 + (1 - zero) / zero * np.exp(-np.clip(atom, -8, 8)))
    return grid.cells(mass + (1 - mass) * curve).astype(np.float32)


def _soft(x):
    """Exponentials that sum to one."""
    e = np.exp(x - x.max())
    return e / e.sum()


def align(samples, history) -> list:
    """Counts of the other models, in the order of the target's problems.

    Parameters
    ----------
    samples : Samples or pair
        Without names of problems the order is taken to be the same.
    history : sequence of Samples or pairs

    Returns
    -------
    list of (n_samples, n_correct)

    Raises
    ------
    ValueError
        If there is no model, or one lacks a named problem of the target.
    """
    if not len(history):
        raise ValueError("history is empty: give the samples of at least one other model")
    names = getattr(samples, "problem", None)
    out = []
    for i, other in enumerate(history):
        n, c = designs.arrays(other)
        theirs = getattr(other, "problem", None)
        if names is not None and theirs is not None:
            place = {name: j for j, name in enumerate(theirs)}
            lost = [name for name in names if name not in place]
            if lost:
                raise ValueError(f"history[{i}] has no problem {lost[0]!r}: give models on the "
                                 "same problems")
            order = [place[name] for name in names]
            n, c = n[order], c[order]
        out.append((n, c))
    return out


def table(history: History, combos) -> np.ndarray:
    """Probability of each score cell for each problem, shape (n_problems, n_z, n_combos).

    A combo is (direction, rho): z ~ (1 - stray) N(rho x, 1 - rho^2 + rho^2 v) + stray N(0, 1).
    """
    wide = np.diff(ndtr(CUTS))
    out = np.empty((history.score.shape[1], Z.size, len(combos)), np.float32)
    for j, (i, rho) in enumerate(combos):
        spread = np.sqrt(1 - rho**2 + rho**2 * history.doubt[i])[:, None]
        cells = np.diff(ndtr((CUTS - rho * history.score[i][:, None]) / spread), axis=1)
        out[:, :, j] = (1 - STRAY) * cells + STRAY * wide
    return out
