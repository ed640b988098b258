"""Accuracy of a majority vote over easy and hard problems."""
import numpy as np

from ._record import Law, Limit, Symbol
from ._symbols import ACCURACY, VOTES
from .majority_vote import majority_vote

STARTS = [(p1, p2) for p1 in (0.52, 0.56, 0.65, 0.8) for p2 in (0.2, 0.35, 0.44, 0.48)]


def vote_mixture(k, alpha, p1, p2):
    """Accuracy v(k) = alpha I_p1(m, m) + (1 - alpha) I_p2(m, m) with m = (k + 1) / 2."""
    return alpha * majority_vote(k, p1) + (1 - alpha) * majority_vote(k, p2)


def guess(k, v):
    """Best of a few pairs p1, p2, with alpha by linear least squares for each."""
    def share(p1, p2):
        easy, hard = majority_vote(k, p1), majority_vote(k, p2)
        alpha = np.clip((v - hard) @ (easy - hard) / np.sum((easy - hard) ** 2), 0.02, 0.98)
        return np.sum((v - hard - alpha * (easy - hard)) ** 2), float(alpha), p1, p2

    return dict(zip(("alpha", "p1", "p2"), min(share(*pair) for pair in STARTS)[1:], strict=True))


EXAMPLE = {"alpha": 0.54, "p1": 0.64, "p2": 0.42}

LAW = Law(
    key="vote_mixture",
    title="Majority vote over easy and hard problems",
    tex=r"v(k) = \alpha\,I_{p_1}\left(\tfrac{k+1}{2}, \tfrac{k+1}{2}\right) + "
        r"(1 - \alpha)\,I_{p_2}\left(\tfrac{k+1}{2}, \tfrac{k+1}{2}\right)",
    f=vote_mixture,
    inputs=(VOTES,),
    output=ACCURACY,
    params=(
        Symbol("alpha", r"\alpha", "share of easy problems", "1", (0, 1)),
        Symbol("p1", "p_1", "chance that one vote is correct, easy problems", "1", (0.5, 1)),
        Symbol("p2", "p_2", "chance that one vote is correct, hard problems", "1", (0, 0.5)),
    ),
    guess=guess,
    example=EXAMPLE,
    domain={"k": (1, 1000)},
    limits=(
        Limit(r"$v(1) = \alpha p_1 + (1 - \alpha) p_2$",
              lambda f: np.isclose(f(1.0, **EXAMPLE), 0.54 * 0.64 + 0.46 * 0.42)),
        Limit(r"$v \to \alpha$ as $k \to \infty$",
              lambda f: np.isclose(f(1e5, **EXAMPLE), 0.54)),
        Limit(r"$\alpha = 1$: the vote of the easy problems",
              lambda f: np.isclose(f(9.0, alpha=1.0, p1=0.7, p2=0.4), majority_vote(9.0, 0.7))),
        Limit(r"$\alpha = 0$: the vote of the hard problems",
              lambda f: np.isclose(f(9.0, alpha=0.0, p1=0.7, p2=0.4), majority_vote(9.0, 0.4))),
    ),
    references=("chen2024more",),
    chapter="majority_vote",
)
