"""Coverage when success rates follow Kumaraswamy's distribution."""
import numpy as np
from scipy.special import gamma

from ..numerics import quadrature
from ._beta_binomial import starts
from ._forms import BetaGuess
from ._record import Difficulty, Law, Limit
from ._symbols import ALPHA, BETA, COVERAGE, K


def rates(alpha, beta):
    """q with distribution function 1 - (1 - q^beta)^alpha, for the quadrature."""
    return quadrature.Rates(
        log_weight=lambda log_x, log_rest: (
            np.log(alpha * beta) + beta * log_x + log_rest
            + (alpha - 1) * np.log(-np.expm1(beta * log_x))  # log x keeps its digits near x = 1
        ),
        rate=alpha,
        below=lambda x: -np.expm1(alpha * np.log1p(-(x**beta))),
        sharpness=alpha + beta,
    )


def kumaraswamy(k, alpha, beta):
    """Coverage c(k) = 1 - E[(1 - q)^k], P(q < x) = 1 - (1 - x^beta)^alpha."""
    return quadrature.over_parameters(quadrature.coverage, rates, (k,), (alpha, beta))


def log_pmf(n_samples, n_correct, alpha, beta):
    """Log-likelihood of n_correct successes at a Kumaraswamy-distributed rate."""
    return quadrature.over_parameters(
        quadrature.log_pmf, rates, (n_samples, n_correct), (alpha, beta)
    )


def density(q, alpha, beta):
    """Density of the success rate q."""
    return alpha * beta * q ** (beta - 1) * (1 - q**beta) ** (alpha - 1)


EXAMPLE = {"alpha": 2.0, "beta": 0.35}

LAW = Law(
    key="kumaraswamy",
    title="Kumaraswamy success rates",
    tex=(
        r"c(k) = 1 - \int_0^1 (1 - q)^{k}\,\alpha\beta\,"
        r"q^{\beta - 1}(1 - q^{\beta})^{\alpha - 1}\,dq"
    ),
    f=kumaraswamy,
    inputs=(K,),
    output=COVERAGE,
    params=(ALPHA, BETA),
    guess=BetaGuess(kumaraswamy),
    example=EXAMPLE,
    domain={"k": (1, 1e4)},
    limits=(
        Limit(
            r"$\alpha = 1$, the density $\beta q^{\beta-1}$: $c(1) = \beta / (1 + \beta)$",
            lambda f: np.isclose(f(1.0, alpha=1.0, beta=0.35), 0.35 / 1.35),
        ),
        Limit(
            r"$1 - c \to \alpha\,\beta\,\Gamma(\beta)\,k^{-\beta}$ as $k \to \infty$",
            lambda f: np.isclose((1 - f(1e12, **EXAMPLE)) * 1e12**0.35,
                                 2 * 0.35 * gamma(0.35), rtol=1e-3),
        ),
        Limit(
            r"$\alpha = \beta = 1$, uniform rates: $c(k) = k / (k + 1)$",
            lambda f: np.isclose(f(9.0, alpha=1.0, beta=1.0), 0.9),
        ),
    ),
    references=("kumaraswamy1980generalized", "schaeffer2025monkeys"),
    chapter="difficulty_mixture",
    difficulty=Difficulty(log_pmf, density, starts),
)
