"""Accuracy of a majority vote between two answers: Condorcet's jury theorem."""
import numpy as np
from scipy.special import betainc, betaincinv

from ._record import Law, Limit, Symbol
from ._symbols import ACCURACY, VOTES


def majority_vote(k, p):
    """Accuracy v(k) = I_p((k + 1) / 2, (k + 1) / 2), regularised incomplete Beta function."""
    m = (k + 1) / 2
    return betainc(m, m, p)


def guess(k, v):
    """Median over the points of the p that gives each of them."""
    m = (k + 1) / 2
    return {"p": float(np.median(betaincinv(m, m, np.clip(v, 1e-6, 1 - 1e-6))))}


EXAMPLE = {"p": 0.58}

LAW = Law(
    key="majority_vote",
    title="Majority vote between two answers",
    tex=r"v(k) = I_p\left(\tfrac{k+1}{2}, \tfrac{k+1}{2}\right)",
    f=majority_vote,
    inputs=(VOTES,),
    output=ACCURACY,
    params=(Symbol("p", "p", "chance that one vote is correct", "1", (0, 1)),),
    guess=guess,
    example=EXAMPLE,
    domain={"k": (1, 100)},
    limits=(
        Limit("$v(1) = p$", lambda f: np.isclose(f(1.0, **EXAMPLE), 0.58)),
        Limit("$v(3) = p^3 + 3 p^2 (1 - p)$",
              lambda f: np.isclose(f(3.0, **EXAMPLE), 0.58**3 + 3 * 0.58**2 * 0.42)),
        Limit("$p = 1/2$: voting does not help", lambda f: np.isclose(f(99.0, p=0.5), 0.5)),
        Limit(
            r"$v \to 1$ for $p > 1/2$ and $v \to 0$ for $p < 1/2$ as $k \to \infty$",
            lambda f: np.isclose(f(1e4, p=0.6), 1) and np.isclose(f(1e4, p=0.4), 0, atol=1e-9),
        ),
    ),
    references=("wu2024inference",),
    chapter="majority_vote",
)
