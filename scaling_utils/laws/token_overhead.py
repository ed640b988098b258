"""Training tokens that a model smaller than the compute-optimal one needs for the same loss."""
import numpy as np

from ._record import Law, Limit, Symbol


def token_overhead(m, alpha, beta):
    """Ratio of training tokens r(m) = [1 - (beta/alpha) (m^alpha - 1)]^(-1/beta); inf if none."""
    left = 1 - beta / alpha * (m**alpha - 1)
    with np.errstate(divide="ignore"):  # beyond the largest m no amount of data suffices
        return np.maximum(left, 0.0) ** (-1 / beta)


def guess(m, r):
    """Best pair on a grid."""
    x = np.linspace(0.1, 0.8, 15)
    alpha, beta = (v.ravel()[:, None] for v in np.meshgrid(x, x))
    best = np.argmin(np.sum((1 / token_overhead(m, alpha, beta) - 1 / r) ** 2, axis=1))
    return {"alpha": float(alpha[best, 0]), "beta": float(beta[best, 0])}


EXAMPLE = {"alpha": 0.3478, "beta": 0.3658}

LAW = Law(
    key="token_overhead",
    title="Training tokens of a smaller model",
    tex=r"r(m) = \left[1 - \frac{\beta}{\alpha}\left(m^{\alpha} - 1\right)\right]^{-1/\beta}",
    f=token_overhead,
    inputs=(Symbol("m", "m", "how many times smaller than the compute-optimal model", "1",
                   (1, np.inf)),),
    output=Symbol("r", "r", "how many times the training tokens, for the same loss", "1",
                  (1, np.inf)),
    params=(
        Symbol("alpha", r"\alpha", "exponent of size", "1", (0, np.inf), log=True),
        Symbol("beta", r"\beta", "exponent of data", "1", (0, np.inf), log=True),
    ),
    guess=guess,
    example=EXAMPLE,
    domain={"m": (1.05, 4)},
    limits=(
        Limit("the compute-optimal model itself: $r(1) = 1$", lambda f: f(1.0, **EXAMPLE) == 1),
        Limit("near it $r = m$: the training compute is flat at its least",
              lambda f: np.isclose(f(1 + 1e-6, **EXAMPLE), 1 + 1e-6, rtol=1e-11)),
        Limit(r"no amount of data suffices from $m = (1 + \alpha/\beta)^{1/\alpha}$ on",
              lambda f: f(1.001 * (1 + 0.3478 / 0.3658) ** (1 / 0.3478), **EXAMPLE) == np.inf
              and f(0.999 * (1 + 0.3478 / 0.3658) ** (1 / 0.3478), **EXAMPLE) < np.inf),
        Limit(r"$\alpha = \beta$: $m^{\beta} + r^{-\beta} = 2$",
              lambda f: np.isclose(3**0.4 + f(3.0, alpha=0.4, beta=0.4) ** -0.4, 2)),
    ),
    references=(),
    chapter="training_laws",
)
