"""Coverage when success rates follow Kumaraswamy's distribution."""
from functools import partial

import numpy as np
from scipy.special import gamma

from ..numerics import quadrature
from ._beta_binomial import edge, starts
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
        curvature=partial(curvature, alpha=alpha, beta=beta),
    )


def curvature(log_x, log_rest, alpha, beta):
    """Of the log density in t where it is not negligible: what panels must resolve."""
    rest, y, edge = np.exp(log_rest), np.exp(beta * log_x), -np.expm1(beta * log_x)
    ratio = beta * y * rest / edge
    bend = np.abs(ratio * (beta * rest / edge - np.exp(log_x)))
    return np.where(-alpha * np.log(edge) < 700, (alpha + 1) * bend, 0.0)


def log_weight(log_x, log_rest, a, b):
    """Log density in t, with derivatives in a = log alpha and b = log beta."""
    alpha, v = np.exp(a), np.exp(b) * log_x  # v = log x^beta
    y, edge = np.exp(v), -np.expm1(v)
    log_edge, slope = np.log(edge), -v * y / edge  # of log(1 - x^beta) in b
    bend = slope - y * (v / edge) ** 2
    value = a + b + v + log_rest + (alpha - 1) * log_edge
    return value, (1 + alpha * log_edge, 1 + v + (alpha - 1) * slope), (
        alpha * log_edge, alpha * slope, v + (alpha - 1) * bend)


def below(log_x, a, b):
    """Probability of less than x, 1 - (1 - x^beta)^alpha, with derivatives."""
    alpha, v = np.exp(a), np.exp(b) * log_x
    y, edge = np.exp(v), -np.expm1(v)
    log_edge, slope = np.log(edge), -v * y / edge
    rest, bend = np.exp(alpha * log_edge), slope - y * (v / edge) ** 2
    la, lb = alpha * log_edge, alpha * slope  # slopes of the logarithm of the rest
    return 1 - rest, (-rest * la, -rest * lb), (
        -rest * (la + la**2), -rest * (lb + la * lb), -rest * (alpha * bend + lb**2))


def derivatives(n, c, log_alpha, log_beta):
    """log_pmf up to a constant, gradient (a, b) and Hessian (aa, ab, bb)."""
    return quadrature.derivatives(n, c, FAMILY, log_alpha, log_beta)


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


FAMILY = quadrature.Family(rates, log_weight, below)
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
    difficulty=Difficulty(log_pmf, density, starts, derivatives, edge),
)
