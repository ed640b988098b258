"""Share of problems still unsolved after k trials, when failures follow a Beta distribution."""
import numpy as np
from scipy.special import gammaln

from . import beta_failure as beta_law
from ._record import Law, Limit, Symbol

LOSS = Symbol("L", "L", "inference loss: expected share of problems unsolved", "1", (0, 1))


def inference_loss(k, alpha, beta):
    """Inference loss L(k) = E[p^k] = B(alpha + k, beta) / B(alpha, beta)."""
    return np.exp(beta_law.log_failure(k, alpha, beta))


def guess(k, y):
    """The guess of the coverage 1 - L."""
    return beta_law.LAW.guess(k, 1 - y)


EXAMPLE = beta_law.EXAMPLE

LAW = Law(
    key="inference_loss",
    title="Inference loss",
    tex=(
        r"L(k) = \mathbb{E}\left[p^{k}\right] = \frac{\Gamma(\alpha + \beta)\,"
        r"\Gamma(\alpha + k)}{\Gamma(\alpha)\,\Gamma(\alpha + \beta + k)}"
    ),
    f=inference_loss,
    inputs=(beta_law.K,),
    output=LOSS,
    params=(beta_law.ALPHA, beta_law.BETA),
    guess=guess,
    example=EXAMPLE,
    domain={"k": (1, 1e4)},
    limits=(
        Limit(
            r"$L(1) = \alpha / (\alpha + \beta)$, the mean failure probability",
            lambda f: np.isclose(f(1.0, **EXAMPLE), 5 / 5.35),
        ),
        Limit(
            r"$L(k + 1) / L(k) = (\alpha + k) / (\alpha + \beta + k)$",
            lambda f: np.isclose(f(8.0, **EXAMPLE) / f(7.0, **EXAMPLE), 12 / 12.35),
        ),
        Limit(
            r"$L \to \frac{\Gamma(\alpha + \beta)}{\Gamma(\alpha)} k^{-\beta}$, $k \gg \alpha$",
            lambda f: np.isclose(f(1e7, **EXAMPLE) * 1e7**0.35,
                                 np.exp(gammaln(5.35) - gammaln(5.0)), rtol=1e-6),
        ),
        Limit(
            r"$\beta \to 0$: trials do not help, $L \to 1$",
            lambda f: np.isclose(f(1e4, alpha=5.0, beta=1e-9), 1, rtol=1e-7),
        ),
    ),
    references=("levi2024simple",),
    chapter="inference_loss",
)
