"""Coverage when success rates are a Beta distribution scaled to a largest rate."""
import numpy as np
from scipy.special import betainc, betaln
from scipy.stats import beta as beta_distribution

from ..numerics import quadrature
from ..numerics.special import log_gamma_family
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


def log_weight(log_x, log_rest, a, b):
    """Log density of x in t, with derivatives in a = log alpha and b = log beta."""
    alpha, beta = np.exp(a), np.exp(b)
    (_, at_a, bend_a), (_, at_b, bend_b), (_, at_both, both) = (
        log_gamma_family(shape, large=False) for shape in (alpha, beta, alpha + beta))
    value = beta * log_x + alpha * log_rest - betaln(beta, alpha)
    g_a, g_b = alpha * (log_rest - at_a + at_both), beta * (log_x - at_b + at_both)
    return value, (g_a, g_b), (g_a + alpha**2 * (both - bend_a), alpha * beta * both + 0 * g_a,
                               g_b + beta**2 * (both - bend_b))


def below(log_x, a, b):
    """Probability of less than a small x, x^beta / (beta B(beta, alpha)), with derivatives."""
    value, (g_a, g_b), (h_aa, h_ab, h_bb) = log_weight(log_x, 0.0, a, b)
    p, g_b = np.exp(value - b), g_b - 1
    return p, (p * g_a, p * g_b), (p * (h_aa + g_a**2), p * (h_ab + g_a * g_b),
                                   p * (h_bb + g_b**2))


def derivatives(n, c, log_alpha, log_beta, s):
    """log_pmf up to a constant, gradient (a, b, s) and Hessian (aa, ab, bb, sa, sb, ss)."""
    return quadrature.derivatives(n, c, FAMILY, log_alpha, log_beta, s)


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


def edge(n_samples, n_correct, times):
    """Limits of the plain Beta law; the scale is then not determined."""
    found = _beta_binomial.edge(n_samples, n_correct, times)
    return found and found.open("s")


FAMILY = quadrature.Family(rates, log_weight, below)
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
    difficulty=Difficulty(log_pmf, density, starts, derivatives, edge,
                          contains={"beta_failure": {"s": 1.0}}),
)
