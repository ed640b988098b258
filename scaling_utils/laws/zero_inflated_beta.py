"""Coverage with a share of impossible problems beside a Beta distribution."""
import numpy as np

from ._combine import with_ceiling
from ._forms import BetaGuess, beta_coverage
from ._record import Limit
from .beta_failure import LAW as BETA_FAILURE


def zero_inflated_beta(k, alpha, beta, pi0):
    """Coverage c(k) = (1 - pi0) (1 - B(alpha + k, beta) / B(alpha, beta))."""
    return (1 - pi0) * beta_coverage(k, alpha, beta)


EXAMPLE = {"alpha": 5.0, "beta": 0.35, "pi0": 0.4}

LAW = with_ceiling(
    BETA_FAILURE,
    key="zero_inflated_beta",
    title="Beta failures with impossible problems",
    tex=(
        r"c(k) = (1 - \pi_0)\left[1 - "
        r"\frac{\mathrm{B}(\alpha + k, \beta)}{\mathrm{B}(\alpha, \beta)}\right]"
    ),
    f=zero_inflated_beta,
    guess=BetaGuess(zero_inflated_beta, {"pi0": 0.1}),
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
            == beta_coverage(30.0, 5.0, 0.35),
        ),
    ),
    references=("levi2024simple",),
    chapter="difficulty_mixture",
)
