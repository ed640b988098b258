"""At least a share of k samples correct: between coverage and reliability."""
from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import hypergeom

from .. import _check
from ..data.samples import Samples
from ._given import counts_and_k
from .coverage import _spread


def g_pass_at_k(n_samples: ArrayLike | Samples, n_correct: ArrayLike | None = None,
                k: ArrayLike | None = None, *, tau: float) -> np.ndarray:
    """sum_(j >= tau k) C(c, j) C(n - c, k - j) / C(n, k): chance that a share tau of k is correct.

    Parameters
    ----------
    n_samples, n_correct, k
        As in `log_fail_at_k`.
    tau : float
        Share of the k samples, from 0 to 1, that must be correct; at least one must.

    Returns
    -------
    ndarray, shape broadcast(n_samples, n_correct) + shape(k)
        `pass_at_k` for tau = 0, `all_at_k` for tau = 1.

    Raises
    ------
    ValueError
        As in `log_fail_at_k`, or if tau is outside 0 to 1.

    Notes
    -----
    G-Pass@k of Liu et al. (2024); unbiased. A product tau k within 1e-9 of a whole number is one.

    Examples
    --------
    >>> round(float(g_pass_at_k(4, 3, 2, tau=1)), 12)  # three pairs of six
    0.5
    """
    n, c, k = counts_and_k("g_pass_at_k", n_samples, n_correct, k)
    tau = _check.between("tau", tau, 0, 1)
    return _spread(partial(_at_least, tau), n, c, k)


def _at_least(tau, n, c, k):
    """Upper tail of the hypergeometric distribution for columns n and c and a row k."""
    need = np.maximum(1, np.ceil(tau * k - 1e-9))
    return hypergeom.sf(need - 1, n, c, k)
