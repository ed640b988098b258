"""Success rates on a grid: cells of t = log(p / (1 - p)), and a node at each end, p = 0 and p = 1.

A law of difficulty is a row of probabilities over the nodes; every average is one product.
"""
from __future__ import annotations

import numpy as np
from scipy.special import expit, xlogy

STEP = 0.1
EDGES = np.arange(-230, 91) * STEP  # 1e-10 to 0.9999
MIDDLE = (EDGES[1:] + EDGES[:-1]) / 2
P = np.concatenate([[0.0], expit(MIDDLE), [1.0]])
LOG_P = np.concatenate([[-np.inf], -np.logaddexp(0, -MIDDLE), [0.0]])
LOG_Q = np.concatenate([[0.0], -np.logaddexp(0, MIDDLE), [-np.inf]])  # of the failure rate
N_NODES = P.size


def cells(below: np.ndarray) -> np.ndarray:
    """Probabilities of the nodes from the distribution function at the edges.

    Parameters
    ----------
    below : ndarray, shape (n_laws, n_edges)
        P(t < edge) of each law.

    Returns
    -------
    ndarray, shape (n_laws, n_nodes)
        Rows that sum to one; what lies beyond the edges sits at p = 0 and p = 1.

    Examples
    --------
    >>> cells(np.full((1, EDGES.size), 0.25))[0, [0, 1, -1]].tolist()
    [0.25, 0.0, 0.75]
    """
    return np.hstack([below[:, :1], np.diff(below, axis=1), 1 - below[:, -1:]])


def kernel(n_samples: np.ndarray, n_correct: np.ndarray) -> np.ndarray:
    """p^c (1 - p)^(n - c) at the nodes, over its largest value.

    It is the likelihood of a count under every design that stops for what was seen: a rule for
    stopping is a factor without p.

    Parameters
    ----------
    n_samples, n_correct : ndarray of int, shape (n_counts,)

    Returns
    -------
    ndarray, shape (n_counts, n_nodes)

    Examples
    --------
    >>> kernel(np.array([3]), np.array([0]))[0, [0, -1]].tolist()
    [1.0, 0.0]
    """
    n, c = (np.asarray(v, float)[:, None] for v in (n_samples, n_correct))
    peak = xlogy(c, c / n) + xlogy(n - c, 1 - c / n)
    return np.exp(times(c, LOG_P) + times(n - c, LOG_Q) - peak)


def fail(k: float) -> np.ndarray:
    """(1 - p)^k at the nodes, shape (n_nodes,).

    Examples
    --------
    >>> fail(10)[[0, -1]].tolist()
    [1.0, 0.0]
    """
    return np.exp(times(float(k), LOG_Q))


def times(count, log):
    """count * log, and 0 where the count is 0."""
    with np.errstate(invalid="ignore"):
        return np.where(np.asarray(count) > 0, count * log, 0.0)
