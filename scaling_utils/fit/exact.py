"""Exact intervals where every problem is solved by all of its samples or by none."""
from __future__ import annotations

import numpy as np
from scipy.special import betaincinv

from .objective import Counts


def share_interval(counts: Counts, k, level: float) -> np.ndarray:
    """Clopper-Pearson interval of the share solved, from the problems with k samples at least.

    One-sided, at the whole level, if no problem is solved or all are; shape (2,) + shape(k).

    Examples
    --------
    >>> from scaling_utils.fit.objective import distinct
    >>> share_interval(distinct(10, [0] * 20), 5, 0.95).round(4).tolist()  # 1 - 0.05^(1/20)
    [0.0, 0.1391]
    """
    k = np.asarray(k, float)
    enough = counts.n >= k[..., None]
    size, solved = enough @ counts.times, enough @ (counts.times * (counts.c > 0))
    one_sided = (solved == 0) | (solved == size)
    tail = np.where(one_sided, 1 - level, (1 - level) / 2)
    low = np.where(solved == 0, 0.0, betaincinv(np.maximum(solved, 1), size - solved + 1, tail))
    high = np.where(solved == size, 1.0,
                    betaincinv(solved + 1, np.maximum(size - solved, 1), 1 - tail))
    return np.stack([low, high])
