"""Share of problems that unlimited weighted votes get right, for Beta-distributed difficulty."""
import numpy as np
from scipy.special import betainc, betaincinv

from ._record import Law, Limit, Symbol
from ._symbols import ALPHA, BETA


def weighted_vote(r, alpha, beta):
    """Limit v(r) = I_x(alpha, beta) at x = r / (1 + r), the largest failure rate still right."""
    return betainc(alpha, beta, r / (1 + r))


def guess(r, v):
    """Best of a grid in alpha and beta by least squares."""
    alpha, beta = np.meshgrid(np.geomspace(0.05, 50, 25), np.geomspace(0.05, 50, 25))
    shapes = {"alpha": alpha.reshape(-1, 1), "beta": beta.reshape(-1, 1)}
    best = np.argmin(np.sum((weighted_vote(r, **shapes) - v) ** 2, axis=1))
    return {name: float(v[best, 0]) for name, v in shapes.items()}


def ratio_for(v, alpha, beta):
    """The ratio r that reaches a limit v: inverse of `weighted_vote`."""
    x = betaincinv(alpha, beta, v)
    return x / (1 - x)


EXAMPLE = {"alpha": 1.3, "beta": 0.7}

LAW = Law(
    key="weighted_vote",
    title="Limit of a weighted vote",
    tex=r"v_\infty(r) = I_{r / (1 + r)}(\alpha, \beta)",
    f=weighted_vote,
    inputs=(
        Symbol("r", "r", "mean weight of a correct sample over that of a wrong one", "1",
               (0, np.inf)),
    ),
    output=Symbol("v", r"v_\infty",
                  "share of problems that unlimited weighted votes answer correctly", "1", (0, 1)),
    params=(ALPHA, BETA),
    guess=guess,
    example=EXAMPLE,
    domain={"r": (0.1, 100)},
    limits=(
        Limit("$r = 1$, $\\alpha = \\beta$: a coin", lambda f: np.isclose(f(1.0, 0.4, 0.4), 0.5)),
        Limit(
            "$\\beta = 1$: $\\left[r / (1 + r)\\right]^{\\alpha}$",
            lambda f: np.isclose(f(3.0, alpha=2.0, beta=1.0), 0.75**2),
        ),
        Limit(
            "$\\alpha = 1$: $1 - (1 + r)^{-\\beta}$",
            lambda f: np.isclose(f(3.0, alpha=1.0, beta=2.0), 1 - 1 / 16),
        ),
        Limit("$r \\to \\infty$, a scorer that knows: all problems",
              lambda f: np.isclose(f(1e40, **EXAMPLE), 1)),
        Limit("$r \\to 0$: none", lambda f: np.isclose(f(1e-40, **EXAMPLE), 0)),
        Limit(
            r"$\alpha \leftrightarrow \beta$ and $r \to 1/r$: the complement",
            lambda f: np.isclose(f(4.0, 1.3, 0.7) + f(0.25, 0.7, 1.3), 1),
        ),
    ),
    references=("wu2024inference",),
    chapter="weighted_vote",
)
