"""Coverage with a share of impossible problems beside a Beta distribution."""
import numpy as np

from . import beta_failure as beta_law
from ._record import Difficulty, Law, Limit, Symbol

PI0 = Symbol("pi0", r"\pi_0", "share of problems that are never solved", "1", (0, 1))


def zero_inflated_beta(k, alpha, beta, pi0):
    """Coverage c(k) = (1 - pi0) (1 - B(alpha + k, beta) / B(alpha, beta))."""
    return (1 - pi0) * beta_law.beta_failure(k, alpha, beta)


def log_pmf(n_samples, n_correct, alpha, beta, pi0):
    """Log-likelihood of n_correct successes: impossible with pi0, else beta-binomial."""
    with np.errstate(divide="ignore"):  # pi0 = 0 or 1
        possible = np.log1p(-pi0) + beta_law.log_pmf(n_samples, n_correct, alpha, beta)
        return np.where(n_correct == 0, np.logaddexp(np.log(pi0), possible), possible)


def derivatives(n, c, log_alpha, log_beta, pi0):
    """log_pmf up to a constant, gradient (a, b, p) and Hessian (aa, ab, bb, pa, pb, pp)."""
    base, (g_a, g_b), (h_aa, h_ab, h_bb) = beta_law.derivatives(n, c, log_alpha, log_beta)
    left = np.maximum(1 - pi0, 1e-100)
    possible = np.log(left) + base
    with np.errstate(divide="ignore"):  # pi0 = 0
        value = np.where(c == 0, np.logaddexp(np.log(pi0), possible), possible)
    ratio = np.where(c == 0, np.exp(np.minimum(-value, 600)), 0.0)  # 1 / chance of no success
    r = np.exp(possible - value)  # chance that an unsolved problem is possible
    e, u = r / left, np.where(c == 0, -np.expm1(base) * ratio, -1 / left)
    spread, cross = r * (1 - r), np.where(c == 0, -e - r * u, 0.0)
    hessian = (r * h_aa + spread * g_a**2, r * h_ab + spread * g_a * g_b,
               r * h_bb + spread * g_b**2, cross * g_a, cross * g_b, -u**2)
    return value, (r * g_a, r * g_b, u), hessian


def density(q, alpha, beta, pi0):
    """Density of the success rate where it is positive; the mass pi0 sits at zero."""
    return (1 - pi0) * beta_law.density(q, alpha, beta)


def starts(n_samples, n_correct):
    """Plain Beta start, and half or most of the unsolved problems impossible."""
    unsolved = np.mean(n_correct == 0)
    solvable = n_correct > 0
    first = beta_law.starts(n_samples, n_correct)[0] | {"pi0": 0.01}
    if unsolved in (0, 1):
        return (first,)
    rest = beta_law.starts(n_samples[solvable], n_correct[solvable])[0]
    return (first, *(rest | {"pi0": share * unsolved} for share in (0.5, 0.9)))


def degenerate(n_samples, n_correct):
    """Limits of the plain Beta law; the share of impossible problems is then not determined."""
    limit = beta_law.degenerate(n_samples, n_correct)
    return limit and (limit[0] | {"pi0": np.nan}, limit[1] | {"pi0": 0.0})


EXAMPLE = {"alpha": 5.0, "beta": 0.35, "pi0": 0.4}

LAW = Law(
    key="zero_inflated_beta",
    title="Beta failures with impossible problems",
    tex=(
        r"c(k) = (1 - \pi_0)\left[1 - "
        r"\frac{\mathrm{B}(\alpha + k, \beta)}{\mathrm{B}(\alpha, \beta)}\right]"
    ),
    f=zero_inflated_beta,
    inputs=(beta_law.K,),
    output=beta_law.COVERAGE,
    params=(beta_law.ALPHA, beta_law.BETA, PI0),
    guess=beta_law.grid_guess(zero_inflated_beta, pi0=0.1),
    example=EXAMPLE,
    domain={"k": (1, 1e6)},
    limits=(
        Limit(
            r"$c \to 1 - \pi_0$, the ceiling, as $k \to \infty$",
            lambda f: np.isclose(f(1e60, **EXAMPLE), 0.6),
        ),
        Limit(
            r"$c(1) = (1 - \pi_0)\,\beta / (\alpha + \beta)$",
            lambda f: np.isclose(f(1.0, **EXAMPLE), 0.6 * 0.35 / 5.35),
        ),
        Limit(
            r"$\pi_0 = 0$ is the plain Beta law",
            lambda f: f(30.0, alpha=5.0, beta=0.35, pi0=0.0)
            == beta_law.beta_failure(30.0, 5.0, 0.35),
        ),
    ),
    references=("levi2024simple",),
    chapter="difficulty_mixture",
    difficulty=Difficulty(log_pmf, density, starts, derivatives, degenerate),
)
