"""Trials that a target inference loss takes, by the shifted power law of Beta failures."""
import numpy as np
from scipy.special import gammaln

from ..numerics.special import log_gamma_ratio
from ._forms import BETA_EXAMPLE, BetaGuess, beta_loss
from ._record import Law, Limit, Symbol
from ._symbols import ALPHA, BETA, LOSS


def shift(alpha, beta):
    """Offset of the number of trials, alpha + (beta - 1) / 2."""
    return alpha + (beta - 1) / 2


def trials_for_loss(L, alpha, beta):
    """Trials k = (Gamma(alpha + beta) / (Gamma(alpha) L))^(1 / beta) - alpha - (beta - 1) / 2."""
    with np.errstate(over="ignore"):  # more trials than a float can count are inf
        return np.exp((log_gamma_ratio(alpha, beta) - np.log(L)) / beta) - shift(alpha, beta)


def guess(L, k):
    """The guess of the loss at these trials; those below one are left out."""
    far = k >= 1
    return BetaGuess(beta_loss)(k[far], L[far]) if far.sum() > 1 else BETA_EXAMPLE


EXAMPLE = BETA_EXAMPLE

LAW = Law(
    key="trials_for_loss",
    title="Trials for a target loss",
    tex=r"k(L) \simeq \left[\frac{\Gamma(\alpha + \beta)}{\Gamma(\alpha)\,L}\right]^{1/\beta}"
    r" - \alpha - \frac{\beta - 1}{2}",
    f=trials_for_loss,
    inputs=(LOSS,),
    output=Symbol("k", "k", "trials per problem", "samples", (0, np.inf)),
    params=(ALPHA, BETA),
    guess=guess,
    example=EXAMPLE,
    domain={"L": (0.05, 0.9)},
    limits=(
        Limit(
            r"inverse of the inference loss, to a relative $O(k^{-2})$",
            lambda f: np.isclose(f(beta_loss(1e3, **EXAMPLE), **EXAMPLE), 1e3,
                                 rtol=1e-7),
        ),
        Limit(
            r"$L \to 0$: half the loss takes $2^{1/\beta}$ times the trials",
            lambda f: np.isclose(f(1e-6, **EXAMPLE) / f(2e-6, **EXAMPLE), 2 ** (1 / 0.35)),
        ),
        Limit(
            r"$\beta = 1$: $k = \alpha / L - \alpha$, exactly",
            lambda f: np.isclose(f(0.01, alpha=5.0, beta=1.0), 495.0),
        ),
        Limit(
            r"the amplitude is $\Gamma(\alpha + \beta) / \Gamma(\alpha)$",
            lambda f: np.isclose((f(0.1, **EXAMPLE) + 5 - 0.325) ** 0.35 * 0.1,
                                 np.exp(gammaln(5.35) - gammaln(5.0))),
        ),
    ),
    references=("levi2024simple",),
    chapter="inference_loss",
)
