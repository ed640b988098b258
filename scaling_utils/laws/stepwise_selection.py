"""Share of the weight on sound solutions when every step is weighed, with or without a search.

An identity of weights that multiply along a path: plain samples counted with the product of their
step weights have it, and so has a search that continues very many prefixes in proportion to them.
"""
import numpy as np

from ._record import Law, Limit, Symbol


def stepwise_selection(D, s, r):
    """Share q(D) = 1 / (1 + (1 - s) / s sum over j < D of (r s)^(-j))."""
    decay = np.asarray(r * s, float)
    near = np.abs(decay - 1) < 1e-9  # then the sum has D equal terms
    rate = np.log(np.where(near, 2.0, decay))
    terms = np.where(near, D, np.expm1(-D * rate) / np.expm1(-rate))
    return 1 / (1 + (1 - s) / s * terms)


def guess(D, q):
    """Best of a grid in s and r by least squares."""
    s, r = np.meshgrid(np.linspace(0.02, 0.98, 49), np.geomspace(0.05, 50, 49))
    s, r = s.reshape(-1, 1), r.reshape(-1, 1)
    best = np.argmin(np.sum((stepwise_selection(D, s, r) - q) ** 2, axis=1))
    return {"s": float(s[best, 0]), "r": float(r[best, 0])}


EXAMPLE = {"s": 0.8, "r": 2.0}

LAW = Law(
    key="stepwise_selection",
    title="Sound share when every step is weighed",
    tex=r"q(D) = \Bigl[1 + \frac{1 - s}{s} \sum_{j=0}^{D-1} (r s)^{-j}\Bigr]^{-1}",
    f=stepwise_selection,
    inputs=(Symbol("D", "D", "steps of a solution", "steps", (1, np.inf)),),
    output=Symbol("q", "q", "share of the weight of finished solutions on sound ones", "1", (0, 1)),
    params=(
        Symbol("s", "s", "chance that the next step of a sound prefix is sound", "1", (0, 1)),
        Symbol("r", "r", "mean weight of a sound prefix over that of a broken one", "1",
               (0, np.inf), log=True),
    ),
    guess=guess,
    example=EXAMPLE,
    domain={"D": (1, 30)},
    limits=(
        Limit("$q(1) = s$: the last step is not weighed",
              lambda f: np.isclose(f(1.0, **EXAMPLE), 0.8)),
        Limit("$r = 1$, equal weights: $s^{D}$",
              lambda f: np.isclose(f(7.0, s=0.8, r=1.0), 0.8**7)),
        Limit(
            r"$r s > 1$, $D \to \infty$: $(r s - 1) / (r - 1)$ is kept",
            lambda f: np.isclose(f(1e4, **EXAMPLE), 0.6),
        ),
        Limit(
            r"$r s < 1$: falls by the factor $r s$ per step in the end",
            lambda f: np.isclose(f(401.0, s=0.6, r=1.5) / f(400.0, s=0.6, r=1.5), 0.9),
        ),
        Limit("$r s = 1$: $s / (s + (1 - s) D)$",
              lambda f: np.isclose(f(6.0, s=0.5, r=2.0), 1 / 7)),
        Limit(r"$r \to \infty$: only the last step can fail, $s$",
              lambda f: np.isclose(f(9.0, s=0.8, r=1e30), 0.8)),
    ),
    references=("wu2024inference", "eigen1971selforganization", "puri2025probabilistic"),
    chapter="tree_search",
)
