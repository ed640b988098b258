"""From counts to draws of coverage: likelihood of every law, weights, loss of what is unsolved."""
from __future__ import annotations

import numpy as np
from scipy.special import ndtri
from scipy.stats import binom

from . import grid
from .bank import Bank
from .designs import Evidence

CHUNK = 512  # counts handled at once
DRAWS = 2000
LEAST = 1e-37
QUESTIONS = {
    "these": "these problems as sampling goes on; solved stays solved",
    "fresh": "k new samples of each of these problems, averaged over draws",
    "new set": "as many other problems of the same kind, k samples each",
}


def log_likelihood(bank: Bank, n: np.ndarray, c: np.ndarray, times: np.ndarray) -> np.ndarray:
    """sum over counts of times * log E[p^c (1 - p)^(n - c)], for every law, up to a constant.

    Parameters
    ----------
    bank : Bank
    n, c : ndarray of int, shape (n_counts,)
    times : ndarray, shape (n_counts,) or (n_sets, n_counts)
        Problems with each count; several sets share one pass over the bank.

    Returns
    -------
    ndarray, shape (n_laws,) or (n_laws, n_sets)
    """
    total = np.zeros((len(bank.laws), *np.shape(times)[:-1]))
    for i in range(0, len(n), CHUNK):
        part = slice(i, i + CHUNK)
        rows = grid.kernel(n[part], c[part]).astype(np.float32)
        likely = np.maximum(bank.laws @ rows.T, LEAST)  # single precision: logs summed in double
        total += np.log(likely) @ np.asarray(times, float)[..., part].T
    return total


def weights(bank: Bank, log_like: np.ndarray, prior: np.ndarray | None = None) -> np.ndarray:
    """Weight of each law: within a group as the likelihood says, between groups equal.

    With a prior over laws (from other models) there are no groups: prior times likelihood.
    """
    if prior is not None:
        w = prior * np.exp(log_like - log_like.max())
        return w / w.sum()
    top = np.full(len(bank.names), -np.inf)
    np.maximum.at(top, bank.group, log_like)
    w = np.exp(log_like - top[bank.group])
    return w / (np.bincount(bank.group, w)[bank.group] * len(bank.names))


def choose(w: np.ndarray, n_draws: int = DRAWS) -> np.ndarray:
    """Systematic draws of laws: index of the law at evenly spaced places of the summed weights."""
    places = (np.arange(n_draws) + 0.5) / n_draws
    return np.minimum(np.searchsorted(np.cumsum(w), places * w.sum()), len(w) - 1)


def moments(laws: np.ndarray, evidence: Evidence, k: float, question: str):
    """Mean coverage at k under each law, and its spread for the luck of these problems.

    Parameters
    ----------
    laws : ndarray, shape (n_laws, n_nodes)
    evidence : Evidence
    k : int
    question : str
        "these", "fresh" or "new set".

    Returns
    -------
    mean, spread : ndarray, shape (n_laws,)
        For "these" the spread is that of a binomial number of newly solved problems.
    """
    lost = grid.fail(k).astype(laws.dtype)
    if question == "new set":
        mean = np.clip(1 - laws @ lost, 0, 1)
        return mean, np.sqrt(mean * (1 - mean) / evidence.n_problems)
    total, square = np.zeros(len(laws)), np.zeros(len(laws))
    n, c, times = _open(evidence, k) if question == "these" else _all(evidence)
    for i in range(0, len(n), CHUNK):
        part = slice(i, i + CHUNK)
        rows = grid.kernel(n[part], c[part]).astype(laws.dtype)
        likely = np.maximum(laws @ rows.T, LEAST)
        if question == "these":
            gone = np.stack([grid.fail(max(k, m)) for m in n[part]]).astype(laws.dtype)
            loss = np.minimum(laws @ gone.T / likely, 1)
            spread = loss * (1 - loss)
        else:
            loss = laws @ (rows * lost).T / likely
            spread = np.maximum(laws @ (rows * lost**2).T / likely - loss**2, 0)
        total += loss @ times[part]
        square += spread @ times[part]
    n_problems = evidence.n_problems
    return 1 - total / n_problems, np.sqrt(square) / n_problems


def _open(evidence, k):
    """Counts of unsolved problems: under "these" no other can change."""
    pick = evidence.c == 0
    return evidence.n[pick], evidence.c[pick], evidence.times[pick]


def _all(evidence):
    return evidence.n, evidence.c, evidence.times


def draws(mean, spread, evidence: Evidence, question: str, places: np.ndarray) -> np.ndarray:
    """One coverage per draw of a law: the luck of the problems added, within what is possible.

    The number of problems solved is binomial where samples go on or problems are new; the average
    over draws of fresh samples is normal. `places` are quantiles of that luck, the same at every k:
    then a draw never falls as k grows.
    """
    size = evidence.n_problems
    if question == "fresh":
        return np.clip(mean + spread * ndtri(places), 0, 1)
    known = evidence.n_solved if question == "these" else 0
    left = size - known
    if left == 0:
        return np.ones(len(mean))
    rate = np.clip((mean * size - known) / left, 0, 1)
    return (known + binom.ppf(places, left, rate)) / size


def luck(n_draws: int, rng: np.random.Generator) -> np.ndarray:
    """Evenly spaced quantiles in random order, one per draw."""
    return rng.permutation((np.arange(n_draws) + 0.5) / n_draws)


def shares(bank: Bank, index: np.ndarray, mean: np.ndarray, spread: np.ndarray) -> dict:
    """Shares of the variance: choice of law, success rates that cannot be seen, luck.

    Between groups of laws, within groups, and within a law.
    """
    group = bank.group[index]
    size = np.bincount(group, minlength=len(bank.names))
    centre = np.bincount(group, mean, minlength=len(size)) / np.maximum(size, 1)
    parts = {
        "choice of law": float(np.average((centre - mean.mean()) ** 2, weights=size)),
        "unseen success rates": float(np.mean((mean - centre[group]) ** 2)),
        "luck of the problems": float(np.mean(spread**2)),
    }
    total = sum(parts.values())
    return {name: part / total if total else 0.0 for name, part in parts.items()}
