"""What an estimator was given: `Samples`, or arrays."""
from __future__ import annotations

import numpy as np

from ..data.samples import Samples

Rng = int | np.random.Generator  # a seed, or a generator that is used on

STOPPED = ("{}: these samples were drawn until a first success, and to count subsets of them would "
           "put coverage too high; take solved_by(samples, k), or a fit, whose likelihood does "
           "not depend on when sampling stopped")
ADAPTED = ("{}: these samples were given to problems by earlier results, and to count subsets of "
           "them would be biased; take a fit, whose likelihood does not depend on that")


def counts_and_k(what, n_samples, n_correct, k):
    """(n_samples, n_correct, k) of a call with `Samples` and k, or with all three."""
    if not isinstance(n_samples, Samples):
        if k is None:
            raise TypeError(f"{what} takes n_samples, n_correct and k, or Samples and k")
        return n_samples, n_correct, k
    return *fixed(what, n_samples).counts(), only_k(what, n_correct, k)


def only_k(what, second, k):
    """The k of a call with `Samples`, second in order or by name."""
    if (second is None) == (k is None):
        raise TypeError(f"{what} takes Samples and k, and nothing else by position")
    return second if k is None else k


def fixed(what, samples):
    """The samples, or an error that says what to use if their number followed their results."""
    design = getattr(samples, "design", "fixed")
    if design != "fixed":
        refusal = STOPPED if design == "first_success" else ADAPTED
        raise ValueError(refusal.format(what))
    return samples
