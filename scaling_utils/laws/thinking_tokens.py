"""Accuracy against the tokens of an answer: the odds of being right are a power of the tokens."""
import numpy as np

from ._record import Law, Limit, Symbol


def thinking_tokens(T, T_h, b):
    """Accuracy P(T) = 1 / [1 + (T_h / T)^b]."""
    return 1 / (1 + (T_h / T) ** b)


def guess(T, P):
    """Straight line through log odds and log tokens."""
    P = np.clip(P, 0.01, 0.99)
    if np.unique(T).size < 2:
        return {"T_h": float(np.mean(T * (1 - P) / P)), "b": 1.0}
    b, level = np.polyfit(np.log(T), np.log(P / (1 - P)), 1)
    b = float(max(b, 0.05))
    return {"T_h": float(np.exp(np.clip(-level / b, -20, 20))), "b": b}


EXAMPLE = {"T_h": 5300.0, "b": 1.2}

LAW = Law(
    key="thinking_tokens",
    title="Odds law of longer answers",
    tex=r"P(T) = \frac{1}{1 + (T_h / T)^{b}}",
    f=thinking_tokens,
    inputs=(Symbol("T", "T", "tokens of the answer, mean over questions", "tokens", (0, np.inf)),),
    output=Symbol("P", "P", "accuracy", "1", (0, 1)),
    params=(
        Symbol("T_h", "T_h", "tokens at which half of the questions are answered", "tokens",
               (0, np.inf), log=True),
        Symbol("b", "b", "exponent of the odds", "1", (0, np.inf), log=True),
    ),
    guess=guess,
    example=EXAMPLE,
    domain={"T": (500, 20_000)},
    limits=(
        Limit("half of the questions at $T = T_h$",
              lambda f: f(5300.0, **EXAMPLE) == 0.5),
        Limit(r"short answers: $P \to (T / T_h)^b$",
              lambda f: np.isclose(f(5.3e-3, **EXAMPLE), 1e-6**1.2)),
        Limit(r"long answers: $1 - P \to (T / T_h)^{-b}$",
              lambda f: np.isclose(1 - f(5.3e7, **EXAMPLE), 1e-4**1.2, rtol=1e-4)),
        Limit("twice the tokens multiply the odds by $2^b$",
              lambda f: np.isclose(f(800.0, **EXAMPLE) / (1 - f(800.0, **EXAMPLE)),
                                   2**1.2 * f(400.0, **EXAMPLE) / (1 - f(400.0, **EXAMPLE)))),
    ),
    references=(),
    chapter="multi_token",
)
