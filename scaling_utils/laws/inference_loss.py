"""Share of problems still unsolved after k trials, when failures follow a Beta distribution."""
import numpy as np
from scipy.special import gammaln

from ._combine import complement
from ._forms import BETA_EXAMPLE, beta_loss
from ._record import Limit
from .beta_failure import LAW as BETA_FAILURE


def inference_loss(k, alpha, beta):
    """Inference loss L(k) = E[p^k] = B(alpha + k, beta) / B(alpha, beta)."""
    return beta_loss(k, alpha, beta)


EXAMPLE = BETA_EXAMPLE

LAW = complement(
    BETA_FAILURE,
    inference_loss,
    key="inference_loss",
    title="Inference loss",
    tex=(
        r"L(k) = \mathbb{E}\left[p^{k}\right] = \frac{\Gamma(\alpha + \beta)\,"
        r"\Gamma(\alpha + k)}{\Gamma(\alpha)\,\Gamma(\alpha + \beta + k)}"
    ),
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
