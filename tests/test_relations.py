"""Relations between the laws: those about numbers hold for the functions of the laws on a grid."""
import re
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import trapezoid
from scipy.special import beta as beta_function
from scipy.special import expit, gamma

from scaling_utils import LAWS
from scaling_utils.report.relations import KINDS, ORDER, drawing, relations, table

ROOT = Path(__file__).parents[1]
K = np.unique(np.geomspace(1, 1e4, 25).round())
ODD = np.array([1, 3, 9, 31, 101, 301])
SHAPES = [(0.6, 0.35), (2.0, 0.8), (5.0, 0.35), (40.0, 1.7)]  # alpha, beta


def same(a, b, rtol=1e-9):
    np.testing.assert_allclose(a, b, rtol=rtol, atol=0)


def mixture(name):
    """Average of the exponential law over the law's density of rates, in t = logit q."""
    t = np.linspace(-110, 35, 14_501)[:, None]
    q = expit(t)
    for alpha, beta in SHAPES[1:]:
        weight = LAWS[name].difficulty.density(q, alpha, beta) * q * expit(-t)
        average = trapezoid(weight * LAWS["problem_exponential"](K, q=q), t, axis=0)
        same(LAWS[name](K, alpha=alpha, beta=beta), average, 1e-6)


def votes():
    for share, p1, p2 in ((0.54, 0.64, 0.42), (0.0, 0.9, 0.1), (0.2, 0.5, 0.5)):
        parts = [LAWS["majority_vote"](ODD, p=p) for p in (p1, p2)]
        mixed = LAWS["vote_mixture"](ODD, alpha=share, p1=p1, p2=p2)
        same(mixed, np.dot([share, 1 - share], parts))


def beta_at(name, **held):
    for alpha, beta in SHAPES:
        small = LAWS["beta_failure"](K, alpha=alpha, beta=beta)
        same(LAWS[name](K, alpha=alpha, beta=beta, **held), small, 1e-8)


def exponential_at(name, **held):
    for p in (0.2, 0.9, 0.999):
        same(LAWS[name](K, p=p, **held), LAWS["problem_exponential"](K, q=1 - p))


def best_of_n():
    for q in (0.001, 0.05, 0.9):
        same(LAWS["best_of_n"](K, q=q, f=0.0), LAWS["problem_exponential"](K, q=q))


def tail(name, amplitude, start):
    """The quotient of failure and tail law tends to one."""
    k = np.array([start, 1e3 * start])
    for alpha, beta in ((2.0, 0.35), (5.0, 0.5)):
        C = amplitude(alpha, beta)
        names = LAWS[name].names
        failure = 1 - LAWS[name](k, **dict(zip(names, (alpha, beta), strict=True)))
        off = np.abs(failure / LAWS["tail_power_law"](k, C=C, b=beta) - 1)
        assert off[1] < off[0] / 5 and off[1] < 2e-3


def small_rates():
    """The distance falls like 1 / alpha."""
    for kappa in (0.26, 1.5):
        off = []
        for alpha in (1e3, 1e5):
            k = alpha * np.geomspace(0.1, 100, 9)
            limit = LAWS["gamma_exponential"](k, k0=alpha, kappa=kappa)
            off.append(np.max(np.abs(limit - LAWS["beta_failure"](k, alpha=alpha, beta=kappa))))
        assert off[1] < 1e-5 and off[0] / off[1] == pytest.approx(100, rel=0.05)


def even_spread():
    """Problems spread evenly from the tie up: the error is the power law, to 1 / k."""
    p = (1 + (np.arange(40_000) + 0.5) / 40_000) / 2
    k = np.array([31, 301, 3001])
    error = np.array([1 - LAWS["majority_vote"](n, p=p).mean() for n in k])
    limit = LAWS["vote_saturation"](k, e_inf=0.0, A=1 / np.sqrt(2 * np.pi), b=0.5)
    assert np.all(np.abs(error / limit - 1) < 1 / k)


def trials():
    k = np.array([300.0, 3000.0])
    for alpha, beta in ((0.6, 0.35), (5.0, 0.35), (3.0, 0.8)):
        loss = LAWS["inference_loss"](k, alpha=alpha, beta=beta)
        off = np.abs(LAWS["trials_for_loss"](loss, alpha=alpha, beta=beta) / k - 1)
        assert off[0] < 1e-3 and off[0] / off[1] == pytest.approx(100, rel=0.2)


def price():
    for a, b, q in ((1.3, 0.4, 1.0), (4.1, 0.34, 0.02), (0.5, 1.1, 30.0)):
        c = LAWS["coverage_power_law"](K[:15], a=a, b=b)
        same(LAWS["cost_of_coverage"](c, q, a=a, b=b), q * K[:15], 1e-6)


def equal_loss():
    law, held = LAWS["training_loss"], dict(LAWS["training_loss"].example)
    m = np.linspace(1.05, 4, 7)
    r = LAWS["token_overhead"](m, alpha=held["alpha"], beta=held["beta"])
    for N in (1e8, 7e10):  # at 6 N D fixed both terms fall alike at the optimum
        size = held["alpha"] * held["A"] * N ** -held["alpha"]
        D = (held["beta"] * held["B"] / size) ** (1 / held["beta"])
        same(law(N / m, r * D, **held), np.full(7, law(N, D, **held)))


def complement():
    for alpha, beta in SHAPES:
        same(LAWS["inference_loss"](K, alpha=alpha, beta=beta),
             1 - LAWS["beta_failure"](K, alpha=alpha, beta=beta), 1e-8)


def cost():
    prices = [(1e12, 3e12), (0, 1), (5, 2), (1, 9)]
    for (alpha, beta), (C_p, C_d) in zip(SHAPES, prices, strict=True):
        same(LAWS["inference_cost"](C_p + K * C_d, C_p, C_d, alpha=alpha, beta=beta),
             LAWS["inference_loss"](K, alpha=alpha, beta=beta), 1e-8)


def mirror():
    for alpha, beta in ((5.0, 0.35), (0.6, 0.8), (0.3, 2.0)):
        same(LAWS["reliability"](K[:12], alpha=alpha, beta=beta),
             1 - LAWS["beta_failure"](K[:12], alpha=beta, beta=alpha), 1e-6)


CHECKS = {
    ("kumaraswamy", "problem_exponential"): lambda: mixture("kumaraswamy"),
    ("beta_failure", "problem_exponential"): lambda: mixture("beta_failure"),
    ("vote_mixture", "majority_vote"): votes,
    ("zero_inflated_beta", "beta_failure"): lambda: beta_at("zero_inflated_beta", pi0=0.0),
    ("scaled_beta", "beta_failure"): lambda: beta_at("scaled_beta", s=1.0),
    ("false_positives", "beta_failure"): lambda: beta_at("false_positives", f=0.0),
    ("design_effect", "problem_exponential"): lambda: exponential_at("design_effect", rho=0.0),
    ("effective_trials", "problem_exponential"):
        lambda: exponential_at("effective_trials", kappa=1.0),
    ("harmonic_trials", "problem_exponential"):
        lambda: exponential_at("harmonic_trials", kappa=0.0),
    ("best_of_n", "problem_exponential"): best_of_n,
    ("tail_power_law", "beta_failure"):
        lambda: tail("beta_failure", lambda a, b: 1 / beta_function(a, b), 1e3),
    ("tail_power_law", "kumaraswamy"): lambda: tail("kumaraswamy", lambda a, b: a * b, 1e9),
    ("tail_power_law", "coverage_power_law"):
        lambda: tail("coverage_power_law", lambda a, b: a / gamma(b), 1e9),
    ("gamma_exponential", "beta_failure"): small_rates,
    ("vote_saturation", "majority_vote"): even_spread,
    ("trials_for_loss", "inference_loss"): trials,
    ("cost_of_coverage", "coverage_power_law"): price,
    ("token_overhead", "training_loss"): equal_loss,
    ("inference_loss", "beta_failure"): complement,
    ("inference_cost", "inference_loss"): cost,
    ("reliability", "beta_failure"): mirror,
}


def test_every_relation_about_numbers_has_a_check_and_no_other():
    assert sorted(CHECKS) == sorted((r.law, r.to) for r in relations() if r.checked)


SLOW = ("tail_power_law", "kumaraswamy")  # by quadrature up to a trillion trials


@pytest.mark.parametrize(("law", "to"), [
    pytest.param(*pair, id="-".join(pair), marks=[pytest.mark.slow] * (pair == SLOW))
    for pair in CHECKS])
def test_relation_holds(law, to):
    CHECKS[law, to]()


def test_a_wrong_relation_fails():
    with pytest.raises(AssertionError):
        beta_at("false_positives", f=0.001)
    with pytest.raises(AssertionError):
        tail("beta_failure", lambda a, b: a * b, 1e3)


def test_every_law_is_related_but_one():
    used = {key for r in relations() for key in (r.law, r.to)}
    assert set(LAWS) - used == {"board_games"}  # named in the text of the page
    assert sorted(key for group in ORDER for key in group) == sorted(used)
    pairs = [frozenset((r.law, r.to)) for r in relations()]
    assert len(pairs) == len(set(pairs)) and all(len(pair) == 2 for pair in pairs)
    assert {r.kind for r in relations()} == set(KINDS)


def test_relations_lead_to_equations_that_stand_in_a_chapter():
    text = "".join(path.read_text("utf-8") for path in (ROOT / "chapters").glob("*.md"))
    for r in relations():
        assert f"$$ ({r.where})" in text, r.where
    shown = table().text
    assert all(f"{{eq}}`{LAWS[r.law].label}` | {r.kind}" in shown for r in relations())
    assert shown.startswith("<details>") and shown.endswith("</details>")
    rows = shown.splitlines()[4:-2]
    assert ["(argued)" in row for row in rows] == [not r.checked for r in relations()]


def test_drawing_links_every_law_once_and_draws_every_relation():
    svg = drawing("relations").svg
    links = re.findall(r'href="(\w+)\.html#equation-([\w-]+)"', svg)
    assert links == [(LAWS[k].chapter, LAWS[k].label) for group in ORDER for k in group]
    assert all(f"{r.law} {r.kind} {r.to}".replace("_", " ") in svg for r in relations())
