"""Coverage when the failure probability of a problem follows a Beta distribution."""
import numpy as np
from scipy.special import gammaln
from scipy.stats import beta as beta_distribution

from ..numerics.special import log_gamma_ratio
from ._beta_binomial import degenerate, derivatives, log_pmf
from ._record import Difficulty, Law, Limit, Symbol

ALPHA = Symbol(
    "alpha", r"\alpha", "weight of failures: the power law sets in at $k$ of its size", "1",
    (0, np.inf), log=True,
)
BETA = Symbol(
    "beta", r"\beta", "weight of successes: exponent for many samples", "1", (0, np.inf), log=True
)
K = Symbol("k", "k", "samples per problem", "samples", (1, np.inf))
COVERAGE = Symbol("c", "c", "coverage: expected share of problems solved", "1", (0, 1))


def log_failure(k, alpha, beta):
    """log E[p^k] of p ~ Beta(alpha, beta)."""
    return log_gamma_ratio(alpha, beta) - log_gamma_ratio(alpha + k, beta)


def beta_failure(k, alpha, beta):
    """Coverage c(k) = 1 - B(alpha + k, beta) / B(alpha, beta)."""
    return -np.expm1(log_failure(k, alpha, beta))


def density(q, alpha, beta):
    """Density of the success rate q = 1 - p."""
    return beta_distribution.pdf(q, beta, alpha)


def starts(n_samples, n_correct):
    """Method of moments, and two starts around it."""
    q = n_correct / n_samples
    m, n = np.clip(q.mean(), 1e-6, 1 - 1e-6), np.mean(n_samples)
    rho = np.clip((q.var() / (m * (1 - m)) - 1 / n) / max(1 - 1 / n, 1e-9), 1e-3, 0.98)
    return tuple(
        {"alpha": (1 - m) * t * size, "beta": m * t * size}
        for t in [1 / rho - 1] for size in (1.0, 0.3, 3.0)
    )


def grid_guess(f, **fixed):
    """Guess for curves: best of a grid in alpha and beta by least squares."""
    def guess(k, y):
        alpha, beta = np.meshgrid(np.geomspace(0.02, 500, 19), np.geomspace(0.02, 3, 12))
        shapes = {"alpha": alpha.reshape(-1, 1), "beta": beta.reshape(-1, 1)}
        best = np.argmin(np.sum((f(k, **shapes, **fixed) - y) ** 2, axis=1))
        return {name: float(v[best, 0]) for name, v in shapes.items()} | fixed

    return guess


EXAMPLE = {"alpha": 5.0, "beta": 0.35}

LAW = Law(
    key="beta_failure",
    title="Beta-distributed failure probabilities",
    tex=r"c(k) = 1 - \frac{\mathrm{B}(\alpha + k, \beta)}{\mathrm{B}(\alpha, \beta)}",
    f=beta_failure,
    inputs=(K,),
    output=COVERAGE,
    params=(ALPHA, BETA),
    guess=grid_guess(beta_failure),
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
    difficulty=Difficulty(log_pmf, density, starts, derivatives, degenerate),
)
