"""Coverage when the failure probability of a problem follows a Beta distribution."""
import numpy as np
from scipy.special import gammaln

from ._beta_binomial import density, derivatives, edge, log_pmf, starts
from ._forms import BETA_EXAMPLE, BetaGuess, beta_coverage
from ._record import Difficulty, Law, Limit
from ._symbols import ALPHA, BETA, COVERAGE, K


def beta_failure(k, alpha, beta):
    """Coverage c(k) = 1 - B(alpha + k, beta) / B(alpha, beta)."""
    return beta_coverage(k, alpha, beta)


EXAMPLE = BETA_EXAMPLE

LAW = Law(
    key="beta_failure",
    title="Beta-distributed failure probabilities",
    tex=r"c(k) = 1 - \frac{\mathrm{B}(\alpha + k, \beta)}{\mathrm{B}(\alpha, \beta)}",
    f=beta_failure,
    inputs=(K,),
    output=COVERAGE,
    params=(ALPHA, BETA),
    guess=BetaGuess(beta_failure),
    example=EXAMPLE,
    domain={"k": (1, 1e4)},
    limits=(
        Limit(
            r"$c(1) = \beta / (\alpha + \beta)$, the mean success rate",
            lambda f: np.isclose(f(1.0, **EXAMPLE), 0.35 / 5.35),
        ),
        Limit(
            r"$1 - c \to \frac{\Gamma(\alpha + \beta)}{\Gamma(\alpha)} k^{-\beta}$, $k \gg \alpha$",
            lambda f: np.isclose((1 - f(1e7, **EXAMPLE)) * 1e7**0.35,
                                 np.exp(gammaln(5.35) - gammaln(5.0)), rtol=1e-6),
        ),
        Limit(
            r"$\beta = 1$: $1 - c = \alpha / (\alpha + k)$",
            lambda f: np.isclose(1 - f(20.0, alpha=5.0, beta=1.0), 0.2),
        ),
    ),
    references=("levi2024simple", "schaeffer2025monkeys", "kazdan2025efficient"),
    chapter="beta_failure",
    difficulty=Difficulty(log_pmf, density, starts, derivatives, edge),
)
