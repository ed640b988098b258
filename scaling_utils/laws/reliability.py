"""Share of tasks in which all of k attempts succeed, when failure rates follow a Beta law."""
import numpy as np
from scipy.special import gammaln

from ._forms import BETA_EXAMPLE, BetaGuess, beta_loss
from ._record import Law, Limit, Symbol
from ._symbols import ALPHA, BETA, K

RELIABILITY = Symbol("r", "r", "reliability: expected share of tasks with k successes in k", "1",
                     (0, 1))  # fmt: skip
EXAMPLE = BETA_EXAMPLE


def reliability(k, alpha, beta):
    """r(k) = E[q^k] = B(alpha, beta + k) / B(alpha, beta) of q = 1 - p, p ~ Beta(alpha, beta)."""
    return beta_loss(k, beta, alpha)


LAW = Law(
    key="reliability",
    title="Reliability: all of k attempts succeed",
    tex=r"r(k) = \mathbb{E}\left[q^{k}\right]"
        r" = \frac{\mathrm{B}(\alpha, \beta + k)}{\mathrm{B}(\alpha, \beta)}",
    f=reliability,
    inputs=(K,),
    output=RELIABILITY,
    params=(ALPHA, BETA),
    guess=BetaGuess(reliability),
    example=EXAMPLE,
    domain={"k": (1, 1e4)},
    limits=(
        Limit(
            r"$r(1) = \beta / (\alpha + \beta)$, the mean success rate",
            lambda f: np.isclose(f(1.0, **EXAMPLE), 0.35 / 5.35),
        ),
        Limit(
            r"$r(k + 1) / r(k) = (\beta + k) / (\alpha + \beta + k)$",
            lambda f: np.isclose(f(8.0, **EXAMPLE) / f(7.0, **EXAMPLE), 7.35 / 12.35),
        ),
        Limit(
            r"$r \to \frac{\Gamma(\alpha + \beta)}{\Gamma(\beta)} k^{-\alpha}$, $k \gg \beta$",
            lambda f: np.isclose(f(1e7, **EXAMPLE) * 1e7**5.0,
                                 np.exp(gammaln(5.35) - gammaln(0.35)), rtol=1e-5),
        ),
        Limit(
            r"$\alpha \to 0$: every task that is solved is solved always, $r \to 1$",
            lambda f: np.isclose(f(1e4, alpha=1e-9, beta=0.35), 1, rtol=1e-7),
        ),
    ),
    references=("yao2024taubench",),
    chapter="reliability",
)
