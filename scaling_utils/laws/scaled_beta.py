"""Coverage when success rates are a Beta distribution scaled to a largest rate."""
import numpy as np
from scipy.special import betainc, betaln
from scipy.stats import beta as beta_distribution

from ..numerics import quadrature
from . import _beta_binomial
from ._forms import BetaGuess, beta_coverage
from ._record import Difficulty, Law, Limit, Symbol
from ._symbols import ALPHA, BETA, COVERAGE, K

S = Symbol("s", "s", "largest success rate", "1", (0, 1))


def rates(alpha, beta, s):
    """q = s x with x ~ Beta(beta, alpha), for the quadrature."""
    norm = betaln(beta, alpha)
    return quadrature.Rates(
        log_weight=lambda log_x, log_rest: beta * log_x + alpha * log_rest - norm,
        rate=alpha,
        below=lambda x: betainc(beta, alpha, x),
        s=s,
        sharpness=alpha + beta,
    )


def scaled_beta(k, alpha, beta, s):
    """Coverage c(k) = 1 - E[(1 - s x)^k], x ~ Beta(beta, alpha)."""
    return quadrature.over_parameters(quadrature.coverage, rates, (k,), (alpha, beta, s))


def log_pmf(n_samples, n_correct, alpha, beta, s):
    """Log-likelihood of n_correct successes at rate s x, x ~ Beta(beta, alpha)."""
    return quadrature.over_parameters(
        quadrature.log_pmf, rates, (n_samples, n_correct), (alpha, beta, s)
    )


def density(q, alpha, beta, s):
    """Density of the success rate q = s x."""
    return beta_distribution.pdf(q / s, beta, alpha) / s


def starts(n_samples, n_correct):
    """No scale, and scales a little and well above the largest observed rate."""
    top = np.max(n_correct / n_samples)
    scales = [s for s in (0.98, 1.3 * top, 1.02 * top) if 0 < s < 0.99]
    return tuple(
        _beta_binomial.starts(n_samples, np.minimum(n_correct / s, n_samples))[0] | {"s": s}
        for s in scales
    )


EXAMPLE = {"alpha": 3.5, "beta": 0.3, "s": 0.4}

LAW = Law(
    key="scaled_beta",
    title="Scaled Beta success rates",
    tex=r"c(k) = 1 - {}_2F_1(-k, \beta;\, \alpha + \beta;\, s)",
    f=scaled_beta,
    inputs=(K,),
    output=COVERAGE,
    params=(ALPHA, BETA, S),
    guess=BetaGuess(scaled_beta, {"s": 0.7}),
    example=EXAMPLE,
    domain={"k": (1, 1e4)},
    limits=(
        Limit(
            r"$c(1) = s\,\beta / (\alpha + \beta)$",
            lambda f: np.isclose(f(1.0, **EXAMPLE), 0.4 * 0.3 / 3.8),
        ),
        Limit(
            r"$s = 1$ is the plain Beta law",
            lambda f: np.isclose(f(30.0, alpha=5.0, beta=0.35, s=1.0),
                                 beta_coverage(30.0, 5.0, 0.35), rtol=1e-9),
        ),
        Limit(
            r"small rates: only $s\,k$ matters",
            lambda f: np.isclose(f(100.0, alpha=3.0, beta=0.3, s=1e-4),
                                 f(1000.0, alpha=3.0, beta=0.3, s=1e-5), rtol=1e-3),
        ),
    ),
    references=("schaeffer2025monkeys", "kazdan2025efficient"),
    chapter="difficulty_mixture",
    difficulty=Difficulty(log_pmf, density, starts),
)
