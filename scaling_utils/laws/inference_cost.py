"""Inference loss at a total cost, when the prompt is paid once and each trial costs the same."""
import numpy as np

from ._forms import BETA_EXAMPLE, BetaGuess, beta_loss
from ._record import Law, Limit, Symbol
from ._symbols import ALPHA, BETA, LOSS


def inference_cost(C, C_p, C_d, alpha, beta):
    """Inference loss B(alpha + k, beta) / B(alpha, beta) at k = (C - C_p) / C_d trials."""
    k = np.maximum((C - C_p) / C_d, 0)  # a budget below the prompt buys nothing
    return beta_loss(k, alpha, beta)


def guess(C, C_p, C_d, y):
    """The guess of the inference loss; budgets without a trial say nothing."""
    k = (C - C_p) / C_d
    return BetaGuess(beta_loss)(k[k > 0], y[k > 0])


EXAMPLE = BETA_EXAMPLE

LAW = Law(
    key="inference_cost",
    title="Inference loss at a total cost",
    tex=(
        r"L(C) = \frac{\mathrm{B}(\alpha + k, \beta)}{\mathrm{B}(\alpha, \beta)}, \quad "
        r"k = \frac{C - C_p}{C_d}"
    ),
    f=inference_cost,
    inputs=(
        Symbol("C", "C", "total cost of a problem", "FLOPs", (0, np.inf)),
        Symbol("C_p", "C_p", "cost of reading the prompt, once", "FLOPs", (0, np.inf)),
        Symbol("C_d", "C_d", "cost of decoding one trial", "FLOPs", (0, np.inf)),
    ),
    output=LOSS,
    params=(ALPHA, BETA),
    guess=guess,
    example=EXAMPLE,
    domain={"C": (3e13, 1e17), "C_p": (1e12, 1e13), "C_d": (1e12, 1e13)},
    limits=(
        Limit(
            r"$C = C_p + C_d$, one trial: $L = \alpha / (\alpha + \beta)$",
            lambda f: np.isclose(f(7.0, 2.0, 5.0, **EXAMPLE), 5 / 5.35),
        ),
        Limit(
            r"$C \le C_p$ buys nothing: $L = 1$",
            lambda f: f(3.0, 3.0, 2.0, **EXAMPLE) == f(1.0, 3.0, 2.0, **EXAMPLE) == 1,
        ),
        Limit(
            r"only ratios count: $L$ is the same in any unit of cost",
            lambda f: np.isclose(f(90.0, 2.0, 5.0, **EXAMPLE), f(9e3, 2e2, 5e2, **EXAMPLE)),
        ),
        Limit(
            r"$L \to \frac{\Gamma(\alpha + \beta)}{\Gamma(\alpha)} "
            r"\left(\frac{C - C_p}{C_d}\right)^{-\beta}$ for many trials",
            lambda f: np.isclose(f(2e7 + 3, 3.0, 2.0, **EXAMPLE),
                                 beta_loss(1e7, **EXAMPLE))
            and np.isclose(f(4e7, 3.0, 2.0, **EXAMPLE) / f(2e7, 3.0, 2.0, **EXAMPLE), 2**-0.35),
        ),
    ),
    references=("levi2024simple", "brown2024monkeys"),
    chapter="inference_cost",
)
