"""Inference tokens that a smaller model may spend at equal total cost of training and use."""
import numpy as np

from ._record import Law, Limit, Symbol


def inference_exchange(R, m, r):
    """Inference tokens of the small model per token of the large, kappa(R) = m + 3 (m - r) / R."""
    return m + 3 * (m - r) / R


def guess(R, kappa):
    """Multiple of size from the largest volume, that of tokens from the smallest."""
    m, least = float(kappa[np.argmax(R)]), np.argmin(R)
    return {"m": m, "r": float(max(m - (kappa[least] - m) * R[least] / 3, 1e-3))}


EXAMPLE = {"m": 8.0, "r": 2.0}

LAW = Law(
    key="inference_exchange",
    title="Exchange of training for inference",
    tex=r"\kappa(R) = m + \frac{3\,(m - r)}{R}",
    f=inference_exchange,
    inputs=(Symbol("R", "R", "inference tokens of the large model per training token of it", "1",
                   (0, np.inf)),),
    output=Symbol("kappa", r"\kappa", "inference tokens of the small model per token of the large, "
                  "at equal total cost", "1", (0, np.inf)),
    params=(
        Symbol("m", "m", "how many times smaller the small model is", "1", (0, np.inf)),
        Symbol("r", "r", "training tokens of the small model per token of the large", "1",
               (0, np.inf)),
    ),
    guess=guess,
    example=EXAMPLE,
    domain={"R": (0.1, 30)},
    limits=(
        Limit(r"$R \to \infty$, training forgotten: $m$ tokens for one",
              lambda f: np.isclose(f(1e12, **EXAMPLE), 8)),
        Limit("equal cost of training, $r = m$: the same at any volume",
              lambda f: f(0.3, m=8.0, r=8.0) == 8),
        Limit(r"equal cost at equal use, $\kappa = 1$: $R = 3 (r - m) / (m - 1)$",
              lambda f: np.isclose(f(3 * (9 - 2) / (2 - 1), m=2.0, r=9.0), 1)),
        Limit("as much inference as training, $R = 3$: $2 m - r$",
              lambda f: f(3.0, **EXAMPLE) == 2 * 8 - 2),
    ),
    references=("snell2024scaling",),
    chapter="training_laws",
)
