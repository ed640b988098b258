"""A bank of laws of difficulty: thousands of rows on the grid, in groups that count alike."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import betainc, expit, ndtr
from scipy.stats import qmc

from . import grid

PER_GROUP = 2048  # laws of one group, a power of two for the Sobol sequence
T = grid.EDGES[None]


@dataclass(frozen=True, eq=False)
class Bank:
    """Laws of difficulty on the grid."""

    laws: np.ndarray  # (n_laws, n_nodes), rows sum to one
    group: np.ndarray  # (n_laws,), index into names
    names: tuple[str, ...]

    @property
    def prior(self) -> np.ndarray:
        """Weight of each law before any data: every group alike, every law of a group alike."""
        return 1 / (np.bincount(self.group)[self.group] * len(self.names))

    def only(self, names: tuple[str, ...]) -> Bank:
        """The groups of these names."""
        which = [self.names.index(name) for name in names]
        pick = np.isin(self.group, which)
        return Bank(self.laws[pick], np.searchsorted(np.sort(which), self.group[pick]),
                    tuple(self.names[i] for i in sorted(which)))


@dataclass(frozen=True)
class Family:
    """A family of laws: its distribution function in t from points of the unit cube."""

    below: Callable
    dimension: int


def _between(u, low, high):
    """Log-uniform from low to high."""
    return (low * (high / low) ** u)[:, None]


def _score(u, low, high):
    """(t - mu) / s with mu uniform from -14 to 4 and s log-uniform."""
    return (T + 14 - 18 * u[:, :1]) / _between(u[:, 1], low, high)


def _beta(u):
    return betainc(_between(u[:, 0], 0.03, 5), _between(u[:, 1], 0.05, 3000), expit(T))


def _kumaraswamy(u):
    power = np.exp(-_between(u[:, 0], 0.03, 5) * np.logaddexp(0, -T))
    with np.errstate(divide="ignore"):
        return -np.expm1(_between(u[:, 1], 0.05, 3000) * np.log1p(-power))


def _skew_logistic(u):
    return np.exp(-_between(u[:, 2], 0.1, 10) * np.logaddexp(0, -_score(u, 0.2, 6)))


def _largest(u):
    return np.exp(-np.exp(-np.clip(_score(u, 0.4, 8), -50, 50)))


def _smallest(u):
    return -np.expm1(-np.exp(np.clip(_score(u, 0.4, 8), -50, 50)))


def _two_humps(u):
    first, second = ndtr(_score(u[:, :2], 0.3, 6)), ndtr(_score(u[:, 2:4], 0.3, 6))
    return u[:, 4:] * first + (1 - u[:, 4:]) * second


def _three_humps(u):
    cuts = np.sort(u[:, 6:], axis=1)
    shares = np.diff(np.column_stack([0 * cuts[:, 0], cuts, 0 * cuts[:, 0] + 1]), axis=1)
    humps = [ndtr(_score(u[:, i : i + 2], 0.3, 5)) for i in (0, 2, 4)]
    return sum(share[:, None] * hump for share, hump in zip(shares.T, humps, strict=True))


FAMILIES = {
    "beta": Family(_beta, 2),
    "kumaraswamy": Family(_kumaraswamy, 2),
    "logit-normal": Family(lambda u: ndtr(_score(u, 0.4, 8)), 2),
    "skew logistic": Family(_skew_logistic, 3),
    "largest value": Family(_largest, 2),
    "smallest value": Family(_smallest, 2),
    "two humps": Family(_two_humps, 5),
    "three humps": Family(_three_humps, 8),
}


@lru_cache(maxsize=1)
def bank() -> Bank:
    """The bank: each family with and without a mass pi0 ~ U(0, 1) at p = 0, built once.

    Parameters of a group follow a scrambled Sobol sequence with its own fixed seed.

    Returns
    -------
    Bank

    Examples
    --------
    >>> b = bank()
    >>> b.laws.shape == (2048 * len(b.names), grid.N_NODES), bool(np.allclose(b.laws.sum(1), 1))
    (True, True)
    """
    names = [name + atom for name in FAMILIES for atom in ("", " + zeros")]
    laws = np.empty((len(names) * PER_GROUP, grid.N_NODES), np.float32)
    for i, name in enumerate(names):
        family = FAMILIES[name.removesuffix(" + zeros")]
        u = qmc.Sobol(family.dimension + 1, seed=i).random(PER_GROUP)
        rows = grid.cells(family.below(u[:, 1:]))
        if name.endswith("zeros"):
            rows *= 1 - u[:, :1]
            rows[:, 0] += u[:, 0]
        laws[i * PER_GROUP : (i + 1) * PER_GROUP] = rows
    laws.setflags(write=False)
    return Bank(laws, np.repeat(np.arange(len(names)), PER_GROUP), tuple(names))
