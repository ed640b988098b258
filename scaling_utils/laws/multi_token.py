"""Cost of a prompt and an answer: a price per token, and one per token that is looked back on."""
import numpy as np
from scipy.optimize import nnls

from ._record import Law, Limit, Symbol


def multi_token(n_p, T, c_p, c_d, c_a):
    """Cost C = c_p n_p + c_d T + c_a S (S + 1) / 2 with S = n_p + T."""
    S = n_p + T
    return c_p * n_p + c_d * T + c_a * S * (S + 1) / 2


def guess(n_p, T, C):
    """Non-negative least squares of relative residuals; the law is linear in its prices."""
    S = n_p + T
    columns = np.stack([n_p, T, S * (S + 1) / 2], axis=1)
    prices, _ = nnls(columns / C[:, None], np.ones(C.size))
    return dict(zip(("c_p", "c_d", "c_a"), np.maximum(prices, 1e-6 * prices.max()), strict=True))


EXAMPLE = {"c_p": 13.0, "c_d": 13.0, "c_a": 5e-4}

LAW = Law(
    key="multi_token",
    title="Cost of a sequence",
    tex=r"C(n_p, T) = c_p\,n_p + c_d\,T + c_a\,\frac{S (S + 1)}{2}, \quad S = n_p + T",
    f=multi_token,
    inputs=(
        Symbol("n_p", "n_p", "tokens of the prompt", "tokens", (0, np.inf)),
        Symbol("T", "T", "tokens of the answer", "tokens", (0, np.inf)),
    ),
    output=Symbol("C", "C", "cost of prompt and answer", "GFLOPs", (0, np.inf)),
    params=(
        Symbol("c_p", "c_p", "cost of reading a token", "GFLOPs", (0, np.inf), log=True),
        Symbol("c_d", "c_d", "cost of decoding a token", "GFLOPs", (0, np.inf), log=True),
        Symbol("c_a", "c_a", "cost of attention to one token", "GFLOPs", (0, np.inf), log=True),
    ),
    guess=guess,
    example=EXAMPLE,
    domain={"n_p": (20, 2e4), "T": (20, 2e4)},
    limits=(
        Limit("one token without a prompt attends to itself: $C = c_d + c_a$",
              lambda f: np.isclose(f(0.0, 1.0, **EXAMPLE), 13 + 5e-4)),
        Limit(r"$T \to 0$: the prompt alone, $c_p n_p + c_a n_p (n_p + 1) / 2$",
              lambda f: np.isclose(f(100.0, 0.0, **EXAMPLE), 1300 + 5e-4 * 5050)),
        Limit("short answers cost $c_d$ per token",
              lambda f: np.isclose(f(0.0, 20.0, **EXAMPLE) / 20, 13, rtol=1e-3)),
        Limit("very long answers cost $c_a T^2 / 2$",
              lambda f: np.isclose(f(0.0, 1e12, **EXAMPLE), 5e-4 * 1e24 / 2)),
        Limit(r"a further token costs $c_d + c_a (S + 1)$",
              lambda f: np.isclose(f(3.0, 5.0, **EXAMPLE) - f(3.0, 4.0, **EXAMPLE),
                                   13 + 5e-4 * 8)),
    ),
    references=("kaplan2020scaling", "brown2024monkeys"),
    chapter="multi_token",
)
